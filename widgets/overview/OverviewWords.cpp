// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/overview/OverviewWords.h"

#include "cluster/connection/Counted.h"
#include "table/CellText.h"

#include <QtCore/QCoreApplication>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using cluster::ClusterTarget;
using cluster::ServiceStatus;
using cluster::WorkloadStatus;
using table::Health;

namespace {

QString tr(const char* text) { return QCoreApplication::translate("wk::widgets::Overview", text); }

bool isTrouble(Health health)
{
    return health == Health::Bad || health == Health::Warning || health == Health::Unknown;
}

ClusterTarget workloadTarget(const cluster::WorkloadRef& ref)
{
    return {.kindId = workloadKindId(ref.kind), .space = ref.space, .name = ref.name, .filter = {}};
}

/// A service with one workload leads to it; one with several to the first that is not well.
ClusterTarget serviceTarget(const ServiceStatus& service)
{
    for (const WorkloadStatus& workload : service.workloads) {
        if (isTrouble(workload.health) && workload.found)
            return workloadTarget(workload.ref);
    }
    for (const WorkloadStatus& workload : service.workloads) {
        if (workload.found)
            return workloadTarget(workload.ref);
    }
    if (service.workloads.isEmpty())
        return {};
    const cluster::WorkloadRef& ref = service.workloads.first().ref;
    return {.kindId = workloadKindId(ref.kind), .space = ref.space, .name = {}, .filter = {}};
}

OverviewLine serviceLine(const ServiceStatus& service)
{
    qint32 ready = 0, wanted = 0;
    QStringList parts;
    for (const WorkloadStatus& workload : service.workloads) {
        ready += workload.ready;
        wanted += workload.wanted;
        parts.append(tr("%1 %2: %3 of %4 ready")
                         .arg(workload.ref.kind, workload.ref.name)
                         .arg(workload.ready)
                         .arg(workload.wanted));
    }
    OverviewLine line;
    line.content.health = service.health;
    line.content.text = service.name;
    const bool found =
        std::any_of(service.workloads.begin(), service.workloads.end(), [](const auto& w) { return w.found; });
    if (service.workloads.isEmpty())
        line.content.figure = tr("elsewhere");
    else
        line.content.figure = found ? QString::number(ready) + u'/' + QString::number(wanted) : tr("not found");
    line.content.detail = isTrouble(service.health) && found ? service.reason : QString();
    if (!service.reason.isEmpty())
        parts.append(service.reason);
    line.content.tooltip = parts.join(u'\n');
    line.target = serviceTarget(service);
    return line;
}

/// The platform's namespace, where it is one.
QString oneSpace(const cluster::OverviewSpec& spec)
{
    return spec.spaces.size() == 1 ? spec.spaces.first() : QString();
}

void addTrouble(OverviewText& text, OverviewLine line)
{
    if (text.trouble.size() < maxTrouble)
        text.trouble.append(std::move(line));
    else
        ++text.moreTrouble;
}

void fillTrouble(OverviewText& text, const cluster::OverviewSnapshot& s)
{
    for (const cluster::TroubleItem& node : s.nodeTrouble)
        addTrouble(text, {{.health = node.health,
                           .text = node.name,
                           .detail = node.reason,
                           .figure = tr("node"),
                           .strong = true,
                           .tooltip = node.reason},
                          {.kindId = u"nodes"_s, .space = {}, .name = node.name, .filter = {}}});
    for (const cluster::TroubleItem& pod : s.podTrouble)
        addTrouble(text, {{.health = pod.health,
                           .text = pod.name,
                           .detail = pod.reason,
                           .figure = tr("pod"),
                           .strong = true,
                           .tooltip = pod.space + u'/' + pod.name + u'\n' + pod.reason},
                          {.kindId = u"pods"_s, .space = pod.space, .name = pod.name, .filter = {}}});
    for (const WorkloadStatus& workload : s.unlisted)
        addTrouble(text, {{.health = workload.health,
                           .text = workload.ref.name,
                           .detail = workload.reason,
                           .figure = workload.ref.kind.toLower(),
                           .strong = true,
                           .tooltip = workload.ref.space + u'/' + workload.ref.name + u'\n' + workload.reason},
                          workloadTarget(workload.ref)});
    // The snapshot itself holds only the worst; the rest is known by number.
    const int known = int(s.podTrouble.size());
    text.moreTrouble += s.podsBad + s.podsWarning - known;
    std::stable_sort(text.trouble.begin(), text.trouble.end(), [](const OverviewLine& a, const OverviewLine& b) {
        return a.content.health == Health::Bad && b.content.health != Health::Bad;
    });
}

/// Where workloads are that are not ready; deployments where all are.
ClusterTarget workloadsTarget(const cluster::OverviewSnapshot& s, const cluster::OverviewSpec& spec)
{
    QString kind = u"Deployment"_s;
    const auto ill = [](const WorkloadStatus& workload) { return workload.found && isTrouble(workload.health); };
    QList<WorkloadStatus> all = s.unlisted;
    for (const ServiceStatus& service : s.services)
        all += service.workloads;
    if (const auto first = std::ranges::find_if(all, ill); first != all.end())
        kind = first->ref.kind;
    const bool trouble = s.workloadsReady < s.workloads;
    return {.kindId = workloadKindId(kind),
            .space = oneSpace(spec),
            .name = {},
            .filter = inSpaces(trouble ? u"is:trouble"_s : QString(), spec)};
}

/// How many of each kind are well, of all: figures that read alike beside one another.
void fillFacts(OverviewText& text, const cluster::OverviewSnapshot& s, const cluster::OverviewSpec& spec)
{
    const auto fact = [&text](Health health, const QString& title, int well, int of, const QString& tip,
                              const ClusterTarget& target) {
        text.facts.append({{.health = health,
                            .text = title,
                            .detail = {},
                            .figure = QString::number(well) + u'/' + QString::number(of),
                            .tooltip = tip.arg(well).arg(of)},
                           target});
    };
    const auto isIll = [](const ServiceStatus& service) { return isTrouble(service.health); };
    if (s.services.size() > 1) {
        const auto ill = std::ranges::find_if(s.services, isIll);
        const bool all = ill == s.services.end();
        fact(all ? Health::Good : ill->health, tr("Services"),
             int(s.services.size() - std::ranges::count_if(s.services, isIll)), int(s.services.size()),
             tr("%1 of %2 services are ready"), all ? workloadsTarget(s, spec) : serviceTarget(*ill));
    }
    fact(s.workloadsReady < s.workloads ? Health::Warning : Health::Good, tr("Workloads"), s.workloadsReady,
         s.workloads, tr("%1 of %2 workloads are ready"), workloadsTarget(s, spec));
    const int trouble = s.podsBad + s.podsWarning;
    ClusterTarget pods = podsInTrouble(spec);
    if (trouble == 0)
        pods.filter = inSpaces({}, spec);
    fact(s.podsBad > 0 ? Health::Bad
         : trouble > 0 ? Health::Warning
                       : Health::Good,
         tr("Pods"), s.pods - trouble, s.pods, tr("%1 of %2 pods are well"), pods);
    fact(s.nodesReady < s.nodes ? Health::Bad : Health::Good, tr("Nodes"), s.nodesReady, s.nodes,
         tr("%1 of %2 nodes are ready"),
         {.kindId = u"nodes"_s,
          .space = {},
          .name = {},
          .filter = s.nodesReady < s.nodes ? u"is:trouble"_s : QString()});
}

QString counted(int n, const char* one, const char* many)
{
    return cluster::counted("wk::widgets::Overview", n, one, many);
}

/// What is wrong, the worst kind of it first; what is well only where nothing is wrong or to put the rest into
/// proportion.
QString verdict(const cluster::OverviewSnapshot& s)
{
    int ill = 0, away = 0;
    for (const ServiceStatus& service : s.services) {
        const bool found =
            std::any_of(service.workloads.begin(), service.workloads.end(), [](const auto& w) { return w.found; });
        away += found ? 0 : 1;
        ill += found && isTrouble(service.health) ? 1 : 0;
    }
    const int services = int(s.services.size()), pods = s.podsBad + s.podsWarning, nodes = s.nodes - s.nodesReady;
    if (services > 0 && away == services)
        return counted(
            services, QT_TRANSLATE_NOOP("wk::widgets::Overview", "The platform's service is not in this cluster"),
            QT_TRANSLATE_NOOP("wk::widgets::Overview", "None of the platform's %1 services is in this cluster"));
    QStringList parts;
    if (nodes > 0)
        parts.append(counted(nodes, QT_TRANSLATE_NOOP("wk::widgets::Overview", "1 node is not ready"),
                             QT_TRANSLATE_NOOP("wk::widgets::Overview", "%1 nodes are not ready")));
    if (ill > 0)
        parts.append(services == 1
                         ? tr(QT_TRANSLATE_NOOP("wk::widgets::Overview", "The service needs a look"))
                         : counted(ill, QT_TRANSLATE_NOOP("wk::widgets::Overview", "1 of %2 services needs a look"),
                                   QT_TRANSLATE_NOOP("wk::widgets::Overview", "%1 of %2 services need a look"))
                               .replace(u"%2"_s, QString::number(services)));
    if (pods > 0)
        parts.append(counted(pods, QT_TRANSLATE_NOOP("wk::widgets::Overview", "1 pod needs a look"),
                             QT_TRANSLATE_NOOP("wk::widgets::Overview", "%1 pods need a look")));
    if (away > 0)
        parts.append(counted(away, QT_TRANSLATE_NOOP("wk::widgets::Overview", "1 service is not in this cluster"),
                             QT_TRANSLATE_NOOP("wk::widgets::Overview", "%1 services are not in this cluster")));
    if (!parts.isEmpty())
        return parts.join(u", "_s);
    if (services > 0)
        return counted(services, QT_TRANSLATE_NOOP("wk::widgets::Overview", "The service is ready"),
                       QT_TRANSLATE_NOOP("wk::widgets::Overview", "All %1 services are ready"));
    return counted(s.workloads, QT_TRANSLATE_NOOP("wk::widgets::Overview", "The one workload is ready"),
                   QT_TRANSLATE_NOOP("wk::widgets::Overview", "All %1 workloads are ready"));
}

} // namespace

