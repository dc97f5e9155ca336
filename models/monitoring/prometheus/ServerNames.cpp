// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/prometheus/ServerNames.h"

#include "monitoring/promql/PromqlWords.h"

#include <QtCore/QRegularExpression>

namespace wk::monitoring {

using namespace Qt::StringLiterals;

namespace {

Selection selectionOf(const QString& metric)
{
    return metric.isEmpty() ? Selection() : Selection{{u"{__name__=%1}"_s.arg(promqlQuoted(metric))}, 0, 0};
}

const QStringList& keywords()
{
    static const QStringList words{u"and"_s,    u"bool"_s, u"by"_s, u"group_left"_s, u"group_right"_s, u"ignoring"_s,
                                   u"offset"_s, u"on"_s,   u"or"_s, u"unless"_s,     u"without"_s};
    return words;
}

const QStringList& durations()
{
    static const QStringList all{u"1m"_s, u"5m"_s, u"10m"_s, u"15m"_s, u"30m"_s, u"1h"_s, u"6h"_s, u"1d"_s, u"7d"_s};
    return all;
}

} // namespace

ServerNames::ServerNames(PrometheusServer& server, Clock& clock, QObject* parent)
    : QObject(parent), m_server(server), m_clock(clock)
{
}

bool ServerNames::isDue(qint64 atMs, bool failed) const
{
    return atMs > 0 && m_clock.nowMs() - atMs >= (failed ? retryMs : keepMs);
}

QStringList ServerNames::known(const QString& key, Ask ask)
{
    std::shared_ptr<Entry>& entry = m_entries[key];
    if (entry && (entry->flight || !isDue(entry->atMs, entry->failed)))
        return entry->names;
    if (!entry)
        entry = std::make_shared<Entry>();
    entry->flight = m_server.submit<QStringList>(Priority::Now, std::move(ask),
                                                 [this, entry = entry.get()](Result<QStringList> names) {
                                                     entry->flight.reset();
                                                     entry->atMs = m_clock.nowMs();
                                                     entry->failed = !names;
                                                     if (names)
                                                         entry->names = std::move(*names);
                                                     emit arrived();
                                                 });
    return entry->names;
}

QStringList ServerNames::metrics()
{
    return known(u"m"_s, [](PrometheusClient& client, PrometheusClient::Then<QStringList> then) {
        return client.labelValues(u"__name__"_s, {}, std::move(then));
    });
}

QStringList ServerNames::labels(const QString& metric)
{
    QStringList names =
        known(u"l "_s + metric, [metric](PrometheusClient& client, PrometheusClient::Then<QStringList> then) {
            return client.labelNames(selectionOf(metric), std::move(then));
        });
    names.removeAll(u"__name__"_s);
    return names;
}

QStringList ServerNames::values(const QString& metric, const QString& label)
{
    return known(u"v %1 %2"_s.arg(label, metric),
                 [metric, label](PrometheusClient& client, PrometheusClient::Then<QStringList> then) {
                     return client.labelValues(label, selectionOf(metric), std::move(then));
                 });
}

QString ServerNames::about(const QString& metric)
{
    if (!m_metadataFlight && (m_metadataMs == 0 || isDue(m_metadataMs, m_metadata.empty()))) {
        m_metadataFlight =
            m_server.facts<MetadataMap>(Priority::Later, &PrometheusClient::metadata, [this](Result<MetadataMap> all) {
                m_metadataFlight.reset();
                m_metadataMs = m_clock.nowMs();
                if (all)
                    m_metadata = std::move(*all);
                emit arrived();
            });
    }
    // Metadata of a counter is kept under its name without _total where targets speak OpenMetrics.
    for (const QString& name : {metric, metric.endsWith(u"_total"_s) ? metric.chopped(6) : metric}) {
        if (const auto it = m_metadata.find(name); it != m_metadata.end() && !it->second.empty())
            return it->second.front().help.isEmpty() ? it->second.front().type
                                                     : it->second.front().type + u": "_s + it->second.front().help;
    }
    return {};
}

std::vector<PromqlOffer> offersAt(const PromqlSpot& spot, ServerNames& names, int atMost)
{
    std::vector<PromqlOffer> offers;
    const auto add = [&](const QStringList& words, const auto& about, const auto& write) {
        for (const QString& word : promqlMatches(words, spot.prefix, atMost - int(offers.size())))
            offers.push_back({word, about(word), write(word)});
    };
    const auto same = [](const QString& word) { return word; };
    const auto nothing = [](const QString&) { return QString(); };
    const auto call = [](const QString& word) { return word + u'('; };
    switch (spot.kind) {
    case PromqlSpot::Kind::None: break;
    case PromqlSpot::Kind::Operand: {
        // What is written most: a metric, unless the word begins a function.
        const bool typed = !spot.prefix.isEmpty();
        if (typed) {
            const QRegularExpression begins(u'^' + QRegularExpression::escape(spot.prefix),
                                            QRegularExpression::CaseInsensitiveOption);
            add(
                promqlFunctions().filter(begins), [](const QString&) { return ServerNames::tr("function"); }, call);
            add(
                promqlAggregations().filter(begins), [](const QString&) { return ServerNames::tr("aggregation"); },
                call);
        }
        add(
            names.metrics(), [&](const QString& metric) { return names.about(metric); }, same);
        break;
    }
    case PromqlSpot::Kind::Keyword:
        if (!spot.prefix.isEmpty())
            add(
                keywords(), [](const QString&) { return ServerNames::tr("keyword"); }, same);
        break;
    case PromqlSpot::Kind::Label: add(names.labels(spot.metric), nothing, same); break;
    case PromqlSpot::Kind::Value:
        add(names.values(spot.metric, spot.label), nothing, [&](const QString& word) {
            const QString text = promqlQuoted(word);
            return spot.quoted ? text.sliced(1) : text;
        });
        break;
    case PromqlSpot::Kind::Duration: add(durations(), nothing, same); break;
    }
    return offers;
}

} // namespace wk::monitoring
