// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/runners/ChannelGate.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QPointer>

namespace wk::changes {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::ChannelGate)
};

} // namespace

QString ChannelGate::whyNot(const QString& cluster, platform::ClusterClass klass)
{
    switch (klass) {
    case platform::ClusterClass::Development:
    case platform::ClusterClass::Test: return {};
    case platform::ClusterClass::Staging:
    case platform::ClusterClass::Production:
    case platform::ClusterClass::Recovery: break;
    }
    return Texts::tr("Ports of %1 are not forwarded and no commands are run there: only clusters of class development "
                     "and test are reached without a request.")
        .arg(cluster);
}

Result<channels::Host> ChannelGate::open(cluster::ClusterConnection& connection, const QString& cluster,
                                         platform::ClusterClass klass)
{
    if (const QString refusal = whyNot(cluster, klass); !refusal.isEmpty())
        return fail(Error::Kind::Forbidden, refusal);
    return [guard = QPointer<cluster::ClusterConnection>(&connection),
            permit = cluster::ChannelPermit()](cluster::ChannelGuestMaker make) -> std::shared_ptr<void> {
        return guard ? guard->takeIn(std::move(make), permit) : nullptr;
    };
}

} // namespace wk::changes
