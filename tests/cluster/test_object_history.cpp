// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/Decoder.h"
#include "cluster/KindCatalog.h"
#include "cluster/objects/AccessRules.h"
#include "cluster/objects/KubectlLine.h"
#include "cluster/objects/Revisions.h"

#include <QtCore/QJsonDocument>
#include <QtTest/QtTest>

using namespace wk;
using namespace wk::cluster;
using namespace Qt::StringLiterals;

namespace {

QJsonObject parsed(const QByteArray& json) { return QJsonDocument::fromJson(json).object(); }
QJsonArray items(const QByteArray& json) { return QJsonDocument::fromJson(json).array(); }
/// As if the server had not told its verbs: all are asked for.
ResourceKind kindOf(const QString& id)
{
    ResourceKind kind = kindById(builtInKinds(), id);
    kind.verbs.clear();
    return kind;
}

} // namespace

/// A workload's earlier revisions, and who may do what with an object.
class TestObjectHistory : public QObject
{
    Q_OBJECT
private slots:
    void deploymentHistory();
    void statefulSetHistory();
    void historyOfSomethingElse();
    void ownRights_data();
    void ownRights();
    void rulesWithNames();
    void whoMayDoWhat();
    void commandIsSafeInAShell();
};

void TestObjectHistory::deploymentHistory()
{
    const QJsonObject deployment = parsed(R"({"kind":"Deployment","metadata":{"uid":"u1","name":"api"},
        "spec":{"selector":{"matchLabels":{"app":"api","tier":"web"}},
        "template":{"metadata":{"labels":{"app":"api"}},"spec":{"containers":[{"name":"c","image":"r/api:v2"}]}}}})");
    const RevisionQuery query = revisionQueryOf(deployment);
    QCOMPARE(query.kindId, u"replicasets.apps"_s);
    QCOMPARE(QByteArray::fromPercentEncoding(query.query), QByteArray("labelSelector=app=api,tier=web"));
    const auto set = [](const char* name, const char* number, const char* image, int replicas, const char* owner) {
        return QByteArray(R"({"metadata":{"name":")") + name +
               R"(","creationTimestamp":"2026-11-20T09:00:00Z","annotations":{)" +
               R"("deployment.kubernetes.io/revision":")" + number + R"(","kubernetes.io/change-cause":"release )" +
               number + R"("},"ownerReferences":[{"uid":")" + owner +
               R"("}]},"spec":{"template":{"metadata":{"labels":)" + R"({"app":"api","pod-template-hash":")" + name +
               R"("}},"spec":{"containers":[{"name":"c","image":")" + image + R"("}]}}},"status":{"replicas":)" +
               QByteArray::number(replicas) + "}}";
    };
    const auto revisions = revisionsOf(deployment, R"({"items":[)" + set("api-a", "1", "r/api:v1", 0, "u1") + ',' +
                                                       set("api-c", "10", "r/api:v2", 3, "u1") + ',' +
                                                       set("other", "4", "r/api:v9", 1, "u2") + ',' +
                                                       set("api-b", "9", "r/api:v2-rc", 0, "u1") + "]}");
    QVERIFY(revisions);
    QCOMPARE(revisions->size(), 3);
    const Revision& newest = revisions->first();
    QCOMPARE(newest.number, qint64(10));
    QVERIFY(newest.current);
    QCOMPARE(newest.pods, qint64(3));
    QCOMPARE(newest.images, QStringList{u"r/api:v2"_s});
    QCOMPARE(newest.cause, u"release 10"_s);
    QVERIFY2(newest.text.contains(u"image: r/api:v2\n") && !newest.text.contains(u"pod-template-hash"),
             qPrintable(newest.text));
    QCOMPARE((*revisions)[1].number, qint64(9));
    QVERIFY(!(*revisions)[1].current);
    QCOMPARE((*revisions)[2].number, qint64(1));
}

