// SPDX-License-Identifier: GPL-3.0-or-later
//
// Who changed what, judged from objects that were recorded from kube-apiserver 1.20.2 before and after kubectl and a
// server-side apply changed them (data/unapproved). That server notes nobody who scales or only removes fields.
#include "changes/actions/Kube.h"
#include "changes/plan/Passwords.h"
#include "changes/plan/RestoreSteps.h"
#include "changes/unapproved/ObjectChange.h"

#include <QtCore/QJsonDocument>
#include <QtTest/QtTest>

using namespace wk;
using namespace wk::changes;
using namespace Qt::StringLiterals;
using Verdict = ObjectChange::Verdict;
using What = ObjectChange::What;

namespace {

QJsonObject recorded(const char* name)
{
    QFile file(QStringLiteral(TEST_DATA "/unapproved/%1.json").arg(QLatin1StringView(name)));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("no recording %s", name);
    return QJsonDocument::fromJson(file.readAll()).object();
}

Target targetOf(const QJsonObject& object, const char* resource)
{
    return kube::targetOf(u"production"_s, object, QString::fromLatin1(resource));
}

ObjectChange judged(const char* before, const char* after, const Circumstances& circumstances = {},
                    const char* resource = "deployments", std::vector<platform::Manager> managers = {})
{
    const QJsonObject old = recorded(before), now = recorded(after);
    return ChangeJudge(std::move(managers)).judge(targetOf(now, resource), old, now, circumstances);
}

/// The object with something else at the end of a path of members.
QJsonValue with(const QJsonValue& node, QStringList path, const QJsonValue& value)
{
    if (path.isEmpty())
        return value;
    QJsonObject out = node.toObject();
    const QString first = path.takeFirst();
    const QJsonValue inner = with(out.value(first), path, value);
    if (inner.isUndefined())
        out.remove(first);
    else
        out.insert(first, inner);
    return out;
}

/// With an entry in managedFields that owns one field.
QJsonObject writtenBy(const QJsonObject& object, const char* manager, const QJsonObject& fields,
                      const QString& time = u"2030-01-01T00:00:00Z"_s)
{
    QJsonArray entries = kube::metadata(object).value("managedFields"_L1).toArray();
    entries.append(QJsonObject{{u"manager"_s, QString::fromLatin1(manager)},
                               {u"operation"_s, u"Update"_s},
                               {u"time"_s, time},
                               {u"fieldsType"_s, u"FieldsV1"_s},
                               {u"fieldsV1"_s, fields}});
    return with(object, {u"metadata"_s, u"managedFields"_s}, entries).toObject();
}

const QJsonObject ownsReplicas{{u"f:spec"_s, QJsonObject{{u"f:replicas"_s, QJsonObject()}}}};

} // namespace

class TestUnapprovedJudge : public QObject
{
    Q_OBJECT

private slots:
    void anImageSetByKubectl()
    {
        const ObjectChange change = judged("scaled", "image");
        QCOMPARE(change.verdict, Verdict::Unapproved);
        QCOMPARE(change.author.manager, u"kubectl-set"_s);
        QCOMPARE(change.author.operation, u"Update"_s);
        QCOMPARE(change.author.at->toString(Qt::ISODate), u"2026-11-21T16:28:49Z"_s);
        QCOMPARE(change.sentence(), u"kubectl-set changed deployment api in rec: "
                                    u"spec.template.spec.containers[api].image from shop/api:1 to shop/api:2."_s);
        const QString text = change.difference.text();
        QVERIFY2(text.contains(u"-       - image: shop/api:1"_s) && text.contains(u"+       - image: shop/api:2"_s),
                 qPrintable(text));
        QVERIFY(!text.contains(u"managedFields"_s) && !text.contains(u"status"_s));
        QCOMPARE(change.restore.size(), 1);
        QCOMPARE(change.restore[0].name, u"setImage"_s);
        QCOMPARE(change.restore[0].parameters, (QJsonObject{{u"images"_s, QJsonObject{{u"api"_s, u"shop/api:1"_s}}}}));
        QCOMPARE(change.restore[0].precondition.uid, change.uid);
        QCOMPARE(change.repeat[0].parameters, (QJsonObject{{u"images"_s, QJsonObject{{u"api"_s, u"shop/api:2"_s}}}}));
    }

