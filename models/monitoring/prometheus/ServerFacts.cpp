// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/prometheus/ServerFacts.h"

#include "core/Duration.h"
#include "monitoring/alerts/JsonMembers.h"
#include "monitoring/prometheus/ServerError.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QRegularExpression>

namespace wk::monitoring {

using namespace Qt::StringLiterals;
using namespace members;

namespace {

Error unreadable(const QString& detail)
{
    return {Error::Kind::Protocol,
            QCoreApplication::translate("wk::monitoring::ServerFacts", "The answer is not what Prometheus answers."),
            detail,
            {}};
}

Alert alertOf(Element item)
{
    Alert out{labels(item, "labels"), labels(item, "annotations"), text(item, "state"), instant(item, "activeAt"), 0};
    out.value = number(item, "value");
    return out;
}

Rule ruleOf(Element item)
{
    Rule out;
    out.isAlerting = text(item, "type") == "alerting"_L1;
    out.name = text(item, "name");
    out.query = text(item, "query");
    out.health = text(item, "health");
    out.lastError = text(item, "lastError");
    out.state = text(item, "state");
    out.forMs = secondsMs(item, "duration");
    out.lastEvaluation = instant(item, "lastEvaluation");
    out.evaluationMs = secondsMs(item, "evaluationTime");
    out.labels = labels(item, "labels");
    out.annotations = labels(item, "annotations");
    each(item, "alerts", [&](Element alert) { out.alerts.push_back(alertOf(alert)); });
    return out;
}

ScrapeTarget targetOf(Element item)
{
    ScrapeTarget out;
    out.labels = labels(item, "labels");
    out.pool = text(item, "scrapePool");
    out.url = text(item, "scrapeUrl");
    out.health = text(item, "health");
    out.lastError = text(item, "lastError");
    out.lastScrape = instant(item, "lastScrape");
    out.scrapeMs = secondsMs(item, "lastScrapeDuration");
    out.intervalMs = parseDurationMs(text(item, "scrapeInterval")).value_or(0);
    return out;
}

/// `read` gets the data, which has to be an array where `wanted` says so, else an object.
template <typename T, typename Read>
Result<T> read(QByteArrayView body, simdjson::dom::element_type wanted, Read read)
{
    if (body.isEmpty())
        return fail(unreadable(u"it is empty"_s));
    simdjson::dom::parser parser;
    Element root, data;
    if (const auto error = parser.parse(body.data(), std::size_t(body.size())).get(root))
        return fail(unreadable(QString::fromLatin1(simdjson::error_message(error))));
    const QString status = text(root, "status");
    if (status == "error"_L1)
        return fail(serverError(text(root, "errorType"), text(root, "error")));
    T out;
    if (status != "success"_L1 || root["data"].get(data) != simdjson::SUCCESS)
        return fail(unreadable(u"it has no status or no data"_s));
    if (data.type() == simdjson::dom::element_type::NULL_VALUE)
        return out;
    if (data.type() != wanted)
        return fail(unreadable(u"its data is of another type"_s));
    read(root, data, out);
    return out;
}

constexpr auto isArray = simdjson::dom::element_type::ARRAY;
constexpr auto isObject = simdjson::dom::element_type::OBJECT;

} // namespace

Result<QStringList> readNames(QByteArrayView body)
{
    return read<QStringList>(body, isArray, [](Element root, Element, QStringList& out) {
        each(root, "data", [&](Element item) {
            std::string_view name;
            if (item.get_string().get(name) == simdjson::SUCCESS)
                out << cluster::render::own(name);
        });
    });
}

Result<std::vector<Labels>> readSeries(QByteArrayView body)
{
    return read<std::vector<Labels>>(body, isArray, [](Element root, Element, std::vector<Labels>& out) {
        each(root, "data", [&](Element item) { out.push_back(labelsIn(item)); });
    });
}

Result<MetadataMap> readMetadata(QByteArrayView body)
{
    return read<MetadataMap>(body, isObject, [](Element, Element data, MetadataMap& out) {
        simdjson::dom::object object;
        if (data.get_object().get(object) != simdjson::SUCCESS)
            return;
        for (const auto& [key, value] : object) {
            auto& known = out[cluster::render::own(key)];
            simdjson::dom::array items;
            if (value.get_array().get(items) == simdjson::SUCCESS)
                for (const Element item : items)
                    known.push_back({text(item, "type"), text(item, "help"), text(item, "unit")});
        }
    });
}

Result<std::vector<RuleGroup>> readRules(QByteArrayView body)
{
    return read<std::vector<RuleGroup>>(body, isObject, [](Element, Element data, std::vector<RuleGroup>& out) {
        each(data, "groups", [&](Element item) {
            RuleGroup group{text(item, "name"), text(item, "file"), secondsMs(item, "interval"), {}};
            each(item, "rules", [&](Element rule) { group.rules.push_back(ruleOf(rule)); });
            out.push_back(std::move(group));
        });
    });
}

Result<std::vector<Alert>> readAlerts(QByteArrayView body)
{
    return read<std::vector<Alert>>(body, isObject, [](Element, Element data, std::vector<Alert>& out) {
        each(data, "alerts", [&](Element item) { out.push_back(alertOf(item)); });
    });
}

Result<Targets> readTargets(QByteArrayView body)
{
    return read<Targets>(body, isObject, [](Element, Element data, Targets& out) {
        each(data, "activeTargets", [&](Element item) { out.active.push_back(targetOf(item)); });
        each(data, "droppedTargets", [&](Element) { ++out.dropped; });
    });
}

Result<QStringList> readAlertmanagers(QByteArrayView body)
{
    return read<QStringList>(body, isObject, [](Element, Element data, QStringList& out) {
        each(data, "activeAlertmanagers", [&](Element item) {
            static const QRegularExpression api(u"/api/v[12]/alerts/?\\z"_s);
            out << text(item, "url").remove(api);
        });
    });
}

Result<BuildInfo> readBuildInfo(QByteArrayView body)
{
    return read<BuildInfo>(body, isObject, [](Element, Element data, BuildInfo& out) {
        out = {text(data, "version"), text(data, "revision"), text(data, "goVersion")};
    });
}

} // namespace wk::monitoring
