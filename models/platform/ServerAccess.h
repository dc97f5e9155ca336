// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QStringList>

#include <optional>
#include <utility>
#include <vector>

namespace wk::platform {

/// How a server of figures is reached, where it wants more than an address. A password or token never stands in a file:
/// `secret` names the keychain's entry that holds it.
struct ServerAccess
{
    enum class Login { None, Basic, Bearer };
    QStringList urls; ///< of a Prometheus one; of an Alertmanager one for each replica; empty: it is looked for
    QString prefix;   ///< "/prometheus": goes before every path
    Login login = Login::None;
    QString user;             ///< Basic
    QString secret;           ///< empty: secretName()
    QString certificate, key; ///< of the client, files in PEM
    QString authority;        ///< a file in PEM, the only one that is trusted; empty: the system's
    std::vector<std::pair<QString, QString>> headers; ///< of the tenant: X-Scope-OrgID
    QString proxy;                                    ///< empty: the environment's
    bool insecure = false;                            ///< verify nothing
    QString source;
};

struct Monitoring
{
    std::optional<ServerAccess> prometheus, alertmanager;
};

} // namespace wk::platform
