// SPDX-License-Identifier: GPL-3.0-or-later
// Every rule of the schema, and every way from one state to another, legal or not, as lines that people type.
#include "OneTimeCode.h"
#include "ScriptFile.h"
#include "StoreScript.h"

using namespace wk;
using namespace wk::test;
using namespace Qt::StringLiterals;

namespace {

/// What is tried in each state, by whom, and in which states it may succeed.
struct Deed
{
    QString line;
    QStringList legal;
    QString refusal;
};

/// A window that is there once, its ends in hours from now.
QString once(const char* kind, const char* from, const char* to, const char* where = "")
{
    const auto at = [](const char* shift) {
        return QDateTime::currentDateTimeUtc().addSecs(QByteArray(shift).toInt() * 3600).toString(Qt::ISODate);
    };
    return u"{\"kind\":\"%1\",\"name\":\"w\",\"starts_at\":\"%2\",\"ends_at\":\"%3\"%4}"_s.arg(
        QLatin1StringView(kind), at(from), at(to), QLatin1StringView(where));
}

/// A script that has to go through, and a record that has to be whole after it.
#define RUN(store, lines)                                                                                              \
    do {                                                                                                               \
        const QString wrong = (store).run(lines);                                                                      \
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong));                                                                  \
        QCOMPARE((store).value("SELECT watchkeeper.verify_audit(0) ->> 'ok'"), u"true"_s);                             \
    } while (false)

} // namespace

class TestStoreRules : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { START_OR_SKIP(m_stage.start()); }
    void deeds_data();
    void deeds() { runLines(); }
    void transitions_data();
    void transitions();
    void rules_data();
    void rules() { runLines(); }
    void windows_data();
    void windows();
    void plans_data();
    void plans();
    void codesAreThoseOfTheStandard();
    void daylightSaving_data();
    void daylightSaving();
    void soloKeepsTheSameRecord();

private:
    void runLines()
    {
        QFETCH(QStringList, lines);
        StoreScript store(m_stage);
        RUN(store, lines);
    }

    const QStringList m_states{u"draft"_s,       u"submitted"_s, u"approved"_s, u"scheduled"_s,
                               u"rejected"_s,    u"cancelled"_s, u"running"_s,  u"verified"_s,
                               u"rolled_back"_s, u"failed"_s,    u"closed"_s};
    Stage m_stage{QStringLiteral(TEST_DATA "/ways.txt")};
    std::unique_ptr<StoreScript> m_plans;
};

void TestStoreRules::deeds_data()
{
    QTest::addColumn<QStringList>("lines");
    const QStringList open{u"draft"_s, u"submitted"_s, u"approved"_s, u"scheduled"_s, u"rejected"_s};
    const std::vector<Deed> deeds{
        {u"anna: submit"_s, {u"draft"_s}, u"WK422"_s},
        {u"otto: edit api"_s, open, u"WK422"_s},
        {u"anna: cancel"_s, open, u"WK422"_s},
        {u"tina: approve"_s, {u"submitted"_s}, u"WK422"_s},
        {u"tina: reject"_s, {u"submitted"_s, u"approved"_s, u"scheduled"_s}, u"WK422"_s},
        {u"anna: schedule now(), now() + interval '2 hours'"_s, {u"approved"_s, u"scheduled"_s}, u"WK422"_s},
        {u"otto: claim"_s, {u"approved"_s, u"scheduled"_s}, u"WK422"_s},
        {u"otto: close"_s, {u"verified"_s, u"failed"_s, u"rolled_back"_s}, u"WK422"_s},
        {u"olga: review accepted"_s, {}, u"WK422"_s},
    };
    for (const QString& state : m_states) {
        QStringList illegal{u"after "_s + state};
        for (const Deed& deed : deeds) {
            if (deed.legal.contains(state)) {
                QTest::addRow("%s, %s", qPrintable(state), qPrintable(deed.line.section(u' ', 1, 1)))
                    << QStringList{u"after "_s + state, u"state "_s + state, deed.line};
            } else {
                // A claim on what runs names who holds the lease.
                const bool held = state == u"running" && deed.line.endsWith(u"claim");
                illegal << deed.line + u" => "_s + (held ? u"WK423"_s : deed.refusal) << u"state "_s + state;
            }
        }
        QTest::addRow("%s, all else", qPrintable(state)) << illegal;
    }
}

