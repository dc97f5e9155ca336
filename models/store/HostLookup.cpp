// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/HostLookup.h"

#include <QtNetwork/QHostAddress>
#include <QtNetwork/QHostInfo>

namespace wk::store {

HostLookup::~HostLookup() { cancel(); }

void HostLookup::cancel()
{
    if (m_lookup >= 0)
        QHostInfo::abortHostLookup(std::exchange(m_lookup, -1));
    m_found = {};
}

void HostLookup::start(const QList<Address::Host>& hosts, Found found)
{
    cancel();
    m_waiting = hosts;
    m_ready.clear();
    m_unknown.clear();
    m_found = std::move(found);
    next();
}

void HostLookup::next()
{
    while (!m_waiting.isEmpty()) {
        const Address::Host host = m_waiting.takeFirst();
        if (host.isSocket() || !host.address.isEmpty()) {
            m_ready.append(host);
            continue;
        }
        if (const QHostAddress numeric(host.name); !numeric.isNull()) {
            m_ready.append({host.name, host.name, host.port});
            continue;
        }
        m_lookup = QHostInfo::lookupHost(host.name, this, [this, host](const QHostInfo& info) {
            m_lookup = -1;
            for (const QHostAddress& address : info.addresses())
                m_ready.append({host.name, address.toString(), host.port});
            if (info.addresses().isEmpty())
                m_unknown << host.name;
            next();
        });
        return;
    }
    const Found found = std::exchange(m_found, {});
    if (!found)
        return;
    if (!m_ready.isEmpty() || m_unknown.isEmpty())
        found(m_ready);
    else
        found(fail(Error::Kind::Network,
                   tr("The name of the store's server cannot be resolved to an address: %1.")
                       .arg(m_unknown.join(QStringLiteral(", "))),
                   {}, tr("Check the spelling in the store's address, the DNS and the VPN.")));
}

} // namespace wk::store
