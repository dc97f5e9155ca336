// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/probes/ProbeBook.h"

#include <QtCore/QObject>

#include <map>

namespace wk::monitoring {

/// Asks the probes of a book, each when it is due and only so many at once. Never waits; lives on one thread.
class ProbeRunner final : public QObject
{
    Q_OBJECT
public:
    struct Options
    {
        int atOnce = 6;
        ProbeBook::Options book;
    };

    /// `clock`, and what `way` leads to, outlive the runner.
    ProbeRunner(ProbeWay way, Clock& clock, Random random, const Options& options, QObject* parent = nullptr);
    ProbeRunner(ProbeWay way, Clock& clock, Random random, QObject* parent = nullptr);
    ~ProbeRunner() override;

    /// From now on these are asked. Those that are the same as before keep what is known of them.
    void setProbes(const std::vector<ProbeSpec>& probes);
    /// The connection to the cluster has come or gone.
    void setWay(ProbeWay way) { m_way = std::move(way); }
    /// Not while nobody looks, say. What is under way ends by itself.
    void setPaused(bool paused);
    /// Asks one out of turn; an empty id: all of them.
    void askNow(const QString& id = {});

    [[nodiscard]] const ProbeBook& book() const { return m_book; }
    [[nodiscard]] int running() const { return int(m_flights.size()); }

signals:
    /// There is a new result.
    void recorded(const QString& id);

private:
    void turn();
    void start(const ProbeBook::Entry& entry);

    ProbeWay m_way;
    Clock& m_clock;
    const int m_atOnce;
    ProbeBook m_book;
    std::map<QString, std::unique_ptr<Flight>> m_flights;
    std::shared_ptr<void> m_timer;
    bool m_paused = false;
};

} // namespace wk::monitoring