void TestStoreRules::transitions_data()
{
    QTest::addColumn<QString>("state");
    QTest::addColumn<QStringList>("legal");
    const auto row = [](const char* state, const QString& legal) {
        QTest::newRow(state) << QString::fromLatin1(state) << legal.split(u' ', Qt::SkipEmptyParts);
    };
    row("draft", u"submitted approved cancelled"_s); // approved: by glass
    row("submitted", u"approved rejected cancelled draft"_s);
    row("approved", u"scheduled running rejected cancelled draft closed"_s); // closed: what was done before
    row("scheduled", u"running rejected cancelled draft"_s);
    row("rejected", u"cancelled draft"_s);
    row("running", u"verified failed rolled_back"_s);
    row("verified", u"closed"_s);
    row("failed", u"closed"_s);
    row("rolled_back", u"closed"_s);
    row("cancelled", {});
    row("closed", {});
}

void TestStoreRules::transitions()
{
    // The table guards itself: also who may write it gets past no illegal way.
    QFETCH(QString, state);
    QFETCH(QStringList, legal);
    StoreScript store(m_stage);
    RUN(store, {u"after "_s + state});
    for (const QString& next : m_states) {
        const QByteArray to = "BEGIN; UPDATE watchkeeper.request SET slots = '[]', state = '" + next.toUtf8() + '\'';
        const QString answer = store.sql(u"root"_s, to).state;
        QCOMPARE(answer, next == state || legal.contains(next) ? QString() : u"WK422"_s);
        QCOMPARE(store.sql(u"root"_s, "ROLLBACK").state, QString());
    }
}

void TestStoreRules::rules_data()
{
    QTest::addColumn<QStringList>("lines");
    for (const ScriptBlock& block : readScripts(QStringLiteral(TEST_DATA "/rules")))
        QTest::newRow(qPrintable(block.name)) << block.lines;
}

void TestStoreRules::windows_data()
{
    QTest::addColumn<QString>("window");
    QTest::addColumn<QString>("refusal"); // at submission and at execution
    QTest::newRow("no window") << QString() << QString();
    QTest::newRow("freeze") << once("freeze", "-1", "1000") << u"WK423"_s;
    QTest::newRow("freeze of the cluster") << once("freeze", "-1", "1000", ",\"cluster\":\"production\"") << u"WK423"_s;
    QTest::newRow("freeze of another cluster") << once("freeze", "-1", "1000", ",\"cluster\":\"staging\"") << QString();
    QTest::newRow("freeze of another namespace") << once("freeze", "-1", "1000", ",\"namespace\":\"web\"") << QString();
    QTest::newRow("freeze of another platform") << once("freeze", "-1", "1000", ",\"platform\":\"other\"") << QString();
    QTest::newRow("freeze that is over") << once("freeze", "-2", "-1") << QString();
    QTest::newRow("freeze that comes") << once("freeze", "1", "2") << QString();
    QTest::newRow("inside maintenance") << once("maintenance", "-1", "1") << QString();
    QTest::newRow("maintenance never") << once("maintenance", "-2", "-1") << u"WK423"_s;
    QTest::newRow("maintenance of others") << once("maintenance", "-2", "-1", ",\"cluster\":\"staging\"") << QString();
    QTest::newRow("every day, all day") << u"{\"kind\":\"maintenance\",\"name\":\"w\",\"zone\":\"Asia/Tokyo\","
                                           "\"days\":[1,2,3,4,5,6,7],\"from\":\"00:00\",\"to\":\"00:00\"}"_s
                                        << QString();
}

void TestStoreRules::windows()
{
    QFETCH(QString, window);
    QFETCH(QString, refusal);
    const QString set =
        window.isEmpty() ? u"check 1 SELECT 1"_s : u"adam: sql SELECT watchkeeper.set_window('"_s + window + u"')"_s;
    const QString expected = refusal.isEmpty() ? QString() : u" => "_s + refusal;
    const QString until = QDateTime::currentDateTimeUtc().addSecs(7200).toString(Qt::ISODate);
    const QString maintenance =
        u"adam: sql SELECT watchkeeper.set_window('"_s + once("maintenance", "-1", "1") + u"')"_s;
    // The window is there at submission; or it comes after the approval and is met at execution; a freeze wins over
    // maintenance.
    for (const QStringList& lines :
         {QStringList{u"anna: create api {\"not_after\":\"%1\"}"_s.arg(until), set, u"anna: submit"_s + expected},
          QStringList{u"after approved"_s, set, u"anna: claim"_s + expected},
          QStringList{u"after approved"_s, set, maintenance,
                      u"anna: claim"_s + (window.contains(u"freeze") ? expected : QString())}}) {
        StoreScript store(m_stage);
        RUN(store, lines);
    }
}

