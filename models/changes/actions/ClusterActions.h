// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/actions/ActionKind.h"
#include "changes/actions/ClusterAccess.h"
#include "changes/plan/Difference.h"
#include "core/Clock.h"

#include <QtCore/QFuture>
#include <QtCore/QObject>

#include <functional>
#include <memory>

namespace wk::changes {

/// Whether the person may do it, by the cluster's own rules.
struct Allowance
{
    bool allowed = false;
    QString sentence; ///< why not: "User “viewer” is not allowed to patch deployments in shop."
};

/// What an action would do, as the server itself worked it out without doing it.
struct Preview
{
    QList<Difference> differences; ///< one for each object
    QStringList notes;
    Inverse inverse;
    Precondition precondition; ///< what an approval of this preview should rest on
    QJsonObject live;          ///< the target as it is
    [[nodiscard]] bool changesNothing() const;
};

/// How a step came out.
struct Performed
{
    QString sentence;   ///< "Deployment api-gateway was scaled from 2 to 5 replicas."
    QJsonObject result; ///< for the record of the step: {"sentence","objects":[{"path","uid","resourceVersion"}…]}
    Inverse inverse;    ///< as captured before, with the identity of what was created
};

/// What became of a step of which only the beginning is on record.
struct Observation
{
    enum class State {
        Done,    ///< the objects are as the step wanted them
        NotDone, ///< they are as they were; the step may be repeated
        Mixed    ///< some are, or something else happened: a person has to look
    };
    State state = State::Mixed;
    QString sentence;
    Inverse inverse = {}; ///< as recorded, with the identity of what was created; of an action on a cluster
};

/// What a step is about to do, for the record that is written before anything is sent; what looks like a password is
/// hidden in it. JSON form (`before` of
/// begin_step): {"inverse":[step…],"noInverse":"why","calls":[{"verb","path","query","body","words"}…],
/// "vanishing":[{"path","uid"}…],"object":{"uid","resourceVersion"}}.
struct Before
{
    Inverse inverse;
    QList<Call> calls;
    QList<Vanishing> vanishing;
    QString uid, resourceVersion;

    [[nodiscard]] QJsonObject toJson() const;
    [[nodiscard]] static Before fromJson(const QJsonObject& json);
};

/// Asked before each request that changes something; false: nothing is sent any more.
using MaySend = std::function<bool()>;

/// Actions on one cluster under one identity: asks, previews, performs. Lives on the GUI thread and never waits.
/// Destroying it gives up what runs: futures end with Error::Kind::Cancelled, and what was on its way to the server may
/// have been carried out (see observe()).
class ClusterActions : public QObject
{
    Q_OBJECT
public:
    /// Called before the first request is sent, with what a crash would make necessary to know; nothing is sent before
    /// its future ends well.
    using BeforeSending = std::function<QFuture<Result<void>>(const Before&)>;
    /// "Evicted 3 of 12 pods": while a step runs.
    using Progress = std::function<void(const QString&)>;

    /// `access` and `clock` outlive it.
    ClusterActions(ClusterAccess& access, Clock& clock, QObject* parent = nullptr);
    ~ClusterActions() override;

    /// For what is performed from now on.
    void setMaySend(MaySend maySend);

    /// A SelfSubjectAccessReview for each permission the step needs.
    [[nodiscard]] QFuture<Result<Allowance>> allowed(const Step& step);
    /// What a form for it shows: the answers of ActionKind::formReads(). The step needs no parameters yet.
    [[nodiscard]] QFuture<Result<Answers>> look(const Step& step);
    /// The server-side dry run of each call as the difference it would make.
    [[nodiscard]] QFuture<Result<Preview>> preview(const Step& step);
    /// The precondition that an approval of the step should rest on, of the objects as they are now; reads only.
    /// `follows`: an earlier step of its plan changes the object. Of a whole plan: PlanBinder.
    [[nodiscard]] QFuture<Result<Precondition>> state(const Step& step, bool follows);
    /// Compares the precondition, captures the inverse, waits for `before`, sends. An object that changes between
    /// reading and sending is refused by the server; then all of it is done again, up to five times, as long as the
    /// precondition holds. Fails with Conflict on drift, with Network where the answer is lost: "it is not known …".
    [[nodiscard]] QFuture<Result<Performed>> perform(const Step& step, BeforeSending before, Progress progress = {});
    /// Compares the objects with what was recorded before sending.
    [[nodiscard]] QFuture<Result<Observation>> observe(const Step& step, const Before& before);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace wk::changes
