// SPDX-License-Identifier: GPL-3.0-or-later
#include "change/ChangeClusters.h"

#include "platform/PlatformLoader.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QStandardPaths>

namespace wk::ctl {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::ctl)
};

/// One that changes things and follows no table.
cluster::ClusterConnection::Options connectionOptions()
{
    cluster::ClusterConnection::Options options;
    options.watch = false;
    return options;
}

} // namespace

ChangeClusters::Reached::Reached(const platform::ResolvedContext& context, Clock& clock)
    : connection(context, connectionOptions()), sender(connection), actions(sender, clock)
{
}

ChangeClusters::ChangeClusters(const Arguments& arguments, Clock& clock) : m_arguments(arguments), m_clock(clock) {}

ChangeClusters::~ChangeClusters() = default;

Result<std::shared_ptr<const platform::Platform>> ChangeClusters::findPlatform(const QString& name) const
{
    QStringList directories{QStringView(platform::builtinPlatforms).toString(),
                            QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation) + u"/platforms"_s};
    directories << m_arguments.platformDirs;
    const platform::PlatformLoad load = platform::loadPlatforms(directories);
    const auto it = std::ranges::find(load.platforms, name, &platform::Platform::name);
    if (it != load.platforms.end())
        return *it;
    QStringList known, problems;
    for (const auto& platform : load.platforms)
        known << platform->name;
    for (const auto& problem : load.problems)
        problems << problem.text();
    return fail(Error::Kind::NotFound, Texts::tr("There is no platform \"%1\" here").arg(name), problems.join(u'\n'),
                Texts::tr("Known are: %1. Further files: --platform-dir DIR").arg(known.join(u", "_s)));
}

void ChangeClusters::use(const QString& platform)
{
    m_platformName = platform;
    m_platform = findPlatform(platform).value_or(nullptr);
}

platform::ClusterClass ChangeClusters::classOf(const QString& cluster) const
{
    const platform::Cluster* known = m_platform ? m_platform->cluster(cluster) : nullptr;
    return known ? known->klass : platform::ClusterClass::Production;
}

Result<QString> ChangeClusters::contextOf(const QString& cluster)
{
    for (const QString& given : m_arguments.contexts) {
        if (given.startsWith(cluster + u'='))
            return given.sliced(cluster.size() + 1);
    }
    const auto plain = std::ranges::find_if(m_arguments.contexts, [](const QString& c) { return !c.contains(u'='); });
    if (plain != m_arguments.contexts.end()) {
        if (!m_plainFor.isNull() && m_plainFor != cluster)
            return fail(Error::Kind::BadInput,
                        Texts::tr("The plan touches two clusters, %1 and %2, and --context names one context")
                            .arg(m_plainFor, cluster),
                        {}, Texts::tr("Write --context %1=CONTEXT --context %2=CONTEXT").arg(m_plainFor, cluster));
        m_plainFor = cluster;
        return *plain;
    }
    const platform::Cluster* known = m_platform ? m_platform->cluster(cluster) : nullptr;
    if (known && !known->context.isEmpty())
        return known->context;
    return fail(Error::Kind::NotFound,
                known
                    ? Texts::tr("The platform file names no context for the cluster %1").arg(cluster)
                    : Texts::tr("No platform file here knows a cluster %1 of platform %2").arg(cluster, m_platformName),
                {}, Texts::tr("Say how it is reached: --context %1=CONTEXT").arg(cluster));
}

Result<ChangeClusters::Reached*> ChangeClusters::reach(const QString& cluster)
{
    if (const auto it = m_reached.find(cluster); it != m_reached.end())
        return it->second.get();
    const auto context = contextOf(cluster);
    if (!context)
        return fail(context.error());
    Arguments arguments = m_arguments;
    arguments.context = *context;
    const auto resolved = resolveContext(arguments);
    if (!resolved)
        return fail(resolved.error());
    return m_reached.emplace(cluster, std::make_unique<Reached>(*resolved, m_clock)).first->second.get();
}

Result<changes::ClusterAccess*> ChangeClusters::access(const QString& cluster)
{
    const auto reached = reach(cluster);
    return reached ? Result<changes::ClusterAccess*>(&(*reached)->sender) : fail(reached.error());
}

Result<changes::ClusterActions*> ChangeClusters::actions(const QString& cluster)
{
    const auto reached = reach(cluster);
    return reached ? Result<changes::ClusterActions*>(&(*reached)->actions) : fail(reached.error());
}

} // namespace wk::ctl