void TestObjectHistory::statefulSetHistory()
{
    const QJsonObject set =
        parsed(R"({"kind":"StatefulSet","metadata":{"uid":"u"},"status":{"updateRevision":"db-1"}})");
    QCOMPARE(revisionQueryOf(set).kindId, u"controllerrevisions.apps"_s);
    const auto revisions = revisionsOf(set, R"({"items":[
        {"metadata":{"name":"db-2","ownerReferences":[{"uid":"u"}]},"revision":2,
         "data":{"spec":{"template":{"$patch":"replace","spec":{"containers":[{"image":"db:2"}]}}}}},
        {"metadata":{"name":"db-1","ownerReferences":[{"uid":"u"}]},"revision":3,
         "data":{"spec":{"template":{"$patch":"replace","spec":{"containers":[{"image":"db:1"}]}}}}}]})");
    QVERIFY(revisions);
    QCOMPARE(revisions->size(), 2);
    QCOMPARE(revisions->first().number, qint64(3));
    QVERIFY(revisions->first().current);
    QVERIFY(!revisions->last().current);
    QCOMPARE(revisions->last().images, QStringList{u"db:2"_s});
    QCOMPARE(revisions->last().pods, qint64(-1));
    QVERIFY(!revisions->last().text.contains(u"$patch"));
}

void TestObjectHistory::historyOfSomethingElse()
{
    QVERIFY(revisionQueryOf(parsed(R"({"kind":"Service"})")).kindId.isEmpty());
    QVERIFY(!revisionsOf({}, "nonsense"));
    QVERIFY(revisionsOf({}, R"({"items":[]})")->isEmpty());
}

void TestObjectHistory::ownRights_data()
{
    QTest::addColumn<QByteArray>("rules");
    QTest::addColumn<QString>("kindId");
    QTest::addColumn<QStringList>("allowed");
    const auto row = [](const char* name, const QByteArray& rules, const QString& kindId, const QStringList& allowed) {
        QTest::newRow(name) << rules << kindId << allowed;
    };
    row("everything", R"([{"verbs":["*"],"apiGroups":["*"],"resources":["*"]}])", u"services"_s,
        {u"get"_s, u"list"_s, u"watch"_s, u"create"_s, u"update"_s, u"patch"_s, u"delete"_s});
    row("a kind is not what is below it", R"([{"verbs":["get","create"],"apiGroups":[""],"resources":["pods"]}])",
        u"pods"_s, {u"get"_s, u"create"_s});
    row("below it", R"([{"verbs":["get"],"apiGroups":[""],"resources":["pods/log"]}])", u"pods"_s, {u"get log"_s});
    row("below any", R"([{"verbs":["create"],"apiGroups":[""],"resources":["*/exec"]}])", u"pods"_s,
        {u"create exec"_s});
    row("another group", R"([{"verbs":["get"],"apiGroups":["batch"],"resources":["deployments"]}])",
        u"deployments.apps"_s, {});
    row("two rules", R"([{"verbs":["get"],"apiGroups":["apps"],"resources":["deployments"]},
                         {"verbs":["patch"],"apiGroups":["apps"],"resources":["deployments/scale"]}])",
        u"deployments.apps"_s, {u"get"_s, u"patch scale"_s});
    row("nothing", "[]", u"pods"_s, {});
}

void TestObjectHistory::ownRights()
{
    QFETCH(QByteArray, rules);
    QFETCH(QString, kindId);
    QFETCH(QStringList, allowed);
    const ResourceKind kind = kindOf(kindId);
    const auto rights = ownRightsOf(R"({"status":{"resourceRules":)" + rules + "}}", kind, u"x"_s);
    QVERIFY(rights);
    QStringList found;
    for (const Right& right : rights->rights) {
        if (right.allowed)
            found << (right.subresource.isEmpty() ? right.verb : right.verb + u' ' + right.subresource);
    }
    QCOMPARE(found, allowed);
    QVERIFY(!ownRightsOf("{}", kind, {}));
}

