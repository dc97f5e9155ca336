// SPDX-License-Identifier: GPL-3.0-or-later
#include "series/MarkBoard.h"

#include <QtCore/QPointer>

#include <algorithm>
#include <map>

namespace wk::series {

void MarkSwitches::set(Mark::Kind kind, bool on)
{
    if (on == isOn(kind))
        return;
    if (on)
        m_off.erase(kind);
    else
        m_off.insert(kind);
    emit changed();
}

QStringList MarkSwitches::off() const
{
    QStringList names;
    for (const Mark::Kind kind : m_off)
        names += markKindName(kind);
    return names;
}

void MarkSwitches::setOff(const QStringList& names)
{
    std::set<Mark::Kind> off;
    for (const QString& name : names) {
        if (const auto kind = markKindFromName(name))
            off.insert(*kind);
    }
    if (off == m_off)
        return;
    m_off = std::move(off);
    emit changed();
}

/// Holds the watches of the sources that are switched on.
class MarkBoard::Watcher : public QObject
{
public:
    explicit Watcher(const MarkBoard& board) : m_board(&board)
    {
        connect(board.m_switches.get(), &MarkSwitches::changed, this, &Watcher::refresh);
        refresh();
    }
    void refresh()
    {
        if (!m_board)
            return;
        for (const auto& source : m_board->m_sources) {
            if (!m_board->m_switches->isOn(source->kind()))
                m_held.erase(source.get());
            else if (!m_held.contains(source.get()))
                m_held[source.get()] = source->watch();
        }
    }

private:
    QPointer<const MarkBoard> m_board;
    std::map<MarkSource*, std::shared_ptr<void>> m_held;
};

MarkBoard::MarkBoard(std::shared_ptr<MarkSwitches> switches, QObject* parent)
    : QObject(parent), m_switches(std::move(switches))
{
    connect(m_switches.get(), &MarkSwitches::changed, this, &MarkBoard::announce);
}

void MarkBoard::add(std::shared_ptr<MarkSource> source)
{
    connect(source.get(), &MarkSource::changed, this, &MarkBoard::announce);
    m_sources.push_back(std::move(source));
    if (const auto watcher = m_watcher.lock())
        watcher->refresh();
    announce();
}

std::shared_ptr<void> MarkBoard::watch()
{
    auto watcher = m_watcher.lock();
    if (!watcher) {
        watcher = std::make_shared<Watcher>(*this);
        m_watcher = watcher;
    }
    return watcher;
}

void MarkBoard::want(qint64 fromMs, qint64 toMs)
{
    for (const auto& source : m_sources)
        source->want(fromMs, toMs);
}

std::vector<Mark> MarkBoard::marks(qint64 fromMs, qint64 toMs) const
{
    std::vector<Mark> all;
    for (const auto& source : m_sources) {
        if (!m_switches->isOn(source->kind()))
            continue;
        auto some = source->marks(fromMs, toMs);
        std::ranges::move(some, std::back_inserter(all));
    }
    std::ranges::stable_sort(all, {}, &Mark::atMs);
    return all;
}

void MarkBoard::announce()
{
    if (std::exchange(m_announced, true))
        return;
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_announced = false;
            emit changed();
        },
        Qt::QueuedConnection);
}

} // namespace wk::series
