// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/ServerLock.h"

#include <QtCore/QFile>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace wk::store {

ServerLock::ServerLock(const QString& file)
    : m_file(::open(QFile::encodeName(file).constData(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600))
{
}

bool ServerLock::tryLock(Mode mode)
{
    return m_file >= 0 && flock(m_file, (mode == Mode::Shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0;
}

void ServerLock::inherit()
{
    if (m_file >= 0)
        fcntl(m_file, F_SETFD, 0);
}

void ServerLock::close()
{
    if (m_file >= 0)
        ::close(std::exchange(m_file, -1));
}

} // namespace wk::store
