// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/Decoder.h"
#include "cluster/objects/References.h"
#include "cluster/objects/Relations.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtTest/QtTest>

using namespace wk;
using namespace wk::cluster;
using namespace Qt::StringLiterals;
using table::Health;

namespace {

QJsonObject parsed(const QByteArray& json)
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(json, &error);
    if (document.isNull())
        qFatal("bad JSON of the test: %s", qPrintable(error.errorString()));
    return document.object();
}

/// Rows that a test writes down: texts by column.
class Sheet final : public table::TableSource
{
public:
    explicit Sheet(const QStringList& columns)
    {
        for (const QString& id : columns)
            m_columns.append(table::Column{id, id, table::Column::Kind::Text, false, {}, false});
    }
    table::Columns columns() const override { return m_columns; }
    std::vector<table::RowPtr> rows() const override { return m_rows; }
    table::Freshness freshness() const override
    {
        return {.state = state, .asOfMs = 0, .sinceMs = 0, .error = std::nullopt};
    }
    void add(const QString& name, Health health, const QString& reason, const QStringList& cells)
    {
        auto row = std::make_shared<table::Row>();
        row->id = row->name = name;
        row->space = clusterWide ? QString() : u"shop"_s;
        row->health = health;
        row->reason = reason;
        for (const QString& cell : cells)
            row->cells.emplace_back(cell);
        m_rows.push_back(row);
    }
    table::Freshness::State state = table::Freshness::State::Live;
    bool clusterWide = false;

private:
    table::Columns m_columns;
    std::vector<table::RowPtr> m_rows;
};

/// "Deployment api[ReplicaSet api-1[Pod api-1-a]]"
QString outline(const QList<Relation>& relations)
{
    QStringList out;
    for (const Relation& relation : relations) {
        QString text = relation.kind + u' ' + relation.name;
        if (relation.self)
            text += u'*';
        if (!relation.parts.isEmpty())
            text += u'[' + outline(relation.parts) + u']';
        out << text;
    }
    return out.join(u", "_s);
}

} // namespace

/// What objects have to do with each other, from an object and the rows of the tables.
class TestObjectRelations : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void deploymentDownToItsPods();
    void podUpToItsDeployment();
    void earlierRevisionsAreOnlyCounted();
    void nodeHasItsPods();
    void serviceHasPodsAndEndpoints();
    void ingressLeadsToPods();
    void autoscalerAndTargetBothWays();
    void claimAndVolumeBothWays();
    void whatIsMissingIsSaid();
    void ownersInACircleEnd();
    void everyWayToNameAConfigMap();
    void referrersLeaveOutWhatIsMade();
    void garbageHasNoReferences();

private:
    [[nodiscard]] QString group(const QJsonObject& object, const QString& title) const;
    [[nodiscard]] Relation first(const QJsonObject& object, const QString& title) const;
    Sheet& sheet(const QString& id) { return *m_sheets[id]; }

    QHash<QString, std::shared_ptr<Sheet>> m_sheets;
    RowsOf m_rowsOf;
    const QJsonObject m_deployment = parsed(R"({"apiVersion":"apps/v1","kind":"Deployment",
        "metadata":{"name":"api","namespace":"shop"},
        "spec":{"template":{"metadata":{"labels":{"app":"api"}},"spec":{"serviceAccountName":"runner",
        "volumes":[{"name":"conf","configMap":{"name":"settings"}}]}}}})");
    const QJsonObject m_pod = parsed(R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"api-1-a","namespace":"shop",
        "labels":{"app":"api"},"ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"api-1","controller":true}]},
        "spec":{"nodeName":"n1","containers":[]}})");
};

