// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/pulse/PulseJudge.h"

#include "series/Unit.h"

#include <QtCore/QCoreApplication>

#include <cmath>

namespace wk::monitoring {

using namespace Qt::StringLiterals;
using table::Health;

namespace {

QString tr(const char* text) { return QCoreApplication::translate("wk::monitoring::Pulse", text); }

QString ownerOf(const platform::Metric& metric, const Labels& labels)
{
    QStringList words;
    for (const QString& label : metric.by) {
        if (const QString value = labelValue(labels, label); label != u"namespace" && !value.isEmpty())
            words << value;
    }
    return words.join(u' ');
}

series::Unit unitOf(const QString& metricUnit)
{
    using series::Unit;
    static const std::pair<QLatin1StringView, Unit> units[] = {{"ratio"_L1, Unit::Ratio},
                                                               {"s"_L1, Unit::Seconds},
                                                               {"1/s"_L1, Unit::PerSecond},
                                                               {"bytes"_L1, Unit::Bytes},
                                                               {"bytes/s"_L1, Unit::BytesPerSecond},
                                                               {"USD"_L1, Unit::Currency}};
    const auto it = std::ranges::find(units, metricUnit, [](const auto& unit) { return QString(unit.first); });
    return it == std::end(units) ? Unit::Number : it->second;
}

struct Verdict
{
    Health health = Health::None;
    QString broken; ///< "High error rate: > 5 %"
};

Verdict judge(const PanelPlan& plan, double value)
{
    Verdict out;
    for (const PanelBand& band : plan.bands) {
        const bool wanted = band.kind == PanelBand::Kind::Target;
        Health health = Health::Good;
        if (band.limit.holds(value * plan.factor) != wanted)
            health = band.kind == PanelBand::Kind::Critical ? Health::Bad
                     : band.kind == PanelBand::Kind::Info   ? Health::Info
                                                            : Health::Warning;
        if (out.health != Health::None && urgencyOf(health) <= urgencyOf(out.health))
            continue;
        out.health = health;
        const QString limit = band.limit.text() + (plan.unit.isEmpty() ? QString() : u' ' + plan.unit);
        if (health != Health::Good)
            out.broken = wanted ? tr("%1 wants %2 (%3)").arg(band.title, limit, band.source)
                                : tr("%1: %2 (%3)").arg(band.title, limit, band.source);
    }
    return out;
}

/// Why a part has no figure.
QString whyNot(const PulsePart& part, const PulsePartReading* reading)
{
    if (!part.plan.why.isEmpty())
        return part.plan.why;
    if (reading && reading->error)
        return reading->error->sentence;
    if (!part.plan.missing.isEmpty())
        return tr("The server has no series %1").arg(part.plan.missing.first());
    if (!reading || reading->askedMs == 0)
        return tr("Not asked yet");
    return reading->valueMs > 0 ? tr("No value in the last five minutes") : tr("No value in the last hour");
}

} // namespace

int urgencyOf(Health health)
{
    switch (health) {
    case Health::Bad: return 4;
    case Health::Warning: return 3;
    case Health::Unknown: return 2;
    case Health::Info: return 1;
    case Health::Good:
    case Health::None: break;
    }
    return 0;
}

PulsePartReading readPart(const platform::Metric& metric, const std::vector<Series>& series, qint64 nowMs)
{
    std::map<qint64, std::pair<double, const Labels*>> moments;
    for (const Series& one : series) {
        for (size_t i = 0; i < one.size(); ++i) {
            auto& [value, labels] = moments.try_emplace(one.time[i], qQNaN(), nullptr).first->second;
            if (!(value >= one.value[i])) {
                value = one.value[i];
                labels = &one.labels;
            }
        }
    }
    PulsePartReading out;
    for (const auto& [time, moment] : moments) {
        out.line.time.push_back(time);
        out.line.value.push_back(moment.first);
        if (std::isnan(moment.first))
            continue;
        out.valueMs = time;
        out.value = moment.first;
        out.of = ownerOf(metric, *moment.second);
    }
    if (out.value && nowMs - out.valueMs > newestMs)
        out.value.reset();
    return out;
}

PulseFigure judged(GoldenSignal signal, const std::vector<const PulsePart*>& parts,
                   const std::map<QString, PulsePartReading>& readings)
{
    PulseFigure out;
    out.signal = signal;
    out.title = signalTitle(signal);
    std::optional<double> shown;
    for (const PulsePart* part : parts) {
        const auto it = readings.find(part->key);
        const PulsePartReading* const reading = it == readings.end() ? nullptr : &it->second;
        if (!reading || !reading->value) {
            if (out.text.isEmpty() && out.remark.isEmpty())
                out.remark = whyNot(*part, reading);
            if (reading && !out.error)
                out.error = reading->error;
            continue;
        }
        const Verdict verdict = judge(part->plan, *reading->value);
        if (shown && std::pair(urgencyOf(verdict.health), *reading->value) <= std::pair(urgencyOf(out.health), *shown))
            continue;
        shown = reading->value;
        out.text = series::valueText(*reading->value, unitOf(part->plan.metric->unit));
        out.of = parts.size() < 2        ? reading->of
                 : reading->of.isEmpty() ? part->plan.metric->title
                                         : tr("%1 of %2").arg(part->plan.metric->title, reading->of);
        out.remark = verdict.broken;
        out.health = verdict.health;
        out.promql = part->promql;
        out.metric = part->plan.metric->name;
        out.line = reading->longer.isEmpty() ? reading->line : reading->longer;
        out.valueMs = reading->valueMs;
        out.askedMs = reading->askedMs;
        out.error = reading->error;
    }
    return out;
}

PulseBudget judged(const SloSpec& spec, const SloReport& report)
{
    PulseBudget out;
    out.name = spec.slo->name;
    out.title = spec.slo->title;
    out.words = report.words;
    out.left = report.status.remaining;
    const SloStatus& status = report.status;
    out.known = status.elapsedMs > 0 ? double(status.knownMs) / double(status.elapsedMs) : 1;
    out.leftAtWorst = status.remainingAtWorst;
    if (status.state == SloStatus::State::Uncertain)
        out.note =
            tr("not certain: %1 of the month so far is known").arg(series::valueText(out.known, series::Unit::Ratio));
    else if (status.state == SloStatus::State::Unknown)
        out.note = tr("nothing of the month so far is known");
    if (!out.left)
        out.text = tr("not measured");
    else if (*out.left <= 0)
        out.text = tr("spent");
    else
        out.text = tr("%1 left").arg(series::valueText(*out.left, series::Unit::Ratio));
    switch (report.status.state) {
    case SloStatus::State::Kept: out.health = Health::Good; break;
    case SloStatus::State::Uncertain:
    case SloStatus::State::Unknown: out.health = Health::Unknown; break;
    case SloStatus::State::Spent: out.health = Health::Bad; break;
    }
    // Burning at a pace that will not last the month.
    const bool fast = report.rate && *report.rate > burnPairs[0].factor;
    if (fast && urgencyOf(out.health) < urgencyOf(Health::Bad))
        out.health = Health::Bad;
    else if (report.rate && *report.rate > 1 && urgencyOf(out.health) < urgencyOf(Health::Warning))
        out.health = Health::Warning;
    return out;
}

Health severityHealth(const QString& severity)
{
    static constexpr std::array bad{"critical"_L1, "page"_L1, "fatal"_L1, "emergency"_L1, "error"_L1,
                                    "high"_L1,     "p1"_L1,   "sev1"_L1,  "sev-1"_L1,     "disaster"_L1};
    static constexpr std::array slight{"info"_L1, "information"_L1, "notice"_L1, "low"_L1, "none"_L1, "debug"_L1};
    const QString word = severity.toLower();
    if (std::ranges::find(bad, word) != bad.end())
        return Health::Bad;
    return std::ranges::find(slight, word) != slight.end() ? Health::Info : Health::Warning;
}

std::vector<PulseAlert> readFiring(const std::vector<Series>& series)
{
    std::vector<PulseAlert> out;
    for (const Series& one : series) {
        if (one.isEmpty())
            continue;
        const QString name = labelValue(one.labels, u"alertname"), severity = labelValue(one.labels, u"severity");
        auto known = std::ranges::find_if(
            out, [&](const PulseAlert& alert) { return alert.name == name && alert.severity == severity; });
        if (known == out.end()) {
            out.push_back({name, severity, 0, severityHealth(severity), labelValue(one.labels, u"threshold"), {}});
            known = out.end() - 1;
        }
        known->count += int(one.value.back());
        if (const QString service = labelValue(one.labels, u"service");
            !service.isEmpty() && !known->services.contains(service))
            known->services << service;
    }
    std::ranges::sort(out, [](const PulseAlert& a, const PulseAlert& b) {
        return std::tuple(-urgencyOf(a.health), -a.count, a.name) < std::tuple(-urgencyOf(b.health), -b.count, b.name);
    });
    return out;
}

} // namespace wk::monitoring
