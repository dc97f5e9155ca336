// SPDX-License-Identifier: GPL-3.0-or-later
#include "GateTest.h"

using namespace wk;
using namespace wk::changes;
using namespace wk::test;
using namespace Qt::StringLiterals;

/// The desk over a real store, with several people.
class TestRequests : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();

    void fullLife();
    void editVoidsApprovals();
    void highRiskAsksForACode();
    void waitsOnlyForWhoIsMissing();
    void noticeReachesOthers();
    void rejectScheduleCancelAndRecords();
    void glassIsLoudAndOwesAReview();
    void windowsAndTheGate();
    void historyAndAudit();

private:
    /// Otto's and oscar's approvals would not do: medium in production takes a tech lead and operations.
    qint64 approvedByTeam(const Plan& plan);

    Team m_team;
};

void TestRequests::initTestCase() { START_OR_SKIP(m_team.start()); }

void TestRequests::init() { VERIFY_OK(m_team.renew()); }

qint64 TestRequests::approvedByTeam(const Plan& plan)
{
    Seat olga(m_team.at("olga")), tina(m_team.at("tina")), oscar(m_team.at("oscar"));
    const qint64 number = olga.propose(u"Shop - more replicas"_s, plan);
    for (Seat* seat : {&tina, &oscar})
        if (const auto done = seat->approve(number); !done)
            qFatal("%s", words(done).constData());
    return number;
}

void TestRequests::fullLife()
{
    Seat olga(m_team.at("olga")), tina(m_team.at("tina")), oscar(m_team.at("oscar"));
    QVERIFY(olga.isCurrent() && tina.isCurrent() && oscar.isCurrent());
    QCOMPARE(olga.desk.person().name, u"olga"_s);
    QCOMPARE(olga.desk.person().rolesOn(u"shop"_s), QStringList{u"operator"_s});
    QVERIFY(!olga.desk.person().solo && olga.desk.policyOf(u"shop"_s));
    const Plan plan = planOf({scaleStep(u"api"_s, 5)});
    const auto made = soon(olga.desk.create(formOf(u"Shop - more replicas"_s), plan));
    VERIFY_OK(made);
    QTRY_VERIFY(tina.row(*made));
    QCOMPARE(tina.row(*made)->state, RequestState::Draft);
    const RequestDetail draft = tina.detail(*made);
    VERIFY_OK(draft.plan);
    QCOMPARE(*draft.plan, plan);
    QCOMPARE(draft.fields.testsPassed, (QStringList{u"unit"_s, u"load"_s}));
    QCOMPARE(draft.fields.rollbackMinutes, 5);
    QCOMPARE(draft.summary.risk, Risk::Medium);
    QCOMPARE(draft.targets.size(), 1);
    QCOMPARE(draft.clustersToType(), u"blue"_s);
    QCOMPARE(draft.clusters, u"blue"_s); // in the store's own order
    VERIFY_OK(soon(olga.desk.submit(*made, 1, plan.sha256())));
    QTRY_VERIFY(tina.waitsFor(*made, Waiting::Why::Approve));
    QTRY_VERIFY(oscar.waitsFor(*made, Waiting::Why::Approve));
    QCOMPARE(tina.row(*made)->waitingFor.words(), u"tech lead; operations"_s);
    const auto own = olga.approve(*made);
    QVERIFY(!own);
    QCOMPARE(own.error().kind, Error::Kind::Forbidden);
    VERIFY_OK(tina.approve(*made));
    QTRY_VERIFY(!tina.waitsFor(*made, Waiting::Why::Approve));
    VERIFY_OK(oscar.approve(*made));
    QTRY_VERIFY(olga.waitsFor(*made, Waiting::Why::Run));
    QCOMPARE(olga.row(*made)->state, RequestState::Approved);
    // The steps themselves: test_executor.
    const auto claim = soon(olga.ledger.claim(*made, 1, plan.sha256()));
    VERIFY_OK(claim);
    VERIFY_OK(soon(olga.ledger.beginStep(claim->execution, claim->token, 1, {{u"note"_s, u"x"_s}})));
    VERIFY_OK(
        soon(olga.ledger.endStep(claim->execution, claim->token, 1, StepState::Done, {{u"sentence"_s, u"Did it."_s}})));
    VERIFY_OK(soon(olga.ledger.finish(claim->execution, claim->token, RequestState::Verified, {})));
    VERIFY_OK(soon(olga.desk.close(*made, u"Well done."_s)));
    QTRY_COMPARE(tina.row(*made)->state, RequestState::Closed);
    const RequestDetail closed = tina.detail(*made);
    QVERIFY(closed.execution());
    QCOMPARE(closed.execution()->outcome, RequestState::Verified);
    QCOMPARE(closed.execution()->steps.size(), 1);
    QCOMPARE(closed.execution()->step(1)->sentence(), u"Did it."_s);
    QCOMPARE(closed.execution()->holders.first().person, u"olga"_s);
    QCOMPARE(closed.approvals.size(), 2);
    QVERIFY(closed.approvals.first().approves && closed.approvals.first().at);
}

