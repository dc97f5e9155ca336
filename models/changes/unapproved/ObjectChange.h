// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/desk/Request.h"
#include "changes/plan/Difference.h"
#include "changes/unapproved/FieldChanges.h"

#include <vector>

namespace wk::changes {

/// Who made a change, as the API server noted it in managedFields.
struct ChangeAuthor
{
    QString manager;     ///< "kubectl-edit"; empty: the server did not note who
    QString operation;   ///< "Update", "Apply"
    QString subresource; ///< "scale"
    Moment at;
    bool operator==(const ChangeAuthor&) const = default;
};

/// What happened to an object between two looks at it.
struct ObjectChange
{
    enum class What { Changed, Created, Deleted };
    enum class Verdict {
        Nothing,    ///< nothing that anybody means: a status, bookkeeping
        Ours,       ///< a step of a plan
        Controller, ///< a program that does this by itself
        Unapproved  ///< somebody, without a request
    };

    What what = What::Changed;
    Verdict verdict = Verdict::Nothing;
    Target target;
    QString uid, resourceVersion; ///< as it is now; of a deleted object as it was last
    ChangeAuthor author;
    QString controller; ///< in words, where it was one: "the autoscaler"
    QList<FieldChange> fields;
    Difference difference;
    QList<Step> restore;   ///< brings back what was
    QString cannotRestore; ///< why `restore` is empty
    QList<Step> repeat;    ///< makes the same change: what an after-the-fact request records

    /// "kubectl-set changed deployment api in shop: spec.…image from shop/api:1 to shop/api:2."
    [[nodiscard]] QString sentence() const;
    /// Which change of that object it is, for the record. A deleted object has no version of its own any more: its last
    /// one says which life ended.
    [[nodiscard]] QString version() const
    {
        return what == What::Deleted ? QStringLiteral("deleted ") + resourceVersion : resourceVersion;
    }
    /// As record_unapproved_change() of the store takes it.
    [[nodiscard]] QJsonObject record(const QString& platform) const;
    /// An after-the-fact request for it, to be completed by a person. `id`: of the record in the store.
    [[nodiscard]] RequestFields request(qint64 id) const;
};

/// Under which the gate's steps write: changes/Call.cpp.
inline constexpr auto ourManager = QLatin1StringView("watchkeeper");

/// What is known about the moment of a change besides the object itself.
struct Circumstances
{
    bool ourPlanRuns = false;              ///< a step of a plan touches this object, or did a moment ago
    std::optional<qint64> autoscalerWants; ///< how many replicas the object's autoscaler asks for
};

/// Tells who changed an object and whether that was anybody's business. Pure.
class ChangeJudge
{
public:
    /// `managers`: the programs that the platform file names.
    explicit ChangeJudge(std::vector<platform::Manager> managers) : m_managers(std::move(managers)) {}

    /// `before` and `after` as the server gave them, with managedFields; empty: there was none, or is none any more.
    [[nodiscard]] ObjectChange judge(const Target& target, const QJsonObject& before, const QJsonObject& after,
                                     const Circumstances& circumstances = {}) const;

private:
    [[nodiscard]] QString controllerOf(const ObjectChange& change, const Circumstances& circumstances) const;

    std::vector<platform::Manager> m_managers;
};

} // namespace wk::changes
