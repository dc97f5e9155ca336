// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/desk/AuditHeads.h"
#include "changes/desk/DeskReader.h"
#include "changes/desk/RequestReader.h"
#include "changes/desk/WaitingForMe.h"
#include "changes/plan/RollbackPlan.h"

#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using namespace wk;
using namespace wk::changes;
using namespace Qt::StringLiterals;

namespace {

const QString hashText = QString(64, u'a');

QJsonObject whoami()
{
    return {{u"person"_s, u"tina"_s},
            {u"admin"_s, false},
            {u"roles"_s, QJsonArray{QJsonObject{{u"role"_s, u"tech-lead"_s}, {u"platform"_s, u"*"_s}}}},
            {u"totp"_s, u"confirmed"_s},
            {u"totp_locked_until"_s, QJsonValue::Null},
            {u"policy"_s, u"team"_s},
            {u"schema_version"_s, 15},
            {u"open_reviews"_s, 0},
            {u"audit_head"_s, QJsonObject{{u"seq"_s, 7}, {u"hash"_s, hashText}}}};
}

QJsonObject claim()
{
    return {{u"execution"_s, 3},
            {u"number"_s, 12},
            {u"revision"_s, 1},
            {u"token"_s, u"secret"_s},
            {u"plan"_s, u"{}"_s},
            {u"steps"_s, QJsonArray{QJsonObject{{u"step"_s, -2},
                                                {u"state"_s, u"unknown"_s},
                                                {u"attempt"_s, 1},
                                                {u"person"_s, u"olga"_s},
                                                {u"before"_s, QJsonValue::Null},
                                                {u"result"_s, QJsonValue::Null},
                                                {u"started_at"_s, u"2026-11-21T15:37:00.123456+02:00"_s},
                                                {u"ended_at"_s, QJsonValue::Null}}}}};
}

QJsonObject with(QJsonObject object, const QString& name, const QJsonValue& value)
{
    object.insert(name, value);
    return object;
}

Person personOf(const QString& name, const QStringList& roles)
{
    Person person;
    person.name = name;
    for (const QString& role : roles)
        person.roles << Person::Role{role, u"*"_s};
    return person;
}

} // namespace

/// What the store says becomes values, or an error that names what is wrong; nothing in between.
class TestDeskReaders : public QObject
{
    Q_OBJECT

private slots:
    void readsWhatIsProper();
    void refusesWhatIsNot_data();
    void refusesWhatIsNot();
    void fieldsThereAndBack();
    void fieldsOfOthers();
    void headIsRemembered();
    void headIsCompared_data();
    void headIsCompared();
    void damagedFileIsKept();
    void slotsAreMatched();
};

void TestDeskReaders::readsWhatIsProper()
{
    const auto me = readPerson(whoami());
    QVERIFY(me && me->name == u"tina"_s && me->totp == Person::Totp::Confirmed && me->head.seq == 7);
    QVERIFY(me->writes(u"shop"_s) && !me->hasAny(u"shop"_s, {u"operations"_s}));
    const auto claimed = readClaim(claim());
    QVERIFY(claimed && claimed->steps.size() == 1 && claimed->steps.first().state == StepState::Unknown);
    QCOMPARE(claimed->steps.first().startedAt->toString(Qt::ISODateWithMs), u"2026-11-21T13:37:00.123Z"_s);
}

