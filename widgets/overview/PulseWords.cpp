// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/overview/PulseWords.h"

#include "cluster/Counted.h"

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
        tr("%1 fires %2 times with severity %3; Prometheus said so at %4")
            .arg(alert.name)
            .arg(alert.count)
            .arg(alert.severity.isEmpty() ? tr("none") : alert.severity, clockText(pulse.alertsMs()));
    line.page = u"alerts"_s;
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
        line.page = u"alerts"_s;
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
        QStringList tip = budget.words;
        if (budget.error)
            tip << budget.error->text();
        if (budget.askedMs > 0)
            tip << tr("Asked at %1").arg(clockText(budget.askedMs));
        line.content.tooltip = tip.join(u'\n');
        line.page = u"objectives"_s;
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
    switch (source.state()) {
    case ServerSource::State::Failed: text.why = tr("No figures: %1").arg(source.error()->sentence); return text;
    case ServerSource::State::Idle:
    case ServerSource::State::Looking: text.why = tr("Looking for Prometheus"); return text;
    case ServerSource::State::Found: break;
    }
    text.health = pulse.health();
    text.verdict = verdict(pulse);
    fillAlerts(text, pulse);
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

QList<OverviewRow::Content> healthRows(const monitoring::ProbeSource& probes)
{
    using Book = monitoring::ProbeBook;
    const auto counts = probes.counts();
    if (counts.all() == 0)
        return {};
    OverviewRow::Content row;
    QStringList down, tip;
    for (const Book::Entry& entry : probes.book().entries()) {
        if (entry.state == Book::State::Down)
            down << entry.spec.id;
        tip << tr("%1: %2").arg(entry.spec.id, entry.words());
    }
    row.health = counts.down > 0   ? Health::Bad
                 : counts.slow > 0 ? Health::Warning
                 : counts.up == 0  ? Health::Unknown
                                   : Health::Good;
    row.text = tr("Health endpoints answer");
    row.detail = down.isEmpty() ? QString() : tr("not: %1").arg(down.join(u", "_s));
    if (down.isEmpty() && counts.stale > 0)
        row.detail = tr("%1 not asked lately").arg(counts.stale);
    row.figure = u"%1/%2"_s.arg(counts.up + counts.slow).arg(counts.all());
    row.tooltip = tip.join(u'\n');
    return {row};
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
