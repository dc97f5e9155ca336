// SPDX-License-Identifier: GPL-3.0-or-later
#include "RealAlertmanager.h"
#include "TestServer.h"
#include "changes/plan/Plan.h"
#include "changes/plan/SilenceSteps.h"
#include "changes/runners/SilenceRunner.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtTest/QTest>

using namespace wk;
using namespace wk::changes;
using namespace wk::test;
using namespace Qt::StringLiterals;
using monitoring::Silence;

namespace {

constexpr auto configuration = "route: {receiver: night}\nreceivers: [{name: night}]\n";

platform::Platform platformOf(const QUrl& url)
{
    platform::Platform out;
    platform::Service service;
    service.name = u"alertmanager"_s;
    service.kind = platform::Service::Kind::Monitoring;
    platform::Endpoint endpoint;
    endpoint.url = url.toString();
    service.healthEndpoints = {endpoint};
    out.services = {service};
    return out;
}

/// A cluster in which writes are written down; what is read comes from a server.
class NotingAccess final : public ClusterAccess
{
public:
    explicit NotingAccess(const QUrl& server) : m_context(std::make_shared<platform::ResolvedContext>())
    {
        m_context->server = server;
    }
    QFuture<Result<Answer>> read(const Read&) override { return answered({404, {}, -1}); }
    QFuture<Result<Answer>> review(const QByteArray&) override { return answered({404, {}, -1}); }
    QFuture<Result<Answer>> send(const Call& call, bool dryRun) override
    {
        calls.push_back(call);
        return answered(dryRun ? Answer{500, {}, -1} : answer);
    }
    Error error(const Answer&, const QString& what) const override { return {Error::Kind::Forbidden, what, {}, {}}; }
    QString user() const override { return u"anna"_s; }
    std::shared_ptr<const platform::ResolvedContext> context() const override { return m_context; }

    std::vector<Call> calls;
    Answer answer{200, R"({"silenceID":"s9"})", -1};

private:
    static QFuture<Result<Answer>> answered(const Answer& one)
    {
        return QtFuture::makeReadyFuture(Result<Answer>(one));
    }
    std::shared_ptr<platform::ResolvedContext> m_context;
};

Silence onNode(const QString& node, qint64 now)
{
    Silence out;
    out.matchers = {{u"node"_s, node}, {u"severity"_s, u"warning|info"_s, true}};
    out.startsAt = now;
    out.endsAt = now + 3'600'000;
    out.createdBy = u"anna"_s;
    out.comment = u"being \"repaired\""_s;
    return out;
}

} // namespace

/// Steps about silences, carried out on a real Alertmanager, and on one that hangs up.
class TestSilencesCarriedOut : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void plansHoldThem();
    void wrongOnesAreRefused_data();
    void wrongOnesAreRefused();
    void madeAndTakenBack();
    void lastsLonger();
    void endedAndMadeAnew();
    void whatWasAgreedOnOnly();
    void nothingIsSentOnceItIsGivenUp();
    void lostAnswer();
    void throughTheCluster();

