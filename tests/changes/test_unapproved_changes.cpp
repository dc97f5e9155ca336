// SPDX-License-Identifier: GPL-3.0-or-later
//
// The detector on a scripted cluster: what is read when, what is told once, and what is not forgotten.
#include "ScriptedWatch.h"
#include "changes/actions/Kube.h"

#include <QtCore/QJsonDocument>
#include <QtTest/QtTest>

using namespace wk;
using namespace wk::changes;
using namespace wk::test;
using namespace Qt::StringLiterals;
using Verdict = ObjectChange::Verdict;

namespace {

const QByteArray deployments = "/apis/apps/v1/namespaces/shop/deployments";
const QByteArray autoscalers = "/apis/autoscaling/v1/namespaces/shop/horizontalpodautoscalers";

QByteArray deployment(int version, int replicas, const char* uid = "u-1", const char* manager = "kubectl-edit")
{
    return QStringLiteral(R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"api","namespace":"shop",
        "uid":"%1","resourceVersion":"%2","managedFields":[{"manager":"%4","operation":"Update",
        "time":"2026-01-01T00:00:%5Z","fieldsV1":{"f:spec":{"f:replicas":{}}}}]},"spec":{"replicas":%3}})")
        .arg(QLatin1StringView(uid))
        .arg(version)
        .arg(replicas)
        .arg(QLatin1StringView(manager))
        .arg(version, 2, 10, QLatin1Char('0'))
        .toUtf8();
}

QByteArray list(const QByteArrayList& items, const char* next = "")
{
    return QByteArray(R"({"kind":"DeploymentList","apiVersion":"apps/v1","metadata":{"continue":")") + next +
           R"("},"items":[)" + items.join(',') + "]}";
}

const Error notFound{Error::Kind::NotFound, u"not found"_s, {}, {}, 404};

struct Bench
{
    explicit Bench(qint64 maxBytes = 1 << 20) : detector({u"production"_s, {u"shop"_s}, {}, maxBytes}, watch, clock)
    {
        QObject::connect(&detector, &UnapprovedChanges::found, &detector,
                         [this](const ObjectChange& change) { found << change; });
        QObject::connect(&detector, &UnapprovedChanges::changed, &detector,
                         [this](const ObjectChange& change) { changed << change; });
    }

    /// Everything read, one deployment in it.
    void begin(const QByteArray& object = deployment(1, 2))
    {
        detector.start();
        QVERIFY(watch.answer(deployments, list({object})));
        while (!watch.asked.empty())
            watch.answer(QByteArray(watch.asked.front().path), list({}));
        QVERIFY(detector.status().complete);
    }
    void see(int version, const char* uid = "u-1")
    {
        emit watch.seen(u"deployments.apps"_s,
                        {{QString::fromLatin1(uid), u"shop"_s, u"api"_s, QString::number(version)}});
    }
    void pass(qint64 ms)
    {
        clock.advance(ms);
        QCoreApplication::processEvents();
    }

    ManualClock clock;
    ScriptedWatch watch;
    UnapprovedChanges detector;
    QList<ObjectChange> found, changed;
};

const QByteArray api = deployments + "/api";

} // namespace

class TestUnapprovedChanges : public QObject
{
    Q_OBJECT

private slots:
    void followsBeforeItReads()
    {
        Bench b;
        b.watch.known = false;
        b.watch.absent = u"ingresses.networking.k8s.io"_s;
        b.detector.start();
        QVERIFY(b.watch.followed.isEmpty());
        b.watch.known = true;
        emit b.watch.ready();
        emit b.watch.ready(); // discovery answers again and again
        QCOMPARE(b.watch.followed.size(), UnapprovedChanges::kindIds().size() - 1);
        QCOMPARE(b.watch.asked.size(), size_t(6));
        QVERIFY(!b.detector.status().complete);
    }

