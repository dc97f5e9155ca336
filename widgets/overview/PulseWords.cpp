// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/overview/PulseWords.h"

#include "cluster/connection/Counted.h"
#include "monitoring/probes/HealthStrip.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDateTime>

#include <algorithm>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using monitoring::Pulse;
using monitoring::PulseAlert;
using monitoring::PulseBudget;
using monitoring::PulseFigure;
using monitoring::ServerSource;
using table::Health;

namespace {

QString tr(const char* text) { return QCoreApplication::translate("wk::widgets::Overview", text); }

QString counted(int n, const char* one, const char* many)
{
    return cluster::counted("wk::widgets::Overview", n, one, many);
}

QString sayer(const Pulse& pulse)
{
    return pulse.alertsBy() == Pulse::AlertsBy::Alertmanager ? tr("Alertmanager") : tr("Prometheus");
}

/// Why it is Prometheus that says what fires, where an Alertmanager should.
QString alertsNote(const Pulse& pulse)
{
    const monitoring::AlertSource* const source = pulse.alertSource();
    if (pulse.alertsBy() != Pulse::AlertsBy::Prometheus || !source)
        return {};
    const auto& replicas = source->book().replicas();
    const QString why = source->error()    ? source->error()->sentence
                        : replicas.empty() ? QString()
                                           : replicas.begin()->second.problem;
    return tr("What fires is what Prometheus says, which knows of no silence; Alertmanager: %1").arg(why);
}

void fillCounts(PulseText& text, const Pulse& pulse)
{
    const monitoring::AlertTally& tally = pulse.tally();
    if (pulse.alertsBy() == Pulse::AlertsBy::Nobody) {
        text.counts.append({{Health::None, {}, tr("Asking which alerts fire"), {}}, {u"alerts"_s, {}}});
        return;
    }
    text.alertsNote = alertsNote(pulse);
    QStringList tip{tr("%1 said so at %2").arg(sayer(pulse), clockText(pulse.alertsMs()))};
    if (!text.alertsNote.isEmpty())
        tip << text.alertsNote;
    const QString said = tip.join(u'\n');
    for (const auto& one : tally.firing)
        text.counts.append(
            {{one.health, QString::number(one.count), one.name.isEmpty() ? tr("without severity") : one.name, said},
             {u"alerts"_s, tally.filterOf(one)}});
    if (text.counts.isEmpty())
        text.counts.append({{Health::Good, {}, tr("No alert fires"), said}, {u"alerts"_s, {}}});
    if (tally.quiet() > 0)
        text.counts.append({{Health::None, QString::number(tally.quiet()), tally.quietWord(), said},
                            {u"alerts"_s, tally.quietFilter()}});
}

PulseLine alertLine(const PulseAlert& alert, const Pulse& pulse)
{
    PulseLine line;
    line.content.health = alert.health;
    line.content.text = alert.name;
    const QString threshold = alert.threshold.isEmpty() ? alert.name : alert.threshold;
    const auto known = std::ranges::find(pulse.platform().alerts, threshold, &platform::Alert::name);
    QStringList detail;
    if (known != pulse.platform().alerts.end() && known->title != alert.name)
        detail << known->title;
    if (!alert.services.isEmpty())
        detail << alert.services.join(u", "_s);
    line.content.detail = detail.join(u": "_s);
    line.content.figure = alert.count > 1 ? u"%1 × %2"_s.arg(alert.count).arg(alert.severity) : alert.severity;
    line.content.strong = true;
    line.content.tooltip =
        tr("%1 fires %2 times with severity %3; %4 said so at %5")
            .arg(alert.name)
            .arg(alert.count)
            .arg(alert.severity.isEmpty() ? tr("none") : alert.severity, sayer(pulse), clockText(pulse.alertsMs()));
    line.link = {u"alerts"_s, u"alert=\"%1\" state:firing"_s.arg(alert.name)};
    return line;
}

void fillAlerts(PulseText& text, const Pulse& pulse)
{
    const auto& alerts = pulse.alerts();
    for (const PulseAlert& alert : alerts) {
        if (text.alerts.size() == maxPulseAlerts)
            break;
        text.alerts.append(alertLine(alert, pulse));
    }
    if (const int more = int(alerts.size()) - maxPulseAlerts; more > 0) {
        PulseLine line;
        line.content.text = tr("%1 more").arg(more);
        line.link.page = u"alerts"_s;
        text.alerts.append(line);
    }
}

void fillBudgets(PulseText& text, const Pulse& pulse)
{
    std::vector<PulseBudget> budgets = pulse.budgets();
    std::ranges::stable_sort(budgets, [](const PulseBudget& a, const PulseBudget& b) {
        return std::pair(-monitoring::urgencyOf(a.health), a.left.value_or(2)) <
               std::pair(-monitoring::urgencyOf(b.health), b.left.value_or(2));
    });
    for (const PulseBudget& budget : budgets) {
        if (text.budgets.size() == maxPulseBudgets)
            break;
        PulseLine line;
        line.content.text = budget.title;
        line.content.health = budget.askedMs > 0 ? budget.health : Health::Unknown;
        line.content.figure = budget.askedMs > 0 ? budget.text : budget.error ? tr("no answer") : tr("asking");
        line.content.bar = budget.left;
        line.content.barAtLeast = budget.leftAtWorst;
        line.content.detail = budget.askedMs > 0 ? budget.note : QString();
        QStringList tip = budget.words;
        if (budget.error)
            tip << budget.error->text();
        if (budget.askedMs > 0)
            tip << tr("Asked at %1").arg(clockText(budget.askedMs));
        line.content.tooltip = tip.join(u'\n');
        line.link = {u"objectives"_s, budget.name};
        text.budgets.append(line);
    }
}

QString verdict(const Pulse& pulse)
{
    QStringList parts;
    int alerts = 0;
    for (const PulseAlert& alert : pulse.alerts())
        alerts += alert.health == Health::Info ? 0 : alert.count;
    if (alerts > 0)
        parts << counted(alerts, QT_TRANSLATE_NOOP("wk::widgets::Overview", "1 alert is firing"),
                         QT_TRANSLATE_NOOP("wk::widgets::Overview", "%1 alerts are firing"));
    for (const PulseFigure& figure : pulse.figures()) {
        if (!figure.text.isEmpty() && !figure.error && figure.health == Health::Bad)
            parts << tr("%1: %2").arg(figure.of.isEmpty() ? figure.title : figure.of, figure.text);
    }
    const auto spent =
        std::ranges::count_if(pulse.budgets(), [](const PulseBudget& b) { return b.left && *b.left <= 0; });
    if (spent > 0)
        parts << counted(int(spent), QT_TRANSLATE_NOOP("wk::widgets::Overview", "1 error budget is spent"),
                         QT_TRANSLATE_NOOP("wk::widgets::Overview", "%1 error budgets are spent"));
    return parts.join(u", "_s);
}

} // namespace

