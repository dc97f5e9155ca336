// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Clock.h"
#include "core/Error.h"
#include "store/Address.h"

#include <QtCore/QObject>
#include <QtNetwork/QSslSocket>

#include <functional>
#include <optional>

namespace wk::store {

/// Why a TLS handshake with a PostgreSQL server fails. libpq only says that verification failed, and not in a language
/// that could be relied on; this begins the same handshake (SSLRequest, then TLS:
/// https://www.postgresql.org/docs/15/protocol-flow.html#id-1.10.6.7.12) and looks at the certificate. Sends no
/// credential.
class TlsProbe : public QObject
{
    Q_OBJECT
public:
    using Done = std::function<void(std::optional<Error>)>;

    explicit TlsProbe(Clock& clock, QObject* parent = nullptr);

    /// `done` is called once: with what is wrong, or without an error where nothing was found.
    void start(const Address& address, const Address::Host& host, qint64 limitMs, Done done);

private:
    void onAnswer();
    void onTlsErrors(const QList<QSslError>& errors);
    void finish(std::optional<Error> error);

    Clock& m_clock;
    QSslSocket m_socket;
    QString m_server;
    QString m_name;
    QString m_authorities;
    Done m_done;
    std::shared_ptr<void> m_limit;
};

} // namespace wk::store
