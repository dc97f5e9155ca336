// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/ResourceKind.h"

#include <QtCore/QUrl>

namespace wk::cluster {

QByteArray ResourceKind::path(const QString& space) const
{
    QByteArray p = group.isEmpty() ? QByteArray("/api/") : "/apis/" + group.toUtf8() + '/';
    p += version.toUtf8();
    if (namespaced && !space.isEmpty())
        p += "/namespaces/" + QUrl::toPercentEncoding(space);
    return p + '/' + resource.toUtf8();
}

QByteArray ResourceKind::objectPath(const QString& space, const QString& name) const
{
    return path(space) + '/' + QUrl::toPercentEncoding(name);
}

} // namespace wk::cluster