private:
    [[nodiscard]] Result<Performed> perform(const Step& step)
    {
        const auto noted = [this](const Before& before) {
            m_before = Before::fromJson(before.toJson()); // as the record gives it back
            return QtFuture::makeReadyFuture(Result<void>());
        };
        return wait(m_runner->perform(step, noted, {}));
    }
    template <typename T>
    [[nodiscard]] Result<T> wait(QFuture<Result<T>> future)
    {
        if (!QTest::qWaitFor([&] { return future.isFinished(); }, 30'000))
            return fail(Error::Kind::Protocol, u"the test waited too long"_s);
        return future.result();
    }
    /// What amtool says of it; an empty object where it knows none.
    [[nodiscard]] QJsonObject seen(const QString& id) const
    {
        for (const QStringList& which : {QStringList(), QStringList{u"--expired"_s}}) {
            const QByteArray said = m_real.amtool(QStringList{u"silence"_s, u"query"_s, u"-o"_s, u"json"_s} + which);
            const QJsonArray all = QJsonDocument::fromJson(said).array();
            for (const auto& one : all)
                if (one["id"_L1].toString() == id)
                    return one.toObject();
        }
        return {};
    }
    [[nodiscard]] QString stateOf(const QString& id) const { return seen(id)["status"_L1]["state"_L1].toString(); }

    RealAlertmanager m_real;
    SystemClock m_clock;
    platform::Platform m_platform;
    std::unique_ptr<SilenceRunner> m_runner;
    Before m_before;
};

void TestSilencesCarriedOut::initTestCase()
{
    if (const QString why = RealAlertmanager::missing(); !why.isEmpty())
        QSKIP(qPrintable(why));
    QVERIFY2(m_real.start(configuration), qPrintable(m_real.error()));
    m_platform = platformOf(m_real.url());
    m_runner = std::make_unique<SilenceRunner>(SilenceRunner::Places{{}, [this] { return &m_platform; }}, m_clock);
}

void TestSilencesCarriedOut::plansHoldThem()
{
    const Silence silence = onNode(u"n1"_s, m_clock.nowMs());
    Silence known = silence;
    known.id = u"7d786b16"_s;
    const auto plan =
        Plan::make(u"shop"_s, u"Quiet"_s,
                   {silenceStep(u"production"_s, silence, silence.startsAt),
                    silenceStep(u"production"_s, known, silence.startsAt), expireSilenceStep(u"production"_s, known)});
    QVERIFY2(plan, plan ? "" : qPrintable(plan.error().error().text()));
    QCOMPARE(Plan::parse(plan->canonical())->steps(), plan->steps());
    for (const Step& step : plan->steps()) {
        QCOMPARE(risk(step, platform::ClusterClass::Production), Risk::Low);
        QVERIFY(step.words().contains(u"node=\"n1\""_s));
    }
    QVERIFY(plan->steps()[0].words().contains(u"for 1 h: being"_s));
    QVERIFY(plan->steps()[0].target.name != plan->steps()[1].target.name);
}

void TestSilencesCarriedOut::wrongOnesAreRefused_data()
{
    QTest::addColumn<QByteArray>("parameters");
    const QByteArray rest = R"(,"minutes":5,"reason":"r","author":"a"})";
    QTest::newRow("no matchers") << R"({"matchers":[])" + rest;
    QTest::newRow("all match nothing") << R"({"matchers":["a=~\".*\""])" + rest;
    QTest::newRow("two in one") << R"({"matchers":["a=\"b\",c=\"d\""])" + rest;
    QTest::newRow("no sign") << R"({"matchers":["DiskFull"])" + rest;
    QTest::newRow("wrong expression") << R"({"matchers":["a=~\"(\""])" + rest;
    QTest::newRow("no reason") << QByteArray(R"({"matchers":["a=\"b\""],"minutes":5,"reason":" ","author":"a"})");
    QTest::newRow("no author") << QByteArray(R"({"matchers":["a=\"b\""],"minutes":5,"reason":"r"})");
    QTest::newRow("no time") << QByteArray(R"({"matchers":["a=\"b\""],"minutes":0,"reason":"r","author":"a"})");
}

void TestSilencesCarriedOut::wrongOnesAreRefused()
{
    QFETCH(QByteArray, parameters);
    Step step = silenceStep(u"production"_s, onNode(u"n1"_s, 1), 1);
    step.parameters = QJsonDocument::fromJson(parameters).object();
    QVERIFY(!step.parameters.isEmpty());
    QVERIFY(!Plan::make(u"shop"_s, u"Quiet"_s, {step}));
}

void TestSilencesCarriedOut::madeAndTakenBack()
{
    const Silence silence = onNode(u"n1"_s, m_clock.nowMs());
    const Step step = silenceStep(u"production"_s, silence, silence.startsAt);
    QVERIFY(!wait(m_runner->observe(step, Before())) ||
            wait(m_runner->observe(step, Before()))->state == Observation::State::NotDone);
    const auto done = perform(step);
    QVERIFY2(done, done ? "" : qPrintable(done.error().text()));
    const QString id = done->result.value("id"_L1).toString();
    const QJsonObject theirs = seen(id);
    QCOMPARE(theirs["status"_L1]["state"_L1].toString(), u"active"_s);
    QCOMPARE(theirs["comment"_L1].toString(), silence.comment);
    QCOMPARE(theirs["createdBy"_L1].toString(), u"anna"_s);
    QCOMPARE(theirs["matchers"_L1].toArray().size(), 2);
    QCOMPARE(wait(m_runner->observe(step, m_before))->state, Observation::State::Done);
    QCOMPARE(done->inverse.steps.size(), 1);
    const auto back = perform(done->inverse.steps.first());
    QVERIFY2(back, back ? "" : qPrintable(back.error().text()));
    QCOMPARE(stateOf(id), u"expired"_s);
}

void TestSilencesCarriedOut::lastsLonger()
{
    const Silence silence = onNode(u"n2"_s, m_clock.nowMs());
    const auto made = perform(silenceStep(u"production"_s, silence, silence.startsAt));
    QVERIFY(made);
    Silence longer = silence;
    longer.id = made->result.value("id"_L1).toString();
    longer.endsAt = silence.endsAt + 7'200'000;
    const Step step = silenceStep(u"production"_s, longer, m_clock.nowMs());
    const auto done = perform(step);
    QVERIFY2(done, done ? "" : qPrintable(done.error().text()));
    QCOMPARE(done->result.value("id"_L1).toString(), longer.id); // changed in place
    const QDateTime ends = QDateTime::fromString(seen(longer.id)["endsAt"_L1].toString(), Qt::ISODateWithMs);
    QVERIFY(ends.toMSecsSinceEpoch() > silence.endsAt + 3'600'000);
    QCOMPARE(wait(m_runner->observe(step, m_before))->state, Observation::State::Done);
}

