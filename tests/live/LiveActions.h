// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "../changes/Manifests.h"
#include "changes/checks/CheckRunner.h"
#include "changes/plan/JsonTree.h"
#include "changes/runners/MutationSender.h"
#include "support/ControlPlane.h"
#include "support/Process.h"

#include <QtTest/QTest>

namespace wk::test {

using namespace changes;
using namespace Qt::StringLiterals;

/// One identity: its connection and its actions.
struct Person
{
    Person(const QString& kubeconfig, const QString& context, Clock& clock)
    {
        const auto config = platform::KubeConfig::loadFile(kubeconfig);
        const auto resolved =
            config ? config->resolve(context) : Result<platform::ResolvedContext>(fail(config.error()));
        if (!resolved)
            return;
        cluster::ClusterConnection::Options options;
        options.watch = false;
        connection = std::make_unique<cluster::ClusterConnection>(*resolved, options);
        sender = std::make_unique<MutationSender>(*connection);
        actions = std::make_unique<ClusterActions>(*sender, clock);
        checks = std::make_unique<CheckRunner>(
            CheckWorld{
                [this](const QString&) { return Result<ClusterAccess*>(sender.get()); }, {}, nullptr, nullptr, nullptr},
            clock);
    }
    std::unique_ptr<cluster::ClusterConnection> connection;
    std::unique_ptr<MutationSender> sender;
    std::unique_ptr<ClusterActions> actions;
    std::unique_ptr<CheckRunner> checks;
};

inline Target in(const char16_t* group, const char16_t* kind, const char16_t* resource, const char16_t* name)
{
    return target(QString::fromUtf16(group), u"v1"_s, QString::fromUtf16(kind), QString::fromUtf16(resource), u"acts"_s,
                  QString::fromUtf16(name));
}

inline Target api() { return in(u"apps", u"Deployment", u"deployments", u"api"); }

/// Actions against a real API server, as user operator: previewed, carried out, seen by kubectl, taken back, and
/// kubectl sees what was there before.
class TestLiveActions : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void viewerSeesWhyNot();
    void viewerIsRefused();
    void thereAndBack_data();
    void thereAndBack();
    void restarted();
    void undoToARevision_data();
    void undoToARevision();
    void badImageAndUndo();
    void autoscaler();
    void objectsCreatedAppliedDeleted();
    void podsDeleted();
    void nodeDrained();
    void drainRefusesAsKubectl();
    void driftRefuses();
    void sentTwiceIsRefused();
    void recordFirst();
    void observed();
    void cleanupTestCase();

private:
    template <typename T>
    Result<T> wait(QFuture<Result<T>> future, int ms = 60'000)
    {
        if (!QTest::qWaitFor([&] { return future.isFinished(); }, ms))
            return fail(Error::Kind::Protocol, u"the test waited too long"_s);
        return future.result();
    }
    Result<Performed> perform(const Step& step, Before* seen = nullptr)
    {
        return wait(m_operator->actions->perform(step,
                                                 [seen](const Before& before) {
                                                     if (seen)
                                                         *seen = before;
                                                     return QtFuture::makeReadyFuture(Result<void>());
                                                 }),
                    120'000);
    }
    [[nodiscard]] Ran kubectl(const QStringList& arguments, const QByteArray& input = {})
    {
        return run(u"kubectl"_s,
                   QStringList{u"--kubeconfig"_s, m_plane->kubeconfig(), u"--context"_s, u"admin"_s} + arguments,
                   60'000, {}, input);
    }
    /// The object as the server has it, empty where there is none.
    [[nodiscard]] QJsonObject live(const Target& t)
    {
        const auto answer = wait(m_admin->sender->read({t.path(), {}, true}));
        return answer && answer->status == 200 ? json(answer->body) : QJsonObject();
    }
    /// What kubectl sees at a path of an object.
    [[nodiscard]] QByteArray sees(const Target& on, const QString& jsonPath)
    {
        QStringList arguments{u"get"_s, on.resourceId(), on.name, u"-o"_s, u"jsonpath="_s + jsonPath};
        if (!on.space.isEmpty())
            arguments += {u"-n"_s, on.space};
        return kubectl(arguments).out;
    }
    [[nodiscard]] bool grantDrain();
    [[nodiscard]] Result<CheckOutcome> rollout(qint64 withinSeconds);
    static QString text(const Error& e) { return e.text() + u" | "_s + e.detail; }

    SystemClock m_clock;
    std::unique_ptr<ControlPlane> m_plane;
    std::unique_ptr<Person> m_admin, m_operator, m_viewer;
};

} // namespace wk::test
