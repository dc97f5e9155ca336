// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"
#include "store/Address.h"

#include <QtCore/QObject>

#include <functional>

namespace wk::store {

/// Gives every host of an address its numeric address, because libpq would wait for the name server. A name with
/// several addresses becomes several hosts; sockets and numeric addresses stay as they are; names that do not resolve
/// are left out.
class HostLookup : public QObject
{
    Q_OBJECT
public:
    using Found = std::function<void(Result<QList<Address::Host>>)>;

    explicit HostLookup(QObject* parent = nullptr) : QObject(parent) {}
    ~HostLookup() override;

    /// Fails with Error::Kind::Network where no name resolves. A new start forgets the one before. `found` may be
    /// called before this returns.
    void start(const QList<Address::Host>& hosts, Found found);
    void cancel();

private:
    void next();

    QList<Address::Host> m_waiting;
    QList<Address::Host> m_ready;
    QStringList m_unknown;
    Found m_found;
    int m_lookup = -1;
};

} // namespace wk::store
