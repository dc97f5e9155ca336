// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/objects/KubectlLine.h"

#include <QtCore/QRegularExpression>

namespace wk::cluster {

using namespace Qt::StringLiterals;

namespace {

QString quoted(const QString& word)
{
    static const QRegularExpression plain(u"^[A-Za-z0-9@%+=:,./_-]+$"_s);
    if (plain.match(word).hasMatch())
        return word;
    return u'\'' + QString(word).replace(u"'"_s, u"'\\''"_s) + u'\'';
}

} // namespace

QString kubectlGet(const QString& context, const ResourceKind& kind, const QString& space, const QString& name)
{
    QStringList words{u"kubectl"_s};
    if (!context.isEmpty())
        words << quoted(u"--context="_s + context);
    if (!space.isEmpty())
        words << u"-n"_s << quoted(space);
    words << u"get"_s << quoted(kind.id()) << quoted(name) << u"-o"_s << u"yaml"_s;
    return words.join(u' ');
}

} // namespace wk::cluster
