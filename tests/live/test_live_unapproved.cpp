// SPDX-License-Identifier: GPL-3.0-or-later
//
// kubectl changes things behind our back on a real API server: who, what, and how soon it is known.
#include "changes/actions/ClusterActions.h"
#include "changes/runners/MutationSender.h"
#include "changes/unapproved/UnapprovedChanges.h"
#include "support/ControlPlane.h"
#include "support/Process.h"

#include <QtCore/QElapsedTimer>
#include <QtTest/QTest>

using namespace wk;
using namespace wk::changes;
using namespace wk::test;
using namespace Qt::StringLiterals;
using Verdict = ObjectChange::Verdict;

namespace {

constexpr int patience = 30'000; ///< ms; the measured delays are printed

constexpr auto manifests = R"(
{"apiVersion":"v1","kind":"List","items":[
 {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"seen"}},
 {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"elsewhere"}},
 {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"api","namespace":"seen"},
  "spec":{"replicas":2,"selector":{"matchLabels":{"app":"api"}},"template":{"metadata":{"labels":{"app":"api"}},
  "spec":{"containers":[{"name":"c","image":"registry.local/api:1"}]}}}},
 {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"scaled","namespace":"seen"},
  "spec":{"replicas":1,"selector":{"matchLabels":{"app":"s"}},"template":{"metadata":{"labels":{"app":"s"}},
  "spec":{"containers":[{"name":"c","image":"registry.local/s:1"}]}}}},
 {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"cfg","namespace":"seen"},"data":{"a":"1","b":"2"}},
 {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"cfg","namespace":"elsewhere"},"data":{"a":"1"}},
 {"apiVersion":"v1","kind":"Service","metadata":{"name":"web","namespace":"seen"},
  "spec":{"selector":{"app":"api"},"ports":[{"port":80}]}},
 {"apiVersion":"networking.k8s.io/v1","kind":"Ingress","metadata":{"name":"web","namespace":"seen"},
  "spec":{"rules":[{"host":"web.local","http":{"paths":[{"path":"/","pathType":"Prefix",
   "backend":{"service":{"name":"web","port":{"number":80}}}}]}}]}}
]})";

} // namespace

