// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/SecretUses.h"

#include "changes/runners/SqlRunner.h"
#include "monitoring/prometheus/ServerLogins.h"
#include "platform/Platform.h"

#include <QtCore/QCoreApplication>

namespace wk::changes {

using namespace Qt::StringLiterals;
using platform::Platform;
using platform::ServerAccess;
using secrets::SecretKind;
using secrets::SecretUse;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::SecretUses)
};

void addLogin(std::vector<SecretUse>& out, const Platform& platform, const std::optional<ServerAccess>& access,
              const QString& server, const QString& words)
{
    const auto file = monitoring::accessOf(access, platform.name, platform.file, server);
    if (!file || access->login == ServerAccess::Login::None)
        return;
    const bool basic = access->login == ServerAccess::Login::Basic;
    const QString of = Texts::tr("%1 of %2").arg(words, platform.title.isEmpty() ? platform.name : platform.title);
    out.push_back({file->entry, basic ? SecretKind::Password : SecretKind::Token, server, platform.name,
                   basic ? Texts::tr("%1, as %2").arg(of, access->user) : of, true});
}

} // namespace

QString databaseSecret(const QString& platform, const QString& cluster, const QString& database)
{
    return u"database %1/%2/%3"_s.arg(platform, cluster, database);
}

std::vector<SecretUse> secretUses(const Platform& platform)
{
    std::vector<SecretUse> out;
    addLogin(out, platform, platform.monitoring.prometheus, u"prometheus"_s, u"Prometheus"_s);
    addLogin(out, platform, platform.monitoring.alertmanager, u"alertmanager"_s, u"Alertmanager"_s);
    for (const DatabasePlace& place : databasesOf(platform))
        out.push_back({databaseSecret(platform.name, place.cluster, place.database), SecretKind::Database,
                       u"database"_s, platform.name,
                       Texts::tr("%1 of %2, for the SQL of changes")
                           .arg(place.database, platform.title.isEmpty() ? platform.name : platform.title),
                       false});
    return out;
}

SecretUse secretUse(const store::Address& store)
{
    return {store.text(),
            SecretKind::Password,
            u"store"_s,
            {},
            Texts::tr("the store of change requests, as %1").arg(store.user()),
            false};
}

} // namespace wk::changes
