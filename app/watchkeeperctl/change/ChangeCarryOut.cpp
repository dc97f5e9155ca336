// SPDX-License-Identifier: GPL-3.0-or-later
#include "change/ChangeAwait.h"
#include "change/ChangeExecution.h"
#include "change/ChangeWriting.h"

namespace wk::ctl {

using namespace Qt::StringLiterals;
using changes::RequestDetail;
using changes::RequestState;
using Decided = ChangeExecution::Decided;

namespace {

constexpr qint64 lookAgainMs = 1'000;

/// Reads until the request's executor is dead, which nobody announces; then takes over.
class TakeOver : public QObject
{
public:
    TakeOver(ChangeSession& session, Decided decided)
        : QObject(&session), m_session(session), m_decided(std::move(decided))
    {
    }

    void look()
    {
        m_session.withRequest([this](const RequestDetail& detail) { judge(detail); });
    }

private:
    void judge(const RequestDetail& detail)
    {
        const changes::ExecutionRecord* execution = detail.execution();
        const bool lives = execution && !execution->outcome && !execution->leaseDead;
        if (lives && m_session.arguments().has(u"wait"_s)) {
            if (!std::exchange(m_said, true))
                printNote(
                    ChangeSession::tr("%1 gave a sign of life less than 30 s ago. Waits.").arg(execution->executor));
            m_next = m_session.clock().after(this, lookAgainMs, [this] { look(); });
            return;
        }
        const changes::StepRecord* step =
            execution && m_decided.resolveStep ? execution->step(m_decided.resolveStep) : nullptr;
        const bool open =
            step && (step->state == changes::StepState::Running || step->state == changes::StepState::Unknown);
        if (m_decided.resolveStep && !open) {
            m_session.fail({Error::Kind::Conflict,
                            ChangeSession::tr("Step %1 is not one of which only the beginning is on record")
                                .arg(m_decided.resolveStep),
                            {},
                            {}});
            return;
        }
        (new ChangeExecution(m_session, detail, m_decided))->takeOver();
    }

    ChangeSession& m_session;
    const Decided m_decided;
    std::shared_ptr<void> m_next;
    bool m_said = false;
};

void takeOver(ChangeSession& s, Decided decided)
{
    const auto timeout = timeoutOf(s.arguments());
    decided.reason = s.arguments().value(u"reason"_s);
    decided.stopAfterStep = s.arguments().has(u"stop-after-step"_s);
    decided.proceed = s.arguments().has(u"yes"_s);
    if (!timeout) {
        s.fail(timeout.error());
    } else if (decided.reason.size() < 3) {
        s.misuse(ChangeSession::tr("Say why you take it over: --reason …"));
    } else {
        (new TakeOver(s, decided))->look();
    }
}

} // namespace

void executeRequest(ChangeSession& s)
{
    const auto timeout = timeoutOf(s.arguments());
    if (!timeout) {
        s.fail(timeout.error());
        return;
    }
    s.withRequest([&s, timeout = *timeout](const RequestDetail& seen) {
        const auto execute = [&s](const RequestDetail& detail) {
            Decided decided;
            decided.stopAfterStep = s.arguments().has(u"stop-after-step"_s);
            (new ChangeExecution(s, detail, decided))->claim();
        };
        if (s.arguments().has(u"wait"_s))
            ChangeAwait::start(s, seen.summary.number, {RequestState::Approved}, timeout, execute);
        else
            execute(seen);
    });
}

void takeOverRequest(ChangeSession& s) { takeOver(s, {}); }

void resolveStep(ChangeSession& s)
{
    using changes::Resolution;
    Decided decided;
    bool isNumber = false;
    decided.resolveStep = s.word(1).toInt(&isNumber);
    const Resolution all[] = {Resolution::Done, Resolution::Failed, Resolution::Repeat};
    const auto said = std::ranges::find(all, s.word(2), changes::resolutionName);
    if (!isNumber || decided.resolveStep == 0 || said == std::end(all)) {
        s.misuse(ChangeSession::tr("Write: change resolve N STEP done|failed|repeat --reason …"));
        return;
    }
    decided.resolution = *said;
    takeOver(s, decided);
}

void rollBackRequest(ChangeSession& s)
{
    Decided decided;
    decided.rollBack = true;
    takeOver(s, decided);
}

} // namespace wk::ctl