class TestLiveUnapproved : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        if (const QString reason = ControlPlane::missing(); !reason.isEmpty())
            QSKIP(qPrintable(u"live tests: skipped, because "_s + reason));
        QVERIFY2(m_plane.start(2), qPrintable(m_plane.error()));
        const Ran made = kubectl({u"apply"_s, u"-f"_s, u"-"_s}, manifests);
        QVERIFY2(made.code == 0, made.err.constData());
        const auto config = platform::KubeConfig::loadFile(m_plane.kubeconfig());
        QVERIFY(config);
        const auto context = config->resolve(u"operator"_s);
        QVERIFY(context);
        m_connection = std::make_shared<cluster::ClusterConnection>(*context);
        m_sender = std::make_unique<MutationSender>(*m_connection);
        m_actions = std::make_unique<ClusterActions>(*m_sender, m_clock);
        m_watch = std::make_unique<LiveObjectWatch>(m_connection);
        m_detector = std::make_unique<UnapprovedChanges>(UnapprovedChanges::Setup{u"production"_s, {u"seen"_s}, {}},
                                                         *m_watch, m_clock);
        connect(m_detector.get(), &UnapprovedChanges::found, this, [this](const ObjectChange& c) { m_found << c; });
        connect(m_detector.get(), &UnapprovedChanges::changed, this, [this](const ObjectChange& c) { m_changed << c; });
        m_detector->start();
        QTRY_VERIFY_WITH_TIMEOUT(m_detector->status().complete, patience);
        QVERIFY(m_detector->status().objects >= 5);
        QVERIFY(m_found.isEmpty());
    }

    void init()
    {
        m_found.clear();
        m_changed.clear();
    }

    void kubectlBehindOurBack_data()
    {
        QTest::addColumn<QString>("command");
        QTest::addColumn<QString>("target");
        QTest::addColumn<QString>("manager"); ///< empty: this server does not note it
        QTest::addColumn<QString>("field");
        QTest::addRow("scale") << u"scale deployment api --replicas=3"_s << u"deployment api in seen"_s << QString()
                               << u"spec.replicas from 2 to 3"_s;
        QTest::addRow("image") << u"set image deployment/api c=registry.local/api:2"_s << u"deployment api in seen"_s
                               << u"kubectl-set"_s
                               << u"spec.template.spec.containers[c].image from registry.local/api:1 to "
                                  "registry.local/api:2"_s;
        QTest::addRow("config map") << uR"(patch cm cfg -p {"data":{"a":"9"}})"_s << u"config map cfg in seen"_s
                                    << u"kubectl-patch"_s << u"data.a from 1 to 9"_s;
        QTest::addRow("key removed") << uR"(patch cm cfg -p {"data":{"b":null}})"_s << u"config map cfg in seen"_s
                                     << QString() << u"data.b was removed (2)"_s;
        QTest::addRow("service") << uR"(patch service web -p {"spec":{"selector":{"version":"green"}}})"_s
                                 << u"service web in seen"_s << u"kubectl-patch"_s
                                 << u"spec.selector.version was added (green)"_s;
        QTest::addRow("ingress") << u"annotate ingress web nginx.ingress.kubernetes.io/canary-weight=20"_s
                                 << u"ingress web in seen"_s << u"kubectl-annotate"_s
                                 << u"metadata.annotations[nginx.ingress.kubernetes.io/canary-weight] was added (20)"_s;
        QTest::addRow("autoscaler") << u"autoscale deployment scaled --min=1 --max=9 --cpu-percent=50"_s
                                    << u"horizontal pod autoscaler scaled in seen"_s << u"kubectl-autoscale"_s
                                    << QString();
        QTest::addRow("created") << u"create cm new --from-literal=a=b"_s << u"config map new in seen"_s
                                 << u"kubectl-create"_s << QString();
        QTest::addRow("deleted") << u"delete cm new"_s << u"config map new in seen"_s << QString() << QString();
    }
    void kubectlBehindOurBack()
    {
        QFETCH(QString, command);
        QFETCH(QString, target);
        QFETCH(QString, manager);
        QFETCH(QString, field);
        QElapsedTimer timer;
        const Ran ran = kubectl(command.split(u' ') + QStringList{u"--namespace"_s, u"seen"_s});
        timer.start();
        QVERIFY2(ran.code == 0, ran.err.constData());
        QTRY_VERIFY_WITH_TIMEOUT(!m_found.isEmpty(), patience);
        // kubectl returned some time after the server had answered: the figure is what a person would feel.
        qInfo("known %lld ms after kubectl returned: %s", timer.elapsed(), qPrintable(m_found[0].sentence()));
        QCOMPARE(m_found[0].target.words(), target);
        QCOMPARE(m_found[0].author.manager, manager);
        if (!manager.isEmpty())
            QVERIFY(std::abs(m_found[0].author.at->secsTo(QDateTime::currentDateTimeUtc())) < 60);
        if (!field.isEmpty())
            QVERIFY2(m_found[0].sentence().contains(field), qPrintable(m_found[0].sentence()));
        // Told once, however many statuses follow.
        settle();
        QCOMPARE(m_found.size(), 1);
    }

    void elsewhereIsNotOurBusiness()
    {
        const Ran ran =
            kubectl({u"patch"_s, u"cm"_s, u"cfg"_s, u"-p"_s, uR"({"data":{"a":"9"}})"_s, u"-n"_s, u"elsewhere"_s});
        QVERIFY2(ran.code == 0, ran.err.constData());
        settle();
        QVERIFY(m_changed.isEmpty());
    }

    // Its minimum is above what runs: it scales by itself.
    void theAutoscalerIsToldApart()
    {
        const Ran ran = kubectl(
            {u"patch"_s, u"hpa"_s, u"scaled"_s, u"-p"_s, uR"({"spec":{"minReplicas":4}})"_s, u"-n"_s, u"seen"_s});
        QVERIFY2(ran.code == 0, ran.err.constData());
        const auto scaled = [this] {
            return std::ranges::find_if(m_changed, [](const ObjectChange& c) {
                return c.target.name == "scaled"_L1 && c.target.resource == "deployments"_L1;
            });
        };
        QTRY_VERIFY_WITH_TIMEOUT(scaled() != m_changed.end(), 90'000);
        QCOMPARE(scaled()->sentence(),
                 u"The autoscaler changed deployment scaled in seen: spec.replicas from 1 to 4."_s);
        QCOMPARE(scaled()->verdict, Verdict::Controller);
        QCOMPARE(m_found.size(), 1); // the autoscaler itself was changed by a person
        QCOMPARE(m_found[0].target.resource, u"horizontalpodautoscalers"_s);
    }

    void ourOwnStepsAreToldApart()
    {
        Step step = kube("setImage", "api");
        step.parameters = {{u"images"_s, QJsonObject{{u"c"_s, u"registry.local/api:3"_s}}}};
        // The name alone proves nothing: anybody can sign with it. A plan of ours runs.
        m_detector->setRunning({step.target.key()});
        QVERIFY(perform(step));
        QTRY_VERIFY_WITH_TIMEOUT(!m_changed.isEmpty(), patience);
        QCOMPARE(m_changed[0].verdict, Verdict::Ours);
        QCOMPARE(m_changed[0].author.manager, u"watchkeeper"_s);
        // A scale is not signed on this server: the running plan explains it.
        Step scale = kube("scale", "api");
        scale.parameters = {{u"replicas"_s, 5}};
        m_detector->setRunning({scale.target.key()});
        QVERIFY(perform(scale));
        m_detector->setRunning({});
        QTRY_VERIFY_WITH_TIMEOUT(m_changed.size() == 2, patience);
        QCOMPARE(m_changed[1].verdict, Verdict::Ours);
        QVERIFY(m_found.isEmpty());
    }

    void whatWasChangedCanBeBroughtBack()
    {
        const Ran ran = kubectl({u"set"_s, u"env"_s, u"deployment/api"_s, u"LEVEL=debug"_s, u"-n"_s, u"seen"_s});
        QVERIFY2(ran.code == 0, ran.err.constData());
        QTRY_VERIFY_WITH_TIMEOUT(!m_found.isEmpty(), patience);
        const ObjectChange change = m_found[0];
        QVERIFY2(change.cannotRestore.isEmpty(), qPrintable(change.cannotRestore));
        m_detector->setRunning({change.restore.first().target.key()});
        QVERIFY(perform(change.restore.first()));
        const auto env = kubectl({u"get"_s, u"deployment"_s, u"api"_s, u"-o"_s,
                                  u"jsonpath={.spec.template.spec.containers[0].env}"_s, u"-n"_s, u"seen"_s});
        QCOMPARE(env.out, QByteArray());
        QTRY_VERIFY_WITH_TIMEOUT(m_changed.size() >= 2, patience);
        QCOMPARE(m_changed.last().verdict, Verdict::Ours);
    }

private:
    Ran kubectl(const QStringList& arguments, const QByteArray& input = {}) const
    {
        return run(u"kubectl"_s,
                   QStringList{u"--kubeconfig"_s, m_plane.kubeconfig(), u"--context"_s, u"admin"_s} + arguments, 60'000,
                   {}, input);
    }

    static Step kube(const char* action, const char* name)
    {
        Step step;
        step.name = QString::fromLatin1(action);
        step.target = {u"production"_s,          u"apps"_s, u"v1"_s, u"Deployment"_s, u"deployments"_s, u"seen"_s,
                       QString::fromLatin1(name)};
        return step;
    }

    bool perform(const Step& step)
    {
        auto future = m_actions->perform(step, [](const Before&) { return QtFuture::makeReadyFuture(Result<void>()); });
        if (!QTest::qWaitFor([&] { return future.isFinished(); }, patience))
            return false;
        const auto result = future.result();
        if (!result)
            qWarning("%s %s", qPrintable(result.error().sentence), qPrintable(result.error().detail));
        return result.has_value();
    }

    /// Lets everything that is on its way arrive: a mark of our own, made now, comes after it.
    void settle()
    {
        const qsizetype before = m_changed.size();
        const QString name = u"mark-%1"_s.arg(++m_marks);
        const Ran ran = kubectl({u"create"_s, u"cm"_s, name, u"-n"_s, u"seen"_s});
        QVERIFY2(ran.code == 0, ran.err.constData());
        const auto seen = [&] {
            return std::ranges::any_of(m_changed, [&](const ObjectChange& c) { return c.target.name == name; });
        };
        QTRY_VERIFY_WITH_TIMEOUT(seen(), patience);
        QVERIFY(m_changed.size() > before);
        m_found.removeIf([&](const ObjectChange& c) { return c.target.name == name; });
        m_changed.removeIf([&](const ObjectChange& c) { return c.target.name == name; });
    }

    SystemClock m_clock;
    ControlPlane m_plane;
    std::shared_ptr<cluster::ClusterConnection> m_connection;
    std::unique_ptr<MutationSender> m_sender;
    std::unique_ptr<ClusterActions> m_actions;
    std::unique_ptr<LiveObjectWatch> m_watch;
    std::unique_ptr<UnapprovedChanges> m_detector;
    QList<ObjectChange> m_found, m_changed;
    int m_marks = 0;
};

QTEST_GUILESS_MAIN(TestLiveUnapproved)
#include "test_live_unapproved.moc"