    void aChangeIsToldOnce()
    {
        Bench b;
        b.begin();
        b.see(1); // as it was read
        QCOMPARE(b.watch.count(api), 0);
        b.see(2);
        b.see(2);
        QCOMPARE(b.watch.count(api), 1);
        b.watch.answer(api, deployment(2, 5));
        QCOMPARE(b.found.size(), 1);
        QCOMPARE(b.found[0].sentence(), u"kubectl-edit changed deployment api in shop: spec.replicas from 2 to 5."_s);
        QCOMPARE(b.found[0].target.cluster, u"production"_s);
        // Seen again while it was read, rested, looked at once more: nothing new.
        b.pass(500);
        b.watch.answer(api, deployment(2, 5));
        b.see(2);
        b.pass(5'000);
        QCOMPARE(b.watch.asked.size(), size_t(0));
        QCOMPARE(b.found.size(), 1);
    }

    void whatChangedWhileItWasReadIsSeen()
    {
        Bench b;
        b.detector.start();
        b.see(3); // the watch is ahead of the list
        QVERIFY(b.watch.answer(deployments, list({deployment(1, 2)})));
        QCOMPARE(b.watch.count(api), 1);
        b.watch.answer(api, deployment(3, 4));
        QCOMPARE(b.found.size(), 1);
    }

    void pagesAreReadToTheEnd()
    {
        Bench b;
        b.detector.start();
        QVERIFY(b.watch.answer(deployments, list({deployment(1, 2)}, "more/of=it")));
        const auto it = std::ranges::find(b.watch.asked, deployments, &ScriptedWatch::Asked::path);
        QVERIFY(it != b.watch.asked.end());
        QCOMPARE(it->query, "limit=500&continue=more%2Fof%3Dit");
        b.see(2);
        QCOMPARE(b.watch.count(api), 0); // not before the end
        b.watch.answer(deployments, list({}));
        QCOMPARE(b.watch.count(api), 1);
    }

    // A rollout writes dozens of statuses; each object rests between two looks.
    void aBusyObjectRests()
    {
        Bench b;
        b.begin();
        int looks = 0;
        for (int version = 2; version < 42; ++version) {
            b.see(version);
            while (b.watch.answer(api, deployment(version, 2)))
                ++looks;
            b.pass(50);
        }
        b.pass(1'000);
        while (b.watch.answer(api, deployment(41, 2)))
            ++looks;
        QVERIFY2(looks >= 3 && looks <= 6, qPrintable(QString::number(looks))); // 2 s of statuses
        QVERIFY(b.changed.isEmpty());
    }

    void onlyAFewAtOnce()
    {
        Bench b;
        b.begin();
        std::vector<cluster::ObjectVersion> many;
        for (int i = 0; i < 50; ++i)
            many.push_back({u"n-%1"_s.arg(i), u"shop"_s, u"new-%1"_s.arg(i), u"7"_s});
        emit b.watch.seen(u"deployments.apps"_s, many);
        QCOMPARE(b.watch.asked.size(), size_t(4));
        int answered = 0;
        while (!b.watch.asked.empty() && ++answered < 100)
            b.watch.answer(QByteArray(b.watch.asked.front().path), std::unexpected(notFound));
        QCOMPARE(answered, 50);
        QVERIFY(b.changed.isEmpty()); // came and went
    }

    void deletedIsLookedAtFirst()
    {
        Bench b;
        b.begin();
        emit b.watch.missing(u"deployments.apps"_s, {u"u-1"_s, u"u-unknown"_s});
        QCOMPARE(b.watch.asked.size(), size_t(1));
        b.watch.answer(api, deployment(1, 2)); // it is still there: the table had begun anew
        QVERIFY(b.changed.isEmpty());
        b.pass(500);
        emit b.watch.missing(u"deployments.apps"_s, {u"u-1"_s});
        b.watch.answer(api, std::unexpected(notFound));
        QCOMPARE(b.found.size(), 1);
        QCOMPARE(b.found[0].what, ObjectChange::What::Deleted);
        b.pass(500);
        emit b.watch.missing(u"deployments.apps"_s, {u"u-1"_s});
        QCOMPARE(b.watch.asked.size(), size_t(0));
    }

    void madeAnewIsBoth()
    {
        Bench b;
        b.begin();
        b.see(9, "u-2");
        b.watch.answer(api, deployment(9, 2, "u-2"));
        QCOMPARE(b.found.size(), 2);
        QCOMPARE(b.found[0].what, ObjectChange::What::Deleted);
        QCOMPARE(b.found[1].what, ObjectChange::What::Created);
    }

    void whatCannotBeReadIsTriedAgain()
    {
        Bench b;
        b.begin();
        b.see(2);
        b.watch.answer(api, std::unexpected(Error{Error::Kind::Network, u"cut"_s, {}, {}}));
        QVERIFY(b.detector.status().error);
        QVERIFY(b.found.isEmpty());
        b.pass(9'000);
        QCOMPARE(b.watch.count(api), 0);
        b.pass(1'000);
        b.watch.answer(api, deployment(2, 5));
        QCOMPARE(b.found.size(), 1);
        QCOMPARE(b.found[0].fields[0].before, QJsonValue(2)); // compared with what was known before the fault
    }

    void aListThatCannotBeReadIsTriedAgain()
    {
        Bench b;
        b.detector.start();
        b.watch.answer(deployments, std::unexpected(Error{Error::Kind::Forbidden, u"no"_s, {}, {}, 403}));
        QCOMPARE(b.detector.status().error->sentence, u"no"_s);
        QCOMPARE(b.watch.count(deployments), 0);
        b.pass(10'000);
        QCOMPARE(b.watch.count(deployments), 1);
    }

    void ourOwnPlansAreTold()
    {
        Bench b;
        b.begin();
        const QString key =
            kube::targetOf(u"production"_s, QJsonDocument::fromJson(deployment(1, 2)).object(), u"deployments"_s).key();
        b.detector.setRunning({key});
        const auto change = [&](int version, int replicas, const char* manager) {
            b.see(version);
            b.watch.answer(api, deployment(version, replicas, "u-1", manager));
            b.pass(500);
        };
        change(2, 3, "watchkeeper");
        QCOMPARE(b.changed.last().verdict, Verdict::Ours);
        change(3, 4, "kubectl-edit"); // at the same time, by somebody else
        QCOMPARE(b.changed.last().verdict, Verdict::Unapproved);
        // Nobody is noted: ours while it runs and for a while after.
        const auto unsigned_ = [&](int version, int replicas) {
            b.see(version);
            QByteArray text = deployment(version, replicas);
            text.replace("f:replicas", "f:paused");
            b.watch.answer(api, text);
            b.pass(500);
        };
        unsigned_(4, 5);
        QCOMPARE(b.changed.last().verdict, Verdict::Ours);
        b.detector.setRunning({});
        unsigned_(5, 6);
        QCOMPARE(b.changed.last().verdict, Verdict::Ours);
        b.pass(30'000);
        unsigned_(6, 7);
        QCOMPARE(b.changed.last().verdict, Verdict::Unapproved);
        QCOMPARE(b.found.size(), 2);
    }

    // kubectl --field-manager=watchkeeper is nobody's plan; a plan that this cockpit hears of late is one.
    void ourNameAloneIsNotUs()
    {
        Bench b;
        b.begin();
        const auto change = [&](int version, int replicas) {
            b.see(version);
            b.watch.answer(api, deployment(version, replicas, "u-1", "watchkeeper"));
            b.pass(500);
        };
        change(2, 3);
        QVERIFY(b.changed.isEmpty());
        b.pass(3'000);
        QCOMPARE(b.changed.last().verdict, Verdict::Unapproved);
        QCOMPARE(b.found.size(), 1);
        change(3, 4);
        b.detector.addEnded({b.changed.last().target.key()});
        b.pass(3'000);
        QCOMPARE(b.changed.last().verdict, Verdict::Ours);
        QCOMPARE(b.found.size(), 1);
    }

    // Where the server notes nobody, the workload's autoscaler is asked a moment later.
    void theAutoscalerIsAsked()
    {
        for (const int wants : {5, 3}) {
            Bench b;
            b.detector.start();
            b.watch.answer(deployments, list({deployment(1, 2)}));
            const QByteArray scaler = R"({"apiVersion":"autoscaling/v1","kind":"HorizontalPodAutoscaler","metadata":
                {"name":"scaler","namespace":"shop","uid":"u-h","resourceVersion":"1"},"spec":{"maxReplicas":9,
                "scaleTargetRef":{"kind":"Deployment","name":"api"}},"status":{"desiredReplicas":)" +
                                      QByteArray::number(wants) + "}}";
            b.watch.answer(autoscalers,
                           R"({"kind":"HorizontalPodAutoscalerList","apiVersion":"autoscaling/v1","items":[)" + scaler +
                               "]}");
            while (!b.watch.asked.empty())
                b.watch.answer(QByteArray(b.watch.asked.front().path), list({}));
            b.see(2);
            QByteArray text = deployment(2, 5);
            text.replace("f:replicas", "f:paused");
            b.watch.answer(api, text);
            QVERIFY(b.changed.isEmpty());
            b.pass(1'500);
            QVERIFY(b.watch.answer(autoscalers + "/scaler", scaler));
            QCOMPARE(b.changed.size(), 1);
            QCOMPARE(b.changed[0].verdict, wants == 5 ? Verdict::Controller : Verdict::Unapproved);
        }
    }

    void memoryIsBoundedAndSaidSo()
    {
        Bench b(100); // bytes
        b.begin();
        QCOMPARE(b.detector.status().objects, 0);
        QCOMPARE(b.detector.status().notFollowed, 1);
        b.see(2);
        QCOMPARE(b.watch.asked.size(), size_t(0)); // what it was is not known: no news can be told of it
        QVERIFY(b.changed.isEmpty());
    }

    void knownObjectsFreeWhatTheyHold()
    {
        KnownObjects known(1 << 20);
        for (int version = 1; version < 20; ++version)
            QVERIFY(known.put(u"deployments.apps"_s, QJsonDocument::fromJson(deployment(version, version)).object()));
        QCOMPARE(known.size(), 1);
        QCOMPARE(known.find(u"u-1"_s)->version, u"19"_s);
        QCOMPARE(known.uidOf(u"deployments.apps"_s, u"shop"_s, u"api"_s), u"u-1"_s);
        known.remove(u"u-1"_s);
        QCOMPARE(known.bytes(), 0);
        QVERIFY(known.object(u"u-1"_s).isEmpty());
        QVERIFY(known.uidOf(u"deployments.apps"_s, u"shop"_s, u"api"_s).isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestUnapprovedChanges)
#include "test_unapproved_changes.moc"
