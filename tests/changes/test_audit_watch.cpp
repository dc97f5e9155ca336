// SPDX-License-Identifier: GPL-3.0-or-later
#include "GateTest.h"
#include "changes/desk/AuditHeads.h"

using namespace wk;
using namespace wk::changes;
using namespace wk::test;
using namespace Qt::StringLiterals;

/// A workstation notices that the store's record is not the one it saw.
class TestAuditWatch : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { START_OR_SKIP(m_team.start()); }
    void init();

    void remembersAndIsQuiet();
    void rewrittenByTheDatabasesOwner();
    void lostItsEnd();
    void rewrittenWhileConnected();

private:
    /// As olga on her workstation.
    [[nodiscard]] std::unique_ptr<Seat> seat();
    void rewriteHistory();
    static bool isLoud(Seat& seat)
    {
        return until([&] { return seat.desk.status().record.has_value(); });
    }

    Team m_team;
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestAuditWatch::init()
{
    VERIFY_OK(m_team.renew());
    m_folder = std::make_unique<QTemporaryDir>();
    const auto olga = seat();
    (void)olga->propose(u"Shop - more replicas"_s, planOf({scaleStep(u"api"_s, 5)}));
    QVERIFY(until([&] { return QFile::exists(m_folder->filePath(u"heads.json"_s)); }));
    const QString seq = m_team.value("SELECT seq FROM watchkeeper.audit_head");
    QVERIFY(until(
        [&] { return QString::number(AuditHeads(m_folder->filePath(u"heads.json"_s), u"db"_s).last().seq) == seq; }));
    QVERIFY(!olga->desk.status().record);
}

std::unique_ptr<Seat> TestAuditWatch::seat()
{
    Requests::Options options;
    options.headsFile = m_folder->filePath(u"heads.json"_s);
    options.storeName = u"db"_s;
    auto made = std::make_unique<Seat>(m_team.at("olga"), options);
    if (!made->isCurrent())
        qFatal("the desk never became current");
    return made;
}

/// What somebody with all rights in the database can do: another history, whole in itself.
void TestAuditWatch::rewriteHistory()
{
    VERIFY_OK(m_team.asRoot(R"(
        SET session_replication_role = replica;
        UPDATE watchkeeper.audit SET entry = replace(entry, 'olga', 'otto'), person = replace(person, 'olga', 'otto'),
            detail = replace(detail::text, 'olga', 'otto')::jsonb;
        DO $$ DECLARE a record; h bytea := decode(repeat('00', 32), 'hex'); BEGIN
            FOR a IN SELECT * FROM watchkeeper.audit ORDER BY seq LOOP
                UPDATE watchkeeper.audit SET prev_hash = h, row_hash = sha256(h || convert_to(a.entry, 'UTF8'))
                WHERE seq = a.seq RETURNING row_hash INTO h;
            END LOOP;
            UPDATE watchkeeper.audit_head SET hash = h;
        END $$;)"));
}

void TestAuditWatch::remembersAndIsQuiet()
{
    const auto olga = seat();
    QVERIFY(soon(olga->desk.verifyAudit(0))->ok);
    (void)olga->propose(u"Shop - more replicas"_s, planOf({scaleStep(u"web"_s, 5)}));
    QTest::qWait(100);
    QVERIFY(!olga->desk.status().record);
}

void TestAuditWatch::rewrittenByTheDatabasesOwner()
{
    rewriteHistory();
    const auto olga = seat();
    QVERIFY(soon(olga->desk.verifyAudit(0))->ok); // whole in itself: the database alone would not tell
    QVERIFY(isLoud(*olga));
    QVERIFY2(olga->desk.status().record->sentence.contains(u"rewritten"_s),
             qPrintable(olga->desk.status().record->sentence));
    // It stays loud, also for the next start, until a person accepts it.
    QVERIFY(isLoud(*seat()));
    olga->desk.acceptRecord();
    QVERIFY(!olga->desk.status().record);
    const auto next = seat();
    QTest::qWait(100);
    QVERIFY(!next->desk.status().record);
}

void TestAuditWatch::lostItsEnd()
{
    VERIFY_OK(m_team.asRoot("SET session_replication_role = replica;"
                            "DELETE FROM watchkeeper.audit WHERE seq = (SELECT seq FROM watchkeeper.audit_head);"
                            "UPDATE watchkeeper.audit_head SET (seq, hash) = "
                            "(SELECT seq, row_hash FROM watchkeeper.audit ORDER BY seq DESC LIMIT 1)"));
    const auto olga = seat();
    QVERIFY(isLoud(*olga));
    QVERIFY(olga->desk.status().record->sentence.contains(u"lost its end"_s));
}

void TestAuditWatch::rewrittenWhileConnected()
{
    const auto olga = seat();
    QVERIFY(!olga->desk.status().record);
    rewriteHistory();
    olga->desk.refresh();
    QVERIFY(isLoud(*olga));
}

QTEST_GUILESS_MAIN(TestAuditWatch)
#include "test_audit_watch.moc"
