// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/connection/Guest.h"
#include "core/Result.h"
#include "net/WebSocket.h"

#include <QtCore/QObject>
#include <QtCore/QStringList>

namespace wk::channels {

/// A command to be run in a container, without a terminal and without input. No shell reads the words.
struct CommandWish
{
    QString space;
    QString pod;
    QString container; ///< empty: the pod's only one
    QStringList words; ///< the program first
    qint64 limitMs = 60'000;
    qint64 maxBytes = 4 << 20; ///< of each stream; what comes beyond is counted and let go
};

/// What a stream brought.
struct CommandOutput
{
    QByteArray bytes;
    qint64 omitted = 0; ///< bytes beyond the limit
};

struct CommandOutcome
{
    int exitCode = 0;
    CommandOutput out, err;
    qint64 milliseconds = 0;
};

/// Runs one command, once: a command is never sent again by itself. On the thread of a cluster's connection, as its
/// guest.
class PodCommandRun final : public QObject, public cluster::Guest
{
    Q_OBJECT
public:
    using Ended = std::function<void(Result<CommandOutcome>)>;

    /// The references outlive it. `ended` is called once, later, on this thread; with Error::Kind::Cancelled where it
    /// is destroyed before: the cluster then decides what becomes of the program.
    PodCommandRun(CommandWish wish, net::SocketOpener& opener, Clock& clock, Ended ended);
    ~PodCommandRun() override;

    /// What a command has written since cannot be asked for again: it goes on, and its connection tells whether it is
    /// dead.
    void reopen() override {}

private:
    void onMessage(const QByteArray& message);
    void onClosed(const net::SocketEnd& end);
    void take(CommandOutput& to, QByteArrayView bytes) const;
    void end(Result<CommandOutcome> result);

    const CommandWish m_wish;
    Clock& m_clock;
    Ended m_ended;
    CommandOutcome m_outcome;
    QByteArray m_status;
    qint64 m_startMs;
    bool m_open = false;
    std::shared_ptr<void> m_limit;
    std::unique_ptr<net::WebSocket> m_socket;
};

} // namespace wk::channels