void TestRequests::editVoidsApprovals()
{
    Seat olga(m_team.at("olga")), tina(m_team.at("tina"));
    const Plan plan = planOf({scaleStep(u"api"_s, 5)}), other = planOf({scaleStep(u"api"_s, 50)});
    const qint64 number = olga.propose(u"Shop - more replicas"_s, plan);
    VERIFY_OK(tina.approve(number));
    const RequestDetail seen = tina.detail(number);
    VERIFY_OK(soon(olga.desk.edit(number, 1, formOf(u"Shop - many more replicas"_s), other)));
    const auto stale = soon(tina.desk.approve(number, seen.summary.revision, seen.summary.sha256, {}, {}));
    QVERIFY(!stale);
    QCOMPARE(stale.error().kind, Error::Kind::Conflict);
    const RequestDetail now = olga.detail(number);
    QCOMPARE(now.summary.state, RequestState::Draft);
    QCOMPARE(now.summary.revision, 2);
    QVERIFY(now.assignment.open().size() == 2 && !now.approvals.first().counts);
    QCOMPARE(*now.plan, other);
}

void TestRequests::highRiskAsksForACode()
{
    Seat olga(m_team.at("olga")), tina(m_team.at("tina"));
    const qint64 number = olga.propose(u"Shop - shut down"_s, planOf({scaleStep(u"api"_s, 0)}));
    QVERIFY(tina.isCurrent());
    QCOMPARE(tina.desk.person().totp, Person::Totp::None);
    const auto without = tina.approve(number);
    QVERIFY(!without);
    QCOMPARE(without.error().kind, Error::Kind::Unauthorized);
    const auto enrolled = soon(tina.desk.enrollTotp());
    VERIFY_OK(enrolled);
    QVERIFY(enrolled->uri.contains(enrolled->secret));
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    VERIFY_OK(soon(tina.desk.confirmTotp(oneTimeCode(enrolled->secret, now))));
    QTRY_COMPARE(tina.desk.person().totp, Person::Totp::Confirmed);
    const auto wrong = tina.approve(number, u"000000"_s);
    QVERIFY(!wrong);
    VERIFY_OK(tina.approve(number, oneTimeCode(enrolled->secret, now + 30)));
    QVERIFY(tina.detail(number).approvals.first().steppedUp);
}

void TestRequests::waitsOnlyForWhoIsMissing()
{
    // Tess could be tech lead or operations; once she has approved, either of the others is enough, and both know.
    VERIFY_OK(m_team.server.addPerson(m_team.database, u"tess"_s, {u"tech-lead"_s, u"operations"_s}));
    Seat olga(m_team.at("olga")), tess(m_team.at("tess")), tina(m_team.at("tina")), oscar(m_team.at("oscar")),
        sam(m_team.at("sam")), vera(m_team.at("vera"));
    const qint64 number = olga.propose(u"Shop - more replicas"_s, planOf({scaleStep(u"api"_s, 5)}));
    VERIFY_OK(tess.approve(number));
    QTRY_VERIFY(tina.waitsFor(number, Waiting::Why::Approve) && tina.row(number)->waitingFor.open().size() == 1);
    QTRY_VERIFY(oscar.waitsFor(number, Waiting::Why::Approve));
    QVERIFY(sam.isCurrent() && vera.isCurrent() && olga.isCurrent());
    for (Seat* seat : {&sam, &vera, &olga})
        QVERIFY(!seat->waitsFor(number, Waiting::Why::Approve));
    QTRY_VERIFY(tess.row(number) && tess.row(number)->approvedByMe);
    QVERIFY(!tess.waitsFor(number, Waiting::Why::Approve));
    VERIFY_OK(tina.approve(number));
    QTRY_COMPARE(oscar.row(number)->state, RequestState::Approved);
    QVERIFY(!oscar.waitsFor(number, Waiting::Why::Approve));
}

void TestRequests::noticeReachesOthers()
{
    Seat olga(m_team.at("olga")), tina(m_team.at("tina"));
    QVERIFY(olga.isCurrent() && tina.isCurrent());
    QSignalSpy changed(&tina.desk, &ChangeDesk::changed), about(&tina.desk, &ChangeDesk::requestChanged);
    const qint64 number = olga.propose(u"Shop - more replicas"_s, planOf({scaleStep(u"api"_s, 5)}));
    QTRY_VERIFY(tina.row(number) && tina.row(number)->state == RequestState::Submitted);
    QVERIFY(
        std::ranges::any_of(about, [&](const auto& arguments) { return arguments.first().toLongLong() == number; }));
    const qsizetype before = changed.size();
    QTest::qWait(300); // nothing is polled: without a notice nothing is read
    QCOMPARE(changed.size(), before);
}

