// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "series/MarkSource.h"

#include <QtCore/QStringList>

#include <set>

namespace wk::series {

/// Which kinds of marks a person wants to see, on all charts.
class MarkSwitches : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    [[nodiscard]] bool isOn(Mark::Kind kind) const { return !m_off.contains(kind); }
    void set(Mark::Kind kind, bool on);
    /// The names of those that are switched off: what is remembered.
    [[nodiscard]] QStringList off() const;
    /// Names that nobody knows are left out.
    void setOff(const QStringList& names);

signals:
    void changed();

private:
    std::set<Mark::Kind> m_off;
};

/// What happened at one place, from all who know of something. On the GUI thread.
class MarkBoard : public QObject
{
    Q_OBJECT
public:
    explicit MarkBoard(std::shared_ptr<MarkSwitches> switches, QObject* parent = nullptr);

    void add(std::shared_ptr<MarkSource> source);
    [[nodiscard]] const std::vector<std::shared_ptr<MarkSource>>& sources() const { return m_sources; }
    [[nodiscard]] const std::shared_ptr<MarkSwitches>& switches() const { return m_switches; }

    /// As long as one of these is held, all sources whose kind is switched on are watched.
    [[nodiscard]] std::shared_ptr<void> watch();
    void want(qint64 fromMs, qint64 toMs);
    /// Of the kinds that are switched on, by the time at which they began.
    [[nodiscard]] std::vector<Mark> marks(qint64 fromMs, qint64 toMs) const;

    /// The person wants to see what is marked: activated() tells whoever can show it.
    void activate(const Mark& mark) { emit activated(mark); }

signals:
    /// Once per turn of the event loop, however much has changed.
    void changed();
    void activated(const wk::series::Mark& mark);

private:
    class Watcher;
    void announce();

    std::shared_ptr<MarkSwitches> m_switches;
    std::vector<std::shared_ptr<MarkSource>> m_sources;
    std::weak_ptr<Watcher> m_watcher;
    bool m_announced = false;
};

} // namespace wk::series
