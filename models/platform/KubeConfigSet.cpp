// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/KubeConfigSet.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtCore/QFileInfo>

namespace wk::platform {

KubeConfigSet KubeConfigSet::load(const QStringList& list, const QStringList& extraFiles)
{
    KubeConfigSet set;
    const KubeConfig merged = KubeConfig::loadReadable(list, set.m_errors);
    set.m_sources << merged;
    set.m_origins << merged.files().join(QDir::listSeparator());
    set.m_files = merged.files();
    for (const QString& path : extraFiles) {
        const QString file = QDir::cleanPath(QFileInfo(path).absoluteFilePath());
        if (set.m_origins.contains(file))
            continue;
        set.m_files << file;
        const auto one = KubeConfig::loadFile(file);
        if (!one) {
            set.m_errors << one.error();
            continue;
        }
        set.m_sources << *one;
        set.m_origins << file;
    }
    set.m_files.removeDuplicates();
    return set;
}

QList<ContextEntry> KubeConfigSet::contexts() const
{
    QList<ContextEntry> all;
    for (qsizetype i = 0; i < m_sources.size(); ++i) {
        QList<ContextEntry> entries = m_sources[i].contexts();
        for (ContextEntry& entry : entries)
            entry.current = entry.current && i == 0;
        all += entries;
    }
    return all;
}

Result<ResolvedContext> KubeConfigSet::resolve(const ContextId& id) const
{
    const auto at = m_origins.indexOf(id.origin);
    if (at < 0) {
        return fail(Error::Kind::NotFound,
                    QCoreApplication::translate("wk::platform::KubeConfigSet",
                                                "The kubeconfig %1 is no longer among those in use.")
                        .arg(id.origin));
    }
    return m_sources[at].resolve(id.context);
}

QStringList KubeConfigSet::files() const { return m_files; }

} // namespace wk::platform
