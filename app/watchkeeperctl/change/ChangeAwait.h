// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "change/ChangeSession.h"

namespace wk::ctl {

/// Waits until a request has come to one of some states, or can come to none of them any more, or the time is over.
/// A store that is away meanwhile is waited for.
class ChangeAwait : public QObject
{
    Q_OBJECT
public:
    using Then = std::function<void(const changes::RequestDetail&)>;

    /// `timeoutMs` 0: for as long as it takes. Where the state does not come, the program ends with ExitCode::Undone or
    /// Unfinished and a sentence. Deletes itself.
    static void start(ChangeSession& session, qint64 number, const QList<changes::RequestState>& states,
                      qint64 timeoutMs, Then then);

    /// How a request stands to a state that is waited for.
    enum class Outlook { Reached, Possible, Lost };
    [[nodiscard]] static Outlook outlook(const changes::RequestDetail& detail, changes::RequestState wanted);

private:
    ChangeAwait(ChangeSession& session, qint64 number, QList<changes::RequestState> states, Then then);
    void look();
    void judge(const changes::RequestDetail& detail);
    void lookLater();
    void end();

    static constexpr qint64 lookAgainMs = 10'000; ///< nobody tells when a request expires

    ChangeSession& m_session;
    const qint64 m_number;
    const QList<changes::RequestState> m_states;
    Then m_then;
    QString m_said;
    bool m_looking = false, m_again = false;
    std::shared_ptr<void> m_deadline, m_next;
};

/// --timeout in milliseconds, 0 where it was not given.
[[nodiscard]] Result<qint64> timeoutOf(const Arguments& arguments);

} // namespace wk::ctl
