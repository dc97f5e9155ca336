// SPDX-License-Identifier: GPL-3.0-or-later
//
// The list of unapproved changes over a real PostgreSQL: every cockpit sees what one of them saw, and a change leaves
// the list once it was brought back, accounted for by a closed request, or dismissed with a reason.
#include "../store/StoreTest.h"
#include "changes/actions/Kube.h"
#include "changes/unapproved/UnapprovedBook.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtTest/QSignalSpy>

using namespace wk;
using namespace wk::changes;
using namespace wk::test;
using namespace Qt::StringLiterals;
using store::Store;

namespace {

constexpr int patience = 60'000; ///< ms
const QString platformName = u"streamgate"_s;

QJsonObject recorded(const char* name)
{
    QFile file(QStringLiteral(TEST_DATA "/unapproved/%1.json").arg(QLatin1StringView(name)));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("no recording %s", name);
    return QJsonDocument::fromJson(file.readAll()).object();
}

/// What happened to the deployment between two recordings.
ObjectChange change(const char* before, const char* after, const Circumstances& circumstances = {})
{
    const QJsonObject now = recorded(after);
    return ChangeJudge({}).judge(kube::targetOf(u"production"_s, now, u"deployments"_s), recorded(before), now,
                                 circumstances);
}

ObjectChange scaled() { return change("created", "scaled"); }

QByteArray text(const QJsonObject& object) { return QJsonDocument(object).toJson(QJsonDocument::Compact); }

struct Cockpit
{
    Cockpit(const PostgresServer& server, const QString& person, const QString& database)
        : store(server.address(person, database), quickOptions()), book(store, clock)
    {
    }
    Result<QJsonValue> call(const char* function, const store::Parameters& arguments)
    {
        return wait(store.call(QString::fromLatin1(function), arguments));
    }
    [[nodiscard]] bool shows(int items)
    {
        return QTest::qWaitFor(
            [&] { return book.status().state == DeskStatus::State::Current && book.items().size() == items; },
            patience);
    }
    /// The id of the only item, once it is on record.
    [[nodiscard]] qint64 filed()
    {
        const bool there =
            QTest::qWaitFor([&] { return book.items().size() == 1 && book.items().first().id != 0; }, patience);
        return there ? book.items().first().id : 0;
    }
    SystemClock clock;
    Store store;
    UnapprovedBook book;
};

} // namespace

