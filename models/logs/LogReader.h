// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Backoff.h"
#include "core/ReceiverLink.h"
#include "core/Result.h"
#include "logs/LogLine.h"
#include "logs/PodRuns.h"
#include "logs/ResumeGuard.h"
#include "net/Send.h"

#include <QtCore/QObject>

#include <optional>

namespace wk::logs {

/// How far a run has been read.
struct ReaderState
{
    enum class Phase {
        Opening,
        Reading, ///< following, or on the way to the end
        Waiting, ///< until the next try; `error` says why
        Done,    ///< read to its end, or to where it can be read
    };
    Phase phase = Phase::Opening;
    std::optional<Error> error;
    int interruptions = 0;
    int gaps = 0;
    bool operator==(const ReaderState& other) const
    {
        return phase == other.phase && interruptions == other.interruptions && gaps == other.gaps &&
               error.has_value() == other.error.has_value() && (!error || error->sentence == other.error->sentence);
    }
};

/// Reads the log of one run of one container, from a beginning to the end of the run, over as many requests as it
/// takes.
///
/// A stream that ends says nothing about why: the run may be over, a server may have been stopped, a connection cut. So
/// after each end the pod is looked at; a run that goes on is resumed from the last second (ResumeGuard), one that is
/// over is read once more without following, so that its last words are there, from previous=true where another run has
/// begun. The pod is also looked at after each opening, before a line is taken: between two requests a container may
/// have been restarted, and another run's lines are never taken for this one's. A stream that is silent for `quietMs`
/// is doubled by a new one and replaced, because a connection may be dead without a word.
///
/// Where lines may be missing there is a Gap. All on the transport's thread.
class LogReader : public QObject
{
    Q_OBJECT
public:
    struct Setup
    {
        QString space, pod, podUid, container, runId;
        quint16 source = 0;
        bool follow = true;
        RunPlace place = RunPlace::Running; ///< when it is opened first
        /// Where to begin; neither: at the first line that the server has.
        std::optional<qint64> sinceNs;
        std::optional<qint64> tail;
        qint64 quietMs = 30'000;
        qint64 answerMs = 10'000;
    };
    /// `lines` is told when its lines were stored (`stored`, from any thread): not more than `maxUnderWay` bytes are.
    struct Events
    {
        std::function<void(LogBatch&& batch, std::function<void()> stored)> lines;
        std::function<void()> changed;
    };
    static constexpr qint64 maxUnderWay = 8 << 20;

    /// The references outlive the reader.
    LogReader(Setup setup, net::Transport& transport, Clock& clock, const Random& random, Events events,
              QObject* parent = nullptr);
    ~LogReader() override;

    void start();
    [[nodiscard]] const ReaderState& state() const { return m_state; }
    [[nodiscard]] const Setup& setup() const { return m_setup; }
    /// Something about the pod has changed: a wait is over.
    void kick();
    /// The connection may be dead.
    void reopen();

private:
    struct Stream;
    void open();
    [[nodiscard]] net::Request requestFor(const Stream& stream) const;
    void onHead(quint64 serial, const net::ResponseHead& head);
    void onData(quint64 serial, QByteArrayView bytes);
    void onFinished(quint64 serial, std::optional<Error> error);
    void onRefused();
    void adopt();
    void liveEnded();
    /// Looks at the pod, and tells what is known of the run while that stream is still the one in question.
    enum class Fate { Unknown, Gone, There };
    void look(quint64 serial, void (LogReader::*then)(Fate));
    void onProof(Fate fate);
    void onLiveOver(Fate fate);
    void onRefusedSeen(Fate fate);
    void take(Stream& stream, QByteArrayView line, bool cut, LogBatch& batch);
    void finishText();
    void deliver(LogBatch&& batch);
    void addGap(LogBatch& batch, const QString& why);
    void waitFor(qint64 atLeastMs, Error error);
    void conclude(bool complete);
    void drop(std::unique_ptr<Stream>& stream);
    void armQuiet();
    void pauseOrGoOn();
    void setPhase(ReaderState::Phase phase, std::optional<Error> error = {});

    Setup m_setup;
    net::Transport& m_transport;
    Clock& m_clock;
    Events m_events;
    Backoff m_backoff;
    ReaderState m_state;
    std::shared_ptr<ReceiverLink> m_link; ///< from where lines are stored
    ResumeGuard m_guard;
    RunPlace m_place; ///< where the run was last seen
    std::unique_ptr<Stream> m_live;
    std::unique_ptr<Stream> m_next; ///< asked for, and not proved to be of this run yet
    quint64 m_serial = 0;
    qint64 m_lastKey = 0;
    qint64 m_underWay = 0;
    bool m_brokeOff = false; ///< the last stream did not end in order
    std::optional<Error> m_refusal;
    std::optional<Error> m_lookError;
    std::shared_ptr<void> m_timer;
    std::shared_ptr<void> m_quietTimer;
};

} // namespace wk::logs