void TestRequests::rejectScheduleCancelAndRecords()
{
    const Plan plan = planOf({scaleStep(u"api"_s, 5)});
    const qint64 number = approvedByTeam(plan);
    Seat olga(m_team.at("olga")), tina(m_team.at("tina"));
    const QDateTime from = QDateTime::currentDateTimeUtc().addSecs(3600);
    VERIFY_OK(soon(olga.desk.schedule(number, 1, from, from.addSecs(3600))));
    QCOMPARE(olga.detail(number).summary.state, RequestState::Scheduled);
    QVERIFY(olga.isCurrent());
    SystemClock clock;
    const Gate gate(olga.desk, clock);
    QVERIFY(gate.whyNot(olga.detail(number)).contains(u"is carried out from"_s));
    VERIFY_OK(soon(tina.desk.reject(number, 1, plan.sha256(), u"Not today."_s)));
    QTRY_COMPARE(olga.row(number)->state, RequestState::Rejected);
    VERIFY_OK(soon(olga.desk.cancel(number, u"Not needed any more."_s)));
    QTRY_COMPARE(tina.row(number)->state, RequestState::Cancelled);
    const auto record = soon(olga.desk.createRecord(formOf(u"Shop - what happened at night"_s), u"shop"_s));
    VERIFY_OK(record);
    const RequestDetail seen = tina.detail(*record);
    QVERIFY(seen.summary.afterTheFact && !seen.plan);
    QCOMPARE(seen.plan.error().kind, Error::Kind::NotFound);
    QCOMPARE(soon(tina.desk.detail(4711)).error().kind, Error::Kind::NotFound);
}

void TestRequests::glassIsLoudAndOwesAReview()
{
    Seat olga(m_team.at("olga")), tina(m_team.at("tina")), vera(m_team.at("vera"));
    QVERIFY(olga.isCurrent() && tina.isCurrent() && vera.isCurrent());
    QSignalSpy loud(&vera.desk, &ChangeDesk::noticed);
    const Plan plan = planOf({scaleStep(u"api"_s, 5)});
    const auto number = soon(olga.desk.create(formOf(u"Shop - stop the bleeding"_s), plan));
    VERIFY_OK(number);
    const auto enrolled = soon(olga.desk.enrollTotp());
    VERIFY_OK(enrolled);
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    VERIFY_OK(soon(olga.desk.confirmTotp(oneTimeCode(enrolled->secret, now))));
    VERIFY_OK(soon(olga.desk.breakGlass(*number, 1, plan.sha256(), u"Customers cannot pay."_s, u"INC-7"_s, u"blue"_s,
                                        oneTimeCode(enrolled->secret, now + 30))));
    QTRY_COMPARE(loud.size(), 1);
    QCOMPARE(loud.first().first().value<Notice>().kind, u"glass"_s);
    QTRY_VERIFY(tina.waitsFor(*number, Waiting::Why::Review));
    QVERIFY(!olga.waitsFor(*number, Waiting::Why::Review) && !vera.waitsFor(*number, Waiting::Why::Review));
    QTRY_VERIFY(vera.row(*number)->reviewOpen && vera.row(*number)->rule == u"glass"_s);
    SystemClock clock;
    QCOMPARE(Gate(olga.desk, clock).whyNot(olga.detail(*number)), QString());
    VERIFY_OK(soon(tina.desk.review(*number, true, u"It was the right thing."_s)));
    QTRY_VERIFY(!vera.row(*number)->reviewOpen);
    QTRY_COMPARE(vera.desk.reviews().first().verdict, u"accepted"_s);
    QCOMPARE(vera.desk.reviews().first().reviewer, u"tina"_s);
}

