// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/PlatformSchema.h"

#include "platform/PlatformWords.h"

using namespace Qt::StringLiterals;

namespace wk::platform {

namespace {

void readDocument(YamlReader& r, Document& d)
{
    r.name(Subject::Document, d.name);
    r.text(u"title", d.title, YamlReader::Need::Required);
    r.text(u"version", d.version);
    r.text(u"status", d.status);
    r.date(u"updated", d.updated);
}

void readCluster(YamlReader& r, Cluster& c)
{
    static constexpr YamlReader::Choice<ClusterClass> classes[] = {{u"production", ClusterClass::Production},
                                                                   {u"staging", ClusterClass::Staging},
                                                                   {u"development", ClusterClass::Development},
                                                                   {u"test", ClusterClass::Test},
                                                                   {u"recovery", ClusterClass::Recovery}};
    r.name(Subject::Cluster, c.name);
    r.text(u"title", c.title);
    r.choice<ClusterClass>(u"class", c.klass, classes, YamlReader::Need::Required);
    r.text(u"context", c.context);
    r.integer(u"nodes", c.nodes, 1, 100'000);
    r.integer(u"minNodes", c.minNodes, 1, 100'000);
    r.boolean(u"autoscaling", c.autoscaling);
    r.text(u"series", c.series);
    readSource(r, c.source);
}

void readNamespace(YamlReader& r, Namespace& n)
{
    r.name(Subject::Namespace, n.name);
    r.reference(u"cluster", Subject::Cluster, n.cluster, YamlReader::Need::Required);
    r.text(u"role", n.role);
    r.boolean(u"main", n.main);
}

void readWorkload(YamlReader& r, Workload& w)
{
    static constexpr YamlReader::Choice<const char16_t*> kinds[] = {{u"Deployment", u"Deployment"},
                                                                    {u"StatefulSet", u"StatefulSet"},
                                                                    {u"DaemonSet", u"DaemonSet"},
                                                                    {u"CronJob", u"CronJob"},
                                                                    {u"Job", u"Job"},
                                                                    {u"ReplicaSet", u"ReplicaSet"}};
    const char16_t* kind = u"Deployment";
    r.choice<const char16_t*>(u"kind", kind, kinds, YamlReader::Need::Required);
    w.kind = QString::fromUtf16(kind);
    r.reference(u"namespace", Subject::Namespace, w.space);
    r.name(Subject::Workload, w.name, w.space + u' ' + w.kind);
    r.integer(u"replicas", w.replicas, 0, 1'000'000);
    r.integer(u"minReplicas", w.minReplicas, 0, 1'000'000);
    r.integer(u"maxReplicas", w.maxReplicas, 1, 1'000'000);
    r.text(u"image", w.image);
    r.text(u"selector", w.selector);
    r.text(u"container", w.container);
    readSource(r, w.source);
    if (w.minReplicas && w.maxReplicas && *w.minReplicas > *w.maxReplicas)
        r.report().add(r.node(),
                       Words::tr("minReplicas %1 is above maxReplicas %2").arg(*w.minReplicas).arg(*w.maxReplicas),
                       Words::tr("the smaller number first"));
}

void readEndpoint(YamlReader& r, Endpoint& e)
{
    static constexpr YamlReader::Choice<Endpoint::Use> uses[] = {{u"health", Endpoint::Use::Health},
                                                                 {u"readiness", Endpoint::Use::Readiness},
                                                                 {u"metrics", Endpoint::Use::Metrics},
                                                                 {u"page", Endpoint::Use::Page},
                                                                 {u"profile", Endpoint::Use::Profile}};
    r.text(u"name", e.name);
    r.choice<Endpoint::Use>(u"use", e.use, uses, YamlReader::Need::Required);
    r.text(u"method", e.method);
    r.text(u"path", e.path);
    r.text(u"url", e.url);
    r.integer(u"port", e.port, 1, 65535);
    r.integer(u"expect", e.expect, 100, 599);
    if (e.path.isEmpty() && e.url.isEmpty())
        r.report().add(r.node(), Words::tr("the endpoint has neither path nor url"),
                       Words::tr("path (below the service's port) or url"));
}

void readService(YamlReader& r, Service& s)
{
    r.name(Subject::Service, s.name);
    r.text(u"title", s.title, YamlReader::Need::Required);
    r.choice<Service::Kind>(u"kind", s.kind, serviceKinds(), YamlReader::Need::Required);
    r.text(u"product", s.product);
    r.text(u"version", s.version);
    r.boolean(u"managed", s.managed);
    r.boolean(u"replicated", s.replicated);
    r.integer(u"minNodes", s.minNodes, 1, 100'000);
    r.list<Workload>(u"workloads", Words::tr("workload"), s.workloads, readWorkload);
    r.integers(u"ports", s.ports, 1, 65535);
    r.list<Endpoint>(u"endpoints", Words::tr("endpoint"), s.healthEndpoints, readEndpoint);
    r.references(u"dependsOn", Subject::Service, s.dependsOn);
    r.text(u"host", s.host);
    r.texts(u"databases", s.databases);
    r.text(u"series", s.series);
    readSource(r, s.source);
}

void readTool(YamlReader& r, Tool& t)
{
    r.label(t.name);
    r.text(u"minVersion", t.minVersion);
    r.text(u"use", t.purpose);
}

void readImage(YamlReader& r, Image& i)
{
    r.text(u"image", i.image, YamlReader::Need::Required);
    r.text(u"use", i.use);
}

void readTuning(YamlReader& r, Tuning& t)
{
    r.label(t.name);
    r.text(u"title", t.title);
    r.reference(u"service", Subject::Service, t.service);
    r.text(u"use", t.use);
    r.text(u"configMap", t.configMap);
    readSource(r, t.source);
    r.list<Tuning::Setting>(
        u"settings", Words::tr("setting"), t.settings,
        [](YamlReader& s, Tuning::Setting& out) {
            s.label(out.name);
            s.text(u"value", out.value, YamlReader::Need::Required);
            s.text(u"use", out.use);
        },
        YamlReader::Need::Required);
}

void readManager(YamlReader& r, Manager& m)
{
    r.label(m.name);
    r.text(u"title", m.title);
    r.texts(u"kinds", m.kinds);
    readSource(r, m.source);
}

} // namespace

std::span<const YamlReader::Choice<Service::Kind>> serviceKinds()
{
    using Kind = Service::Kind;
    static constexpr YamlReader::Choice<Kind> kinds[] = {
        {u"application", Kind::Application},  {u"frontend", Kind::Frontend},   {u"gateway", Kind::Gateway},
        {u"database", Kind::Database},        {u"cache", Kind::Cache},         {u"queue", Kind::Queue},
        {u"object-store", Kind::ObjectStore}, {u"discovery", Kind::Discovery}, {u"monitoring", Kind::Monitoring},
        {u"external", Kind::External}};
    return kinds;
}

void readOperated(YamlReader& r, Platform& p)
{
    using Need = YamlReader::Need;
    r.list<Document>(u"documents", Words::tr("document"), p.documents, readDocument);
    r.list<Cluster>(u"clusters", Words::tr("cluster"), p.clusters, readCluster, Need::Required);
    r.list<Namespace>(u"namespaces", Words::tr("namespace"), p.namespaces, readNamespace, Need::Required);
    r.list<Service>(u"services", Words::tr("service"), p.services, readService, Need::Required);
    r.list<Tool>(u"tools", Words::tr("tool"), p.tools, readTool);
    r.list<Image>(u"images", Words::tr("image"), p.images, readImage);
    r.list<Tuning>(u"tuning", Words::tr("tuning"), p.tuning, readTuning);
    r.list<Manager>(u"managers", Words::tr("manager"), p.managers, readManager);

    // A workload without a namespace lives where the platform does.
    QString home = p.namespaces.empty() ? QString() : p.namespaces.front().name;
    for (const Namespace& space : p.namespaces) {
        if (space.main)
            home = space.name;
    }
    for (Service& service : p.services) {
        for (Workload& workload : service.workloads) {
            if (workload.space.isEmpty())
                workload.space = home;
        }
    }
}

} // namespace wk::platform
