// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"
#include "fleet/world/ObjectStore.h"

#include <QtCore/QList>
#include <QtCore/QStringList>

namespace wk::fleet {

/// labelSelector and fieldSelector of a request, as k8s.io/apimachinery reads them.
class Selector
{
public:
    /// `resource` decides which fields may be selected by ("pods", "events"); every kind has metadata.name and
    /// metadata.namespace. Fails with the server's own words.
    [[nodiscard]] static Result<Selector> parse(const QString& labels, const QString& fields, const QString& resource);
    [[nodiscard]] bool matches(const Object& object) const;
    [[nodiscard]] bool empty() const { return m_labels.isEmpty() && m_fields.isEmpty(); }

private:
    enum class Op { Equals, NotEquals, In, NotIn, Exists, Missing };
    struct Term
    {
        QString key;
        Op op = Op::Equals;
        QStringList values;
    };
    [[nodiscard]] static Result<QList<Term>> parseLabels(const QString& text);
    [[nodiscard]] static bool matches(const Term& term, const QJsonValue& value);

    QList<Term> m_labels;
    QList<Term> m_fields;
};

} // namespace wk::fleet
