// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/checks/CheckRunner.h"

#include "changes/checks/CheckJob.h"

#include <cmath>

namespace wk::changes {

using namespace Qt::StringLiterals;

namespace {

CheckMaker makerFor(CheckKind::Id id)
{
    switch (id) {
    case CheckKind::Id::RolloutFinished:
    case CheckKind::Id::PodsReady: return clusterCheck(id);
    case CheckKind::Id::PromQl: return promQlCheck();
    case CheckKind::Id::Sql: return sqlCheck();
    case CheckKind::Id::Http: return httpCheck();
    case CheckKind::Id::Confirm: break;
    }
    return confirmCheck();
}

/// Whether another look may succeed where this one failed.
bool isPassing(const Error& error)
{
    using Kind = Error::Kind;
    return error.kind == Kind::Network || error.kind == Kind::Throttled || error.kind == Kind::Server ||
           error.kind == Kind::Protocol;
}

} // namespace

QFuture<Result<CheckOutcome>> CheckRunner::run(const Step& step, Progress progress)
{
    const CheckKind* kind = checkKind(step.name);
    if (!kind || step.isAction())
        return QtFuture::makeReadyFuture(
            Result<CheckOutcome>(fail(Error::Kind::BadInput, CheckTexts::tr("“%1” is no check.").arg(step.name))));
    return m_jobs.run(makerFor(kind->id)(m_world, m_clock, step, std::move(progress)));
}

CheckJob::CheckJob(const CheckWorld& world, Clock& clock, Step step, StepRunner::Progress progress, qint64 intervalMs)
    : m_world(world), m_clock(clock), m_step(std::move(step)), m_progress(std::move(progress)),
      m_intervalMs(intervalMs), m_forMs(m_step.parameters.value("forSeconds"_L1).toInteger() * 1000),
      m_withinMs(m_step.parameters.value("withinSeconds"_L1).toInteger(checkKind(m_step.name)->withinSeconds) * 1000)
{
}

void CheckJob::start()
{
    m_startMs = m_clock.monotonicMs();
    m_deadline = m_clock.after(this, m_withinMs, [this] { onTimeOver(); });
    lookLater(0); // what it finds at once is told from the event loop, too
}

void CheckJob::lookLater(qint64 ms)
{
    m_next = m_clock.after(this, ms, [this] {
        if (hasEnded())
            return;
        ++m_looks;
        look();
    });
}

void CheckJob::seen(const Result<Look>& result)
{
    if (hasEnded())
        return;
    m_last = result;
    if (result) {
        judge(*result);
        return;
    }
    m_heldSinceMs.reset();
    if (!isPassing(result.error())) {
        end(fail(result.error()));
        return;
    }
    tell(CheckTexts::tr("It cannot be asked at the moment: %1").arg(result.error().sentence));
    lookLater(m_intervalMs);
}

void CheckJob::waitFor(const Look& look)
{
    m_last = look;
    tell(look.words);
}

void CheckJob::judge(const Look& look)
{
    if (look.state == Look::State::Never) {
        finish(false, CheckTexts::tr("It is not so, and waiting does not help: %1.").arg(look.words));
        return;
    }
    if (look.state == Look::State::Not) {
        m_heldSinceMs.reset();
        tell(look.words);
        lookLater(m_intervalMs);
        return;
    }
    const qint64 now = m_clock.monotonicMs();
    const qint64 left = m_heldSinceMs.value_or(now) + m_forMs - now;
    if (!m_heldSinceMs)
        m_heldSinceMs = now;
    if (left <= 0) {
        finish(true, m_forMs > 0
                         ? CheckTexts::tr("It has been so for %1: %2.").arg(secondsWords(m_forMs / 1000), look.words)
                         : CheckTexts::tr("It is so: %1.").arg(look.words));
        return;
    }
    tell(CheckTexts::tr("%1; has to stay so for %2").arg(look.words, secondsWords(m_forMs / 1000)));
    lookLater(std::min(m_intervalMs, left));
}

void CheckJob::onTimeOver()
{
    const QString limit = secondsWords(m_withinMs / 1000);
    if (!m_last) {
        end(fail(Error::Kind::Network, CheckTexts::tr("There was no answer within %1.").arg(limit)));
    } else if (!*m_last) {
        Error error = m_last->error();
        error.sentence =
            CheckTexts::tr("Within %1 it was not so, and now it cannot be asked: %2").arg(limit, error.sentence);
        end(fail(std::move(error)));
    } else if (m_heldSinceMs) {
        finish(false, CheckTexts::tr("Within %1 it was not so for long enough (%2): %3.")
                          .arg(limit, secondsWords(m_forMs / 1000), (*m_last)->words));
    } else {
        finish(false, CheckTexts::tr("Within %1 it was not so: %2.").arg(limit, (*m_last)->words));
    }
}

void CheckJob::finish(bool passed, const QString& sentence)
{
    m_next.reset();
    m_deadline.reset();
    QJsonObject result{{u"value"_s, (*m_last)->words},
                       {u"looks"_s, m_looks},
                       {u"seconds"_s, (m_clock.monotonicMs() - m_startMs) / 1000}};
    if (m_source.isEmpty()) {
        end(CheckOutcome{passed, sentence, result});
        return;
    }
    result.insert(u"source"_s, m_source);
    end(CheckOutcome{passed, sentence + u' ' + CheckTexts::tr("Asked was %1.").arg(m_source), result});
}

void CheckJob::tellSource(const QString& source)
{
    if (!source.isEmpty() && std::exchange(m_source, source) != source)
        tell(CheckTexts::tr("Asks %1").arg(source));
}

void CheckJob::tell(const QString& text)
{
    if (m_progress && std::exchange(m_told, text) != text)
        m_progress(text);
}

bool isAsWanted(const Step& step, double value)
{
    const QString how = step.parameters.value("comparison"_L1).toString();
    const double wanted = step.parameters.value("value"_L1).toString().toDouble();
    if (std::isnan(value))
        return false;
    if (how == "<"_L1)
        return value < wanted;
    if (how == "<="_L1)
        return value <= wanted;
    if (how == ">"_L1)
        return value > wanted;
    if (how == ">="_L1)
        return value >= wanted;
    // Written out by two programs in decimal, so the same number is the same double.
    const bool same = !(value < wanted) && !(value > wanted);
    return how == "=="_L1 ? same : !same;
}

} // namespace wk::changes
