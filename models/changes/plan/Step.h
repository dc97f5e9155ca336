// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/plan/Target.h"

#include <QtCore/QJsonObject>

#include <map>
#include <optional>

namespace wk::changes {

/// What must still be so when a step runs. All members that are given must hold.
struct Precondition
{
    QString uid;
    QString resourceVersion;
    /// JSON pointer to expected value. Null: the field is absent. {"sha256": "…"}: the hash of the canonical JSON of
    /// what stands there, for what is too long to repeat; "without": members that do not count.
    std::map<QString, QJsonValue> fields;

    [[nodiscard]] bool isEmpty() const { return uid.isEmpty() && resourceVersion.isEmpty() && fields.empty(); }
    /// More than the object's identity.
    [[nodiscard]] bool bindsState() const { return !resourceVersion.isEmpty() || !fields.empty(); }
    /// That there is no such object.
    [[nodiscard]] static Precondition absence();
    /// {"sha256": …} for `fields`; Undefined where the value cannot be written canonically.
    [[nodiscard]] static QJsonValue digest(const QJsonValue& value, const QStringList& without = {});
    [[nodiscard]] QJsonObject toJson() const;
    [[nodiscard]] static Precondition fromJson(const QJsonValue& json, Mistakes& mistakes);
    /// Compares with the live object; a sentence that names what differs, empty where all holds. `words` names the
    /// object.
    [[nodiscard]] QString drift(const QJsonObject& live, const QString& words) const;

    bool operator==(const Precondition&) const = default;
};

/// One line of a plan: an action that changes something, or a check that waits until something is so.
struct Step
{
    enum class Type { Action, Check };
    enum class OnFailure {
        Stop,    ///< the plan stands still and a person decides
        Rollback ///< what was done is undone from the captured inverses, in reverse order
    };

    Type type = Type::Action;
    QString name; ///< "scale", "rolloutFinished"
    Target target;
    QJsonObject parameters;
    Precondition precondition; ///< empty: none
    OnFailure onFailure = OnFailure::Stop;

    [[nodiscard]] bool isAction() const { return type == Type::Action; }
    /// What it does, as a sentence without a full stop: "Scale deployment api-gateway in streamgate to 5 replicas".
    [[nodiscard]] QString words() const;
    [[nodiscard]] QJsonObject toJson() const;
    /// Reads and judges one step, parameters included. What is wrong goes to `mistakes`.
    [[nodiscard]] static Step fromJson(const QJsonValue& json, Mistakes& mistakes);

    bool operator==(const Step&) const = default;
};

} // namespace wk::changes
