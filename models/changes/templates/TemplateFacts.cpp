// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/templates/TemplateFacts.h"

#include "changes/plan/Target.h"
#include "cluster/Decoder.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonArray>

#include <cmath>

namespace wk::changes::facts {

using namespace Qt::StringLiterals;
using platform::Platform;
using platform::Service;
using Type = TemplateParameter::Type;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::PlanTemplate)
};

struct Listed
{
    const Service* service = nullptr;
    const platform::Workload* workload = nullptr;

    [[nodiscard]] QString value() const { return workload->space + u'/' + workload->kind + u'/' + workload->name; }
};

constexpr std::pair<const char16_t*, Service::Kind> serviceKinds[] = {{u"application", Service::Kind::Application},
                                                                      {u"frontend", Service::Kind::Frontend},
                                                                      {u"gateway", Service::Kind::Gateway},
                                                                      {u"database", Service::Kind::Database},
                                                                      {u"cache", Service::Kind::Cache},
                                                                      {u"queue", Service::Kind::Queue},
                                                                      {u"object-store", Service::Kind::ObjectStore},
                                                                      {u"discovery", Service::Kind::Discovery},
                                                                      {u"monitoring", Service::Kind::Monitoring},
                                                                      {u"external", Service::Kind::External}};

QString kindName(Service::Kind kind)
{
    const auto* it = std::ranges::find(serviceKinds, kind, [](const auto& pair) { return pair.second; });
    return QString::fromUtf16(it->first);
}

/// Whether a parameter's "kinds" let a service through: no kind of service among them means any.
bool wantsService(const TemplateParameter& parameter, const Service& service)
{
    const bool asks = std::ranges::any_of(
        serviceKinds, [&](const auto& pair) { return parameter.kinds.contains(QString::fromUtf16(pair.first)); });
    return !asks || parameter.kinds.contains(kindName(service.kind));
}

bool wantsWorkload(const TemplateParameter& parameter, const platform::Workload& workload)
{
    const bool asks = std::ranges::any_of(parameter.kinds, [](const QString& kind) { return kind.at(0).isUpper(); });
    return asks ? parameter.kinds.contains(workload.kind)
                : workload.kind == "Deployment"_L1 || workload.kind == "StatefulSet"_L1;
}

/// Who depends on others first, so that a list in this order can be shut down from its front.
void visit(const Platform& platform, const Service& service, QSet<QString>& seen, std::vector<const Service*>& out)
{
    if (seen.contains(service.name))
        return;
    seen.insert(service.name);
    for (const QString& name : service.dependsOn) {
        if (const Service* below = platform.service(name))
            visit(platform, *below, seen, out);
    }
    out.insert(out.begin(), &service);
}

QList<Listed> workloads(const Platform& platform, const TemplateParameter& parameter)
{
    QSet<QString> seen;
    std::vector<const Service*> order;
    for (auto it = platform.services.rbegin(); it != platform.services.rend(); ++it)
        visit(platform, *it, seen, order);
    if (parameter.dependenciesFirst)
        std::ranges::reverse(order);
    QList<Listed> out;
    for (const Service* service : order) {
        if (!wantsService(parameter, *service))
            continue;
        for (const auto& workload : service->workloads) {
            if (wantsWorkload(parameter, workload))
                out << Listed{service, &workload};
        }
    }
    return out;
}

QString clusterOf(const Platform& platform, const QString& space)
{
    const auto it = std::ranges::find(platform.namespaces, space, &platform::Namespace::name);
    if (it != platform.namespaces.end() && !it->cluster.isEmpty())
        return it->cluster;
    return platform.clusters.empty() ? QString() : platform.clusters.front().name;
}

template <typename T>
void put(TemplateValue& out, const QString& member, const std::optional<T>& figure)
{
    if (figure)
        out.members.insert(member, qint64(std::llround(double(*figure))));
}

void put(TemplateValue& out, const QString& member, const QString& text)
{
    if (!text.isEmpty())
        out.members.insert(member, text);
}

/// The first figure that the platform file gives for this workload.
template <typename List, typename Test>
auto figureFor(const List& list, const QString& workload, Test test)
{
    return std::ranges::find_if(list, [&](const auto& f) { return f.workload == workload && test(f); });
}

void putScaling(TemplateValue& out, const platform::Scaling& scaling, const QString& name)
{
    const auto by = figureFor(scaling.replicas, name, [](const auto& f) { return f.replicas.value_or(0) > 0; });
    if (by != scaling.replicas.end())
        put(out, u"scaleTo"_s, by->replicas);
    const auto automatic = figureFor(scaling.autoscalers, name, [](const auto&) { return true; });
    if (automatic != scaling.autoscalers.end()) {
        put(out, u"autoscaleMin"_s, automatic->min);
        put(out, u"autoscaleMax"_s, automatic->max);
        put(out, u"autoscaleCpu"_s, automatic->cpu);
        put(out, u"autoscaleMemory"_s, automatic->memory);
    }
    const auto size = figureFor(scaling.resources, name, [](const auto&) { return true; });
    if (size == scaling.resources.end())
        return;
    put(out, u"cpuRequest"_s, size->cpuRequest);
    put(out, u"cpuLimit"_s, size->cpuLimit);
    put(out, u"memoryRequest"_s, size->memoryRequest);
    put(out, u"memoryLimit"_s, size->memoryLimit);
}

