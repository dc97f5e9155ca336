// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/prometheus/PrometheusClient.h"

#include "monitoring/prometheus/AnswerDecoder.h"
#include "monitoring/prometheus/AnswerFlight.h"

namespace wk::monitoring {

using namespace Qt::StringLiterals;

namespace {

/// Unix seconds with milliseconds, as the API takes them.
QString seconds(qint64 ms) { return QString::number(double(ms) / 1000.0, 'f', 3); }

std::vector<std::pair<QByteArray, QString>> formOf(const Selection& selection)
{
    std::vector<std::pair<QByteArray, QString>> out;
    for (const QString& matcher : selection.matchers)
        out.emplace_back("match[]", matcher);
    if (selection.from)
        out.emplace_back("start", seconds(selection.from));
    if (selection.to)
        out.emplace_back("end", seconds(selection.to));
    return out;
}

/// The answer of a query: decoded while it arrives.
class QueryBody final : public AnswerBody<AnswerPtr>
{
public:
    Result<void> feed(QByteArrayView bytes) override { return m_decoder.feed(bytes); }
    Result<AnswerPtr> finish() override { return m_decoder.finish(); }

private:
    AnswerDecoder m_decoder;
};

} // namespace

PrometheusClient::PrometheusClient(Way way, Options options) : m_way(std::move(way)), m_options(options) {}

net::Request PrometheusClient::request(const QByteArray& path, const Form& form, bool post) const
{
    QByteArray encoded;
    for (const auto& [name, value] : form)
        encoded += (encoded.isEmpty() ? "" : "&") + name + '=' + QUrl::toPercentEncoding(value);
    net::Request out;
    out.path = m_way.prefix + "/api/v1" + path;
    out.headers = {{"Accept", "application/json"}};
    out.idleTimeoutMs = m_options.silenceMs;
    if (post && m_way.mayPost) {
        out.verb = "POST";
        out.headers.emplaceBack("Content-Type", "application/x-www-form-urlencoded");
        out.body = encoded;
    } else {
        out.query = encoded;
    }
    return out;
}

PrometheusClient::FlightPtr PrometheusClient::ask(const QByteArray& path, const Form& form, Then<AnswerPtr> then)
{
    Form all = form;
    all.emplace_back("timeout", QString::number(m_options.timeoutMs) + u"ms"_s);
    return fly<AnswerPtr>(
        *m_way.transport, {m_way.words, m_options.maxBytes, m_watch},
        {request(path, all, true), request(path, all, false)}, [] { return std::make_unique<QueryBody>(); },
        std::move(then));
}

template <typename T>
PrometheusClient::FlightPtr PrometheusClient::read(const QByteArray& path, const Form& form,
                                                   Result<T> (*reader)(QByteArrayView), Then<T> then, bool post)
{
    return fly<T>(
        *m_way.transport, {m_way.words, std::min(m_options.maxBytes, maxFactsBytes), m_watch},
        {request(path, form, post), request(path, form, false)},
        [reader] { return std::make_unique<WholeBody<T>>(reader); }, std::move(then));
}

PrometheusClient::FlightPtr PrometheusClient::query(const InstantQuery& query, Then<AnswerPtr> then)
{
    Form form{{"query", query.query}};
    if (query.time)
        form.emplace_back("time", seconds(*query.time));
    return ask("/query", form, std::move(then));
}

PrometheusClient::FlightPtr PrometheusClient::queryRange(const RangeQuery& query, Then<AnswerPtr> then)
{
    const Form form{{"query", query.query},
                    {"start", seconds(query.from)},
                    {"end", seconds(query.to)},
                    {"step", seconds(query.step)}};
    return ask("/query_range", form, std::move(then));
}

PrometheusClient::FlightPtr PrometheusClient::labelNames(const Selection& selection, Then<QStringList> then)
{
    return read<QStringList>("/labels", formOf(selection), readNames, std::move(then), true);
}

PrometheusClient::FlightPtr PrometheusClient::labelValues(const QString& label, const Selection& selection,
                                                          Then<QStringList> then)
{
    return read<QStringList>("/label/" + QUrl::toPercentEncoding(label) + "/values", formOf(selection), readNames,
                             std::move(then));
}

PrometheusClient::FlightPtr PrometheusClient::series(const Selection& selection, Then<std::vector<Labels>> then)
{
    return read<std::vector<Labels>>("/series", formOf(selection), readSeries, std::move(then), true);
}

PrometheusClient::FlightPtr PrometheusClient::metadata(Then<MetadataMap> then)
{
    return read<MetadataMap>("/metadata", {}, readMetadata, std::move(then));
}

PrometheusClient::FlightPtr PrometheusClient::rules(Then<std::vector<RuleGroup>> then)
{
    return read<std::vector<RuleGroup>>("/rules", {}, readRules, std::move(then));
}

PrometheusClient::FlightPtr PrometheusClient::alerts(Then<std::vector<Alert>> then)
{
    return read<std::vector<Alert>>("/alerts", {}, readAlerts, std::move(then));
}

PrometheusClient::FlightPtr PrometheusClient::targets(Then<Targets> then)
{
    return read<Targets>("/targets", {}, readTargets, std::move(then));
}

PrometheusClient::FlightPtr PrometheusClient::buildInfo(Then<BuildInfo> then)
{
    return read<BuildInfo>("/status/buildinfo", {}, readBuildInfo, std::move(then));
}

PrometheusClient::FlightPtr PrometheusClient::alertmanagers(Then<QStringList> then)
{
    return read<QStringList>("/alertmanagers", {}, readAlertmanagers, std::move(then));
}

} // namespace wk::monitoring
