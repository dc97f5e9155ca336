// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/plan/Mistakes.h"

#include <QtCore/QHash>
#include <QtCore/QJsonValue>
#include <QtCore/QMap>

namespace wk::changes {

/// What stands behind a name while a template is filled in.
struct TemplateValue
{
    QJsonValue value = QJsonValue::Undefined; ///< undefined: nothing was given
    QString text;                             ///< within a sentence
    QMap<QString, QJsonValue> members;        ///< "$workload.container"
    QList<TemplateValue> items;               ///< of a list
    bool open = false;                        ///< given later, inside the bounds: stands for {"$parameter": name}

    [[nodiscard]] bool isGiven() const { return open || !value.isUndefined(); }
    /// Of a plain value, with the text of it.
    [[nodiscard]] static TemplateValue of(const QJsonValue& value);
};

/// One reference in a text: "$workload.container" has the name workload and the member container.
struct TemplateReference
{
    QString name, member;
    qsizetype at = 0, length = 0;
};

/// Puts values into the places for them. A text that is nothing but a reference becomes the value with its type;
/// "$a or $b or 5" the first that is there; within a longer text a value is written out; "$$" is one "$". A reference
/// to what was not given leaves its member out. Nothing is ever pasted into JSON.
class TemplateScope
{
public:
    explicit TemplateScope(Mistakes& mistakes) : m_mistakes(&mistakes) {}

    void set(const QString& name, const TemplateValue& value) { m_values.insert(name, value); }
    [[nodiscard]] TemplateValue value(const QString& name) const { return m_values.value(name); }

    /// `place` names the spot in a mistake.
    [[nodiscard]] QJsonValue evaluate(const QJsonValue& node, const QString& place) const;
    [[nodiscard]] QString text(const QString& text, const QString& place) const;
    /// "staging", "not staging", "through = service".
    [[nodiscard]] bool holds(const QString& condition, const QString& place) const;

    /// All references of a text, in their order.
    [[nodiscard]] static QList<TemplateReference> references(QStringView text);
    /// Whether the text is one value and not a sentence.
    [[nodiscard]] static bool isExpression(QStringView text);
    /// The parameter that a condition asks about; empty where it is no condition.
    [[nodiscard]] static QString conditionName(const QString& condition);
    /// `text` with every "$" doubled: itself after evaluate().
    [[nodiscard]] static QString escaped(QString text) { return text.replace(QChar(u'$'), QStringLiteral("$$")); }

private:
    [[nodiscard]] QJsonValue expression(const QString& text, const QString& place) const;
    [[nodiscard]] QJsonValue lookUp(const TemplateReference& reference, const QString& place) const;

    QHash<QString, TemplateValue> m_values;
    Mistakes* m_mistakes;
};

} // namespace wk::changes