    // The server notes nobody, and the controller that wrote the status at the same time is not to blame.
    void aScaleThatNobodyNoted()
    {
        const ObjectChange change = judged("created", "scaled");
        QCOMPARE(change.verdict, Verdict::Unapproved);
        QVERIFY(change.author.manager.isEmpty());
        QCOMPARE(change.sentence(),
                 u"Somebody whom the server did not note changed deployment api in rec: spec.replicas from 2 to 4."_s);
        QCOMPARE(change.restore[0].words(), u"Scale deployment api in rec to 2 replicas"_s);
        QCOMPARE(change.repeat[0].parameters, (QJsonObject{{u"replicas"_s, 4}}));
    }

    // From 1.22 on the scale subresource is noted, with its name.
    void aScaleThatIsNoted()
    {
        const QJsonObject old = recorded("created");
        const QJsonObject now = with(old, {u"spec"_s, u"replicas"_s}, 7).toObject();
        const auto by = [&](const char* manager) {
            return ChangeJudge({}).judge(targetOf(old, "deployments"), old, writtenBy(now, manager, ownsReplicas));
        };
        QCOMPARE(by("kubectl").verdict, Verdict::Unapproved);
        QCOMPARE(by("kubectl").author.manager, u"kubectl"_s);
        QCOMPARE(by("kube-controller-manager").verdict, Verdict::Controller);
        QCOMPARE(by("kube-controller-manager").controller, u"the autoscaler"_s);
        QCOMPARE(by("watchkeeper").verdict, Verdict::Unapproved); // anybody may write under that name
        const QJsonObject noted = writtenBy(now, "watchkeeper", ownsReplicas);
        QCOMPARE(ChangeJudge({}).judge(targetOf(old, "deployments"), old, noted, {true, {}}).verdict, Verdict::Ours);
    }

    void whoeverOwnsAnotherFieldIsNotTheAuthor()
    {
        const QJsonObject old = recorded("created");
        const QJsonObject now = with(old, {u"spec"_s, u"replicas"_s}, 7).toObject();
        const QJsonObject other{{u"f:spec"_s, QJsonObject{{u"f:paused"_s, QJsonObject()}}}};
        const auto change =
            ChangeJudge({}).judge(targetOf(old, "deployments"), old, writtenBy(now, "kubectl-edit", other));
        QVERIFY(change.author.manager.isEmpty());
    }

    void fieldsThatOnlyWentAreNobodysUnlessSomebodyWroteSince()
    {
        const ObjectChange change = judged("env", "env-removed");
        QCOMPARE(change.verdict, Verdict::Unapproved);
        QVERIFY2(change.author.manager.isEmpty(),
                 qPrintable(change.author.manager)); // its entry shrank, its time did not
        QCOMPARE(change.fields[0].path, u"spec.template.spec.containers[api].env"_s);
        QVERIFY(change.restore[0].name == u"applyObject"_s &&
                change.restore[0].parameters.value("replace"_L1).toBool());
    }

    void aConfigMapHasNoGeneration()
    {
        const ObjectChange change = judged("conf", "conf-patched", {}, "configmaps");
        QCOMPARE(change.verdict, Verdict::Unapproved);
        QCOMPARE(change.author.manager, u"kubectl-patch"_s);
        QCOMPARE(change.fields.size(), 1);
        QCOMPARE(change.fields[0].words(), u"data.a from 1 to 9"_s);
        QCOMPARE(change.restore[0].name, u"patchConfigMap"_s);
        QCOMPARE(change.restore[0].parameters, (QJsonObject{{u"data"_s, QJsonObject{{u"a"_s, u"1"_s}}}}));
        QCOMPARE(change.request(7).type, u"configuration"_s);
    }