PulseText pulseText(const Pulse& pulse)
{
    PulseText text;
    const ServerSource& source = pulse.source();
    fillCounts(text, pulse);
    fillAlerts(text, pulse);
    text.health = pulse.health(); // Alertmanager may know where Prometheus is away
    text.verdict = verdict(pulse);
    switch (source.state()) {
    case ServerSource::State::Failed: text.why = tr("No figures: %1").arg(source.error()->sentence); return text;
    case ServerSource::State::Idle:
    case ServerSource::State::Looking: text.why = tr("Looking for Prometheus"); return text;
    case ServerSource::State::Found: break;
    }
    fillBudgets(text, pulse);
    const qint64 asOf = pulse.asOfMs();
    const auto error = pulse.error();
    if (asOf == 0 && error)
        text.why = tr("No figures: %1").arg(error->sentence);
    else if (asOf == 0)
        text.origin = tr("Asking %1").arg(source.name());
    else if (error)
        text.origin = tr("Figures of %1, not of now: %2").arg(clockText(asOf), error->sentence);
    else
        text.origin = tr("%1, %2").arg(source.name(), clockText(asOf));
    return text;
}

QString dashboardOf(const QString& metric, const Pulse& pulse)
{
    const auto& dashboards = pulse.platform().dashboards;
    for (const platform::Dashboard& dashboard : dashboards) {
        for (const platform::Dashboard::Panel& panel : dashboard.panels) {
            if (const platform::Metric* const found = pulse.catalog().find(panel.name); found && found->name == metric)
                return dashboard.name;
        }
    }
    return dashboards.empty() ? QString() : dashboards.front().name;
}

