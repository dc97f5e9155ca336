// SPDX-License-Identifier: GPL-3.0-or-later
#include "secrets/SecretStore.h"

namespace wk::secrets {

MemoryStore::~MemoryStore()
{
    for (QByteArray& secret : m_secrets)
        secret.fill('\0');
}

QFuture<Result<std::optional<QByteArray>>> MemoryStore::read(const QString& name)
{
    const auto found = m_secrets.constFind(name);
    return QtFuture::makeReadyFuture(
        Result<std::optional<QByteArray>>(found == m_secrets.cend() ? std::nullopt : std::optional(*found)));
}

QFuture<Result<void>> MemoryStore::write(const QString& name, const QByteArray& secret)
{
    m_secrets.insert(name, secret);
    return QtFuture::makeReadyFuture(Result<void>());
}

QFuture<Result<void>> MemoryStore::remove(const QString& name)
{
    if (const auto found = m_secrets.find(name); found != m_secrets.end()) {
        found->fill('\0');
        m_secrets.erase(found);
    }
    return QtFuture::makeReadyFuture(Result<void>());
}

} // namespace wk::secrets