void putService(TemplateValue& out, const Service& service)
{
    put(out, u"service"_s, service.name);
    put(out, u"title"_s, service.title);
    put(out, u"host"_s, service.host);
    for (const auto& endpoint : service.healthEndpoints) {
        const bool health =
            endpoint.use == platform::Endpoint::Use::Health || endpoint.use == platform::Endpoint::Use::Page;
        if (!endpoint.url.isEmpty() && health && !out.members.contains(u"healthUrl"_s))
            put(out, u"healthUrl"_s, endpoint.url);
    }
}

TemplateValue workloadValue(const Platform& platform, const Listed& listed)
{
    const platform::Workload& w = *listed.workload;
    TemplateValue out;
    out.text = w.name;
    const QString cluster = clusterOf(platform, w.space);
    out.value =
        completed({{u"cluster"_s, cluster}, {u"kind"_s, w.kind}, {u"namespace"_s, w.space}, {u"name"_s, w.name}});
    putService(out, *listed.service);
    put(out, u"id"_s, listed.value());
    put(out, u"name"_s, w.name);
    put(out, u"kind"_s, w.kind);
    put(out, u"namespace"_s, w.space);
    put(out, u"cluster"_s, cluster);
    put(out, u"container"_s, w.container.isEmpty() ? w.name : w.container);
    put(out, u"image"_s, w.image);
    put(out, u"selector"_s, w.selector.isEmpty() ? u"app="_s + w.name : w.selector);
    put(out, u"replicas"_s, w.replicas);
    put(out, u"minReplicas"_s, w.minReplicas);
    put(out, u"maxReplicas"_s, w.maxReplicas);
    putScaling(out, platform.scaling, w.name);
    return out;
}

/// A choice with what stands behind it.
struct Offer
{
    Choice choice;
    TemplateValue value;
};

void offerDatabases(const Platform& platform, QList<Offer>& out)
{
    for (const Service& service : platform.services) {
        if (service.kind != Service::Kind::Database)
            continue;
        for (const QString& database : service.databases) {
            const QString id = service.name + u'/' + database;
            const QString cluster = service.workloads.empty() ? clusterOf(platform, {})
                                                              : clusterOf(platform, service.workloads.front().space);
            TemplateValue value;
            value.text = database;
            value.value = QJsonObject{{u"cluster"_s, cluster}, {u"kind"_s, u"Database"_s}, {u"name"_s, database}};
            putService(value, service);
            put(value, u"name"_s, database);
            put(value, u"cluster"_s, cluster);
            out << Offer{{id, Texts::tr("%1 (%2)").arg(database, service.title)}, value};
        }
    }
}

void offerSettings(const Platform& platform, const TemplateValue& of, QList<Offer>& out)
{
    const QString service = of.members.value(u"service"_s).toString();
    for (const auto& tuning : platform.tuning) {
        if (!service.isEmpty() && !tuning.service.isEmpty() && tuning.service != service)
            continue;
        for (const auto& setting : tuning.settings) {
            TemplateValue value = TemplateValue::of(setting.name);
            put(value, u"name"_s, setting.name);
            put(value, u"value"_s, setting.value);
            put(value, u"configMap"_s, tuning.configMap);
            put(value, u"service"_s, tuning.service);
            out << Offer{{tuning.name + u'/' + setting.name, Texts::tr("%1: %2").arg(tuning.title, setting.name)},
                         value};
        }
    }
}

void offerNamed(const Platform& platform, const TemplateParameter& parameter, QList<Offer>& out)
{
    constexpr std::pair<const char16_t*, platform::ClusterClass> classes[] = {
        {u"production", platform::ClusterClass::Production},
        {u"staging", platform::ClusterClass::Staging},
        {u"development", platform::ClusterClass::Development},
        {u"test", platform::ClusterClass::Test},
        {u"recovery", platform::ClusterClass::Recovery}};
    if (parameter.type == Type::Cluster) {
        for (const auto& cluster : platform.clusters) {
            const auto* klass = std::ranges::find(classes, cluster.klass, [](const auto& pair) { return pair.second; });
            const QString word = QString::fromUtf16(klass->first);
            if (!parameter.classes.isEmpty() && !parameter.classes.contains(word))
                continue;
            TemplateValue value = TemplateValue::of(cluster.name);
            put(value, u"title"_s, cluster.title.isEmpty() ? cluster.name : cluster.title);
            put(value, u"class"_s, word);
            out << Offer{{cluster.name, cluster.title.isEmpty() ? cluster.name : cluster.title}, value};
        }
        return;
    }
    if (parameter.type == Type::Namespace) {
        for (const auto& space : platform.namespaces) {
            TemplateValue value = TemplateValue::of(space.name);
            put(value, u"cluster"_s, clusterOf(platform, space.name));
            out << Offer{
                {space.name, space.role.isEmpty() ? space.name : Texts::tr("%1: %2").arg(space.name, space.role)},
                value};
        }
        return;
    }
    for (const Service& service : platform.services) {
        if (!wantsService(parameter, service))
            continue;
        TemplateValue value = TemplateValue::of(service.name);
        putService(value, service);
        put(value, u"name"_s, service.name);
        out << Offer{{service.name, service.title}, value};
    }
}