void TestObjectHistory::rulesWithNames()
{
    const QByteArray review = R"({"status":{"incomplete":true,"evaluationError":"webhook",
        "resourceRules":[{"verbs":["get","list","create"],"apiGroups":[""],"resources":["secrets"],"resourceNames":["mine"]}]}})";
    const auto of = [&](const QString& name) {
        QStringList out;
        const auto own = ownRightsOf(review, kindOf(u"secrets"_s), name);
        for (const Right& right : own->rights) {
            if (right.allowed)
                out << right.verb;
        }
        return out;
    };
    // A rule with names is about these alone: it neither lists nor creates.
    QCOMPARE(of(u"mine"_s), QStringList{u"get"_s});
    QCOMPARE(of(u"yours"_s), QStringList());
    QVERIFY(ownRightsOf(review, kindOf(u"secrets"_s), {})->incomplete);
}

void TestObjectHistory::whoMayDoWhat()
{
    RoleBook book;
    book.clusterRoles =
        items(R"([{"metadata":{"name":"admin"},"rules":[{"verbs":["*"],"apiGroups":["*"],"resources":["*"]}]},
        {"metadata":{"name":"view"},"rules":[{"verbs":["watch","list","get"],"apiGroups":["","apps"],"resources":["deployments"]}]},
        {"metadata":{"name":"pods"},"rules":[{"verbs":["get"],"apiGroups":[""],"resources":["pods"]}]}])");
    book.roles = items(R"([{"metadata":{"name":"deployer","namespace":"shop"},
        "rules":[{"verbs":["patch"],"apiGroups":["apps"],"resources":["deployments"],"resourceNames":["api"]}]}])");
    book.bindings = items(R"([{"metadata":{"name":"b1","namespace":"shop"},"roleRef":{"kind":"Role","name":"deployer"},
         "subjects":[{"kind":"ServiceAccount","name":"ci","namespace":"build"}]},
        {"metadata":{"name":"b2","namespace":"shop"},"roleRef":{"kind":"ClusterRole","name":"view"},
         "subjects":[{"kind":"Group","name":"devs"},{"kind":"User","name":"anna"}]},
        {"metadata":{"name":"b3","namespace":"other"},"roleRef":{"kind":"ClusterRole","name":"admin"},
         "subjects":[{"kind":"User","name":"stranger"}]}])");
    book.clusterBindings = items(R"([{"metadata":{"name":"root"},"roleRef":{"kind":"ClusterRole","name":"admin"},
         "subjects":[{"kind":"User","name":"boss"}]},
        {"metadata":{"name":"p"},"roleRef":{"kind":"ClusterRole","name":"pods"},"subjects":[{"kind":"User","name":"podder"}]},
        {"metadata":{"name":"broken"},"roleRef":{"kind":"ClusterRole","name":"gone"},"subjects":[{"kind":"User","name":"x"}]}])");
    QStringList lines;
    for (const Grant& grant : grantsOn(book, kindOf(u"deployments.apps"_s), u"shop"_s, u"api"_s))
        lines << grant.subjectKind + u' ' + grant.subject + u": "_s + grant.verbs.join(u","_s) + u" by "_s +
                     grant.binding + (grant.changes() ? u"!"_s : QString());
    QCOMPARE(lines, (QStringList{u"User anna: get,list,watch by b2"_s, u"User boss: * by root!"_s,
                                 u"Group devs: get,list,watch by b2"_s, u"ServiceAccount build/ci: patch by b1!"_s}));
    const auto other = grantsOn(book, kindOf(u"deployments.apps"_s), u"shop"_s, u"web"_s);
    QVERIFY(std::ranges::none_of(other, [](const Grant& grant) { return grant.binding == u"b1"; }));
}

void TestObjectHistory::commandIsSafeInAShell()
{
    QCOMPARE(kubectlGet(u"demo"_s, kindOf(u"deployments.apps"_s), u"shop"_s, u"api"_s),
             u"kubectl --context=demo -n shop get deployments.apps api -o yaml"_s);
    QCOMPARE(kubectlGet(u"it's $(here)"_s, kindOf(u"nodes"_s), {}, u"n1"_s),
             uR"(kubectl '--context=it'\''s $(here)' get nodes n1 -o yaml)"_s);
}

QTEST_GUILESS_MAIN(TestObjectHistory)
#include "test_object_history.moc"
