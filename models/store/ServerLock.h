// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QString>

namespace wk::store {

/// A lock on a file (flock): let go by itself when its process ends, however that happens.
class ServerLock
{
public:
    enum class Mode { Shared, Exclusive };

    ServerLock() = default;
    explicit ServerLock(const QString& file);
    ~ServerLock() { close(); }
    ServerLock(ServerLock&& other) noexcept : m_file(std::exchange(other.m_file, -1)) {}
    ServerLock& operator=(ServerLock&& other) noexcept
    {
        std::swap(m_file, other.m_file);
        return *this;
    }

    /// Whether it was got; never waits. Asked again in another mode, it changes to that.
    [[nodiscard]] bool tryLock(Mode mode);
    /// Programs that are started from now on hold the lock, too, until they end.
    void inherit();
    void close();

private:
    int m_file = -1;
};

} // namespace wk::store