QList<PulseLine> healthLines(const monitoring::ProbeSource& probes, qint64 nowMs)
{
    constexpr int cells = 30, named = 3;
    const auto& entries = probes.book().entries();
    if (entries.empty())
        return {};
    const monitoring::HealthSummary summary = monitoring::healthSummary(probes.book());
    PulseLine line;
    OverviewRow::Content& row = line.content;
    line.link.page = u"health"_s;
    QStringList tip;
    for (const monitoring::ProbeBook::Entry& entry : entries)
        tip << tr("%1: %2").arg(entry.spec.id, entry.words());
    tip << tr("The strip shows the last half hour.");
    row.tooltip = tip.join(u'\n');
    row.health = !summary.down.isEmpty()   ? Health::Bad
                 : !summary.slow.isEmpty() ? Health::Warning
                 : summary.asked == 0      ? Health::Unknown
                                           : Health::Good;
    row.strip = monitoring::healthStrip(probes.book(), nowMs, healthSpanMs, cells);
    if (summary.asked == 0 && summary.waiting > 0) {
        row.text = counted(int(entries.size()), QT_TRANSLATE_NOOP("wk::widgets::Overview", "Asking 1 health endpoint"),
                           QT_TRANSLATE_NOOP("wk::widgets::Overview", "Asking %1 health endpoints"));
        return {line};
    }
    if (summary.asked == 0) {
        row.text = tr("No health endpoint can be asked from here");
        row.detail = summary.why;
        return {line};
    }
    row.text = tr("Health endpoints answer");
    row.figure = u"%1/%2"_s.arg(summary.answer).arg(summary.asked);
    QStringList detail;
    if (!summary.down.isEmpty()) {
        line.link.filter = u"is:trouble"_s;
        detail << tr("not: %1").arg(summary.down.first(std::min<qsizetype>(named, summary.down.size())).join(u", "_s));
    } else if (!summary.slow.isEmpty()) {
        line.link.filter = u"is:trouble"_s;
        detail << tr("slow or due: %1").arg(summary.slow.join(u", "_s));
    }
    if (summary.waiting > 0)
        detail << tr("%1 still asked").arg(summary.waiting);
    if (summary.unasked > 0)
        detail << tr("%1 out of reach from here").arg(summary.unasked);
    if (const int stale = probes.counts().stale; stale > 0)
        detail << tr("%1 not asked lately").arg(stale);
    row.detail = detail.join(u"; "_s);
    return {line};
}

QString healthVerdict(const monitoring::ProbeSource& probes)
{
    const int down = probes.counts().down;
    return down == 0 ? QString()
                     : counted(down, QT_TRANSLATE_NOOP("wk::widgets::Overview", "1 health endpoint does not answer"),
                               QT_TRANSLATE_NOOP("wk::widgets::Overview", "%1 health endpoints do not answer"));
}

QString clockText(qint64 ms) { return QDateTime::fromMSecsSinceEpoch(ms).time().toString(u"HH:mm:ss"_s); }

QFont farFont(const Theme& theme)
{
    QFont font = theme.font(Theme::Role::TitleStrong);
    if (font.pointSizeF() > 0)
        font.setPointSizeF(font.pointSizeF() * 1.5);
    else
        font.setPixelSize(font.pixelSize() * 3 / 2);
    return font;
}

} // namespace wk::widgets
