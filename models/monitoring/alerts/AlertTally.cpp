// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/alerts/AlertTally.h"

#include "platform/Platform.h"

#include <QtCore/QCoreApplication>

#include <numeric>

namespace wk::monitoring {

using namespace Qt::StringLiterals;

namespace {

constexpr QStringView severityLabel = u"severity", always = u"none";

QString quotedValue(const QString& value)
{
    const bool plain =
        std::ranges::all_of(value, [](QChar c) { return c.isLetterOrNumber() || c == u'_' || c == u'-'; });
    return plain ? value : u'"' + QString(value).remove(u'"') + u'"';
}

void count(AlertTally& tally, const QString& severity, int alerts)
{
    auto known = std::ranges::find(tally.firing, severity, &AlertTally::Severity::name);
    if (known == tally.firing.end())
        known = tally.firing.insert(known, {severity, severityHealth(severity), 0});
    known->count += alerts;
}

void order(AlertTally& tally)
{
    std::ranges::sort(tally.firing, {}, [](const AlertTally::Severity& one) {
        return std::tuple(-urgencyOf(one.health), one.name.isEmpty(), one.name);
    });
}

/// Each alert that fires, is about the platform and not one that always does.
template <typename Do>
void eachOf(const AlertBook& book, const platform::Platform* platform, const Do& f)
{
    for (const BookedAlert* alert : book.alerts()) {
        if (alert->firing && labelValue(alert->alert.labels, severityLabel) != always)
            f(*alert, !platform || concerns(alert->alert.labels, *platform));
    }
}

} // namespace

int AlertTally::fires() const
{
    return std::accumulate(firing.begin(), firing.end(), 0,
                           [](int sum, const Severity& one) { return sum + one.count; });
}

QString AlertTally::filterOf(const Severity& severity) const
{
    QStringList terms;
    if (!severity.name.isEmpty())
        terms << u"severity=%1"_s.arg(quotedValue(severity.name));
    terms << u"state:firing"_s;
    if (elsewhere > 0)
        terms << u"concerns=here"_s;
    return terms.join(u' ');
}

QString AlertTally::quietFilter() const
{
    return u"-state:firing -state:resolved"_s + (elsewhere > 0 ? u" concerns=here"_s : QString());
}

QString AlertTally::quietWord() const
{
    const auto tr = [](const char* text) { return QCoreApplication::translate("wk::monitoring::AlertTally", text); };
    return silenced == 0 ? tr("inhibited") : inhibited == 0 ? tr("silenced") : tr("kept quiet");
}

bool concerns(const Labels& labels, const platform::Platform& platform)
{
    const QString named = labelValue(labels, u"platform"), space = labelValue(labels, u"namespace");
    return (named.isEmpty() || named == platform.name) &&
           (space.isEmpty() || platform.namespaceNames().contains(space));
}

AlertTally tallyOf(const AlertBook& book, const platform::Platform* platform)
{
    AlertTally tally;
    eachOf(book, platform, [&](const BookedAlert& alert, bool ours) {
        if (!ours)
            ++tally.elsewhere;
        else if (alert.alert.state != ManagedAlert::State::Suppressed)
            count(tally, labelValue(alert.alert.labels, severityLabel), 1);
        else
            ++(alert.alert.silencedBy.isEmpty() ? tally.inhibited : tally.silenced);
    });
    order(tally);
    return tally;
}

AlertTally tallyOf(const std::vector<PulseAlert>& firing)
{
    AlertTally tally;
    for (const PulseAlert& alert : firing)
        count(tally, alert.severity, alert.count);
    order(tally);
    return tally;
}

std::vector<PulseAlert> firingIn(const AlertBook& book, const platform::Platform* platform)
{
    std::vector<Series> series;
    eachOf(book, platform, [&](const BookedAlert& alert, bool ours) {
        if (!ours || alert.alert.state == ManagedAlert::State::Suppressed)
            return;
        Series one;
        one.labels = alert.alert.labels;
        one.time = {alert.firingSince};
        one.value = {1};
        series.push_back(std::move(one));
    });
    return readFiring(series);
}

} // namespace wk::monitoring