QList<Offer> offers(const Platform& platform, const TemplateParameter& parameter, const TemplateValue& of)
{
    QList<Offer> out;
    switch (parameter.type) {
    case Type::Workload:
    case Type::Workloads: {
        const auto all = workloads(platform, parameter);
        for (const Listed& listed : all) {
            const auto& w = *listed.workload;
            out << Offer{{listed.value(), Texts::tr("%1 (%2 in %3)").arg(w.name, w.kind, w.space)},
                         workloadValue(platform, listed)};
        }
        break;
    }
    case Type::Service:
    case Type::Cluster:
    case Type::Namespace: offerNamed(platform, parameter, out); break;
    case Type::Database: offerDatabases(platform, out); break;
    case Type::Setting: offerSettings(platform, of, out); break;
    case Type::Choice:
        for (const QString& word : parameter.values)
            out << Offer{{word, word}, TemplateValue::of(word)};
        break;
    case Type::Integer:
    case Type::Text:
    case Type::Quantity:
    case Type::Boolean:
    case Type::Live: break;
    }
    return out;
}

} // namespace

QList<Choice> choices(const Platform& platform, const TemplateParameter& parameter, const TemplateValue& of)
{
    QList<Choice> out;
    const auto all = offers(platform, parameter, of);
    for (const Offer& offer : all)
        out << offer.choice;
    return out;
}

std::optional<TemplateValue> chosen(const Platform& platform, const TemplateParameter& parameter,
                                    const TemplateValue& of, const QString& given)
{
    const auto all = offers(platform, parameter, of);
    const Offer* found = nullptr;
    int byName = 0;
    for (const Offer& offer : all) {
        if (offer.choice.value == given)
            return offer.value;
        if (offer.choice.value.endsWith(u'/' + given) && ++byName > 0)
            found = &offer;
    }
    return byName == 1 ? std::optional(found->value) : std::nullopt;
}

TemplateValue about(const Platform& platform)
{
    TemplateValue out = TemplateValue::of(platform.name);
    put(out, u"name"_s, platform.name);
    put(out, u"title"_s, platform.title);
    QStringList backups;
    for (const auto& backup : platform.backups)
        backups << (backup.title.isEmpty() ? backup.name : backup.title);
    const QString none = Texts::tr("the platform file names none");
    put(out, u"backups"_s, backups.isEmpty() ? none : backups.join(u", "_s));
    put(out, u"statusPage"_s, none);
    for (const auto& channel : platform.channels) {
        if (channel.kind == platform::Channel::Kind::StatusPage)
            put(out, u"statusPage"_s, channel.address);
    }
    return out;
}

QStringList platformMembers() { return {u"name"_s, u"title"_s, u"backups"_s, u"statusPage"_s}; }

QStringList members(Type type)
{
    static const QStringList service{u"service"_s, u"title"_s, u"host"_s, u"healthUrl"_s, u"name"_s};
    switch (type) {
    case Type::Workload:
        return service + QStringList{u"id"_s,           u"kind"_s,          u"namespace"_s,       u"cluster"_s,
                                     u"container"_s,    u"image"_s,         u"selector"_s,        u"replicas"_s,
                                     u"minReplicas"_s,  u"maxReplicas"_s,   u"scaleTo"_s,         u"autoscaleMin"_s,
                                     u"autoscaleMax"_s, u"autoscaleCpu"_s,  u"autoscaleMemory"_s, u"cpuRequest"_s,
                                     u"cpuLimit"_s,     u"memoryRequest"_s, u"memoryLimit"_s};
    case Type::Service: return service;
    case Type::Database: return service + QStringList{u"cluster"_s};
    case Type::Cluster: return {u"title"_s, u"class"_s};
    case Type::Namespace: return {u"cluster"_s};
    case Type::Setting: return {u"name"_s, u"value"_s, u"configMap"_s, u"service"_s};
    case Type::Live: return {u"replicas"_s, u"version"_s};
    default: return {};
    }
}

QJsonObject completed(QJsonObject target)
{
    const QString kind = target.value("kind"_L1).toString();
    const auto& known = cluster::builtInKinds();
    const auto it = std::ranges::find(known, kind, &cluster::ResourceKind::kind);
    if (target.contains("resource"_L1) || it == known.end())
        return target;
    target.insert(u"group"_s, it->group);
    target.insert(u"version"_s, it->version);
    target.insert(u"resource"_s, it->resource);
    if (!target.contains("namespace"_L1))
        target.insert(u"namespace"_s, QString());
    return target;
}

} // namespace wk::changes::facts
