// SPDX-License-Identifier: GPL-3.0-or-later
// 20 clients on the same few requests at once, while leases die and connections are cut: afterwards every invariant
// holds, judged from the record alone. A few seconds; 2 minutes with WATCHKEEPER_LIVE_LONG=1. WATCHKEEPER_SEED=… is one
// run again.
#include "AuditChecker.h"
#include "OneTimeCode.h"
#include "RaceClient.h"

#include <QtCore/QElapsedTimer>

#include <thread>

using namespace wk;
using namespace wk::test;
using namespace Qt::StringLiterals;

namespace {

/// What has to have happened for it to have been a race.
const QStringList Needed{u"request.approve"_s, u"request.edit"_s,        u"request.reject"_s, u"request.schedule"_s,
                         u"execution.claim"_s, u"execution.take_over"_s, u"step.begin"_s,     u"step.end"_s,
                         u"step.resolve"_s,    u"execution.finish"_s,    u"glass.break"_s,    u"request.close"_s};

} // namespace

class TestStoreRaces : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { START_OR_SKIP(m_stage.start()); }
    void everyInvariantHolds();
    void theCheckerSeesWhatIsWrong_data();
    void theCheckerSeesWhatIsWrong();

private:
    void prepare(StoreScript& store);
    void run(StoreScript& store, std::vector<std::unique_ptr<RaceClient>>& clients, qint64 ms);
    static AuditChecker check(StoreScript& store);

    Stage m_stage{QStringLiteral(TEST_DATA "/ways.txt")};
    std::map<QString, QByteArray> m_secrets;
};

void TestStoreRaces::prepare(StoreScript& store)
{
    QCOMPARE(
        store.value("SELECT watchkeeper.set_policy('*', '{\"requests_per_day\":100000,\"open_requests\":100000}')"),
        u"2"_s);
    for (const auto& [person, roles] : Stage::people()) {
        const auto made = store.sql(person, "SELECT watchkeeper.enroll_totp()");
        m_secrets[person] = fromBase32(made.rows.json(0, 0)[u"secret_base32"].toString());
        const QString code = oneTimeCode(m_secrets[person], QDateTime::currentSecsSinceEpoch() / 30);
        QCOMPARE(store.sql(person, "SELECT watchkeeper.confirm_totp('" + code.toUtf8() + "')").words, QString());
    }
    store.disconnect();
}