void TestStoreRules::daylightSaving_data()
{
    QTest::addColumn<QString>("days");
    QTest::addColumn<QString>("hours");
    QTest::addColumn<QString>("day");
    QTest::addColumn<QString>("starts");
    QTest::addColumn<QString>("ends");
    const auto row = [](const char* name, const char* days, const char* hours, const char* day, const char* from,
                        const char* to) {
        QTest::newRow(name) << QString::fromLatin1(days) << QString::fromLatin1(hours) << QString::fromLatin1(day)
                            << QString::fromLatin1(from) << QString::fromLatin1(to);
    };
    // Berlin: the clocks went forward at 2026-03-29 01:00 UTC and back at 2026-10-25 01:00 UTC.
    row("winter", "{7}", "'22:00','04:00'", "2026-01-04", "2026-01-04 21:00:00", "2026-01-05 03:00:00");
    row("summer", "{7}", "'22:00','04:00'", "2026-07-05", "2026-07-05 20:00:00", "2026-07-06 02:00:00");
    row("across spring", "{6}", "'22:00','04:00'", "2026-03-28", "2026-03-28 21:00:00", "2026-03-29 02:00:00");
    row("across autumn", "{6}", "'22:00','04:00'", "2026-10-24", "2026-10-24 20:00:00", "2026-10-25 03:00:00");
    row("begins in the hour that is skipped", "{7}", "'02:30','05:00'", "2026-03-29", "2026-03-29 01:30:00",
        "2026-03-29 03:00:00");
    row("ends in the hour that is twice", "{7}", "'01:00','02:30'", "2026-10-25", "2026-10-24 23:00:00",
        "2026-10-25 01:30:00");
}

void TestStoreRules::daylightSaving()
{
    QFETCH(QString, days);
    QFETCH(QString, hours);
    QFETCH(QString, day);
    QFETCH(QString, starts);
    QFETCH(QString, ends);
    StoreScript store(m_stage);
    const QString found = store.value(u"INSERT INTO watchkeeper.time_window (kind, name, zone, days, from_time, "
                                      u"to_time, set_by) SELECT 'freeze', 'f', "
                                      "'Europe/Berlin', '%1', a.f, a.t, 'adam' FROM (VALUES (time %2)) a (f, t);"
                                      "SET timezone = 'UTC'; SELECT string_agg(starts::timestamp || ' ' || "
                                      "ends::timestamp, ',') FROM watchkeeper.time_window w, "
                                      "watchkeeper._occurrences(w, ('%3'::timestamp + interval '12 hours') AT TIME "
                                      "ZONE 'Europe/Berlin' - interval '13 hours', "
                                      "('%3'::timestamp + interval '26 hours') AT TIME ZONE 'Europe/Berlin')"_s
                                          .arg(days, QString(hours).replace(u","_s, u", time "_s), day)
                                          .toUtf8());
    QCOMPARE(found, starts + u' ' + ends);
}

