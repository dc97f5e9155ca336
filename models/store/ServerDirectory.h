// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"
#include "store/ServerPrograms.h"

namespace wk::store {

/// An Error::Kind::Io with what the system said last. `sentence` has %1 for the path.
[[nodiscard]] std::unexpected<Error> ioError(const QString& sentence, const QString& path);

/// The directory of a private server: its permissions, its settings, and whether somebody serves it. Functions touch
/// the disk: not on the GUI thread.
class ServerDirectory
{
public:
    ServerDirectory() = default;
    /// `user` runs the server, `person` (the system's name) may enter it, also as the role `superuser`.
    ServerDirectory(QString path, bool durable, ServerUser user, QString person, QString superuser)
        : m_path(std::move(path)), m_durable(durable), m_user(std::move(user)), m_person(std::move(person)),
          m_superuser(std::move(superuser))
    {
    }

    [[nodiscard]] QString path(const char* name) const { return m_path + u'/' + QLatin1String(name); }
    /// "run" in the directory, or one in /tmp where the path were too long for a socket.
    [[nodiscard]] QString socketDirectory() const;
    [[nodiscard]] const ServerUser& user() const { return m_user; }
    [[nodiscard]] const QString& person() const { return m_person; }

    /// Makes the directories where they are missing, for this person alone.
    [[nodiscard]] Result<void> prepare();
    /// Writes PostgreSQL's configuration into `data`.
    [[nodiscard]] Result<void> configure(const QString& data) const;
    /// Whether the process that the lock file names runs and is a server of this directory.
    [[nodiscard]] bool isServed() const;
    /// After a power cut the number in the lock file may meanwhile be that of another program of ours, and PostgreSQL
    /// would refuse to start. The file stays: its other lines keep a new server away from memory that children of the
    /// old one still use. Only the number is replaced, by one that no process has.
    [[nodiscard]] Result<void> forgetStranger() const;
    /// The end of the server's log.
    [[nodiscard]] QString logTail() const;
    /// What failed, with what a program said about it.
    [[nodiscard]] Error explained(const QString& what, const QString& output) const;

private:
    [[nodiscard]] Result<void> own(const QString& directory) const;
    [[nodiscard]] Result<void> reachable() const;
    [[nodiscard]] Result<void> write(const QString& file, const QByteArray& content) const;

    QString m_path;
    bool m_durable = true;
    ServerUser m_user;
    QString m_person;
    QString m_superuser;
};

} // namespace wk::store