void TestObjectRelations::init()
{
    m_sheets.clear();
    const auto make = [this](const char16_t* id, const QStringList& columns) {
        m_sheets.insert(QString::fromUtf16(id), std::make_shared<Sheet>(columns));
    };
    make(u"deployments.apps", {u"owner"_s});
    make(u"replicasets.apps", {u"owner"_s});
    make(u"pods", {u"owner"_s, u"node"_s, u"labels"_s, u"status"_s});
    make(u"nodes", {});
    make(u"services", {u"selector"_s});
    make(u"endpointslices.discovery.k8s.io", {u"labels"_s, u"endpoints"_s});
    make(u"horizontalpodautoscalers.autoscaling", {u"reference"_s});
    make(u"configmaps", {});
    make(u"serviceaccounts", {});
    make(u"persistentvolumes", {});
    make(u"persistentvolumeclaims", {});
    sheet(u"nodes"_s).clusterWide = sheet(u"persistentvolumes"_s).clusterWide = true;
    sheet(u"deployments.apps"_s).add(u"api"_s, Health::Warning, u"1 of 2 replicas is ready"_s, {QString()});
    sheet(u"replicasets.apps"_s).add(u"api-1"_s, Health::Good, {}, {u"Deployment/api"_s});
    sheet(u"pods"_s).add(u"api-1-a"_s, Health::Good, {}, {u"ReplicaSet/api-1"_s, u"n1"_s, u"app=api"_s, u"Running"_s});
    sheet(u"pods"_s).add(u"api-1-b"_s, Health::Bad, u"back-off"_s,
                         {u"ReplicaSet/api-1"_s, u"n2"_s, u"app=api"_s, u"Error"_s});
    sheet(u"pods"_s).add(u"db-0"_s, Health::Good, {}, {u"StatefulSet/db"_s, u"n1"_s, u"app=db"_s, u"Running"_s});
    sheet(u"nodes"_s).add(u"n1"_s, Health::Good, {}, {});
    sheet(u"nodes"_s).add(u"n2"_s, Health::Good, {}, {});
    sheet(u"services"_s).add(u"api"_s, Health::None, {}, {u"app=api"_s});
    sheet(u"services"_s).add(u"headless"_s, Health::None, {}, {QString()});
    sheet(u"endpointslices.discovery.k8s.io"_s)
        .add(u"api-x"_s, Health::None, {}, {u"kubernetes.io/service-name=api"_s, u"10.0.0.1,10.0.0.2"_s});
    sheet(u"horizontalpodautoscalers.autoscaling"_s).add(u"api"_s, Health::Good, {}, {u"Deployment/api"_s});
    sheet(u"configmaps"_s).add(u"settings"_s, Health::None, {}, {});
    sheet(u"serviceaccounts"_s).add(u"runner"_s, Health::None, {}, {});
    m_rowsOf = [this](const QString& id) -> std::shared_ptr<table::TableSource> { return m_sheets.value(id); };
}

QString TestObjectRelations::group(const QJsonObject& object, const QString& title) const
{
    for (const RelationGroup& group : relationsOf(object, builtInKinds(), m_rowsOf)) {
        if (group.title == title)
            return outline(group.roots);
    }
    return {};
}

Relation TestObjectRelations::first(const QJsonObject& object, const QString& title) const
{
    for (const RelationGroup& group : relationsOf(object, builtInKinds(), m_rowsOf)) {
        if (group.title == title)
            return group.roots.first();
    }
    return {};
}

void TestObjectRelations::deploymentDownToItsPods()
{
    QCOMPARE(group(m_deployment, u"Made by, and makes"_s),
             u"Deployment api*[ReplicaSet api-1[Pod api-1-a, Pod api-1-b]]"_s);
    const Relation pod = first(m_deployment, u"Made by, and makes"_s).parts.first().parts.last();
    QCOMPARE(pod.health, Health::Bad);
    QCOMPARE(pod.words, u"back-off, on n2"_s);
    QCOMPARE(group(m_deployment, u"Runs on"_s), u"Node n1, Node n2"_s);
    QCOMPARE(group(m_deployment, u"Reached through"_s), u"Service api"_s);
    QCOMPARE(group(m_deployment, u"Uses"_s), u"ConfigMap settings, ServiceAccount runner"_s);
}

void TestObjectRelations::podUpToItsDeployment()
{
    QCOMPARE(group(m_pod, u"Made by, and makes"_s), u"Deployment api[ReplicaSet api-1[Pod api-1-a*]]"_s);
    QCOMPARE(first(m_pod, u"Made by, and makes"_s).words, u"1 of 2 replicas is ready"_s);
    QCOMPARE(group(m_pod, u"Runs on"_s), u"Node n1"_s);
    QCOMPARE(group(m_pod, u"Reached through"_s), u"Service api"_s);
}

void TestObjectRelations::earlierRevisionsAreOnlyCounted()
{
    sheet(u"replicasets.apps"_s).add(u"api-0"_s, Health::None, u"scaled to zero"_s, {u"Deployment/api"_s});
    QCOMPARE(group(m_deployment, u"Made by, and makes"_s),
             u"Deployment api*[ReplicaSet api-1[Pod api-1-a, Pod api-1-b]]"_s);
    const auto groups = relationsOf(m_deployment, builtInKinds(), m_rowsOf);
    QVERIFY2(groups.first().note.contains(u": 1."), qPrintable(groups.first().note));
}