void TestDeskReaders::refusesWhatIsNot_data()
{
    QTest::addColumn<QJsonObject>("answer");
    QTest::addColumn<QString>("named");
    QTest::newRow("nothing") << QJsonObject() << u"person"_s;
    QTest::newRow("wrong type") << with(whoami(), u"admin"_s, u"yes"_s) << u"admin"_s;
    QTest::newRow("unknown word") << with(whoami(), u"totp"_s, u"perhaps"_s) << u"totp"_s;
    QTest::newRow("fraction") << with(whoami(), u"schema_version"_s, 1.5) << u"schema_version"_s;
    QTest::newRow("too large") << with(whoami(), u"schema_version"_s, 1e300) << u"schema_version"_s;
    QTest::newRow("negative") << with(whoami(), u"open_reviews"_s, -1) << u"open_reviews"_s;
    QTest::newRow("list of no objects") << with(whoami(), u"roles"_s, QJsonArray{1}) << u"roles"_s;
    QTest::newRow("role without a name") << with(whoami(), u"roles"_s, QJsonArray{QJsonObject()}) << u"role"_s;
    QTest::newRow("no time") << with(whoami(), u"totp_locked_until"_s, u"soon"_s) << u"totp_locked_until"_s;
    QTest::newRow("no hash") << with(whoami(), u"audit_head"_s, QJsonObject{{u"seq"_s, 7}, {u"hash"_s, u"a"_s}})
                             << u"audit_head"_s;
}

void TestDeskReaders::refusesWhatIsNot()
{
    QFETCH(QJsonObject, answer);
    QFETCH(QString, named);
    const auto me = readPerson(answer);
    QVERIFY(!me);
    QCOMPARE(me.error().kind, Error::Kind::Protocol);
    QVERIFY2(me.error().sentence.contains(u'“' + named + u'”'), qPrintable(me.error().sentence));
    QVERIFY(!me.error().remedy.isEmpty());
}

void TestDeskReaders::fieldsThereAndBack()
{
    RequestFields fields;
    fields.title = u"Shop - more"_s;
    fields.type = u"configuration"_s;
    fields.risk = Risk::High;
    fields.what = u"a"_s;
    fields.why = u"b"_s;
    fields.impact = u"c"_s;
    fields.testsPassed = RequestFields::knownTests();
    fields.tests = u"On staging, too."_s;
    fields.rollbackPlan = u"d"_s;
    fields.rollbackMinutes = 0;
    fields.dataRecovery = u"None."_s;
    fields.notBefore = QDateTime::fromMSecsSinceEpoch(1'800'000'000'123, Qt::UTC);
    fields.notAfter = fields.notBefore->addSecs(60);
    fields.incident = u"INC-1"_s;
    fields.templateName = u"scale"_s;
    fields.templateParameters = {{u"replicas"_s, 5}};
    fields.afterTheFact = true;
    fields.unapproved = 4;
    const auto back = RequestFields::fromJson(fields.toJson());
    QVERIFY(back);
    QCOMPARE(*back, fields);
    RequestFields least;
    least.title = u"x"_s;
    QCOMPARE(*RequestFields::fromJson({{u"title"_s, u"x"_s}, {u"type"_s, u"deployment"_s}}), least);
}

void TestDeskReaders::fieldsOfOthers()
{
    const QJsonObject plain{{u"title"_s, u"x"_s}, {u"type"_s, u"deployment"_s}, {u"tests"_s, u"All green."_s}};
    QCOMPARE(RequestFields::fromJson(plain)->tests, u"All green."_s);
    QVERIFY(!RequestFields::fromJson(with(plain, u"tests"_s, 7)));
    QVERIFY(!RequestFields::fromJson(with(plain, u"what"_s, 7)));
    QVERIFY(!RequestFields::fromJson({}));
}

void TestDeskReaders::headIsRemembered()
{
    const QTemporaryDir folder;
    const QString file = folder.filePath(u"deep/heads.json"_s);
    AuditHeads first(file, u"db1/wk"_s), second(file, u"db2/wk"_s);
    QCOMPARE(first.last().seq, -1);
    first.remember({5, hashText.toLatin1()});
    second.remember({9, QByteArray(64, 'b')});
    QVERIFY(!first.error() && !second.error());
    QCOMPARE(AuditHeads(file, u"db1/wk"_s).last(), (AuditHead{5, hashText.toLatin1()}));
    QCOMPARE(AuditHeads(file, u"db2/wk"_s).last().seq, 9);
    QCOMPARE(AuditHeads(file, u"db3/wk"_s).last().seq, -1);
}

