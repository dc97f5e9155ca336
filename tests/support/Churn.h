// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QString>
#include <QtCore/QThread>

#include <atomic>
#include <memory>

namespace wk::test {

class ChurnWorker;

/// Keeps a real API server busy: pods on nodes of its own ("load-node-…", which no kubelet serves), whose status
/// changes at a rate, and of which some are deleted and made anew. Works on a thread of its own, as the cluster's
/// administrator.
class Churn
{
public:
    /// `directory`: where ca.crt, admin.crt and admin.key are.
    Churn(quint16 port, const QString& directory);
    ~Churn();

    /// Makes `pods` pods; false where that took more than `timeoutMs`.
    [[nodiscard]] bool populate(int pods, int timeoutMs = 120'000);
    void start(double changesPerSecond);
    /// Stops; returns when the last request has been answered or given up.
    void stop();
    /// Changes that the server accepted, and requests that failed, so far.
    [[nodiscard]] qint64 accepted() const { return m_accepted; }
    [[nodiscard]] qint64 failed() const { return m_failed; }

private:
    friend class ChurnWorker;
    std::atomic<qint64> m_accepted = 0;
    std::atomic<qint64> m_failed = 0;
    std::atomic<int> m_open = 0;
    QThread m_thread;
    ChurnWorker* m_worker; ///< lives on m_thread, which deletes it
};

} // namespace wk::test
