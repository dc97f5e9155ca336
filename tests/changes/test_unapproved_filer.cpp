// SPDX-License-Identifier: GPL-3.0-or-later
//
// Two cockpits see the same change: the store keeps one record, and an after-the-fact request settles it. And a
// template of ours, kept and approved in the store, lets its changes pass without another approval inside its bounds
// only. Both on a real PostgreSQL.
#include "../store/StoreTest.h"
#include "changes/actions/Kube.h"
#include "changes/templates/PlanTemplateLoader.h"
#include "changes/unapproved/UnapprovedFiler.h"
#include "platform/PlatformLoader.h"

#include <QtCore/QJsonDocument>
#include <QtTest/QSignalSpy>

using namespace wk;
using namespace wk::changes;
using namespace wk::test;
using namespace Qt::StringLiterals;
using store::Store;

namespace {

QJsonObject recorded(const char* name)
{
    QFile file(QStringLiteral(TEST_DATA "/unapproved/%1.json").arg(QLatin1StringView(name)));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("no recording %s", name);
    return QJsonDocument::fromJson(file.readAll()).object();
}

ObjectChange scaled(const QString& version)
{
    QJsonObject now = recorded("scaled");
    QJsonObject metadata = now.value("metadata"_L1).toObject();
    metadata.insert(u"resourceVersion"_s, version);
    now.insert(u"metadata"_s, metadata);
    return ChangeJudge({}).judge(kube::targetOf(u"production"_s, now, u"deployments"_s), recorded("created"), now);
}

QByteArray text(const QJsonObject& object) { return QJsonDocument(object).toJson(QJsonDocument::Compact); }

struct Cockpit
{
    Cockpit(const PostgresServer& server, const QString& person, const QString& database)
        : store(server.address(person, database), quickOptions()), filer(store, clock, u"streamgate"_s),
          filed(&filer, &UnapprovedFiler::filed), refused(&filer, &UnapprovedFiler::refused)
    {
    }
    Result<QJsonValue> call(const char* function, const store::Parameters& arguments)
    {
        return wait(store.call(QString::fromLatin1(function), arguments));
    }
    SystemClock clock;
    Store store;
    UnapprovedFiler filer;
    QSignalSpy filed, refused;
};

} // namespace

