// SPDX-License-Identifier: GPL-3.0-or-later
// Jobs and cron jobs. Columns: kubernetes/pkg/printers/internalversion/printers.go, printJob, printCronJob.
#include "cluster/render/Cells.h"

#include "core/Duration.h"

namespace wk::cluster::render {

using namespace Qt::StringLiterals;

namespace {

using Kind = Column::Kind;

// From 1.30 on.
Cell jobStatus(const Context& c)
{
    const Value conditions = c.object["status"]["conditions"];
    if (isTrue(conditions, "Complete"))
        return u"Complete"_s;
    if (isTrue(conditions, "Failed"))
        return u"Failed"_s;
    if (c.meta["deletionTimestamp"].exists())
        return u"Terminating"_s;
    if (isTrue(conditions, "Suspended"))
        return u"Suspended"_s;
    if (isTrue(conditions, "FailureTarget"))
        return u"FailureTarget"_s;
    return u"Running"_s;
}

Cell completions(const Context& c)
{
    const qint64 succeeded = c.object["status"]["succeeded"].integer();
    if (const Value wanted = c.object["spec"]["completions"]; wanted.exists())
        return ratioCell(succeeded, wanted.integer());
    const qint64 parallelism = c.object["spec"]["parallelism"].integer();
    if (parallelism > 1)
        return u"%1/1 of %2"_s.arg(succeeded).arg(parallelism);
    return ratioCell(succeeded, 1);
}

// Since when it runs, or how long it took: an Instant goes on growing, a text stands.
Cell duration(const Context& c)
{
    const auto start = c.object["status"]["startTime"].time();
    const auto end = c.object["status"]["completionTime"].time();
    if (!start)
        return QString();
    return end ? Cell(humanDuration(*end - *start)) : momentCell(start);
}

Verdict jobVerdict(const Context& c)
{
    const Value status = c.object["status"];
    const Value conditions = status["conditions"];
    if (const Value failed = condition(conditions, "Failed"); failed["status"].is("True")) {
        const std::string_view reason = failed["reason"].text();
        const QString sentence = reason.empty() ? words("failed") : words("failed (%1)").arg(qtext(reason));
        return {Health::Bad, withMessage(sentence, failed["message"].text())};
    }
    if (auto deletion = deletionVerdict(c))
        return *deletion;
    if (isTrue(conditions, "Complete"))
        return {Health::Good, {}};
    if (c.object["spec"]["suspend"].boolean())
        return {Health::Info, words("suspended")};
    if (const qint64 failures = status["failed"].integer())
        return {Health::Warning, counted(failures, "%1 pod failed so far", "%1 pods failed so far") + u"; "_s +
                                     words("it gives up after %1").arg(c.object["spec"]["backoffLimit"].integer(6))};
    return {Health::Info, words("running")};
}

Verdict cronJobVerdict(const Context& c)
{
    if (c.object["spec"]["suspend"].boolean())
        return {Health::Info, words("suspended: starts no jobs")};
    return {Health::Good, {}};
}

Cell suspend(const Context& c)
{
    const Value value = c.object["spec"]["suspend"];
    if (!value.exists())
        return {};
    return value.boolean() ? u"True"_s : u"False"_s;
}

} // namespace

KindSpec jobKind(const RenderOptions& options)
{
    KindSpec spec{jobVerdict};
    spec.add({nameColumn()});
    if (atLeast(options, 30))
        spec.add({column(u"Status"_s, Kind::Status, jobStatus)});
    spec.add({
        column(u"Completions"_s, Kind::Ratio, completions, "Pods that succeeded of those needed"),
        column(u"Duration"_s, Kind::Text, duration, "How long it took, or has been running"),
        ageColumn(),
    });
    addPodColumns<"spec", "template", "spec">(spec);
    spec.add({selectorColumn(selectorAt<"spec", "selector">)});
    return spec;
}

KindSpec cronJobKind(const RenderOptions& options)
{
    KindSpec spec{unlessDeleted<cronJobVerdict>};
    spec.add({
        nameColumn(),
        column(u"Schedule"_s, Kind::Text, textAt<"spec", "schedule">, "When it starts a job, in cron's notation"),
    });
    if (atLeast(options, 30))
        spec.add({column(u"Timezone"_s, Kind::Text, textOrNoneAt<"spec", "timeZone">)});
    spec.add({
        column(u"Suspend"_s, Kind::Text, suspend),
        column(u"Active"_s, Kind::Number, sizeAt<"status", "active">, "Jobs that run now"),
        column(u"Last Schedule"_s, Kind::Age, momentAt<"status", "lastScheduleTime">,
               "Time since it last started a job"),
        ageColumn(),
    });
    addPodColumns<"spec", "jobTemplate", "spec", "template", "spec">(spec);
    spec.add({selectorColumn(selectorAt<"spec", "jobTemplate", "spec", "selector">)});
    return spec;
}

} // namespace wk::cluster::render