void TestObjectRelations::nodeHasItsPods()
{
    const QJsonObject node = parsed(R"({"apiVersion":"v1","kind":"Node","metadata":{"name":"n1"}})");
    QCOMPARE(group(node, u"Runs here"_s), u"Pod api-1-a, Pod db-0"_s);
}

void TestObjectRelations::serviceHasPodsAndEndpoints()
{
    const QJsonObject service = parsed(R"({"apiVersion":"v1","kind":"Service",
        "metadata":{"name":"api","namespace":"shop"},"spec":{"selector":{"app":"api"}}})");
    QCOMPARE(group(service, u"Pods behind it"_s), u"Pod api-1-a, Pod api-1-b"_s);
    QCOMPARE(group(service, u"Endpoints"_s), u"EndpointSlice api-x"_s);
    QCOMPARE(first(service, u"Endpoints"_s).words, u"10.0.0.1,10.0.0.2"_s);
    // Without a selector there is nothing that it selects, and not everything.
    const QJsonObject headless = parsed(R"({"apiVersion":"v1","kind":"Service",
        "metadata":{"name":"headless","namespace":"shop"},"spec":{}})");
    QCOMPARE(group(headless, u"Pods behind it"_s), QString());
}

void TestObjectRelations::ingressLeadsToPods()
{
    const QJsonObject ingress = parsed(R"({"apiVersion":"networking.k8s.io/v1","kind":"Ingress",
        "metadata":{"name":"front","namespace":"shop"},"spec":{"rules":[{"host":"shop.example","http":{"paths":[
        {"path":"/api","backend":{"service":{"name":"api","port":{"number":80}}}},
        {"path":"/old","backend":{"service":{"name":"gone","port":{"number":80}}}}]}}]}})");
    QCOMPARE(group(ingress, u"Leads to"_s), u"Service api[Pod api-1-a, Pod api-1-b], Service gone"_s);
    const auto groups = relationsOf(ingress, builtInKinds(), m_rowsOf);
    const auto leads = std::ranges::find(groups, u"Leads to"_s, &RelationGroup::title);
    QVERIFY(leads != groups.end());
    QCOMPARE(leads->roots.last().health, Health::Bad);
    QCOMPARE(leads->roots.last().words, u"shop.example/old: does not exist"_s);
}

void TestObjectRelations::autoscalerAndTargetBothWays()
{
    QCOMPARE(group(m_deployment, u"Scaled by"_s), u"HorizontalPodAutoscaler api"_s);
    const QJsonObject autoscaler = parsed(R"({"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler",
        "metadata":{"name":"api","namespace":"shop"},
        "spec":{"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"api"}}})");
    QCOMPARE(group(autoscaler, u"Scales"_s), u"Deployment api"_s);
}

void TestObjectRelations::claimAndVolumeBothWays()
{
    sheet(u"persistentvolumes"_s).add(u"pv-1"_s, Health::Good, {}, {});
    sheet(u"persistentvolumeclaims"_s).add(u"data"_s, Health::Good, {}, {});
    const QJsonObject claim = parsed(R"({"apiVersion":"v1","kind":"PersistentVolumeClaim",
        "metadata":{"name":"data","namespace":"shop"},"spec":{"volumeName":"pv-1"}})");
    const QJsonObject volume = parsed(R"({"apiVersion":"v1","kind":"PersistentVolume","metadata":{"name":"pv-1"},
        "spec":{"claimRef":{"namespace":"shop","name":"data"}}})");
    QCOMPARE(first(claim, u"Bound to"_s).health, Health::Good);
    QCOMPARE(group(claim, u"Bound to"_s), u"PersistentVolume pv-1"_s);
    QCOMPARE(group(volume, u"Claimed by"_s), u"PersistentVolumeClaim data"_s);
}

void TestObjectRelations::whatIsMissingIsSaid()
{
    QJsonObject pod = parsed(R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"x","namespace":"shop"},
        "spec":{"containers":[{"name":"c","envFrom":[{"configMapRef":{"name":"lost"}},
        {"configMapRef":{"name":"perhaps","optional":true}}]}]}})");
    const auto uses = [&] {
        const auto groups = relationsOf(pod, builtInKinds(), m_rowsOf);
        return std::ranges::find(groups, u"Uses"_s, &RelationGroup::title)->roots;
    };
    QCOMPARE(uses()[0].health, Health::Bad);
    QCOMPARE(uses()[0].words, u"environment of c: does not exist"_s);
    QCOMPARE(uses()[1].health, Health::Info);
    // A table that is not there yet says nothing about what is missing.
    sheet(u"configmaps"_s).state = table::Freshness::State::Loading;
    QCOMPARE(uses()[0].health, Health::None);
    QCOMPARE(uses()[0].words, u"environment of c"_s);
}

