// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/execution/Executor.h"

#include "changes/execution/ClaimJob.h"
#include "changes/execution/ExecutorPrivate.h"

#include <set>

namespace wk::changes {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longestNote = 20'000;

bool isOver(Executor::Phase phase)
{
    return phase == Executor::Phase::Ended || phase == Executor::Phase::Refused || phase == Executor::Phase::Lost;
}

} // namespace

QString phaseWords(Executor::Phase phase)
{
    switch (phase) {
    case Executor::Phase::Ready: return Executor::tr("ready");
    case Executor::Phase::Claiming: return Executor::tr("claiming");
    case Executor::Phase::Working: return Executor::tr("running");
    case Executor::Phase::RollingBack: return Executor::tr("rolling back");
    case Executor::Phase::Verifying: return Executor::tr("verifying");
    case Executor::Phase::Deciding: return Executor::tr("waiting for a decision");
    case Executor::Phase::Finishing: return Executor::tr("finishing");
    case Executor::Phase::Ended: return Executor::tr("ended");
    case Executor::Phase::Refused: return Executor::tr("refused");
    case Executor::Phase::Lost: break;
    }
    return Executor::tr("lost");
}

Executor::Private::Private(Executor* owner, GatePass granted, const Means& with)
    : q(owner), pass(std::move(granted)), means(with), number(pass.number()),
      stop(pass.way() == GatePass::Way::TakeOver) // who takes over looks first
{
}

Executor::Private::~Private()
{
    if (phase != Phase::Ready && !isOver(phase))
        means.runner.abandon();
}

void Executor::Private::enter(Phase next, const QString& words)
{
    phase = next;
    sentence = words;
    choices = {};
    emit q->changed();
}

void Executor::Private::decide(Choices offered, const QString& words)
{
    phase = Phase::Deciding;
    choices = offered;
    sentence = words;
    emit q->changed();
}

const QString& Executor::Private::waitingFor() const { return m_recorder ? m_recorder->waitingFor() : m_claimWaits; }

void Executor::Private::waitFor(const QString& words)
{
    m_claimWaits = words;
    emit q->changed();
}

void Executor::Private::start()
{
    enter(Phase::Claiming, tr("Asks the store for the execution."));
    await(m_jobs.run(std::make_unique<ClaimJob>(means.ledger, means.clock, pass,
                                                [this](const QString& words) { waitFor(words); })),
          [this](const Result<Claimed>& claimed) { onClaimed(claimed); });
}

void Executor::Private::onClaimed(const Result<Claimed>& claimed)
{
    if (!claimed) {
        error = claimed.error();
        enter(Phase::Refused, claimed.error().text());
        emit q->finished();
        return;
    }
    const Claim& claim = claimed->claim;
    number = claim.number;
    m_execution = claim.execution;
    m_token = claim.token;
    records = claim.steps;
    m_takesBack = std::ranges::any_of(records, [](const StepRecord& record) { return record.step < 0; });
    m_recorder = std::make_unique<Recorder>(means.ledger, means.clock, m_execution);
    QObject::connect(m_recorder.get(), &Recorder::waitingChanged, q, &Executor::changed);
    m_heartbeat = std::make_unique<Heartbeat>(means.ledger, means.clock, m_execution, m_token, claimed->asked);
    QObject::connect(m_heartbeat.get(), &Heartbeat::lost, q, [this](const Error& why) { lose(why); });
    means.runner.setMaySend(
        [this, alive = std::weak_ptr(m_alive)] { return !alive.expired() && m_heartbeat && m_heartbeat->maySend(); });
    goOn();
}

void Executor::Private::goOn()
{
    step = 0;
    observation.reset();
    for (const StepRecord& record : std::as_const(records))
        if (record.state == StepState::Unknown)
            return askAboutUnknown(record);
    if (m_takesBack)
        return takeBackAll();
    for (const StepRecord& record : std::as_const(records))
        if (record.state == StepState::Failed)
            return decideAfterFailure(tr("Step %1 failed: %2").arg(record.step).arg(record.sentence()));
    int next = 1;
    for (const StepRecord* record = recordOf(next); record && record->state != StepState::Repeat;)
        record = recordOf(++next);
    const int steps = int(pass.plan().steps().size());
    if (stop)
        return decide(
            Choices(Proceed | EndFailed) | (rollbackOf(pass.plan(), records).isEmpty() ? Choices() : RollBack),
            withLeftOver(next > steps
                             ? tr("Every step is done; what is left is to look whether all of it stands.")
                             : tr("Stands before step %1 of %2: %3.").arg(next).arg(steps).arg(stepWords(next))));
    if (next > steps)
        return verify(toVerify(), {});
    forward(next);
}

