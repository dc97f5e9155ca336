// SPDX-License-Identifier: GPL-3.0-or-later
#include "change/ChangeAwait.h"

#include "change/ChangePrinter.h"
#include "core/Duration.h"

namespace wk::ctl {

using namespace Qt::StringLiterals;
using changes::RequestDetail;
using changes::RequestState;

namespace {

/// The states of a request that goes well, in their order; -1 for all others.
int stage(const RequestDetail& detail)
{
    const RequestState state = detail.summary.state;
    if (state <= RequestState::Verified)
        return int(state);
    const changes::ExecutionRecord* execution = detail.execution();
    const bool wentWell = state == RequestState::Closed && execution && execution->outcome == RequestState::Verified;
    return wentWell ? int(RequestState::Closed) : -1;
}

} // namespace

ChangeAwait::Outlook ChangeAwait::outlook(const RequestDetail& detail, RequestState wanted)
{
    using enum RequestState;
    const RequestState state = detail.summary.state;
    if (state == wanted)
        return detail.summary.expired && wanted != Submitted ? Outlook::Lost : Outlook::Reached;
    const int now = stage(detail);
    if (wanted <= Verified && now > int(wanted))
        return Outlook::Reached; // it was there, and nothing went wrong since
    if (state == Closed || state == Cancelled || state == Rejected || detail.summary.expired)
        return Outlook::Lost;
    const bool ended = state == Verified || state == Failed || state == RolledBack;
    return ended && wanted != Closed ? Outlook::Lost : Outlook::Possible;
}

void ChangeAwait::start(ChangeSession& session, qint64 number, const QList<RequestState>& states, qint64 timeoutMs,
                        Then then)
{
    auto* self = new ChangeAwait(session, number, states, std::move(then));
    if (timeoutMs > 0)
        self->m_deadline = session.clock().after(self, timeoutMs, [self] {
            printError({Error::Kind::Conflict, tr("The time is over. %1").arg(self->m_said), {}, {}});
            self->m_session.finish(Unfinished);
            self->end();
        });
    self->look();
}

ChangeAwait::ChangeAwait(ChangeSession& session, qint64 number, QList<RequestState> states, Then then)
    : QObject(&session), m_session(session), m_number(number), m_states(std::move(states)), m_then(std::move(then))
{
    connect(&session.desk(), &changes::ChangeDesk::requestChanged, this, [this](qint64 changed) {
        if (changed == m_number)
            look();
    });
}

void ChangeAwait::look()
{
    if (std::exchange(m_looking, true)) {
        m_again = true;
        return;
    }
    whenDone(m_session.desk().detail(m_number), this, [this](const Result<RequestDetail>& detail) {
        m_looking = false;
        if (detail) {
            judge(*detail);
        } else if (detail.error().kind == Error::Kind::Network) {
            printNote(detail.error().text());
            lookLater();
        } else {
            m_session.fail(detail.error());
            end();
        }
    });
}

void ChangeAwait::judge(const RequestDetail& detail)
{
    const QString sentence = stateSentence(detail.summary);
    const auto is = [&detail](Outlook wanted) {
        return [&detail, wanted](RequestState state) { return outlook(detail, state) == wanted; };
    };
    if (std::ranges::any_of(m_states, is(Outlook::Reached))) {
        end();
        m_then(detail);
    } else if (std::ranges::all_of(m_states, is(Outlook::Lost))) {
        printError({Error::Kind::Conflict, sentence, {}, {}});
        m_session.finish(Undone);
        end();
    } else {
        if (std::exchange(m_said, sentence) != sentence)
            printNote(sentence);
        lookLater();
    }
}

void ChangeAwait::lookLater()
{
    if (std::exchange(m_again, false))
        look();
    else
        m_next = m_session.clock().after(this, lookAgainMs, [this] { look(); });
}

void ChangeAwait::end()
{
    m_deadline = m_next = nullptr;
    disconnect(&m_session.desk(), nullptr, this, nullptr);
    deleteLater();
}

Result<qint64> timeoutOf(const Arguments& arguments)
{
    return arguments.has(u"timeout"_s) ? parseDurationMs(arguments.value(u"timeout"_s)) : Result<qint64>(0);
}

} // namespace wk::ctl