class TestUnapprovedFiler : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { START_OR_SKIP(m_server.start()); }

    void init()
    {
        const auto database = m_server.freshDatabase();
        VERIFY_OK(database);
        m_database = *database;
        VERIFY_OK(m_server.addPerson(m_database, u"anna"_s, {u"operator"_s}));
        VERIFY_OK(m_server.addPerson(m_database, u"ben"_s, {u"operator"_s}));
        VERIFY_OK(m_server.addPerson(m_database, u"lea"_s, {u"tech-lead"_s}));
        VERIFY_OK(m_server.addPerson(m_database, u"otto"_s, {u"operations"_s}));
        VERIFY_OK(m_server.addPerson(m_database, u"nobody"_s, {}));
    }

    void oneRecordForAllThatSawIt()
    {
        Cockpit anna(m_server, u"anna"_s, m_database), ben(m_server, u"ben"_s, m_database);
        QVERIFY(reaches(ben.store, Store::State::Ready));
        QSignalSpy notices(&ben.store, &Store::notified);
        anna.filer.file(scaled(u"530"_s));
        anna.filer.file(scaled(u"531"_s));
        QTRY_COMPARE_WITH_TIMEOUT(anna.filed.size(), 2, 60'000);
        ben.filer.file(scaled(u"530"_s));
        QTRY_COMPARE_WITH_TIMEOUT(ben.filed.size(), 1, 60'000);
        QVERIFY(anna.filed[0][2].toBool() && anna.filed[1][2].toBool());
        QVERIFY(!ben.filed[0][2].toBool());
        QCOMPARE(ben.filed[0][1].toLongLong(), anna.filed[0][1].toLongLong());
        QVERIFY(anna.filed[1][1].toLongLong() != anna.filed[0][1].toLongLong());
        QTRY_VERIFY_WITH_TIMEOUT(!notices.isEmpty(), 60'000);
        QCOMPARE(notices[0][0].toJsonObject().value("what"_L1).toString(), u"notice"_s);
    }

    void whoHasNoRoleIsRefused()
    {
        Cockpit nobody(m_server, u"nobody"_s, m_database);
        nobody.filer.file(scaled(u"530"_s));
        QTRY_COMPARE_WITH_TIMEOUT(nobody.refused.size(), 1, 60'000);
        QCOMPARE(nobody.refused[0][1].value<Error>().kind, Error::Kind::Forbidden);
        QCOMPARE(nobody.filer.waiting(), 0);
    }

    void whatWasFoundWithoutAStoreIsFiledLater()
    {
        Cockpit anna(m_server, u"anna"_s, m_database);
        QVERIFY(reaches(anna.store, Store::State::Ready));
        m_server.stop(PostgresServer::Stop::Immediate);
        QTRY_VERIFY_WITH_TIMEOUT(anna.store.state() != Store::State::Ready, 60'000);
        anna.filer.file(scaled(u"530"_s));
        anna.filer.file(scaled(u"531"_s));
        VERIFY_OK(m_server.startAgain());
        QTRY_COMPARE_WITH_TIMEOUT(anna.filed.size(), 2, 120'000);
        QVERIFY(anna.refused.isEmpty());
    }

    void anAfterTheFactRequestTakesItUp()
    {
        Cockpit anna(m_server, u"anna"_s, m_database);
        const ObjectChange change = scaled(u"530"_s);
        anna.filer.file(change);
        QTRY_COMPARE_WITH_TIMEOUT(anna.filed.size(), 1, 60'000);
        const qint64 id = anna.filed[0][1].toLongLong();
        RequestFields fields = change.request(id);
        fields.why = fields.impact = fields.dataRecovery = u"The night shift needed room."_s;
        const auto plan = Plan::make(u"streamgate"_s, fields.title, change.repeat);
        QVERIFY(plan);
        const auto made = anna.call("create_request", {text(fields.toJson()), plan->canonical()});
        VERIFY_OK(made);
        VERIFY_OK(anna.call("submit_request",
                            {made->toObject().value("number"_L1).toInteger(), 1, QString::fromLatin1(plan->sha256())}));
        // It is settled by that: nobody can say it away any more.
        const auto settled = anna.call("settle_unapproved_change", {id, u"was me"_s});
        QVERIFY(!settled);
        QCOMPARE(settled.error().kind, Error::Kind::NotFound);
    }

    // The whole way of a standard change: the body that storeBody() writes is taken by the database, which makes of it
    // the very plan that is made here.
    void aTemplateInTheStore()
    {
        const auto platforms = platform::loadPlatforms({QString::fromUtf16(platform::builtinPlatforms)}).platforms;
        const auto platform =
            *std::ranges::find_if(platforms, [](const auto& p) { return p->name == "streamgate"_L1; });
        const TemplateLoad load =
            loadTemplateFile(QString::fromUtf16(builtinTemplates) + u"/horizontal-scaling.yaml"_s);
        const PlanTemplate& made = *load.templates.front();
        const QJsonObject fixed{{u"workload"_s, u"transcoder"_s}, {u"rollout"_s, 300}};
        const auto body = made.storeBody(*platform, fixed);
        QVERIFY2(body, qPrintable(body ? QString() : body.error().error().detail));
        Cockpit lea(m_server, u"lea"_s, m_database), otto(m_server, u"otto"_s, m_database),
            anna(m_server, u"anna"_s, m_database);
        const QString name = u"Scale the transcoder"_s;
        VERIFY_OK(anna.call("set_template", {name, text(*body)}));
        VERIFY_OK(lea.call("approve_template", {name, 1}));
        VERIFY_OK(otto.call("approve_template", {name, 1}));

        const auto stored = PlanTemplate::fromStore(name, *body);
        VERIFY_OK(stored);
        const auto submit = [&](const QJsonObject& given, const PlanTemplate& by) -> Result<QJsonValue> {
            auto fields = by.fields(*platform, given);
            const auto plan = by.make(*platform, given);
            if (!fields || !plan)
                qFatal("no plan");
            fields->what = fields->why = fields->impact = fields->rollbackPlan = u"As the template says."_s;
            fields->templateName = name;
            fields->templateParameters = {{u"replicas"_s, given.value("replicas"_L1).toInteger()}};
            fields->rollbackMinutes = 5;
            const auto request = anna.call("create_request", {text(fields->toJson()), plan->canonical()});
            if (!request)
                return request;
            const QJsonObject r = request->toObject();
            return anna.call("submit_request",
                             {r.value("number"_L1).toInteger(), 1, QString::fromLatin1(plan->sha256())});
        };
        const auto inside = submit({{u"replicas"_s, 4}}, *stored);
        VERIFY_OK(inside);
        QCOMPARE(inside->toObject().value("state"_L1).toString(), u"approved"_s);
        VERIFY_OK(anna.call("cancel_request", {inside->toObject().value("number"_L1).toInteger(), u"enough"_s}));
        // The same plan from the file's own template; only its bounds are wider here.
        VERIFY_OK(submit({{u"workload"_s, u"transcoder"_s}, {u"replicas"_s, 5}}, made));
        const auto other = submit({{u"workload"_s, u"api-gateway"_s}, {u"replicas"_s, 5}}, made);
        QVERIFY(!other);
        QCOMPARE(other.error().kind, Error::Kind::Forbidden);
        // The database holds to the bounds by itself.
        QJsonObject wide = *body;
        wide.insert(
            u"parameters"_s,
            QJsonObject{{u"replicas"_s, QJsonObject{{u"type"_s, u"integer"_s}, {u"min"_s, 1}, {u"max"_s, 50}}}});
        const auto tooMany = submit({{u"replicas"_s, 40}}, *PlanTemplate::fromStore(name, wide));
        QVERIFY(!tooMany);
        QVERIFY2(tooMany.error().sentence.contains(u"bounds"_s), qPrintable(tooMany.error().sentence));
    }

private:
    PostgresServer m_server;
    QString m_database;
};

QTEST_GUILESS_MAIN(TestUnapprovedFiler)
#include "test_unapproved_filer.moc"