void Executor::Private::decideAfterFailure(const QString& why)
{
    if (rollbackOf(pass.plan(), records).isEmpty())
        return decide(EndFailed, tr("%1 There is nothing to take back.").arg(why));
    decide(RollBack | EndFailed, withLeftOver(why));
}

/// What a person has to know before a rollback: which of the steps it cannot take back.
QString Executor::Private::withLeftOver(const QString& sentence) const
{
    QStringList out{sentence};
    const auto left = rollbackOf(pass.plan(), records);
    for (const TakingBack& back : left)
        if (back.inverse.steps.isEmpty())
            out << tr("Step %1 cannot be taken back: %2")
                       .arg(QString::number(back.step),
                            back.inverse.reason.isEmpty() ? tr("There is no way back.") : back.inverse.reason);
    return out.join(u'\n');
}

void Executor::Private::askAboutUnknown(const StepRecord& record)
{
    step = record.step;
    const QString words = tr("Nobody saw how step %1 ended (%2). Say what became of it; it is not repeated by itself.")
                              .arg(step)
                              .arg(stepWords(step));
    decide(Resolve, words);
    const auto subject = lookedAt(pass.plan(), record);
    if (!subject) {
        const bool onlyCheck = step > 0 && !pass.plan().steps().at(step - 1).isAction();
        observation =
            onlyCheck
                ? Observation{Observation::State::NotDone, tr("It only asks: repeating it changes nothing.")}
                : Observation{Observation::State::Mixed, tr("It cannot be looked at from here: look at the objects.")};
        emit q->changed();
        return;
    }
    await(means.runner.observe(subject->first, subject->second), [this](const Result<Observation>& found) {
        observation = found ? *found : Observation{Observation::State::Mixed, found.error().text()};
        emit q->changed();
    });
}

void Executor::Private::resolve(Resolution resolution, const QString& reason)
{
    const int n = step;
    const StepState state = *stepState(resolutionName(resolution));
    enter(step < 0 ? Phase::RollingBack : Phase::Working, tr("Writes down what became of step %1.").arg(n));
    m_recorder->write(
        {tr("what became of step %1").arg(n),
         [this, n, resolution, reason] {
             return means.ledger.resolveStep(m_execution, m_token, n, resolution, reason);
         },
         [n, state](const ExecutionRecord& record) { return record.step(n) && record.step(n)->state == state; },
         [this, n, state, reason](const Result<void>& written) {
             if (!written && written.error().kind == Error::Kind::BadInput)
                 return decide(Resolve, written.error().text());
             if (!written)
                 return lose(written.error());
             StepRecord record = *recordOf(n);
             record.state = state;
             if (!record.result.contains("sentence"_L1))
                 record.result.insert(u"sentence"_s, reason);
             put(record);
             goOn();
         }});
}

void Executor::Private::takeBackAll()
{
    const auto left = rollbackOf(pass.plan(), records);
    if (left.isEmpty())
        return endRollback();
    if (stop)
        return decide(RollBack | EndFailed,
                      withLeftOver(tr("Stands before taking back step %1.").arg(left.first().step)));
    m_takesBack = true;
    const auto repeat = std::ranges::find_if(
        records, [](const StepRecord& record) { return record.step > 0 && record.state == StepState::Repeat; });
    if (repeat == records.end())
        takeBack(left.first());
    else
        skip(repeat->step, {{u"sentence"_s, tr("It is not repeated: what was done is taken back.")}});
}

void Executor::Private::endRollback()
{
    bool failed = false, anyDone = false, anyLeft = false;
    for (const StepRecord& record : std::as_const(records)) {
        failed |= record.step < 0 && record.state == StepState::Failed;
        anyDone |= record.step < 0 && record.state == StepState::Done;
        anyLeft |= record.step < 0 && record.state == StepState::Skipped && !record.result.contains("nothingToDo"_L1);
    }
    const bool none = std::ranges::none_of(records, [](const StepRecord& record) { return record.step < 0; });
    finish(failed || none || (anyLeft && !anyDone) ? RequestState::Failed : RequestState::RolledBack,
           none ? tr("There was nothing to take back.") : leftStanding(records));
}

QList<int> Executor::Private::toVerify() const
{
    // The last action on each object: what came before it is no longer to be seen.
    QList<int> out;
    std::set<std::pair<QString, QByteArray>> seen;
    for (int n = int(pass.plan().steps().size()); n > 0; --n) {
        const Step& done = pass.plan().steps().at(n - 1);
        if (done.isAction() && seen.insert({done.target.cluster, done.target.path()}).second && recordOf(n) &&
            !recordOf(n)->before.isEmpty())
            out << n;
    }
    return out;
}

