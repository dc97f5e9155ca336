// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/actions/ClusterAccess.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonDocument>

namespace wk::changes {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::ClusterActions)
};

} // namespace

Result<QJsonObject> objectIn(const Result<Answer>& answer, const Read& read, const ClusterAccess& access,
                             const QString& words)
{
    if (!answer)
        return fail(answer.error());
    if (answer->status == 404 && read.mayBeMissing)
        return QJsonObject();
    if (answer->status < 200 || answer->status >= 300)
        return fail(access.error(*answer, Texts::tr("reading %1").arg(words)));
    QJsonObject object = QJsonDocument::fromJson(answer->body).object();
    if (object.isEmpty())
        return fail(Error::Kind::Protocol, Texts::tr("The cluster's answer cannot be read."));
    return object;
}

} // namespace wk::changes