    void aServiceSwitched()
    {
        const ObjectChange change = judged("web", "web-switched", {}, "services");
        QCOMPARE(change.verdict, Verdict::Unapproved);
        QCOMPARE(change.author.manager, u"kubectl-patch"_s);
        QCOMPARE(change.fields[0].words(), u"spec.selector.version was added (green)"_s);
        QCOMPARE(change.restore[0].name, u"applyObject"_s);
        QVERIFY(!change.restore[0].parameters.value("manifest"_L1).toObject().contains("status"_L1));
    }

    void gitOpsIsToldApartWhereThePlatformFileNamesIt()
    {
        QCOMPARE(judged("env-removed", "gitops").verdict, Verdict::Unapproved);
        QCOMPARE(judged("env-removed", "gitops").author.manager, u"argocd-controller"_s);
        QCOMPARE(judged("env-removed", "gitops").author.operation, u"Apply"_s);
        const platform::Manager argo{u"argocd-controller"_s, u"Argo CD"_s, {}, {}};
        const ObjectChange named = judged("env-removed", "gitops", {}, "deployments", {argo});
        QCOMPARE(named.verdict, Verdict::Controller);
        QCOMPARE(named.controller, u"Argo CD"_s);
        const platform::Manager elsewhere{u"argocd-controller"_s, u"Argo CD"_s, {}, {u"ConfigMap"_s}};
        QCOMPARE(judged("env-removed", "gitops", {}, "deployments", {elsewhere}).verdict, Verdict::Unapproved);
    }

    void theAutoscalerIsKnownByWhatItWants()
    {
        const qint64 wants =
            recorded("autoscaler").value("status"_L1).toObject().value("desiredReplicas"_L1).toInteger();
        QCOMPARE(wants, 8);
        QCOMPARE(judged("gitops", "autoscaled").verdict, Verdict::Unapproved);
        const ObjectChange change = judged("gitops", "autoscaled", {false, wants});
        QCOMPARE(change.verdict, Verdict::Controller);
        QCOMPARE(change.sentence(), u"The autoscaler changed deployment api in rec: spec.replicas from 6 to 8."_s);
        QCOMPARE(judged("gitops", "autoscaled", {false, 7}).verdict, Verdict::Unapproved);
        // It asks for replicas and for nothing else.
        QCOMPARE(judged("scaled", "image", {false, 4}).verdict, Verdict::Unapproved);
    }

    // A running plan of ours explains what nobody is noted for, and nothing that somebody else is noted for.
    void ourPlanExplainsOnlyWhatIsNotSigned()
    {
        QCOMPARE(judged("created", "scaled", {true, {}}).verdict, Verdict::Ours);
        QCOMPARE(judged("scaled", "image", {true, {}}).verdict, Verdict::Unapproved);
    }

    void statusAndBookkeepingAreNothing()
    {
        const QJsonObject old = recorded("created");
        QJsonObject now = with(old, {u"status"_s, u"readyReplicas"_s}, 1).toObject();
        now = with(now, {u"metadata"_s, u"resourceVersion"_s}, u"9999"_s).toObject();
        now = with(now, {u"metadata"_s, u"annotations"_s, u"deployment.kubernetes.io/revision"_s}, u"9"_s).toObject();
        const ChangeJudge judge({});
        QCOMPARE(judge.judge(targetOf(now, "deployments"), old, now).verdict, Verdict::Nothing);
        // Another version of the API says the same in other words.
        const QJsonObject other =
            with(with(old, {u"spec"_s, u"replicas"_s}, 9), {u"apiVersion"_s}, u"apps/v2"_s).toObject();
        QCOMPARE(judge.judge(targetOf(old, "deployments"), old, other).verdict, Verdict::Nothing);
    }

