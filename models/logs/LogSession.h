// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/connection/Guest.h"
#include "logs/LogExport.h"
#include "logs/LogFilter.h"
#include "logs/LogOrder.h"
#include "logs/LogStore.h"
#include "logs/LogTarget.h"

#include <QtCore/QObject>

#include <set>

namespace wk::logs {

/// A log that a person looks at: the lines of all its sources in the order of time, those that a filter lets pass,
/// marks. Lines are read on the connection's thread, stored and filtered on a thread of their own; here, on the GUI
/// thread, only places are put in order, at most every 50 ms.
class LogSession : public QObject
{
    Q_OBJECT
public:
    /// Takes the feed in on a connection's thread (ClusterConnection::takeIn).
    using Host = std::function<std::shared_ptr<void>(cluster::GuestMaker)>;
    struct Options
    {
        QString directory = spillDirectory();
        LogStore::Limits limits = {};
        qint64 batchMs = 50;
    };

    LogSession(const Host& host, LogTarget target, LogWish wish, Options options, QObject* parent = nullptr);
    LogSession(const Host& host, LogTarget target, LogWish wish, QObject* parent = nullptr);
    ~LogSession() override;

    [[nodiscard]] const LogTarget& target() const { return m_target; }
    [[nodiscard]] const LogWish& wish() const { return m_wish; }
    [[nodiscard]] const LogState& state() const { return m_state; }
    /// "pod/container" of a source, with the run's number from the second on.
    [[nodiscard]] QString sourceName(quint16 source) const;
    /// Why lines are kept in memory only, or not at all.
    [[nodiscard]] std::optional<Error> trouble() const;

    /// Lines that are shown: those that the filter lets pass, and gaps.
    [[nodiscard]] qsizetype size() const { return shown().size(); }
    [[nodiscard]] const LineKey& placeAt(qsizetype position) const { return shown().at(position); }
    [[nodiscard]] std::optional<LogLine> lineAt(qsizetype position) const;
    /// The position of a line that is shown, or where it would stand.
    [[nodiscard]] qsizetype positionOf(const LineKey& place) const { return shown().positionOf(place); }
    /// All that are kept, and how many older ones were let go because of the limits.
    [[nodiscard]] qsizetype total() const { return m_all.size(); }
    [[nodiscard]] quint32 letGo() const { return m_first; }

    void setFilter(const LogFilter& filter);
    [[nodiscard]] const LogFilter& filter() const { return m_filter; }
    /// Lines that the filter has not seen yet.
    [[nodiscard]] quint32 unfiltered() const { return m_filter.isEmpty() ? 0 : m_seen - m_filteredTo; }

    /// The next line that is at least so grave, from `position` on or, `backwards`, before it; -1 where there is none.
    [[nodiscard]] qsizetype findLevel(Level level, qsizetype position, bool backwards = false) const;
    void setMarked(const LineKey& place, bool marked);
    [[nodiscard]] bool isMarked(const LineKey& place) const { return m_marks.contains(place); }
    [[nodiscard]] const std::set<LineKey>& marks() const { return m_marks; }
    /// The next marked line that is shown, -1 where there is none.
    [[nodiscard]] qsizetype findMark(qsizetype position, bool backwards = false) const;

    /// What is shown now, into a file.
    [[nodiscard]] std::unique_ptr<LogExport> exportTo(const QString& fileName, bool timestamps, bool names) const;
    [[nodiscard]] const std::shared_ptr<LogStore>& store() const;

signals:
    /// From that position on other lines stand; before it nothing has changed, except that `gone` lines went from the
    /// beginning of it all.
    void linesChanged(qsizetype from, qsizetype gone);
    void stateChanged();
    void filterChanged();

private:
    struct Intake;
    [[nodiscard]] const LogOrder& shown() const { return m_filter.isEmpty() ? m_all : m_matches; }
    void takeNew();
    void filterOn();
    void onFiltered(quint64 run, quint32 to, std::vector<LineKey> matches);

    LogTarget m_target;
    LogWish m_wish;
    LogState m_state;
    LogOrder m_all;
    LogOrder m_matches;
    LogFilter m_filter;
    std::set<LineKey> m_marks;
    quint32 m_seen = 0;  ///< lines that are in order
    quint32 m_first = 0; ///< oldest that is kept
    quint32 m_filteredTo = 0;
    quint64 m_filterRun = 0;
    bool m_filtering = false;
    std::shared_ptr<Intake> m_intake;
    std::shared_ptr<void> m_feed;
};

} // namespace wk::logs
