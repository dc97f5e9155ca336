// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QJsonObject>
#include <QtCore/QList>
#include <QtCore/QString>

namespace wk::changes {

/// One value that differs between two states of an object.
struct FieldChange
{
    QString path; ///< for people: "spec.template.spec.containers[api].image"
    QJsonValue before = QJsonValue::Undefined, after = QJsonValue::Undefined; ///< undefined: not there
    /// "spec.replicas from 2 to 5"; long values are named by their size.
    [[nodiscard]] QString words() const;
    bool operator==(const FieldChange&) const = default;
};

/// Every value that differs, the smallest there are; items of lists are matched by name where they have one.
[[nodiscard]] QList<FieldChange> fieldChanges(const QJsonValue& before, const QJsonValue& after,
                                              const QString& path = {});

/// Whether the fields of a managedFields entry (FieldsV1: "f:name", "k:{…}" for items of lists) hold one that differs.
/// Source: sigs.k8s.io/structured-merge-diff/v4/fieldpath/serialize.go.
[[nodiscard]] bool ownsAChange(const QJsonObject& fields, const QJsonValue& before, const QJsonValue& after);

/// What an object is meant to be: its specification, a config map's data, the annotations of services and ingresses;
/// without what controllers write down (status, bookkeeping annotations, the server's own metadata).
[[nodiscard]] QJsonObject intentOf(const QJsonObject& object);

} // namespace wk::changes