void TestRequests::windowsAndTheGate()
{
    VERIFY_OK(m_team.server.addPerson(m_team.database, u"adam"_s, {u"admin"_s}));
    const qint64 number = approvedByTeam(planOf({scaleStep(u"api"_s, 5)}));
    Seat adam(m_team.at("adam")), olga(m_team.at("olga")), tina(m_team.at("tina")), vera(m_team.at("vera"));
    QVERIFY(olga.isCurrent() && tina.isCurrent() && vera.isCurrent());
    SystemClock clock;
    const Gate gate(olga.desk, clock);
    const RequestDetail detail = olga.detail(number);
    QCOMPARE(gate.whyNot(detail), QString());
    QVERIFY(Gate(tina.desk, clock).whyNot(tina.detail(number)).contains(u"You approved"_s));
    QVERIFY(Gate(vera.desk, clock).whyNot(vera.detail(number)).contains(u"None of your roles"_s));
    QVERIFY(!gate.whyNotTakeOver(detail).isEmpty());
    TimeWindow freeze;
    freeze.freeze = true;
    freeze.name = u"Black Friday"_s;
    freeze.starts = QDateTime::currentDateTimeUtc().addSecs(-60);
    freeze.ends = freeze.starts->addSecs(3600);
    const auto set = soon(adam.desk.setWindow(freeze));
    VERIFY_OK(set);
    QTRY_COMPARE(olga.desk.windows().size(), 1);
    QCOMPARE(gate.whyNot(detail), u"The freeze “Black Friday” lasts."_s);
    QCOMPARE(soon(olga.ledger.claim(number, 1, detail.summary.sha256)).error().kind, Error::Kind::Conflict);
    VERIFY_OK(soon(adam.desk.endWindow(*set, u"All is calm."_s)));
    QTRY_VERIFY(olga.desk.windows().isEmpty());
    TimeWindow weekly;
    weekly.name = u"Night"_s;
    weekly.days = {QDate::currentDate().addDays(3).dayOfWeek()};
    weekly.from = u"01:00"_s;
    weekly.to = u"02:00"_s;
    weekly.space = u"shop"_s;
    VERIFY_OK(soon(adam.desk.setWindow(weekly)));
    QTRY_COMPARE(olga.desk.windows().size(), 1);
    QCOMPARE(olga.desk.windows().first().from, u"01:00"_s);
    QCOMPARE(olga.desk.windows().first().occurrences.size(), 4);
    QVERIFY(gate.whyNot(detail).contains(u"maintenance windows only (Night)"_s));
    // What the person may act on at once is told by class and role.
    const auto production = [](const QString&) { return platform::ClusterClass::Production; };
    const auto development = [](const QString&) { return platform::ClusterClass::Development; };
    QVERIFY(gate.whyNotAtOnce(*detail.plan, production).contains(u"needs an approval"_s));
    const Plan elsewhere = planOf({scaleStep(u"api"_s, 5, u"green"_s)});
    QVERIFY(gate.whyNotAtOnce(elsewhere, development).contains(u"Night"_s)); // the window is on the namespace
    VERIFY_OK(soon(adam.desk.endWindow(olga.desk.windows().first().id, u"Not needed."_s)));
    QTRY_COMPARE(gate.whyNotAtOnce(elsewhere, development), QString());
    QVERIFY(!Gate(vera.desk, clock).whyNotAtOnce(elsewhere, development).isEmpty());
}

void TestRequests::historyAndAudit()
{
    Seat olga(m_team.at("olga"));
    QList<qint64> numbers;
    for (int i = 0; i < 7; ++i) {
        const auto made =
            soon(olga.desk.create(formOf(u"Shop - change 100%_%1"_s.arg(i)), planOf({scaleStep(u"api"_s, i + 1)})));
        VERIFY_OK(made);
        numbers << *made;
    }
    VERIFY_OK(soon(olga.desk.cancel(numbers.at(2), u"Not needed."_s)));
    HistoryFilter page;
    page.limit = 3;
    const auto first = soon(olga.desk.history(page));
    VERIFY_OK(first);
    QCOMPARE(first->size(), 3);
    QCOMPARE(first->first().number, numbers.last());
    page.below = first->last().number;
    QCOMPARE(soon(olga.desk.history(page))->first().number, numbers.at(3));
    HistoryFilter cancelled;
    cancelled.states = {RequestState::Cancelled};
    QCOMPARE(soon(olga.desk.history(cancelled))->size(), 1);
    HistoryFilter text;
    text.text = u"100%_4"_s; // the signs stand for themselves
    QCOMPARE(soon(olga.desk.history(text))->size(), 1);
    text.text = u"100__4"_s;
    QCOMPARE(soon(olga.desk.history(text))->size(), 0);

    AuditFilter about;
    about.number = numbers.at(2);
    const auto entries = soon(olga.desk.audit(about));
    VERIFY_OK(entries);
    QCOMPARE(entries->size(), 2);
    QCOMPARE(entries->first().action, u"request.cancel"_s);
    QCOMPARE(entries->first().person, u"olga"_s);
    QCOMPARE(QCryptographicHash::hash(QByteArray::fromHex(entries->first().previousHash) + entries->first().entry,
                                      QCryptographicHash::Sha256)
                 .toHex(),
             entries->first().hash);
    AuditFilter creations;
    creations.action = u"request."_s;
    QCOMPARE(soon(olga.desk.audit(creations))->size(), 8);
    const auto verdict = soon(olga.desk.verifyAudit(0));
    VERIFY_OK(verdict);
    QVERIFY(verdict->ok && verdict->checked >= 8);
}

QTEST_GUILESS_MAIN(TestRequests)
#include "test_requests.moc"
