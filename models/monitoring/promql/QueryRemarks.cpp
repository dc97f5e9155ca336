// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/promql/QueryRemarks.h"

#include "monitoring/promql/Promql.h"

#include <QtCore/QCoreApplication>

using namespace Qt::StringLiterals;

namespace wk::monitoring {

namespace {

using Kind = PromqlNode::Kind;

QString tr(const char* text) { return QCoreApplication::translate("wk::monitoring", text); }

// What a query is made of, as far as the mistakes are told by it.
struct Parts
{
    QStringList metrics;
    bool divides = false, aggregates = false, watchesForAbsence = false;
    bool failures = false;       ///< only answers with a status from 500 on
    bool bareQuantile = false;   ///< histogram_quantile() over series that are not summed by le
    bool unguardedLimit = false; ///< a division by a limit that may be 0
};

bool selectsFailures(const PromqlNode& node)
{
    return std::ranges::any_of(node.matchers, [](const PromqlNode::Matcher& m) {
        return (m.label == u"status" || m.label == u"code" || m.label == u"status_code") && m.value.startsWith(u'5') &&
               !m.op.startsWith(u'!');
    });
}

Parts partsOf(const PromqlNode& root)
{
    Parts parts;
    visitPromql(root, [&](const PromqlNode& node) {
        if (node.kind == Kind::Selector) {
            parts.metrics << node.name;
            parts.failures = parts.failures || selectsFailures(node);
        }
        parts.aggregates = parts.aggregates || node.kind == Kind::Aggregate;
        parts.watchesForAbsence =
            parts.watchesForAbsence || (node.kind == Kind::Call && node.name.startsWith(u"absent"));
        if (node.kind == Kind::Call && node.name == u"histogram_quantile" && node.children.size() == 2)
            parts.bareQuantile = parts.bareQuantile || node.children[1]->kind != Kind::Aggregate;
        if (node.kind == Kind::Binary && node.name == u"/") {
            parts.divides = true;
            const PromqlNode& below = *node.children[1];
            parts.unguardedLimit =
                parts.unguardedLimit || (below.kind == Kind::Selector && below.name.endsWith(u"_limit_bytes"));
        }
    });
    return parts;
}

struct Check
{
    bool found;
    const char* mistake;
    const char* instead;
};

} // namespace

QString QueryRemark::text() const
{
    return (place.isEmpty() ? QString() : place + u": "_s) + mistake + u' ' + tr("Instead: %1").arg(instead);
}

std::vector<QueryRemark> remarksOn(const QString& query, const std::optional<platform::Threshold>& threshold)
{
    if (query.isEmpty())
        return {};
    const auto node = parsePromql(query);
    if (!node)
        return {{{}, query, node.error().sentence, tr("a query that Prometheus understands.")}};
    const Parts parts = partsOf(**node);
    const bool asShare = threshold && (threshold->unit == u"%" || threshold->unit == u"ratio");
    const auto comparison = comparisonOf(*node);
    const Check checks[] = {
        {parts.failures && !parts.divides && asShare,
         QT_TRANSLATE_NOOP("wk::monitoring",
                           "The document speaks of a share, and the query counts failed answers a second, "
                           "each series by itself: how many of the requests fail cannot be told from it."),
         QT_TRANSLATE_NOOP("wk::monitoring", "failed answers divided by all answers, each summed over the service.")},
        {comparison && parts.failures && !parts.divides && !asShare && !parts.aggregates,
         QT_TRANSLATE_NOOP("wk::monitoring",
                           "The query compares each series by itself, so the more pods, methods and paths "
                           "share the failures, the later it fires."),
         QT_TRANSLATE_NOOP("wk::monitoring", "the sum over the service, or better the share of all answers.")},
        {parts.metrics.contains(u"container_memory_usage_bytes"_s),
         QT_TRANSLATE_NOOP("wk::monitoring",
                           "container_memory_usage_bytes counts the page cache, which the kernel gives back."),
         QT_TRANSLATE_NOOP("wk::monitoring", "container_memory_working_set_bytes, by container.")},
        {parts.unguardedLimit,
         QT_TRANSLATE_NOOP("wk::monitoring",
                           "A container without a limit has the limit 0, and divided by that everything is "
                           "infinitely much."),
         QT_TRANSLATE_NOOP("wk::monitoring", "kube_pod_container_resource_limits, where it is above 0.")},
        {parts.metrics.contains(u"node_filesystem_free_bytes"_s),
         QT_TRANSLATE_NOOP("wk::monitoring",
                           "node_filesystem_free_bytes counts the blocks that only root may write: the disk "
                           "is full for everybody else before the query says so."),
         QT_TRANSLATE_NOOP("wk::monitoring", "node_filesystem_avail_bytes.")},
        {parts.metrics.contains(u"pg_stat_database_numbackends"_s) && !parts.aggregates,
         QT_TRANSLATE_NOOP("wk::monitoring",
                           "pg_stat_database_numbackends counts each database by itself, while all of them "
                           "share max_connections."),
         QT_TRANSLATE_NOOP("wk::monitoring",
                           "the sum over the server, against max_connections less those of superusers.")},
        {comparison && comparison->op == u"==" && comparison->limit == 0 && parts.metrics.contains(u"up"_s) &&
             !parts.watchesForAbsence,
         QT_TRANSLATE_NOOP("wk::monitoring",
                           "up is 0 for a target that does not answer; one that has vanished has no up at "
                           "all, and nobody hears of it."),
         QT_TRANSLATE_NOOP("wk::monitoring", "absent() besides.")},
        {parts.bareQuantile,
         QT_TRANSLATE_NOOP("wk::monitoring",
                           "The quantile is that of each series, which is each pod and path by itself, and "
                           "not that of the service."),
         QT_TRANSLATE_NOOP("wk::monitoring", "the buckets summed by le first.")},
    };
    std::vector<QueryRemark> remarks;
    for (const Check& check : checks) {
        if (check.found)
            remarks.push_back({{}, query, tr(check.mistake), tr(check.instead)});
    }
    return remarks;
}

std::vector<QueryRemark> remarksOn(const platform::Platform& platform)
{
    std::vector<QueryRemark> all;
    const auto add = [&](const QString& place, const QString& query,
                         const std::optional<platform::Threshold>& threshold) {
        for (QueryRemark& remark : remarksOn(query, threshold)) {
            remark.place = place;
            all.push_back(std::move(remark));
        }
    };
    const auto addSteps = [&](const QString& place, const std::vector<platform::Step>& steps) {
        for (const platform::Step& step : steps)
            add(place, step.query, std::nullopt);
    };
    for (const platform::Alert& alert : platform.alerts)
        add(tr("alert %1").arg(alert.name), alert.query, alert.when);
    for (const platform::Runbook& runbook : platform.runbooks) {
        for (const auto* steps : {&runbook.investigate, &runbook.resolve, &runbook.verify})
            addSteps(tr("runbook %1").arg(runbook.name), *steps);
    }
    for (const platform::Procedure& procedure : platform.procedures) {
        const QString place = tr("procedure %1").arg(procedure.name);
        add(place, procedure.promoteQuery, procedure.promoteWhen);
        addSteps(place, procedure.steps);
        for (const platform::Phase& phase : procedure.phases)
            addSteps(place, phase.steps);
    }
    return all;
}

} // namespace wk::monitoring