void TestStoreRules::plans_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    const auto row = [](const char* name, const QByteArray& from, const QByteArray& to) {
        QTest::newRow(name) << from << to;
    };
    row("space", ":3", ": 3");
    row("key twice", "\"replicas\":3", "\"replicas\":1,\"replicas\":3");
    row("keys in another order", "\"format\":\"watchkeeper/plan/v1\",\"platform\":\"streamgate\"",
        "\"platform\":\"streamgate\",\"format\":\"watchkeeper/plan/v1\"");
    row("fraction", ":3", ":3.5");
    row("fraction of nothing", ":3", ":3.0");
    row("exponent", ":3", ":3e0");
    row("short and endless", ":3", ":1e100000");
    row("beyond 2^53", ":3", ":9007199254740993");
    row("minus nothing", ":3", ":-0");
    row("letter written as a number", "\"name\":\"api\"", "\"name\":\"\\u0061pi\"");
    row("surrogate alone", "\"name\":\"api\"", "\"name\":\"\\ud800\"");
    row("nothing in a text", "\"name\":\"api\"", "\"name\":\"\\u0000\"");
    row("direction turned", "\"name\":\"api\"", "\"name\":\"\xe2\x80\xaeipa\"");
    row("unknown action", "\"scale\"", "\"format\"");
    row("unknown key", "\"format\"", "\"and\":1,\"format\"");
    row("unknown key of a step", "\"action\"", "\"Action\":1,\"action\"");
    row("action and check", "\"action\":\"scale\"", "\"action\":\"scale\",\"check\":\"confirm\"");
    row("stop written out", "\"action\":\"scale\"", "\"action\":\"scale\",\"onFailure\":\"stop\"");
    row("other format", "plan/v1", "plan/v2");
    row("no name", "\"name\":\"api\",", "");
    row("no cluster", "\"cluster\":\"production\"", "\"cluster\":\"\"");
    row("every platform", "\"streamgate\"", "\"*\"");
    row("no object", "{\"format", "[\"format");
    row("no end", "}]", "}");
    row("too deep", ":3", ':' + QByteArray(40, '[') + QByteArray(40, ']'));
    row("far too deep", ":3", ':' + QByteArray(100'000, '[') + QByteArray(100'000, ']'));
    row("too large", "\"api\"", '"' + QByteArray(1 << 20, 'x') + '"');
}

void TestStoreRules::plans()
{
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    if (!m_plans)
        m_plans = std::make_unique<StoreScript>(m_stage);
    StoreScript& store = *m_plans;
    QByteArray plan = StoreScript::plan(u"api"_s);
    store.set(u"fields"_s, QString::fromUtf8(StoreScript::fields()));
    store.set(u"plan"_s, QString::fromUtf8(plan));
    const auto file = [&] {
        return store.sql(u"anna"_s, store.filled({}, u"SELECT watchkeeper.create_request('{fields}', '{plan}')"_s));
    };
    QCOMPARE(file().state, QString());
    QVERIFY(plan.contains(from));
    store.set(u"plan"_s, QString::fromUtf8(plan.replace(plan.indexOf(from), from.size(), to)));
    const Answer answer = file();
    QVERIFY2(answer.state == u"WK400", qPrintable(answer.state + u' ' + answer.words));
}

void TestStoreRules::codesAreThoseOfTheStandard()
{
    // RFC 6238, appendix B; the last six of the eight digits.
    StoreScript store(m_stage);
    const std::pair<qint64, QString> vectors[]{{59, u"287082"_s},         {1111111109, u"081804"_s},
                                               {1111111111, u"050471"_s}, {1234567890, u"005924"_s},
                                               {2000000000, u"279037"_s}, {20000000000, u"353130"_s}};
    for (const auto& [second, code] : vectors) {
        QCOMPARE(
            store.value("SELECT watchkeeper._totp('12345678901234567890', " + QByteArray::number(second / 30) + ')'),
            code);
        QCOMPARE(oneTimeCode("12345678901234567890", second / 30), code);
    }
    // RFC 4648: "foobar" and 20 bytes.
    QCOMPARE(store.value("SELECT watchkeeper._base32('12345678901234567890')"), u"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"_s);
}

void TestStoreRules::soloKeepsTheSameRecord()
{
    StoreScript store(m_stage);
    QCOMPARE(store.sql(u"root"_s, "SELECT watchkeeper.set_store_mode('solo')").state, u"WK409"_s);
    RUN(store,
        (QStringList{u"root: sql DELETE FROM watchkeeper.person_role; SELECT watchkeeper.set_store_mode('solo')"_s,
                     u"zoe: create api:applyObject"_s, u"zoe: submit"_s, u"state approved"_s, u"zoe: claim"_s,
                     u"zoe: begin 1"_s, u"zoe: end 1 done"_s, u"zoe: finish verified"_s, u"zoe: close"_s,
                     u"zoe: act_now api"_s, u"state running"_s,
                     u"check 0 SELECT count(*) FROM watchkeeper.audit WHERE number IS NOT NULL AND "
                     "entry::jsonb ->> 'policy' <> 'solo'"_s}));
    QCOMPARE(store.sql(u"zoe"_s, "SELECT watchkeeper.whoami() ->> 'policy'").rows.text(0, 0), u"solo"_s);
}

QTEST_GUILESS_MAIN(TestStoreRules)
#include "test_store_rules.moc"
