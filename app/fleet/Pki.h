// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"

#include <QtCore/QByteArray>
#include <QtCore/QString>
#include <QtNetwork/QSslConfiguration>

namespace wk::fleet {

/// The fleet's own certification authority: made once per state directory, so that a kubeconfig stays valid over
/// restarts. The certificates that it signs are made anew at every start.
class Pki
{
public:
    struct Pair
    {
        QByteArray certificate; ///< PEM
        QByteArray key;         ///< PEM
    };

    /// Loads DIR/ca.crt and DIR/ca.key or creates them (key readable by the owner only).
    [[nodiscard]] static Result<Pki> open(const QString& directory);

    [[nodiscard]] const QByteArray& authority() const { return m_authority.certificate; }
    /// For localhost, 127.0.0.1 and ::1.
    [[nodiscard]] Result<Pair> serverPair() const;
    /// Subject CN = user, O = group, as Kubernetes reads it.
    [[nodiscard]] Result<Pair> clientPair(const QString& user, const QString& group) const;
    /// TLS 1.2 or later, asks for a client certificate and accepts none.
    [[nodiscard]] Result<QSslConfiguration> serverConfiguration() const;
    /// True if this authority has signed that certificate and it is valid now.
    [[nodiscard]] bool signedByUs(const QSslCertificate& certificate) const;

private:
    Pair m_authority;
};

} // namespace wk::fleet