class TestUnapprovedBook : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { START_OR_SKIP(m_server.start()); }

    void init()
    {
        const auto database = m_server.freshDatabase();
        VERIFY_OK(database);
        m_database = *database;
        for (const auto& [person, role] : {std::pair{u"anna"_s, u"operator"_s}, std::pair{u"ben"_s, u"operator"_s},
                                           std::pair{u"lea"_s, u"tech-lead"_s}, std::pair{u"otto"_s, u"operations"_s},
                                           std::pair{u"vera"_s, u"viewer"_s}})
            VERIFY_OK(m_server.addPerson(m_database, person, {role}));
        VERIFY_OK(m_server.addPerson(m_database, u"nobody"_s, {}));
    }

    void everyCockpitSeesIt()
    {
        Cockpit anna(m_server, u"anna"_s, m_database), vera(m_server, u"vera"_s, m_database);
        QVERIFY(anna.shows(0) && vera.shows(0));
        anna.book.take(platformName, scaled());
        QCOMPARE(anna.book.items().size(), 1); // at once, before it is on record
        QVERIFY(vera.shows(1));
        const qint64 id = anna.filed();
        const UnapprovedItem mine = anna.book.items().first(), theirs = vera.book.items().first();
        QCOMPARE(mine.id, id);
        QCOMPARE(theirs.id, id);
        QCOMPARE(theirs.key(), mine.key());
        QCOMPARE(theirs.sentence, scaled().sentence());
        QCOMPARE(theirs.difference, scaled().difference.text());
        QCOMPARE(theirs.target.words(), mine.target.words());
        QCOMPARE(theirs.observer, u"anna"_s);
        QCOMPARE(theirs.request, 0);
        // Only who saw it knows what was before.
        QVERIFY(mine.seen && !mine.seen->restore.isEmpty());
        QVERIFY(!theirs.seen);
        QCOMPARE(anna.book.open(), 1);
    }

    void whoeverWasFirstHasNotTheLastWord()
    {
        Cockpit anna(m_server, u"anna"_s, m_database), vera(m_server, u"vera"_s, m_database);
        QJsonObject harmless = scaled().record(platformName);
        harmless[u"summary"_s] = u"Nothing much."_s;
        harmless[u"difference"_s] = QString();
        VERIFY_OK(vera.call("record_unapproved_change", {text(harmless)}));
        anna.book.take(platformName, scaled());
        const auto told = [&] {
            const auto items = vera.book.items();
            return items.size() == 1 && items.first().sentence.contains(u"anna sees it otherwise"_s) &&
                   items.first().difference.contains(scaled().difference.text());
        };
        QVERIFY(QTest::qWaitFor(told, patience));
        QVERIFY(vera.book.items().first().sentence.startsWith(u"Nothing much."_s));
    }

    void itIsDismissedWithAReason()
    {
        Cockpit anna(m_server, u"anna"_s, m_database), vera(m_server, u"vera"_s, m_database);
        anna.book.take(platformName, scaled());
        const qint64 id = anna.filed();
        QVERIFY(id > 0);
        const auto unsaid = wait(anna.book.dismiss(id, u"-"_s));
        QVERIFY(!unsaid);
        QCOMPARE(unsaid.error().kind, Error::Kind::BadInput);
        const auto notHers = wait(vera.book.dismiss(id, u"I know that one"_s));
        QVERIFY(!notHers);
        QCOMPARE(notHers.error().kind, Error::Kind::Forbidden);
        QVERIFY(vera.shows(1));
        VERIFY_OK(wait(anna.book.dismiss(id, u"A drill, announced on Monday"_s)));
        QVERIFY(anna.shows(0) && vera.shows(0));
        const auto rows = wait(
            anna.store.query("SELECT detail ->> 'comment' FROM watchkeeper.audit WHERE action = 'unapproved.settle'"));
        VERIFY_OK(rows);
        QCOMPARE(rows->size(), 1);
        QCOMPARE(rows->text(0, 0), u"A drill, announced on Monday"_s);
    }

    void aClosedRequestAccountsForIt()
    {
        Cockpit anna(m_server, u"anna"_s, m_database), lea(m_server, u"lea"_s, m_database),
            otto(m_server, u"otto"_s, m_database);
        anna.book.take(platformName, scaled());
        const qint64 id = anna.filed();
        RequestFields fields = scaled().request(id);
        fields.why = fields.impact = fields.dataRecovery = u"The night shift needed room."_s;
        const auto plan = Plan::make(platformName, fields.title, scaled().repeat);
        QVERIFY(plan);
        const auto made = anna.call("create_request", {text(fields.toJson()), plan->canonical()});
        VERIFY_OK(made);
        const qint64 number = made->toObject().value("number"_L1).toInteger();
        const auto request = [](Cockpit& at) {
            return at.book.items().isEmpty() ? -1 : at.book.items().first().request;
        };
        QTRY_COMPARE_WITH_TIMEOUT(request(anna), number, patience);
        QTRY_COMPARE_WITH_TIMEOUT(request(lea), number, patience);
        QCOMPARE(anna.book.items().first().requestState, RequestState::Draft);
        const QString sha256 = QString::fromLatin1(plan->sha256());
        VERIFY_OK(anna.call("submit_request", {number, 1, sha256}));
        QString state;
        for (Cockpit* approver : {&lea, &otto}) {
            const auto approved = approver->call("approve_request", {number, 1, sha256, u"seen"_s, nullptr});
            if (approved)
                state = approved->toObject().value("state"_L1).toString();
        }
        QCOMPARE(state, u"approved"_s);
        QVERIFY(anna.shows(1)); // approved is not closed
        VERIFY_OK(anna.call("close_request", {number, u"done"_s}));
        QVERIFY(anna.shows(0) && lea.shows(0));
    }

    void aPlanThatBringsItBackSettlesIt()
    {
        Cockpit anna(m_server, u"anna"_s, m_database), ben(m_server, u"ben"_s, m_database);
        anna.book.take(platformName, scaled());
        QVERIFY(anna.filed() > 0);
        // Not the former number: somebody's plan made it something else.
        ObjectChange other = scaled();
        other.verdict = ObjectChange::Verdict::Ours;
        anna.book.take(platformName, other);
        QCOMPARE(anna.book.items().size(), 1);
        const ObjectChange back = change("scaled", "created", {.ourPlanRuns = true, .autoscalerWants = {}});
        QCOMPARE(back.verdict, ObjectChange::Verdict::Ours);
        anna.book.take(platformName, back);
        QCOMPARE(anna.book.items().size(), 0);
        QVERIFY(ben.shows(0));
        const auto rows = wait(anna.store.query("SELECT settled_by, comment FROM watchkeeper.unapproved_change"));
        VERIFY_OK(rows);
        QCOMPARE(rows->text(0, 0), u"anna"_s);
        QCOMPARE(rows->text(0, 1), u"A plan brought back what was there before."_s);
    }

    void controllersAreToldApart()
    {
        Cockpit anna(m_server, u"anna"_s, m_database);
        ObjectChange change = scaled();
        change.verdict = ObjectChange::Verdict::Controller;
        change.controller = u"the autoscaler"_s;
        anna.book.take(platformName, change);
        QVERIFY(anna.shows(1));
        QVERIFY(anna.book.items().first().byController());
        QCOMPARE(anna.book.open(), 0);
        const auto rows = wait(anna.store.query("SELECT count(*) FROM watchkeeper.unapproved_change"));
        VERIFY_OK(rows);
        QCOMPARE(rows->text(0, 0), u"0"_s); // nobody has to account for it
    }

    void whatCannotBeFiledSaysWhy()
    {
        Cockpit nobody(m_server, u"nobody"_s, m_database);
        nobody.book.take(platformName, scaled());
        const auto why = [&] { return nobody.book.items().first().notFiled; };
        QTRY_VERIFY_WITH_TIMEOUT(!why().isEmpty(), patience);
        QVERIFY2(why().contains(u"no role"_s), qPrintable(why()));
    }

    void theStoreGoesAwayAndComesBack()
    {
        Cockpit anna(m_server, u"anna"_s, m_database);
        anna.book.take(platformName, scaled());
        QVERIFY(anna.shows(1) && anna.filed() > 0);
        m_server.stop(PostgresServer::Stop::Immediate);
        QTRY_COMPARE_WITH_TIMEOUT(anna.book.status().state, DeskStatus::State::Stale, patience);
        QVERIFY(anna.book.status().asOf && anna.book.status().error);
        QCOMPARE(anna.book.items().size(), 1); // what was read last
        VERIFY_OK(m_server.startAgain());
        QVERIFY(anna.shows(1));
    }

private:
    PostgresServer m_server;
    QString m_database;
};

QTEST_GUILESS_MAIN(TestUnapprovedBook)
#include "test_unapproved_book.moc"
