// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "RealServer.h"

namespace wk::test {

/// A history in OpenMetrics text that ends at `endS` (Unix seconds) and goes back for `demoSeconds`, every 15 s:
/// counters with a reset and a gap, a histogram, and numbers that are none.
[[nodiscard]] QByteArray demoHistory(qint64 endS);
inline constexpr int demoSeconds = 7'185;

/// A real Prometheus on loopback, in a temporary directory, with a history of its own. Ends with this object.
class RealPrometheus : public RealServer
{
public:
    /// Why there can be none here; empty where there can.
    [[nodiscard]] static QString missing();

    /// Writes the history (OpenMetrics text) by promtool, and starts. `rules`: a rules file. False and error() where it
    /// did not come up.
    [[nodiscard]] bool start(const QByteArray& openMetrics, const QByteArray& rules = {}, const QStringList& more = {});
    /// Before it is started: what it scrapes besides itself, each second.
    void scrape(const QString& job, const QUrl& url) { m_scraped.emplace_back(job, url); }
    /// After stop(): with the data and at the port that it had.
    [[nodiscard]] bool startAgain() { return launch(); }
    /// What promtool prints; an empty text where it failed.
    [[nodiscard]] QByteArray promtool(const QStringList& arguments) const;

private:
    [[nodiscard]] bool launch();

    std::vector<std::pair<QString, QUrl>> m_scraped;
    QStringList m_more;
};

} // namespace wk::test
