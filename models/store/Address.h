// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"

#include <QtCore/QByteArray>
#include <QtCore/QList>
#include <QtCore/QString>

namespace wk::store {

/// Where a store is and how to get in: what stands in `postgresql://…` or `host=… dbname=…`, in libpq's own grammar
/// (https://www.postgresql.org/docs/15/libpq-connect.html#LIBPQ-CONNSTRING), with defaults that are safe.
///
/// Several hosts are tried in their order until one lets us in that can be written to. Where a host is neither a Unix
/// socket nor a loopback address, the server's certificate is verified against its name (sslmode verify-full) and
/// against the authorities of `sslrootcert`, else of ~/.postgresql/root.crt, else of the system, unless the address
/// names another sslmode.
class Address
{
public:
    struct Host
    {
        QString name;    ///< host name, address, or the directory of a Unix socket
        QString address; ///< numeric address, once resolved; empty for a socket
        quint16 port = 5432;

        [[nodiscard]] bool isSocket() const { return name.startsWith(u'/') || name.startsWith(u'@'); }
        /// A socket or a loopback address: bytes do not leave this machine.
        [[nodiscard]] bool isLocal() const;
        /// "db1.example:5432", "[::1]:5432", "/run/postgresql".
        [[nodiscard]] QString text() const;
        bool operator==(const Host&) const = default;
    };
    using Option = std::pair<QByteArray, QByteArray>;

    /// A URI or key=value pairs. Fails in words; never repeats a password that stands in `text`.
    [[nodiscard]] static Result<Address> parse(const QString& text);
    /// A server on a Unix socket.
    [[nodiscard]] static Address socket(const QString& directory, quint16 port, const QString& user,
                                        const QString& database);

    [[nodiscard]] const QList<Host>& hosts() const { return m_hosts; }
    void setHosts(QList<Host> hosts) { m_hosts = std::move(hosts); }
    [[nodiscard]] const QString& user() const { return m_user; }
    void setUser(const QString& user) { m_user = user; }
    [[nodiscard]] const QString& database() const { return m_database; }
    void setDatabase(const QString& database) { m_database = database; }
    /// The password that stood in the text; empty where none did. Never part of text().
    [[nodiscard]] const QByteArray& password() const { return m_password; }
    /// The person's own server, which this program starts and stops.
    [[nodiscard]] bool isPrivate() const { return m_private; }
    void setPrivate(bool isPrivate) { m_private = isPrivate; }
    /// The effective sslmode: "verify-full", "disable", ...
    [[nodiscard]] QByteArray sslMode() const;
    /// A further option of libpq, else `fallback`.
    [[nodiscard]] QByteArray option(const QByteArray& keyword, const QByteArray& fallback = {}) const;
    void setOption(const QByteArray& keyword, const QByteArray& value);
    /// Whether a server that takes no changes would do: the address says target_session_attrs=any (or standby, ...).
    [[nodiscard]] bool allowsReadOnly() const;

    /// As a URI without the password: for people, settings, and as the name of the password in the keychain.
    [[nodiscard]] QString text() const;

    /// What libpq is given to connect to one of the hosts, as keywords and values.
    [[nodiscard]] QList<Option> connectOptions(const Host& host, const QByteArray& password) const;

private:
    QList<Host> m_hosts;
    QString m_user;
    QString m_database;
    QByteArray m_password;
    QList<Option> m_options; ///< what the text said beyond the above
    bool m_private = false;
};

/// The authorities that servers are checked against where the address names none: ~/.postgresql/root.crt if it exists,
/// else the system's file; empty where neither is found.
[[nodiscard]] QString defaultRootCertificates();

} // namespace wk::store
