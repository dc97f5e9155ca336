// SPDX-License-Identifier: GPL-3.0-or-later
#include "ScriptedSockets.h"
#include "ScriptedTransport.h"
#include "channels/Forward.h"

#include <QtTest/QtTest>

using namespace Qt::StringLiterals;
using namespace wk;
using namespace wk::channels;
using wk::test::ScriptedSockets;
using wk::test::ScriptedTransport;

namespace {

QByteArray endpointsOf(const QByteArrayList& pods)
{
    QByteArrayList addresses;
    for (const QByteArray& pod : pods)
        addresses.append(R"({"targetRef":{"kind":"Pod","name":")" + pod + "\"}}");
    return R"({"subsets":[{"addresses":[)" + addresses.join(',') + R"(],"ports":[{"name":"http","port":8080}]}]})";
}

} // namespace

/// A forward: a real port of this machine, a cluster whose every word is given by the test.
class TestForward : public QObject
{
    Q_OBJECT

    ManualClock m_clock;
    std::unique_ptr<ScriptedTransport> m_transport;
    std::unique_ptr<ScriptedSockets> m_sockets;
    std::unique_ptr<Forward> m_forward;
    ForwardState m_state;
    size_t m_taken = 0;

    void start()
    {
        m_forward = std::make_unique<Forward>(
            ForwardTarget{ForwardTarget::Kind::Service, u"shop"_s, u"cart"_s, u"80"_s}, 0, *m_transport, *m_sockets,
            m_clock, [this](const ForwardState& state) { m_state = state; });
    }
    std::unique_ptr<QTcpSocket> connectTo()
    {
        auto socket = std::make_unique<QTcpSocket>();
        socket->connectToHost(QHostAddress(QHostAddress::LocalHost), m_state.localPort);
        return socket;
    }

private slots:
    void init()
    {
        m_transport = std::make_unique<ScriptedTransport>();
        m_sockets = std::make_unique<ScriptedSockets>();
        m_state = {};
        m_taken = 0;
        start();
        QVERIFY(m_state.listening);
    }
    void cleanup() { m_forward.reset(); }

    void bytesGoBothWays()
    {
        const auto local = connectTo();
        local->write("question");
        const auto call = opened({"cart-a"}, u"cart-a"_s);
        QVERIFY(call);
        QCOMPARE(call->request.query, "ports=8080");
        QCOMPARE(call->protocols, QList<QByteArray>{"v4.channel.k8s.io"});
        QTRY_COMPARE(call->all(0), "question");
        call->say(0, "answer");
        QTRY_COMPARE(local->bytesAvailable(), 6);
        QCOMPARE(local->readAll(), "answer");
        QCOMPARE(m_state.pod, u"cart-a"_s);
        QCOMPARE(m_state.open, 1);
        local->disconnectFromHost();
        QTRY_VERIFY(call->closing);
        QTRY_COMPARE(m_state.open, 0);
        QCOMPARE(m_state.sentBytes, 8);
        QCOMPARE(m_state.receivedBytes, 6);
        QVERIFY(!m_state.error);
    }

    void onlyThisMachineReachesIt()
    {
        for (const QHostAddress& address : QNetworkInterface::allAddresses()) {
            if (address.isLoopback() || address.protocol() != QAbstractSocket::IPv4Protocol)
                continue;
            QTcpSocket other;
            other.connectToHost(address, m_state.localPort);
            QTRY_COMPARE(other.state(), QAbstractSocket::UnconnectedState);
            QCOMPARE(other.error(), QAbstractSocket::ConnectionRefusedError);
        }
    }

    void anotherPodTakesOverUnderTheSamePort()
    {
        const auto first = connectTo();
        first->write("1");
        const auto before = opened({"cart-a"}, u"cart-a"_s);
        QVERIFY(before);
        before->say(0, "from a");
        QTRY_COMPARE(first->bytesAvailable(), 6);
        before->end({Error{Error::Kind::Network, u"reset"_s, {}, {}}, {}, 0, {}});
        QTRY_COMPARE(first->state(), QAbstractSocket::UnconnectedState);

        m_clock.advance(Forward::knownMs);
        const quint16 port = m_state.localPort;
        const auto second = connectTo();
        second->write("2");
        const auto after = opened({"cart-b"}, u"cart-b"_s);
        QVERIFY(after);
        QTRY_COMPARE(after->all(0), "2");
        after->say(0, "from b");
        QTRY_COMPARE(second->bytesAvailable(), 6);
        QCOMPARE(m_state.localPort, port);
        QCOMPARE(m_state.replaced, 1);
        QVERIFY(!m_state.error);
    }

    void aPodThatIsGoneIsNotTheEnd()
    {
        const auto local = connectTo();
        local->write("question");
        const auto gone = socketTo({"cart-a", "cart-b"}, u"cart-a"_s);
        QVERIFY(gone);
        gone->refuse(404, Error::Kind::NotFound);
        m_clock.advance(ForwardLink::retryMs);
        // Still among the endpoints, and asked last.
        const auto next = opened({"cart-a", "cart-b"}, u"cart-b"_s);
        QVERIFY(next);
        QTRY_COMPARE(next->all(0), "question");
    }

    void whatNoPodReadIsSaidAgain()
    {
        const auto local = connectTo();
        local->write("question");
        const auto deaf = opened({"cart-a"}, u"cart-a"_s);
        QVERIFY(deaf);
        QTRY_COMPARE(deaf->all(0), "question");
        deaf->say(1, "dial tcp4 127.0.0.1:8080: connect: connection refused");
        deaf->end();
        m_clock.advance(ForwardLink::retryMs);
        const auto next = opened({"cart-b"}, u"cart-b"_s);
        QVERIFY(next);
        QTRY_COMPARE(next->all(0), "question");
        next->say(0, "answer");
        QTRY_COMPARE(local->bytesAvailable(), 6);
    }

