// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/execution/ExecutorPrivate.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>

namespace wk::changes {

using namespace Qt::StringLiterals;

namespace {

/// The store takes 256 KiB of JSON before and after a step, in its own spelling with blanks: up to half as much again.
constexpr qsizetype largestRecord = 160 * 1024;

bool isTooLarge(const QJsonObject& json)
{
    return QJsonDocument(json).toJson(QJsonDocument::Compact).size() > largestRecord;
}

QFuture<Result<void>> givenUp()
{
    return QtFuture::makeReadyFuture(Result<void>(wk::fail(Error::Kind::Cancelled, {})));
}

} // namespace

const StepRecord* Executor::Private::recordOf(int n) const
{
    const auto it = std::ranges::find(records, n, &StepRecord::step);
    return it == records.end() ? nullptr : &*it;
}

void Executor::Private::put(const StepRecord& record)
{
    const auto it = std::ranges::find(records, record.step, &StepRecord::step);
    if (it == records.end())
        records << record;
    else
        *it = record;
    emit q->stepChanged(record);
}

QString Executor::Private::stepWords(int n) const
{
    const QString words = pass.plan().steps().at(std::abs(n) - 1).words();
    return n > 0 ? words : tr("taking back: %1").arg(words);
}

StepRunner::Progress Executor::Private::progressOf(int n)
{
    return [this, n, alive = std::weak_ptr(m_alive)](const QString& words) {
        if (!alive.expired())
            emit q->progress(n, words);
    };
}

void Executor::Private::forward(int n)
{
    const Step& wanted = pass.plan().steps().at(n - 1);
    step = n;
    m_begun = false;
    enter(Phase::Working, tr("Step %1 of %2: %3.").arg(n).arg(pass.plan().steps().size()).arg(wanted.words()));
    if (wanted.isAction())
        return run({n, {wanted}, 0, {}, {}, {}});
    begin(n, {}, [this, n, wanted](const Result<void>& begun) {
        if (begun)
            check(n, wanted);
    });
}

void Executor::Private::check(int n, const Step& checked)
{
    m_run = {n, {checked}, 0, {}, {}, {}};
    if (checked.name == "confirm"_L1)
        return decide(Confirm, tr("Step %1 asks you: %2.").arg(n).arg(checked.words()));
    await(means.runner.check(checked, progressOf(n)), [this, n](const Result<CheckOutcome>& outcome) {
        if (!outcome)
            return fail(outcome.error().text(), false);
        QJsonObject result = outcome->result;
        result.insert(u"sentence"_s, outcome->sentence);
        end(n, outcome->passed ? StepState::Done : StepState::Failed, result);
    });
}

void Executor::Private::onConfirmed(bool yes, const QString& comment)
{
    enter(Phase::Working, tr("Writes down the answer to step %1.").arg(step));
    const QString said = yes ? tr("Confirmed.") : tr("Not confirmed.");
    end(step, yes ? StepState::Done : StepState::Failed,
        {{u"sentence"_s, comment.isEmpty() ? said : said + u' ' + comment}, {u"comment"_s, comment}});
}

void Executor::Private::takeBack(const TakingBack& back)
{
    const int k = back.step;
    step = -k;
    m_begun = false;
    enter(Phase::RollingBack, tr("Takes back step %1: %2.").arg(k).arg(pass.plan().steps().at(k - 1).words()));
    const auto go = [this, k](const Inverse& inverse) {
        if (inverse.steps.isEmpty())
            return skipBack(k, inverse.reason, false);
        if (deletesUnknown(inverse))
            return skipBack(k, tr("It is not known whether what stands there is what this step created."), false);
        run({-k, inverse.steps, 0, {}, {}, {}});
    };
    const auto subject = back.look ? lookedAt(pass.plan(), *recordOf(k)) : std::nullopt;
    if (!subject)
        return go(back.inverse);
    await(means.runner.observe(subject->first, subject->second), [this, k, back, go](const Result<Observation>& found) {
        if (found && found->state == Observation::State::NotDone)
            return skipBack(k, tr("Nothing of it was carried out. %1").arg(found->sentence), true);
        const bool known = found && found->state == Observation::State::Done && deletesUnknown(back.inverse);
        go(known ? found->inverse : back.inverse);
    });
}

void Executor::Private::skipBack(int k, const QString& why, bool nothingToDo)
{
    QJsonObject result{{u"sentence"_s, why.isEmpty() ? tr("There is no way back.") : why}};
    if (nothingToDo)
        result.insert(u"nothingToDo"_s, true);
    skip(-k, result);
}

void Executor::Private::skip(int n, const QJsonObject& result)
{
    step = n;
    begin(n, {}, [this, n, result](const Result<void>& begun) {
        if (begun)
            end(n, StepState::Skipped, result);
    });
}

void Executor::Private::run(Run wanted)
{
    m_run = std::move(wanted);
    act();
}

void Executor::Private::act()
{
    const auto before = [this, round = m_round, alive = std::weak_ptr(m_alive)](const Before& found) {
        return alive.expired() || round != m_round ? givenUp() : recordBefore(found);
    };
    await(means.runner.perform(m_run.steps.at(m_run.at), before, progressOf(m_run.number)),
          [this](const Result<Performed>& performed) { onActed(performed); });
}

QFuture<Result<void>> Executor::Private::recordBefore(const Before& before)
{
    m_run.before = before;
    // A second inverse of one step: its beginning is on record, but the lease has to last here, too.
    if (m_begun)
        return m_heartbeat->lasts() ? QtFuture::makeReadyFuture(Result<void>()) : givenUp();
    auto promise = std::make_shared<QPromise<Result<void>>>();
    promise->start();
    begin(m_run.number, m_run.number > 0 ? before.toJson() : beforeOfRollback(m_run.steps, before),
          [promise](const Result<void>& begun) {
              promise->addResult(begun);
              promise->finish();
          });
    return promise->future();
}

void Executor::Private::onActed(const Result<Performed>& performed)
{
    if (!performed) {
        const Error& why = performed.error();
        if (m_begun && (why.kind == Error::Kind::Network || why.kind == Error::Kind::Cancelled))
            return lookAfter(why);
        return fail(why.text(), m_begun);
    }
    m_run.said << performed->sentence;
    m_run.result = performed->result;
    if (m_run.number > 0 && !performed->inverse.steps.isEmpty() &&
        performed->inverse.steps != m_run.before.inverse.steps) {
        Before after;
        after.inverse = performed->inverse;
        m_run.result.insert(u"inverse"_s, after.toJson().value("inverse"_L1));
    }
    if (++m_run.at < m_run.steps.size())
        return act();
    m_run.result.insert(u"sentence"_s, m_run.said.join(u' '));
    const auto done = [this] { end(m_run.number, StepState::Done, m_run.result); };
    if (m_begun)
        return done();
    begin(m_run.number, {}, [done](const Result<void>& begun) {
        if (begun)
            done();
    });
}

/// The answer was lost: looks what became of it, so that nothing is taken for done or undone that is not.
void Executor::Private::lookAfter(const Error& why)
{
    const Step asked = m_run.steps.at(m_run.at);
    enter(phase, tr("The answer to step %1 was lost; looks what became of it. (%2)").arg(step).arg(why.sentence));
    await(means.runner.observe(asked, m_run.before), [this, why](const Result<Observation>& found) {
        if (found && found->state == Observation::State::Done)
            return onActed(Performed{
                tr("The answer was lost, but it was carried out: %1").arg(found->sentence), {}, found->inverse});
        fail(why.sentence + u' ' + (found ? found->sentence : found.error().text()), true);
    });
}

void Executor::Private::fail(const QString& why, bool sent)
{
    QJsonObject result{{u"sentence"_s, (m_run.said + QStringList(why)).join(u' ')}};
    if (!sent)
        result.insert(u"sent"_s, false);
    const int n = m_run.number;
    if (m_begun)
        return end(n, StepState::Failed, result);
    begin(n, {}, [this, n, result](const Result<void>& begun) {
        if (begun)
            end(n, StepState::Failed, result);
    });
}

void Executor::Private::begin(int n, const QJsonObject& before, const Done& done)
{
    if (isTooLarge(before))
        return done(wk::fail(Error::Kind::BadInput,
                             tr("What would have to be recorded to take this step back is larger than 160 KiB. Nothing "
                                "was sent."),
                             {}, tr("Divide the step, or do it without a way back.")));
    m_recorder->write(
        {tr("the beginning of step %1").arg(n),
         [this, n, before] { return means.ledger.beginStep(m_execution, m_token, n, before); },
         [n](const ExecutionRecord& record) { return record.step(n) && record.step(n)->state == StepState::Running; },
         [this, n, before, done](const Result<void>& written) {
             if (!written)
                 return lose(written.error());
             m_begun = true;
             const StepRecord* former = recordOf(n);
             put({n,
                  StepState::Running,
                  former ? former->attempt + 1 : 1,
                  pass.person(),
                  before,
                  {},
                  QDateTime::fromMSecsSinceEpoch(means.clock.nowMs(), Qt::UTC),
                  {}});
             if (!m_heartbeat->lasts())
                 return lose({Error::Kind::Conflict,
                              tr("The lease is lost: the store was away too long."),
                              {},
                              tr("Look at what happened, then take the execution over.")});
             done({});
         }});
}

void Executor::Private::end(int n, StepState how, const QJsonObject& result)
{
    const QJsonObject noted =
        isTooLarge(result) ? QJsonObject{{u"sentence"_s, result.value("sentence"_L1).toString().left(4000)}} : result;
    m_unrecorded = noted.value("sentence"_L1).toString();
    m_recorder->write(
        {tr("the end of step %1").arg(n),
         [this, n, how, noted] { return means.ledger.endStep(m_execution, m_token, n, how, noted); },
         [n, how](const ExecutionRecord& record) { return record.step(n) && record.step(n)->state == how; },
         [this, n, how, noted](const Result<void>& written) {
             if (!written)
                 return lose(written.error());
             m_unrecorded.clear();
             m_begun = false;
             StepRecord record = *recordOf(n);
             record.state = how;
             record.result = noted;
             record.endedAt = QDateTime::fromMSecsSinceEpoch(means.clock.nowMs(), Qt::UTC);
             put(record);
             afterEnd(record);
         }});
}

void Executor::Private::afterEnd(const StepRecord& record)
{
    if (record.state != StepState::Failed)
        return goOn();
    step = 0;
    if (record.step < 0)
        return decideAfterFailure(tr("Taking back step %1 failed: %2").arg(-record.step).arg(record.sentence()));
    const bool byItself = pass.plan().steps().at(record.step - 1).onFailure == Step::OnFailure::Rollback;
    if (byItself && !stop)
        return takeBackAll();
    decideAfterFailure(tr("Step %1 failed: %2").arg(record.step).arg(record.sentence()));
}

} // namespace wk::changes