void TestDeskReaders::headIsCompared_data()
{
    QTest::addColumn<qint64>("now");
    QTest::addColumn<QByteArray>("there");
    QTest::addColumn<qint64>("anchor");
    QTest::addColumn<QString>("said");
    const QByteArray ours = hashText.toLatin1(), other(64, 'b');
    QTest::newRow("the same") << qint64(5) << ours << qint64(-1) << QString();
    QTest::newRow("grown") << qint64(500) << ours << qint64(-1) << QString();
    QTest::newRow("rewritten") << qint64(500) << other << qint64(-1) << u"rewritten"_s;
    QTest::newRow("shrunk") << qint64(4) << QByteArray() << qint64(-1) << u"lost its end"_s;
    QTest::newRow("gone") << qint64(500) << QByteArray() << qint64(-1) << u"rewritten"_s;
    QTest::newRow("removed for its age") << qint64(500) << QByteArray() << qint64(100) << QString();
    QTest::newRow("an anchor before it") << qint64(500) << QByteArray() << qint64(4) << u"rewritten"_s;
}

void TestDeskReaders::headIsCompared()
{
    QFETCH(qint64, now);
    QFETCH(QByteArray, there);
    QFETCH(qint64, anchor);
    QFETCH(QString, said);
    AuditHeads heads({}, u"x"_s);
    QVERIFY(!heads.judge({0, {}}, {}, {})); // never seen: nothing to compare
    heads.remember({5, hashText.toLatin1()});
    const auto wrong = heads.judge({now, {}}, there, {anchor, QByteArray(64, 'c')});
    QCOMPARE(wrong.has_value(), !said.isEmpty());
    QVERIFY(!wrong || (wrong->sentence.contains(said) && !wrong->remedy.isEmpty()));
}

void TestDeskReaders::damagedFileIsKept()
{
    const QTemporaryDir folder;
    QFile file(folder.filePath(u"heads.json"_s));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("{\"db1/wk\":") > 0);
    file.close();
    AuditHeads heads(file.fileName(), u"db1/wk"_s);
    QVERIFY(heads.error());
    heads.remember({5, hashText.toLatin1()});
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), "{\"db1/wk\":");
}

void TestDeskReaders::slotsAreMatched()
{
    RoleBook book;
    book.people = {{u"tess"_s, {{u"tech-lead"_s, u"*"_s}, {u"operations"_s, u"*"_s}}},
                   {u"oscar"_s, {{u"operations"_s, u"*"_s}}}};
    const auto slot = [](const QString& role, const QString& person) { return ApprovalSlot{{role}, person}; };
    const Person tina = personOf(u"tina"_s, {u"tech-lead"_s}), sam = personOf(u"sam"_s, {u"security"_s});
    const QList<ApprovalSlot> tessLeads{slot(u"tech-lead"_s, u"tess"_s), slot(u"operations"_s, {})};
    QVERIFY(fillsMore(tessLeads, u"shop"_s, tina, book)); // tess moves to operations
    QVERIFY(!fillsMore(tessLeads, u"shop"_s, sam, book));
    const QList<ApprovalSlot> full{slot(u"tech-lead"_s, u"tess"_s), slot(u"operations"_s, u"oscar"_s)};
    QVERIFY(!fillsMore(full, u"shop"_s, tina, book));
    Person elsewhere;
    elsewhere.name = u"tom"_s;
    elsewhere.roles = {{u"tech-lead"_s, u"other"_s}};
    QVERIFY(!fillsMore({slot(u"tech-lead"_s, {})}, u"shop"_s, elsewhere, book));
    QVERIFY(!fillsMore({}, u"shop"_s, tina, book));
}

QTEST_GUILESS_MAIN(TestDeskReaders)
#include "test_desk_readers.moc"
