// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/Platform.h"

#include "platform/PlatformProblem.h"
#include "platform/PlatformWords.h"

using namespace Qt::StringLiterals;

namespace wk::platform {

bool Service::isStore() const
{
    return kind == Kind::Database || kind == Kind::Cache || kind == Kind::Queue || kind == Kind::ObjectStore ||
           kind == Kind::Discovery;
}

const Service* Platform::service(QStringView wanted) const
{
    for (const Service& candidate : services) {
        if (candidate.name == wanted)
            return &candidate;
    }
    return nullptr;
}

const Cluster* Platform::cluster(QStringView wanted) const
{
    for (const Cluster& candidate : clusters) {
        if (candidate.name == wanted)
            return &candidate;
    }
    return nullptr;
}

const SeverityLevel* Platform::severity(QStringView wanted) const
{
    for (const SeverityScale& scale : severityScales) {
        for (const SeverityLevel& level : scale.levels) {
            if (level.name == wanted)
                return &level;
        }
    }
    return nullptr;
}

const Service* Platform::serviceOf(QStringView space, QStringView kind, QStringView workload) const
{
    for (const Service& candidate : services) {
        for (const Workload& own : candidate.workloads) {
            if (own.name == workload && own.space == space && own.kind == kind)
                return &candidate;
        }
    }
    return nullptr;
}

QStringList Platform::namespaceNames() const
{
    QStringList names;
    for (const Namespace& space : namespaces)
        names << space.name;
    return names;
}

QString PlatformProblem::text() const
{
    QString result = file;
    if (line > 0)
        result += u":%1:%2"_s.arg(line).arg(column);
    result += u": "_s + message;
    if (!expected.isEmpty())
        result += Words::tr("; expected %1").arg(expected);
    return result;
}

} // namespace wk::platform