void TestStoreRaces::run(StoreScript& store, std::vector<std::unique_ptr<RaceClient>>& clients, qint64 ms)
{
    std::atomic<bool> stop = false;
    std::vector<std::thread> threads;
    for (auto& client : clients) {
        threads.emplace_back([&stop, &client] {
            while (!stop)
                client->step();
        });
    }
    // Meanwhile leases die, connections are cut, and used codes are forgotten so that glass is broken more than once.
    QElapsedTimer timer;
    timer.start();
    // As long as it takes until everything has happened at least once, on a machine that is busy as well.
    const QByteArray missing = "SELECT count(*) FROM unnest('{" + Needed.join(u',').toUtf8() +
                               "}'::text[]) a WHERE NOT EXISTS (SELECT FROM watchkeeper.audit WHERE action = a)";
    for (int round = 0; !timer.hasExpired(ms) || (store.value(missing) != u"0" && !timer.hasExpired(ms + 120'000));
         ++round) {
        store.sql(u"root"_s, "UPDATE watchkeeper.execution SET lease_until = clock_timestamp() "
                             "WHERE ended_at IS NULL AND random() < 0.02; SELECT pg_sleep(0.05)");
        if (round % 10 == 9)
            store.sql(u"root"_s,
                      "SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity WHERE datname = "
                      "current_database() AND usename <> session_user ORDER BY random() LIMIT 1) x; "
                      "SELECT setval('watchkeeper.' || relname, 0) FROM pg_class "
                      "WHERE relname ~ '^totp_(used|tries)_' AND relkind = 'S'");
    }
    stop = true;
    for (std::thread& thread : threads)
        thread.join();
}

AuditChecker TestStoreRaces::check(StoreScript& store)
{
    AuditChecker checker;
    const Answer rows = store.sql(u"vera"_s, "SELECT entry, prev_hash, row_hash FROM watchkeeper.audit ORDER BY seq");
    for (int i = 0; i < rows.rows.size(); ++i) {
        const auto hash = [&](int column) {
            return QByteArray::fromHex(rows.rows.bytes(i, column).sliced(2).toByteArray()); // \x…
        };
        checker.add(rows.rows.bytes(i, 0).toByteArray(), hash(1), hash(2));
    }
    return checker;
}

void TestStoreRaces::everyInvariantHolds()
{
    const bool isLong = qEnvironmentVariableIntValue("WATCHKEEPER_LIVE_LONG") != 0;
    bool given = false;
    unsigned seed = qEnvironmentVariable("WATCHKEEPER_SEED").toUInt(&given);
    if (!given)
        seed = std::random_device()();
    StoreScript store(m_stage);
    prepare(store);
    const QStringList people{u"anna"_s, u"anna"_s, u"anna"_s, u"otto"_s, u"otto"_s, u"otto"_s, u"tom"_s,
                             u"tom"_s,  u"tom"_s,  u"tina"_s, u"tina"_s, u"tina"_s, u"olga"_s, u"olga"_s,
                             u"olga"_s, u"sara"_s, u"sara"_s, u"vera"_s, u"adam"_s, u"zoe"_s};
    Leases leases;
    std::vector<std::unique_ptr<RaceClient>> clients;
    for (const QString& person : people)
        clients.push_back(std::make_unique<RaceClient>(
            m_stage.server(), store.database(), leases,
            RaceClient::Setup{person, m_secrets[person], seed + unsigned(clients.size())}));
    run(store, clients, isLong ? 120'000 : 4'000);

    std::map<QString, int> answers;
    for (const auto& client : clients) {
        for (const auto& [state, count] : client->answers())
            answers[state] += count;
        QVERIFY2(client->surprises().isEmpty(),
                 qPrintable(u"seed %1: %2"_s.arg(seed).arg(client->surprises().join(u'\n').left(2'000))));
    }
    const AuditChecker checker = check(store);
    QVERIFY2(checker.violations().isEmpty(),
             qPrintable(u"seed %1: %2"_s.arg(seed).arg(
                 checker.violations().first(std::min<qsizetype>(10, checker.violations().size())).join(u'\n'))));
    qInfo() << "seed" << seed << "answers" << answers << "record" << checker.actions();
    // The record says the same as the tables, and the database finds it whole.
    const Answer rows = store.sql(u"vera"_s, "SELECT number, state FROM watchkeeper.request ORDER BY number");
    std::map<qint64, QString> states;
    for (int i = 0; i < rows.rows.size(); ++i)
        states[rows.rows.number(i, 0)] = rows.rows.text(i, 1);
    QVERIFY(states == checker.states());
    QCOMPARE(store.value("SELECT watchkeeper.verify_audit(0) ->> 'ok'"), u"true"_s);
    // It was a race: everything happened, and much was refused.
    for (const QString& action : Needed)
        QVERIFY2(checker.actions().contains(action), qPrintable(action));
    for (const QString& refusal : {u"WK403"_s, u"WK409"_s, u"WK422"_s})
        QVERIFY2(answers[refusal] > 0, qPrintable(refusal));
}

void TestStoreRaces::theCheckerSeesWhatIsWrong_data()
{
    QTest::addColumn<QString>("deed");
    QTest::addColumn<QString>("action");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("finding");
    const auto row = [](const char* name, const QString& deed, const char* action, const char* value,
                        const char* finding) {
        QTest::newRow(name) << deed << QString::fromLatin1(action) << QString::fromLatin1(value)
                            << QString::fromLatin1(finding);
    };
    row("nothing", u"keep"_s, "", "", "");
    row("a text changed under its hash", u"forge"_s, "request.approve", "", "the hash is wrong");
    row("a row taken out of the chain", u"cut"_s, "request.approve", "", "have a gap");
    row("one approval less", u"drop"_s, "request.approve", "", "not approved with enough");
    row("one's own approval", u"person"_s, "request.approve", "anna", "who wrote it approves it");
    row("the same approver twice", u"repeat"_s, "request.approve", "", "approved twice");
    row("another plan approved", u"sha256"_s, "request.approve", "00", "another plan");
    row("another revision approved", u"revision"_s, "request.approve", "2", "another revision");
    row("no submission", u"drop"_s, "request.submit", "", "from draft to submitted");
    row("no claim", u"drop"_s, "execution.claim", "", "it does not run");
    row("claimed twice", u"repeat"_s, "execution.claim", "", "was claimed before");
    row("carried out by an approver", u"person"_s, "execution.claim", "tom", "an approver carries out");
    row("another plan carried out", u"sha256"_s, "execution.claim", "00", "another plan");
    row("a step begun twice", u"repeat"_s, "step.begin", "", "was begun before");
    row("a step that never began", u"drop"_s, "step.begin", "", "the step does not run");
    row("a step that never ended", u"drop"_s, "step.end", "", "has not ended");
    row("a step by somebody else", u"person"_s, "step.end", "otto", "without the lease");
    row("never finished", u"drop"_s, "execution.finish", "", "from running to closed");
    row("finished twice", u"repeat"_s, "execution.finish", "", "it does not run");
    row("an unknown deed", u"action"_s, "request.close", "request.lose", "nobody expects");
}

void TestStoreRaces::theCheckerSeesWhatIsWrong()
{
    QFETCH(QString, deed);
    QFETCH(QString, action);
    QFETCH(QString, value);
    QFETCH(QString, finding);
    StoreScript store(m_stage);
    const QString wrong = store.run({u"after closed"_s});
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
    const Answer rows = store.sql(u"vera"_s, "SELECT entry FROM watchkeeper.audit ORDER BY seq");
    QList<QJsonObject> entries;
    for (int i = 0; i < rows.rows.size(); ++i)
        entries.append(QJsonDocument::fromJson(rows.rows.bytes(i, 0).toByteArray()).object());
    const auto found = std::find_if(entries.begin(), entries.end(),
                                    [&](const QJsonObject& entry) { return entry[u"action"].toString() == action; });
    if (found != entries.end()) {
        QJsonObject detail = (*found)[u"detail"].toObject();
        detail[deed] = deed == u"revision" ? QJsonValue(value.toInt()) : QJsonValue(value);
        if (deed == u"drop" || deed == u"cut")
            entries.erase(found);
        else if (deed == u"repeat")
            entries.insert(found, QJsonObject(*found));
        else if (deed == u"person" || deed == u"action")
            (*found)[deed] = value;
        else if (deed == u"sha256" || deed == u"revision")
            (*found)[u"detail"] = detail;
    }
    // Whoever forges the record makes its hashes anew as well; but not for "forge" and "cut".
    AuditChecker checker;
    QByteArray hash(32, 0);
    for (int i = 0; i < entries.size(); ++i) {
        if (deed != u"cut")
            entries[i][u"seq"] = i + 1;
        const QByteArray entry = QJsonDocument(entries[i]).toJson(QJsonDocument::Compact);
        const QByteArray next = QCryptographicHash::hash(hash + entry, QCryptographicHash::Sha256);
        const bool forged = deed == u"forge" && entries[i][u"action"].toString() == action;
        checker.add(forged ? entry + ' ' : entry, hash, next);
        hash = next;
    }
    const QStringList hits = checker.violations().filter(finding);
    QCOMPARE(checker.violations().isEmpty(), finding.isEmpty());
    QVERIFY2(finding.isEmpty() || !hits.isEmpty(), qPrintable(checker.violations().join(u'\n')));
}

QTEST_GUILESS_MAIN(TestStoreRaces)
#include "test_store_races.moc"