    void madeAndDeleted()
    {
        const ChangeJudge judge({});
        const QJsonObject object = recorded("scaled");
        const Target target = targetOf(object, "deployments");
        const ObjectChange made = judge.judge(target, {}, object);
        QCOMPARE(made.what, What::Created);
        QCOMPARE(made.author.manager, u"kubectl-create"_s);
        QCOMPARE(made.restore[0].name, u"deleteObject"_s);
        const ObjectChange gone = judge.judge(target, object, {});
        QCOMPARE(gone.what, What::Deleted);
        QCOMPARE(gone.verdict, Verdict::Unapproved);
        QCOMPARE(gone.restore[0].name, u"createObject"_s);
        QVERIFY(!gone.restore[0]
                     .parameters.value("manifest"_L1)
                     .toObject()
                     .value("metadata"_L1)
                     .toObject()
                     .contains("uid"_L1));
        QCOMPARE(judge.judge(target, object, {}, {true, {}}).verdict, Verdict::Ours);
        // What a controller makes and deletes is its own.
        const QJsonArray owners{QJsonObject{{u"kind"_s, u"Database"_s}, {u"name"_s, u"x"_s}, {u"controller"_s, true}}};
        const QJsonObject owned = with(object, {u"metadata"_s, u"ownerReferences"_s}, owners).toObject();
        QCOMPARE(judge.judge(target, {}, owned).verdict, Verdict::Controller);
        QCOMPARE(judge.judge(target, owned, {}).verdict, Verdict::Controller);
    }

    // Restoring and recording are plans: every step of them is one that a plan can hold.
    void stepsAreValidPlans()
    {
        for (const auto& [before, after, resource] :
             {std::tuple("created", "scaled", "deployments"), std::tuple("scaled", "image", "deployments"),
              std::tuple("env", "env-removed", "deployments"), std::tuple("conf", "conf-patched", "configmaps"),
              std::tuple("web", "web-switched", "services"), std::tuple("gitops", "autoscaled", "deployments")}) {
            const ObjectChange change = judged(before, after, {}, resource);
            QVERIFY2(change.cannotRestore.isEmpty(), qPrintable(change.cannotRestore));
            QVERIFY(Plan::make(u"shop"_s, u"Restore"_s, change.restore));
            QVERIFY(Plan::make(u"shop"_s, u"Record"_s, change.repeat));
        }
    }

    void passwordsDoNotGetOut()
    {
        const QJsonArray env{QJsonObject{{u"name"_s, u"DB_PASSWORD"_s}, {u"value"_s, u"hunter2"_s}},
                             QJsonObject{{u"name"_s, u"LEVEL"_s}, {u"value"_s, u"debug"_s}}};
        QJsonObject old = recorded("image");
        QJsonArray containers = old.value("spec"_L1)["template"_L1]["spec"_L1]["containers"_L1].toArray();
        QJsonObject container = containers.at(0).toObject();
        container.insert(u"env"_s, env);
        containers.replace(0, container);
        old = with(old, {u"spec"_s, u"template"_s, u"spec"_s, u"containers"_s}, containers).toObject();
        QCOMPARE(passwords::places(old), (QStringList{u"spec.template.spec.containers[api].env[DB_PASSWORD].value"_s}));
        const QJsonObject now = recorded("env-removed");
        const ObjectChange change = ChangeJudge({}).judge(targetOf(now, "deployments"), old, now);
        QCOMPARE(change.verdict, Verdict::Unapproved);
        const QByteArray out = QJsonDocument(change.record(u"shop"_s)).toJson() +
                               QJsonDocument(change.request(1).toJson()).toJson() + change.difference.text().toUtf8();
        QVERIFY2(!out.contains("hunter2"), out.constData());
        QVERIFY(out.contains("debug"));
        QVERIFY(change.restore.isEmpty());
        QVERIFY2(change.cannotRestore.contains(u"DB_PASSWORD"_s), qPrintable(change.cannotRestore));
    }

