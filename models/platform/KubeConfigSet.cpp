// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/KubeConfigSet.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtCore/QFileInfo>

namespace wk::platform {

KubeConfigSet KubeConfigSet::load(const QStringList& list, const QStringList& extraFiles, const KubeConfigSet& before)
{
    KubeConfigSet set;
    const KubeConfig merged = KubeConfig::loadReadable(list, set.m_errors);
    const QString origin = merged.files().join(QDir::listSeparator());
    set.m_files = merged.files();
    if (set.m_errors.isEmpty() || !set.keep(origin, before, 0))
        set.add(origin, merged);
    for (const QString& path : extraFiles) {
        const QString file = QDir::cleanPath(QFileInfo(path).absoluteFilePath());
        if (set.m_origins.contains(file))
            continue;
        set.m_files << file;
        if (const auto one = KubeConfig::loadFile(file)) {
            set.add(file, *one);
        } else {
            set.m_errors << one.error();
            if (QFileInfo::exists(file))
                set.keep(file, before, set.m_errors.size() - 1);
        }
    }
    set.m_files.removeDuplicates();
    return set;
}

void KubeConfigSet::add(const QString& origin, const KubeConfig& source)
{
    m_sources << source;
    m_origins << origin;
}

bool KubeConfigSet::keep(const QString& origin, const KubeConfigSet& before, qsizetype firstError)
{
    const auto at = before.m_origins.indexOf(origin);
    if (at < 0)
        return false;
    add(origin, before.m_sources[at]);
    for (qsizetype i = firstError; i < m_errors.size(); ++i) {
        m_errors[i].sentence +=
            u' ' + QCoreApplication::translate("wk::platform::KubeConfigSet",
                                               "Until it is mended, what it said before stays in use.");
    }
    return true;
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
