// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Error.h"

#include <QtCore/QJsonObject>
#include <QtCore/QList>
#include <QtCore/QStringList>

#include <optional>

namespace wk::changes {

/// One thing that is wrong with a plan.
struct Mistake
{
    int step = -1;   ///< counted from 0; -1 for the plan as a whole
    QString action;  ///< of the step, empty where it has none
    QString place;   ///< "parameters.replicas", may be empty
    QString message; ///< "must be a whole number from 0 to 100000"

    /// "Step 2 (scale), parameters.replicas: must be …"
    [[nodiscard]] QString text() const;
};

/// Everything that is wrong with a plan, found in one go.
class Mistakes
{
public:
    /// What is added from now on belongs to this step.
    void enterStep(int step, const QString& action);
    void add(const QString& place, const QString& message);

    [[nodiscard]] bool isEmpty() const { return m_list.isEmpty(); }
    [[nodiscard]] const QList<Mistake>& list() const { return m_list; }
    /// BadInput: the first mistake as the sentence, all of them as the detail.
    [[nodiscard]] Error error() const;

private:
    int m_step = -1;
    QString m_action;
    QList<Mistake> m_list;
};

/// Reads the members of one JSON object with their types; what is wrong goes to the mistakes. `finish()` reports
/// members that nobody asked for, with the nearest known name.
class MemberReader
{
public:
    enum class Need { Optional, Required };
    static constexpr qsizetype maxText = 4096;

    /// `place` stands before each member's name in mistakes ("parameters").
    MemberReader(const QJsonObject& object, QString place, Mistakes& mistakes);

    [[nodiscard]] bool has(const QString& name) const { return m_object.contains(name); }
    std::optional<qint64> integer(const QString& name, qint64 low, qint64 high, Need need = Need::Optional);
    QString text(const QString& name, Need need = Need::Optional, qsizetype max = maxText);
    bool boolean(const QString& name, bool otherwise = false);
    QStringList texts(const QString& name, Need need = Need::Optional);
    QJsonObject object(const QString& name, Need need = Need::Optional);
    QJsonArray array(const QString& name, Need need = Need::Optional);
    /// An object whose values are texts; null allowed where it means "remove".
    QJsonObject textMap(const QString& name, bool nullRemoves, Need need = Need::Optional);
    QString choice(const QString& name, const QStringList& words, Need need = Need::Optional);
    /// Notes a member as known without reading it.
    void allow(const QString& name) { m_known << name; }
    /// Exactly one of these members must be there.
    void exactlyOne(const QStringList& names);
    void mistake(const QString& name, const QString& message);
    void finish();

    [[nodiscard]] Mistakes& mistakes() { return m_mistakes; }
    [[nodiscard]] QString placeOf(const QString& name) const;

private:
    std::optional<QJsonValue> member(const QString& name, Need need);

    QJsonObject m_object;
    QString m_place;
    Mistakes& m_mistakes;
    QStringList m_known;
};

} // namespace wk::changes