void TestSilencesCarriedOut::endedAndMadeAnew()
{
    const Silence silence = onNode(u"n3"_s, m_clock.nowMs());
    const auto made = perform(silenceStep(u"production"_s, silence, silence.startsAt));
    QVERIFY(made);
    Silence known = silence;
    known.id = made->result.value("id"_L1).toString();
    const Step step = expireSilenceStep(u"production"_s, known);
    QCOMPARE(wait(m_runner->observe(step, Before()))->state, Observation::State::NotDone);
    const auto done = perform(step);
    QVERIFY2(done, done ? "" : qPrintable(done.error().text()));
    QCOMPARE(stateOf(known.id), u"expired"_s);
    QCOMPARE(wait(m_runner->observe(step, m_before))->state, Observation::State::Done);
    QVERIFY(perform(step)); // it has ended already
    const auto again = perform(done->inverse.steps.first());
    QVERIFY2(again, again ? "" : qPrintable(again.error().text()));
    QCOMPARE(stateOf(again->result.value("id"_L1).toString()), u"active"_s);
}

void TestSilencesCarriedOut::whatWasAgreedOnOnly()
{
    const Silence silence = onNode(u"n4"_s, m_clock.nowMs());
    const auto made = perform(silenceStep(u"production"_s, silence, silence.startsAt));
    QVERIFY(made);
    Silence other = onNode(u"n5"_s, m_clock.nowMs());
    other.id = made->result.value("id"_L1).toString();
    for (const Step& step :
         {silenceStep(u"production"_s, other, m_clock.nowMs()), expireSilenceStep(u"production"_s, other)}) {
        const auto refused = perform(step);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, Error::Kind::Conflict);
    }
    other.id = u"gone"_s;
    QVERIFY(!perform(expireSilenceStep(u"production"_s, other)));
    QCOMPARE(stateOf(made->result.value("id"_L1).toString()), u"active"_s);
}

void TestSilencesCarriedOut::nothingIsSentOnceItIsGivenUp()
{
    m_runner->setMaySend([] { return false; });
    const auto refused = perform(silenceStep(u"production"_s, onNode(u"n6"_s, m_clock.nowMs()), m_clock.nowMs()));
    m_runner->setMaySend({});
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, Error::Kind::Cancelled);
    QVERIFY(!m_real.amtool({u"silence"_s, u"query"_s, u"-q"_s, u"node=n6"_s}).contains('-'));
}

/// One that takes it and hangs up gets it once, and what became of it is said not to be known.
void TestSilencesCarriedOut::lostAnswer()
{
    int posts = 0;
    const TestServer server([&posts](QTcpSocket* socket, const Received& request) {
        if (request.verb != "POST")
            return TestServer::answer(socket, 200, "[]", "Content-Type: application/json\r\n");
        ++posts;
        socket->abort();
    });
    const platform::Platform platform = platformOf(server.url());
    SilenceRunner runner({{}, [&platform] { return &platform; }}, m_clock);
    const Step step = silenceStep(u"production"_s, onNode(u"n7"_s, m_clock.nowMs()), m_clock.nowMs());
    const auto lost =
        wait(runner.perform(step, [](const Before&) { return QtFuture::makeReadyFuture(Result<void>()); }, {}));
    QVERIFY(!lost);
    QCOMPARE(lost.error().kind, Error::Kind::Network);
    QCOMPARE(posts, 1);
}

/// Inside a cluster it is read by GET through the API server, and written as every change of a cluster is.
void TestSilencesCarriedOut::throughTheCluster()
{
    QByteArray asked;
    const TestServer server([&asked](QTcpSocket* socket, const Received& request) {
        asked = request.verb + ' ' + request.target;
        TestServer::answer(socket, 200, "[]", "Content-Type: application/json\r\n");
    });
    NotingAccess access(server.url());
    platform::Platform platform;
    platform.namespaces = {{u"shop"_s, {}, {}, true}};
    platform::Service service;
    service.name = u"alertmanager"_s;
    service.kind = platform::Service::Kind::Monitoring;
    service.host = u"alertmanager"_s;
    platform.services = {service};
    SilenceRunner runner(
        {[&access](const QString&) { return Result<ClusterAccess*>(&access); }, [&platform] { return &platform; }},
        m_clock);
    const Step step = silenceStep(u"production"_s, onNode(u"n8"_s, m_clock.nowMs()), m_clock.nowMs());
    const auto noted = [](const Before&) { return QtFuture::makeReadyFuture(Result<void>()); };
    const auto done = wait(runner.perform(step, noted, {}));
    QVERIFY2(done, done ? "" : qPrintable(done.error().text()));
    const QByteArray proxy = "/api/v1/namespaces/shop/services/http:alertmanager:9093/proxy/api/v2/silences";
    QCOMPARE(asked, "GET " + proxy);
    QCOMPARE(access.calls.size(), 1U);
    QCOMPARE(access.calls.front().verb(), "POST");
    QCOMPARE(access.calls.front().path, proxy);
    QCOMPARE(done->result.value("id"_L1).toString(), u"s9"_s);
    access.answer = {403, {}, -1};
    const auto refused = wait(runner.perform(step, noted, {}));
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, Error::Kind::Forbidden);
}

QTEST_GUILESS_MAIN(TestSilencesCarriedOut)
#include "test_silences_carried_out.moc"