void TestObjectRelations::ownersInACircleEnd()
{
    m_sheets[u"replicasets.apps"_s] = std::make_shared<Sheet>(QStringList{u"owner"_s});
    sheet(u"replicasets.apps"_s).add(u"a"_s, Health::Good, {}, {u"ReplicaSet/a"_s});
    const QJsonObject set =
        parsed(R"({"apiVersion":"apps/v1","kind":"ReplicaSet","metadata":{"name":"a","namespace":"shop",
        "ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"a","controller":true}]}})");
    QVERIFY(!group(set, u"Made by, and makes"_s).isEmpty());
}

void TestObjectRelations::everyWayToNameAConfigMap()
{
    const QJsonObject pod = parsed(R"({"kind":"Pod","spec":{"imagePullSecrets":[{"name":"pull"}],
        "volumes":[{"name":"v","configMap":{"name":"m1"}},
                   {"name":"p","projected":{"sources":[{"configMap":{"name":"m2"}},{"secret":{"name":"s2"}}]}},
                   {"name":"s","secret":{"secretName":"s1"}},{"name":"d","persistentVolumeClaim":{"claimName":"data"}}],
        "initContainers":[{"name":"i","env":[{"name":"A","valueFrom":{"configMapKeyRef":{"name":"m3","key":"a"}}}]}],
        "containers":[{"name":"c","envFrom":[{"secretRef":{"name":"s3"}},{"configMapRef":{"name":"m1"}}]}]}})");
    QStringList found;
    for (const Reference& reference : referencesOf(pod))
        found << reference.kindId + u'/' + reference.name + u": "_s + reference.how;
    QCOMPARE(found, (QStringList{u"configmaps/m3: A of i"_s, u"secrets/s3: environment of c"_s,
                                 u"configmaps/m1: environment of c; volume v"_s, u"configmaps/m2: volume p"_s,
                                 u"secrets/s2: volume p"_s, u"secrets/s1: volume s"_s,
                                 u"persistentvolumeclaims/data: volume d"_s, u"secrets/pull: to pull images"_s}));
}

void TestObjectRelations::referrersLeaveOutWhatIsMade()
{
    const QByteArray list = R"({"metadata":{"continue":"more"},"items":[
        {"metadata":{"name":"alone","namespace":"shop"},"spec":{"containers":[{"name":"c","envFrom":[{"secretRef":{"name":"s"}}]}]}},
        {"metadata":{"name":"made","namespace":"shop","ownerReferences":[{"kind":"ReplicaSet","controller":true}]},
         "spec":{"containers":[{"name":"c","envFrom":[{"secretRef":{"name":"s"}}]}]}},
        {"metadata":{"name":"rolled","namespace":"shop","ownerReferences":[{"kind":"Rollout","controller":true}]},
         "spec":{"containers":[{"name":"c","envFrom":[{"secretRef":{"name":"s"}}]}]}},
        {"metadata":{"name":"other","namespace":"shop"},"spec":{"containers":[]}}]})";
    const ReferrerScan scan = referrersIn(list, u"pods"_s, u"Pod"_s, u"secrets"_s, u"s"_s);
    QVERIFY(scan.incomplete);
    QCOMPARE(scan.found.size(), 2);
    QCOMPARE(scan.found[0].name, u"alone"_s);
    QCOMPARE(scan.found[1].name, u"rolled"_s); // nothing else would name it
    QCOMPARE(scan.found[0].how, u"environment of c"_s);
    QVERIFY(referrerKindsOf(u"secrets"_s).contains(u"ingresses.networking.k8s.io"_s));
    QVERIFY(referrerKindsOf(u"nodes"_s).isEmpty());
}

void TestObjectRelations::garbageHasNoReferences()
{
    QCOMPARE(referrersIn("<html>", u"pods"_s, u"Pod"_s, u"secrets"_s, u"s"_s).found.size(), 0);
    QCOMPARE(referencesOf(parsed(R"({"spec":{"volumes":7,"containers":[3,{"env":"x","envFrom":[[]]}]}})")).size(), 0);
    QCOMPARE(relationsOf({}, builtInKinds(), m_rowsOf).size(), 0);
}

QTEST_GUILESS_MAIN(TestObjectRelations)
#include "test_object_relations.moc"
