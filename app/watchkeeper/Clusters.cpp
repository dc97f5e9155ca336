// SPDX-License-Identifier: GPL-3.0-or-later
#include "watchkeeper/Clusters.h"

namespace wk::app {

using namespace Qt::StringLiterals;

namespace {

/// Same server, same identity, read in the same way: the connection may stay.
bool sameConnection(const platform::ResolvedContext& a, const platform::ResolvedContext& b)
{
    const auto exec = [](const platform::ResolvedContext& c) {
        return c.exec ? std::tuple(c.exec->apiVersion, c.exec->command, c.exec->args, c.exec->env)
                      : std::tuple(QString(), QString(), QStringList(), QList<QPair<QString, QString>>());
    };
    const auto parts = [&](const platform::ResolvedContext& c) {
        return std::tuple(c.server, c.tlsServerName, c.insecureSkipTlsVerify, c.proxyUrl, c.caData, c.caFile,
                          c.clientCertificateData, c.clientCertificateFile, c.clientKeyData, c.clientKeyFile);
    };
    const auto user = [&](const platform::ResolvedContext& c) {
        return std::tuple(c.token, c.tokenFile, c.basicUser, c.basicPassword, c.impersonate.user, c.impersonate.groups,
                          c.userName, c.space);
    };
    return parts(a) == parts(b) && user(a) == user(b) && exec(a) == exec(b);
}

} // namespace

Clusters::Clusters(QObject* parent) : QObject(parent) {}
Clusters::~Clusters() = default;

void Clusters::load(const QStringList& list, const QStringList& extraFiles)
{
    m_set = platform::KubeConfigSet::load(list, extraFiles, m_set);
    m_contexts = m_set.contexts();
    m_loaded = true;
    m_sessions.removeIf([this](const auto& entry) {
        const auto now = m_set.resolve(entry.value()->context.id);
        return !now || !sameConnection(*now, entry.value()->context);
    });
    emit contextsChanged();
}

std::optional<platform::ContextEntry> Clusters::find(const QString& context, const QString& origin) const
{
    for (const platform::ContextEntry& entry : m_contexts) {
        if (entry.id.context == context && (origin.isEmpty() || entry.id.origin == origin))
            return entry;
    }
    return std::nullopt;
}

std::optional<platform::ContextEntry> Clusters::current() const
{
    for (const platform::ContextEntry& entry : m_contexts) {
        if (entry.current)
            return entry;
    }
    return std::nullopt;
}

Result<std::shared_ptr<ClusterSession>> Clusters::session(const platform::ContextId& id)
{
    const QString key = keyOf(id);
    if (const auto known = m_sessions.value(key))
        return known;
    const auto resolved = m_set.resolve(id);
    if (!resolved)
        return fail(resolved.error());
    auto session = std::make_shared<ClusterSession>();
    session->context = *resolved;
    session->view = std::make_shared<cluster::LiveClusterView>(std::make_shared<cluster::ClusterConnection>(*resolved));
    session->tallies = std::make_shared<cluster::KindTallies>(session->view);
    m_sessions.insert(key, session);
    emit sessionOpened();
    return session;
}

} // namespace wk::app