    void passwordsDoNotGetOutWhereTheyChange()
    {
        const auto withEnv = [this](const QJsonArray& env) {
            const QJsonObject old = recorded("image");
            QJsonArray containers = old.value("spec"_L1)["template"_L1]["spec"_L1]["containers"_L1].toArray();
            QJsonObject container = containers.at(0).toObject();
            container.insert(u"env"_s, env);
            containers.replace(0, container);
            return with(old, {u"spec"_s, u"template"_s, u"spec"_s, u"containers"_s}, containers).toObject();
        };
        const auto variable = [](const QString& name, const QString& value) {
            return QJsonObject{{u"name"_s, name}, {u"value"_s, value}};
        };
        const QJsonObject level = variable(u"LEVEL"_s, u"debug"_s);
        const QJsonObject none = withEnv({level});
        const QJsonObject one = withEnv({level, variable(u"DB_PASSWORD"_s, u"hunter2"_s)});
        const QJsonObject other = withEnv({level, variable(u"DB_PASSWORD"_s, u"hunter3"_s)});
        for (const auto& [before, after] : {std::pair(none, one), std::pair(one, other), std::pair(other, none)}) {
            const ObjectChange change = ChangeJudge({}).judge(targetOf(after, "deployments"), before, after);
            QCOMPARE(change.verdict, Verdict::Unapproved);
            QVERIFY2(change.sentence().contains(u"DB_PASSWORD"_s), qPrintable(change.sentence()));
            QByteArray out = QJsonDocument(change.record(u"shop"_s)).toJson() + change.sentence().toUtf8() +
                             QJsonDocument(change.request(1).toJson()).toJson() + change.difference.text().toUtf8();
            for (const Step& step : change.restore + change.repeat)
                out += QJsonDocument(step.toJson()).toJson();
            QVERIFY2(!out.contains("hunter"), out.constData());
        }
    }

    void theRecordFitsIntoTheStore()
    {
        const QJsonObject old = recorded("conf");
        const QJsonObject now = with(old, {u"data"_s, u"long"_s}, QString(300'000, u'ä')).toObject();
        const ObjectChange change = ChangeJudge({}).judge(targetOf(now, "configmaps"), old, now);
        const QJsonObject record = change.record(u"shop"_s);
        QVERIFY(record.value("difference"_L1).toString().toUtf8().size() <= 20'000);
        QVERIFY(record.value("difference"_L1).toString().endsWith(u'…'));
        QVERIFY(record.value("summary"_L1).toString().toUtf8().size() <= 2'000);
        QCOMPARE(record.value("group"_L1).toString(), QString());
        QCOMPARE(judged("scaled", "image").record(u"shop"_s).value("at"_L1).toString(), u"2026-11-21T16:28:49.000Z"_s);
        const RequestFields fields = change.request(12);
        QVERIFY(fields.afterTheFact);
        QCOMPARE(fields.unapproved, 12);
        QVERIFY(fields.title.startsWith(u"[conf] - "_s));
    }

    void annotationsThatCameAreNamed()
    {
        const QJsonObject old = recorded("web");
        const QJsonObject now =
            with(old, {u"metadata"_s, u"annotations"_s}, QJsonObject{{u"x.io/weight"_s, u"20"_s}}).toObject();
        const auto change = ChangeJudge({}).judge(targetOf(now, "services"), old, now);
        QCOMPARE(change.fields.size(), 1);
        QCOMPARE(change.fields[0].words(), u"metadata.annotations[x.io/weight] was added (20)"_s);
    }

    void changesOfLists()
    {
        const auto list = [](const char* text) { return QJsonDocument::fromJson(text).array(); };
        const auto words = [&](const char* before, const char* after) {
            QStringList out;
            for (const FieldChange& change : fieldChanges(list(before), list(after), u"l"_s))
                out << change.words();
            return out.join(u"; "_s);
        };
        QCOMPARE(words(R"([{"name":"a","v":1},{"name":"b"}])", R"([{"name":"b"},{"name":"a","v":2}])"),
                 u"l[a].v from 1 to 2"_s);
        QCOMPARE(words(R"([{"name":"a"},{"name":"b"}])", R"([{"name":"b"},{"name":"a"}])"),
                 u"l from something longer to something longer"_s);
        QCOMPARE(words(R"([{"name":"a"}])", R"([{"name":"a"},{"name":"b"}])"), u"l[b] was added (something longer)"_s);
        QCOMPARE(words("[1,2]", "[1,3]"), u"l[1] from 2 to 3"_s);
        QCOMPARE(words("[1]", "[1,3]"), u"l from something longer to something longer"_s);
    }
};

QTEST_GUILESS_MAIN(TestUnapprovedJudge)
#include "test_unapproved_judge.moc"
