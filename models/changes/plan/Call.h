// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QJsonObject>
#include <QtCore/QList>
#include <QtCore/QString>

namespace wk::changes {

/// Something an action has to know before it can say what it would do.
struct Read
{
    QByteArray path;
    QByteArray query;
    bool mayBeMissing = false; ///< a 404 is an answer, too
};

/// What was read: one object or list for each Read, in their order. An empty object: it does not exist.
using Answers = QList<QJsonObject>;

/// One request that changes a cluster. The body pins what it was made from (metadata.uid and resourceVersion, or the
/// preconditions of a delete), so that a server refuses it (409) where the object is another one or was changed since:
/// sent twice, it is carried out once.
struct Call
{
    enum class Form {
        Merge,   ///< PATCH application/merge-patch+json
        Apply,   ///< PATCH application/apply-patch+yaml, server-side apply
        Create,  ///< POST
        Replace, ///< PUT
        Delete,
        Evict ///< POST of an Eviction; 429 means "not now"
    };

    Form form = Form::Merge;
    QByteArray path;
    QByteArray query;
    QJsonObject body;
    QString words; ///< "Evict pod api-7d in streamgate"

    [[nodiscard]] QByteArray verb() const;
    [[nodiscard]] QByteArray contentType() const;
    /// With the name under which the server notes who owns which field, and what makes it only pretend.
    [[nodiscard]] QByteArray queryFor(bool dryRun) const;
    [[nodiscard]] QByteArray bodyFor(bool dryRun) const;
    /// Of the object that has to go; empty where the call takes nothing away.
    [[nodiscard]] QString goingUid() const;
    /// Where the object that is changed can be read: of a create, with its name.
    [[nodiscard]] QByteArray objectPath() const;

    [[nodiscard]] QJsonObject toJson() const;
    [[nodiscard]] static Call fromJson(const QJsonObject& json);
};

} // namespace wk::changes