    void whatAPodMayHaveReadIsNotSaidAgain()
    {
        const auto local = connectTo();
        local->write("pay");
        const auto call = opened({"cart-a"}, u"cart-a"_s);
        QVERIFY(call);
        QTRY_COMPARE(call->all(0), "pay");
        call->end({Error{Error::Kind::Network, u"reset"_s, {}, {}}, {}, 0, {}});
        QTRY_COMPARE(local->state(), QAbstractSocket::UnconnectedState);
        QCOMPARE(local->error(), QAbstractSocket::RemoteHostClosedError);
        QCOMPARE(m_sockets->calls.size(), 1U);
        QVERIFY(m_state.error);
    }

    void patienceEnds()
    {
        const auto local = connectTo();
        QVERIFY(QTest::qWaitFor([&] { return answerLook({}); }));
        QTRY_VERIFY(m_state.error);
        QVERIFY2(m_state.error->sentence.contains(u"no ready pod"_s), qPrintable(m_state.error->sentence));
        QTRY_COMPARE(local->state(), QAbstractSocket::ConnectedState);
        m_clock.advance(ForwardLink::patienceMs);
        QVERIFY(QTest::qWaitFor([&] { return answerLook({}); }));
        QTRY_COMPARE(local->state(), QAbstractSocket::UnconnectedState);
    }

    void whoMayNotIsToldAtOnce()
    {
        const auto local = connectTo();
        const auto call = socketTo({"cart-a"}, u"cart-a"_s);
        QVERIFY(call);
        call->refuse(403, Error::Kind::Forbidden);
        QTRY_COMPARE(local->state(), QAbstractSocket::UnconnectedState);
        QVERIFY(m_state.error);
        QCOMPARE(m_state.error->kind, Error::Kind::Forbidden);
        QVERIFY(m_state.error->remedy.contains(u"pods/portforward"_s));
        QCOMPARE(m_sockets->calls.size(), 1U);
    }

    void aSlowPodSlowsTheProgramDown()
    {
        const auto local = connectTo();
        const auto call = opened({"cart-a"}, u"cart-a"_s);
        QVERIFY(call);
        call->unsent = 100 << 20;
        const QByteArray much(8 << 20, 'x');
        local->write(much);
        for (int i = 0; i < 1000; ++i)
            QCoreApplication::processEvents();
        QVERIFY(call->sent.isEmpty());
        call->drain();
        QTRY_COMPARE(call->all(0).size(), much.size());
    }

    void aSlowProgramSlowsThePodDown()
    {
        const auto local = connectTo();
        local->setReadBufferSize(1024);
        const auto call = opened({"cart-a"}, u"cart-a"_s);
        QVERIFY(call);
        qsizetype said = 0;
        const QByteArray piece(256 << 10, 'x');
        while (!call->paused && said < (256 << 20)) {
            call->say(0, piece);
            said += piece.size();
        }
        QVERIFY(call->paused);
        qsizetype got = 0;
        local->setReadBufferSize(0);
        connect(local.get(), &QTcpSocket::readyRead, this, [&] { got += local->readAll().size(); });
        got += local->readAll().size();
        QTRY_COMPARE(got, said);
        QTRY_VERIFY(!call->paused);
    }

    void aTakenPortIsSaid()
    {
        ForwardState other;
        const Forward second(ForwardTarget{ForwardTarget::Kind::Pod, u"shop"_s, u"cart-0"_s, u"80"_s},
                             m_state.localPort, *m_transport, *m_sockets, m_clock,
                             [&](const ForwardState& state) { other = state; });
        QVERIFY(!other.listening);
        QVERIFY(other.error);
        QVERIFY(other.error->sentence.contains(QString::number(m_state.localPort)));
    }

private:
    /// Answers a question about the service, then about its endpoints; true once both were asked.
    bool answerLook(const QByteArrayList& pods)
    {
        if (const auto service = m_transport->takePath("/api/v1/namespaces/shop/services/cart"))
            service->answer(200, "application/json", R"({"spec":{"ports":[{"name":"http","port":80}]}})");
        if (const auto endpoints = m_transport->takePath("/api/v1/namespaces/shop/endpoints/cart")) {
            endpoints->answer(200, "application/json", pods.isEmpty() ? QByteArray("{}") : endpointsOf(pods));
            return true;
        }
        return false;
    }
    /// The WebSocket that is asked for next, to that pod; null where it goes elsewhere.
    ScriptedSockets::CallPtr socketTo(const QByteArrayList& pods, const QString& pod)
    {
        const bool asked = QTest::qWaitFor(
            [&] {
                answerLook(pods);
                return m_sockets->calls.size() > m_taken;
            },
            5'000);
        if (!asked)
            return nullptr;
        const auto call = m_sockets->calls[m_taken++];
        return call->request.path == "/api/v1/namespaces/shop/pods/" + pod.toLatin1() + "/portforward" ? call : nullptr;
    }
    ScriptedSockets::CallPtr opened(const QByteArrayList& pods, const QString& pod)
    {
        const auto call = socketTo(pods, pod);
        if (call) {
            call->open();
            call->say(0, QByteArray("\x90\x1f"));
            call->say(1, QByteArray("\x90\x1f"));
        }
        return call;
    }
};

QTEST_GUILESS_MAIN(TestForward)
#include "test_forward.moc"