QString inSpaces(const QString& filter, const cluster::OverviewSpec& spec)
{
    if (spec.spaces.size() < 2) // one is chosen in the panel itself
        return filter;
    const QString spaces = u"namespace="_s + spec.spaces.join(u'|');
    return filter.isEmpty() ? spaces : filter + u' ' + spaces;
}

ClusterTarget podsInTrouble(const cluster::OverviewSpec& spec)
{
    return {.kindId = u"pods"_s, .space = oneSpace(spec), .name = {}, .filter = inSpaces(u"is:trouble"_s, spec)};
}

QString workloadKindId(const QString& kind)
{
    if (kind == u"StatefulSet")
        return u"statefulsets.apps"_s;
    if (kind == u"DaemonSet")
        return u"daemonsets.apps"_s;
    if (kind == u"CronJob")
        return u"cronjobs.batch"_s;
    if (kind == u"Job")
        return u"jobs.batch"_s;
    return u"deployments.apps"_s;
}

OverviewText overviewText(const cluster::OverviewSnapshot& snapshot, const cluster::OverviewSpec& spec, qint64 nowMs)
{
    OverviewText text;
    text.health = snapshot.health;
    text.verdict = verdict(snapshot);
    fillTrouble(text, snapshot);
    fillFacts(text, snapshot, spec);
    for (const ServiceStatus& service : snapshot.services)
        text.services.append(serviceLine(service));
    for (const cluster::WarningItem& warning :
         snapshot.warnings.first(std::min<qsizetype>(maxWarnings, snapshot.warnings.size()))) {
        OverviewLine line;
        line.content.health = Health::Warning;
        line.content.text = warning.reason;
        line.content.detail = warning.object.section(u'/', -1) + u": "_s + warning.message;
        const QString age = table::relativeAge(warning.lastMs, nowMs);
        line.content.figure = warning.count > 1 ? tr("%1 × · %2").arg(warning.count).arg(age) : age;
        line.content.quietFigure = true;
        line.content.tooltip = warning.space + u'/' + warning.object + u'\n' + warning.message + u'\n' +
                               table::exactMoment(warning.lastMs);
        line.target = {.kindId = u"events"_s,
                       .space = warning.space,
                       .name = {},
                       .filter = u"object=\"%1\" reason=%2"_s.arg(warning.object, warning.reason)};
        text.warnings.append(line);
    }
    text.moreWarnings = snapshot.warningEvents - int(text.warnings.size());
    return text;
}

} // namespace wk::widgets
