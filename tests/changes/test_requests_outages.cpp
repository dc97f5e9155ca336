// SPDX-License-Identifier: GPL-3.0-or-later
#include "GateTest.h"
#include "support/ChaosProxy.h"

using namespace wk;
using namespace wk::changes;
using namespace wk::test;
using namespace Qt::StringLiterals;

/// The desk while its store goes away, comes back, loses answers, or is replaced by its standby.
class TestRequestsOutages : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { START_OR_SKIP(m_team.start("wal_level = replica\nmax_wal_senders = 4")); }
    void init() { VERIFY_OK(m_team.renew()); }

    void outageAndBack();
    void lostAnswerIsLookedUp();
    void lostBeforeItWasCarriedOut_data();
    void lostBeforeItWasCarriedOut();
    void promotedInTheMiddleOfAnApproval();

private:
    Team m_team;
};

void TestRequestsOutages::outageAndBack()
{
    Seat olga(m_team.at("olga")), tina(m_team.at("tina"));
    QVERIFY(olga.isCurrent() && tina.isCurrent());
    const qint64 number = olga.propose(u"Shop - more replicas"_s, planOf({scaleStep(u"api"_s, 5)}));
    QTRY_VERIFY(tina.row(number));
    m_team.server.stop(PostgresServer::Stop::Immediate);
    QTRY_COMPARE(tina.desk.status().state, DeskStatus::State::Stale);
    QTRY_VERIFY(tina.desk.status().error);
    QVERIFY(tina.row(number) && tina.desk.status().asOf);
    auto approval = tina.desk.approve(number, 1, tina.row(number)->sha256, {}, {}); // waits for the store
    VERIFY_OK(m_team.server.startAgain());
    VERIFY_OK(soon(approval));
    QVERIFY(tina.isCurrent() && olga.isCurrent());
    QTRY_COMPARE(olga.row(number)->waitingFor.open().size(), 1);
    QVERIFY(!tina.desk.status().record);
}

void TestRequestsOutages::lostAnswerIsLookedUp()
{
    ChaosProxy proxy(m_team.server.port());
    const auto address = store::Address::parse(
        u"postgresql://tina:tina-secret@127.0.0.1:%1/%2?sslmode=disable"_s.arg(proxy.port()).arg(m_team.database));
    VERIFY_OK(address);
    Seat olga(m_team.at("olga")), tina(*address);
    QVERIFY(tina.isCurrent());
    const qint64 number = olga.propose(u"Shop - more replicas"_s, planOf({scaleStep(u"api"_s, 5)}));
    const QByteArray sha256 = tina.detail(number).summary.sha256;
    QTRY_VERIFY(tina.row(number) && tina.row(number)->state == RequestState::Submitted);
    QTest::qWait(100); // the answers to the notices have come
    proxy.truncateNext(1);
    // It was carried out, only its answer is lost: that is found out, and said.
    const auto done = soon(tina.desk.approve(number, 1, sha256, u"Fine."_s, {}));
    VERIFY_OK(done);
    QCOMPARE(*done, number);
    QCOMPARE(tina.detail(number).approvals.size(), 1);
}

void TestRequestsOutages::lostBeforeItWasCarriedOut_data()
{
    QTest::addColumn<bool>("expired");
    QTest::newRow("the first") << false;
    QTest::newRow("again, where the first has expired") << true;
}

void TestRequestsOutages::lostBeforeItWasCarriedOut()
{
    QFETCH(bool, expired);
    Seat olga(m_team.at("olga")), tina(m_team.at("tina"));
    QVERIFY(tina.isCurrent());
    const qint64 number = olga.propose(u"Shop - more replicas"_s, planOf({scaleStep(u"api"_s, 5)}));
    const QByteArray sha256 = tina.detail(number).summary.sha256;
    if (expired) {
        VERIFY_OK(tina.approve(number));
        VERIFY_OK(m_team.server.session(u"postgres"_s, m_team.database)
                      .run("UPDATE watchkeeper.approval SET at = at - interval '400 days'", {}));
    }
    std::optional<store::Session> blocker = m_team.server.session(u"postgres"_s, m_team.database);
    VERIFY_OK(blocker->run("BEGIN", {}));
    VERIFY_OK(blocker->run("SELECT FROM watchkeeper.request FOR UPDATE", {}));
    auto approval = tina.desk.approve(number, 1, sha256, {}, {});
    QTRY_COMPARE(m_team.value("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"), u"1"_s);
    m_team.server.stop(PostgresServer::Stop::Immediate);
    VERIFY_OK(m_team.server.startAgain());
    const auto lost = soon(approval);
    QVERIFY(!lost);
    QCOMPARE(lost.error().kind, Error::Kind::Network);
    QVERIFY2(lost.error().sentence.contains(u"not on record"_s), words(lost).constData());
    VERIFY_OK(tina.approve(number));
}

void TestRequestsOutages::promotedInTheMiddleOfAnApproval()
{
    PostgresServer standby;
    VERIFY_OK(standby.startStandby(m_team.server));
    const QString both = u"postgresql://%1:%1-secret@127.0.0.1:%2,127.0.0.1:%3/%4?sslmode=disable&target_session_attrs="
                         "read-write"_s.arg(u"tina"_s)
                             .arg(m_team.server.port())
                             .arg(standby.port())
                             .arg(m_team.database);
    const auto address = store::Address::parse(both);
    VERIFY_OK(address);
    Seat olga(m_team.at("olga")), tina(*address);
    QVERIFY(tina.isCurrent());
    const qint64 number = olga.propose(u"Shop - more replicas"_s, planOf({scaleStep(u"api"_s, 5)}));
    const QByteArray sha256 = tina.detail(number).summary.sha256;
    // The standby has all of it before the primary goes.
    QTRY_COMPARE(m_team.value("SELECT count(*) FROM pg_stat_replication WHERE replay_lsn = pg_current_wal_lsn()"),
                 u"1"_s);
    m_team.server.stop(PostgresServer::Stop::Immediate);
    auto approval = tina.desk.approve(number, 1, sha256, {}, {});
    QTRY_COMPARE(tina.desk.status().state, DeskStatus::State::Stale);
    QVERIFY(tina.desk.status().error);
    VERIFY_OK(standby.promote());
    VERIFY_OK(soon(approval));
    QVERIFY(tina.isCurrent());
    QCOMPARE(tina.detail(number).approvals.size(), 1);
    QVERIFY(!tina.desk.status().record); // nothing of the record is missing
    VERIFY_OK(m_team.server.startAgain());
}

QTEST_GUILESS_MAIN(TestRequestsOutages)
#include "test_requests_outages.moc"
