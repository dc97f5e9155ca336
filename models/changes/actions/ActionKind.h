// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/actions/ActionField.h"
#include "changes/plan/Call.h"
#include "changes/plan/Mistakes.h"
#include "changes/plan/Step.h"
#include "core/Result.h"
#include "platform/Platform.h"

#include <functional>
#include <vector>

namespace wk::changes {

enum class Risk { Low, Medium, High };
/// "low", "medium", "high": as the store names them.
[[nodiscard]] QString riskName(Risk risk);

/// What a person must be allowed to do: the attributes of a SelfSubjectAccessReview.
struct Permission
{
    QString verb; ///< "patch"
    QString group, resource, subresource, space, name;

    /// The body of POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews.
    [[nodiscard]] QByteArray review() const;
    /// "patch deployments/scale in streamgate"
    [[nodiscard]] QString words() const;
    bool operator==(const Permission&) const = default;
};

/// Steps that bring back what was, or why there are none.
struct Inverse
{
    QList<Step> steps;
    QString reason; ///< where `steps` is empty: "Deleted pods are made anew by their controller."
};

/// An object that has to go before an action counts as done; another one may come under its name.
struct Vanishing
{
    QByteArray path;
    QString uid;
    bool operator==(const Vanishing&) const = default;
};

/// What an action does to the objects as they are now.
struct Prepared
{
    QList<Call> calls; ///< in order; empty where everything is already as wanted
    Inverse inverse;
    QJsonObject live; ///< the object that a precondition is compared with
    QList<Vanishing> vanishing;
    QStringList notes;          ///< "2 pods of daemon sets stay": shown with the preview
    qint64 withinSeconds = 300; ///< how long evictions that are refused for now are repeated, and `vanishing` may last
};

/// One kind of action: everything about it that can be said without sending anything. All functions are pure.
class ActionKind
{
public:
    enum class Place { Cluster, Database, Command, Alertmanager };
    struct Context
    {
        qint64 nowMs = 0; ///< wall clock, UTC: the time that a restart writes down
    };

    virtual ~ActionKind() = default;

    [[nodiscard]] virtual QString name() const = 0;  ///< as in a plan: "setImage"
    [[nodiscard]] virtual QString title() const = 0; ///< for menus: "Set image"
    [[nodiscard]] virtual Place place() const { return Place::Cluster; }
    /// Whether it can be asked of such a target; judges group, resource and name only.
    [[nodiscard]] virtual bool supports(const Target& target) const = 0;
    /// Judges the parameters, together with the target.
    virtual void validate(const Step& step, MemberReader& parameters) const = 0;
    /// A sentence without a full stop. `live` is the target as it is, empty where it is not known: "from 2 to 5".
    [[nodiscard]] virtual QString words(const Step& step, const QJsonObject& live = {}) const = 0;
    /// In a cluster of class production. See risk().
    [[nodiscard]] virtual Risk risk(const Step& step) const = 0;
    [[nodiscard]] virtual QList<Permission> permissions(const Step& step) const = 0;
    /// What to read next, given what was read; empty once prepare() can do its work. By default the target itself.
    [[nodiscard]] virtual QList<Read> reads(const Step& step, const Answers& soFar) const;
    /// What a form for it asks for, in order; none: it needs nothing. `answers` are those of formReads(), none where
    /// the cluster cannot be read; `step` has the parameters given so far.
    [[nodiscard]] virtual QList<ActionField> fields(const Step& step, const Answers& answers) const;
    /// As reads(), of what the form shows and lets choose from.
    [[nodiscard]] virtual QList<Read> formReads(const Step& step, const Answers& soFar) const;
    /// What would be sent now, and what would bring back what is. Conflict where the objects do not allow it.
    [[nodiscard]] virtual Result<Prepared> prepare(const Step& step, const Answers& answers,
                                                   const Context& context) const = 0;
    /// What stands around the object that an approval rests on.
    struct Around
    {
        bool follows = false;    ///< an earlier step of the plan changes it: only its identity can be asked for
        bool autoscaled = false; ///< an autoscaler says how many replicas it has, at any time
    };
    /// What an approval should rest on: the object's identity, and that nobody changed it since.
    [[nodiscard]] virtual Precondition precondition(const Step& step, const QJsonObject& live,
                                                    const Around& around) const;
};

/// All, in the order in which a menu shows them.
[[nodiscard]] const std::vector<const ActionKind*>& actionKinds();
/// nullptr where there is none of that name.
[[nodiscard]] const ActionKind* actionKind(QStringView name);
/// Those that a target supports.
[[nodiscard]] std::vector<const ActionKind*> actionsFor(const Target& target);

/// The risk of an action in a cluster of that class: as in production, but at most medium in staging, low in
/// development and test. The store computes its own minimum and takes the higher one.
[[nodiscard]] Risk risk(const Step& step, platform::ClusterClass klass);
/// The highest of a plan's actions; `classOf` tells a cluster's class by its name.
[[nodiscard]] Risk risk(const QList<Step>& steps, const std::function<platform::ClusterClass(const QString&)>& classOf);

} // namespace wk::changes