void Executor::Private::verify(QList<int> left, const QStringList& notes)
{
    if (left.isEmpty())
        return finish(RequestState::Verified, notes.join(u'\n'));
    const int n = left.takeFirst();
    step = n;
    enter(Phase::Verifying, tr("Looks whether step %1 stands: %2.").arg(n).arg(stepWords(n)));
    const auto subject = lookedAt(pass.plan(), *recordOf(n));
    await(means.runner.observe(subject->first, subject->second), [this, n, left,
                                                                  notes](const Result<Observation>& found) {
        const QString said = found ? found->sentence : found.error().text();
        if (found && found->state == Observation::State::NotDone)
            return decide(EndVerified | RollBack | EndFailed,
                          withLeftOver(tr("Every step is done, but step %1 no longer stands: %2").arg(n).arg(said)));
        const bool fine = found && found->state == Observation::State::Done;
        verify(left, fine ? notes : notes + QStringList(tr("Step %1: %2").arg(n).arg(said)));
    });
}

void Executor::Private::finish(RequestState how, const QString& note)
{
    step = 0;
    enter(Phase::Finishing, tr("Writes down the end: %1.").arg(requestStateWords(how)));
    m_recorder->write(
        {tr("the end"),
         [this, how, note] { return means.ledger.finish(m_execution, m_token, how, note.left(longestNote)); },
         [how](const ExecutionRecord& record) { return record.outcome == how; },
         [this, how, note](const Result<void>& written) {
             if (!written)
                 return lose(written.error());
             outcome = how;
             m_heartbeat.reset();
             const QString end = tr("Request %1 is %2.").arg(number).arg(requestStateWords(how));
             enter(Phase::Ended, note.isEmpty() ? end : end + u' ' + note);
             emit q->finished();
         }});
}

void Executor::Private::lose(const Error& why)
{
    if (isOver(phase))
        return;
    ++m_round;
    means.runner.abandon();
    m_recorder->stop();
    m_heartbeat.release()->deleteLater(); // its signal may be on the stack
    error = why;
    QString words = why.sentence + u' ' + tr("Nothing is sent any more.");
    if (!m_unrecorded.isEmpty())
        words += u' ' + tr("The end of step %1 is not on record. It came out so: %2").arg(step).arg(m_unrecorded);
    else if (m_begun)
        words += u' ' + tr("Step %1 was under way: who takes over has to look what became of it.").arg(step);
    enter(Phase::Lost, words);
    emit q->finished();
}

Executor::Executor(GatePass pass, const Means& means, QObject* parent)
    : QObject(parent), d(std::make_unique<Private>(this, std::move(pass), means))
{
}

Executor::~Executor() = default;

void Executor::start()
{
    if (d->phase == Phase::Ready)
        d->start();
}

void Executor::stopAfterThisStep(bool stop)
{
    d->stop = stop;
    emit changed();
}

bool Executor::stopsAfterThisStep() const { return d->stop && d->phase != Phase::Deciding; }

void Executor::proceed()
{
    if (!d->may(Proceed))
        return;
    d->stop = false;
    d->goOn();
}

void Executor::rollBack()
{
    if (!d->may(RollBack))
        return;
    d->stop = false;
    d->takeBackAll();
}

void Executor::finish(RequestState outcome, const QString& note)
{
    if ((outcome == RequestState::Failed && d->may(EndFailed)) ||
        (outcome == RequestState::Verified && d->may(EndVerified)))
        d->finish(outcome, note);
}

void Executor::confirm(bool yes, const QString& comment)
{
    if (d->may(Confirm))
        d->onConfirmed(yes, comment);
}

void Executor::resolve(Resolution resolution, const QString& reason)
{
    if (d->may(Resolve))
        d->resolve(resolution, reason);
}

Executor::Phase Executor::phase() const { return d->phase; }
Executor::Choices Executor::choices() const { return d->choices; }
QString Executor::sentence() const { return d->sentence; }
QString Executor::waitingFor() const { return d->waitingFor(); }
int Executor::step() const { return d->step; }
std::optional<Observation> Executor::observation() const { return d->observation; }
const Plan& Executor::plan() const { return d->pass.plan(); }
qint64 Executor::number() const { return d->number; }
const QList<StepRecord>& Executor::records() const { return d->records; }
std::optional<RequestState> Executor::outcome() const { return d->outcome; }
std::optional<Error> Executor::error() const { return d->error; }

} // namespace wk::changes
