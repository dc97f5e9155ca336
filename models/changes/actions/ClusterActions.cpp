// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/actions/ClusterActions.h"

#include "changes/actions/ActionJobs.h"
#include "changes/plan/Passwords.h"
#include "changes/runners/PerformJob.h"

namespace wk::changes {

using namespace Qt::StringLiterals;

QJsonObject Before::toJson() const
{
    QJsonArray steps, requests, going;
    for (const Step& step : inverse.steps)
        steps.append(step.toJson());
    for (Call call : calls) {
        call.body = passwords::masked(call.body); // a list of containers holds what they held before, too
        requests.append(call.toJson());
    }
    for (const Vanishing& object : vanishing)
        going.append(QJsonObject{{u"path"_s, QString::fromLatin1(object.path)}, {u"uid"_s, object.uid}});
    QJsonObject out{{u"inverse"_s, steps}, {u"calls"_s, requests}, {u"vanishing"_s, going}};
    if (steps.isEmpty())
        out.insert(u"noInverse"_s, inverse.reason);
    if (!uid.isEmpty())
        out.insert(u"object"_s, QJsonObject{{u"uid"_s, uid}, {u"resourceVersion"_s, resourceVersion}});
    return out;
}

Before Before::fromJson(const QJsonObject& json)
{
    Before out;
    Mistakes mistakes; // a step that this program no longer understands is shown, and refused when it is to be run
    const QJsonArray steps = json.value("inverse"_L1).toArray();
    for (const auto& step : steps)
        out.inverse.steps << Step::fromJson(step, mistakes);
    out.inverse.reason = json.value("noInverse"_L1).toString();
    const QJsonArray requests = json.value("calls"_L1).toArray();
    for (const auto& call : requests)
        out.calls << Call::fromJson(call.toObject());
    const QJsonArray going = json.value("vanishing"_L1).toArray();
    for (const auto& object : going)
        out.vanishing << Vanishing{object.toObject().value("path"_L1).toString().toLatin1(),
                                   object.toObject().value("uid"_L1).toString()};
    out.uid = json.value("object"_L1).toObject().value("uid"_L1).toString();
    out.resourceVersion = json.value("object"_L1).toObject().value("resourceVersion"_L1).toString();
    return out;
}

class ClusterActions::Private
{
public:
    Private(ClusterAccess& theAccess, Clock& theClock) : access(theAccess), clock(theClock) {}

    ClusterAccess& access;
    Clock& clock;
    MaySend maySend;
    Jobs jobs;
};

ClusterActions::ClusterActions(ClusterAccess& access, Clock& clock, QObject* parent)
    : QObject(parent), d(std::make_unique<Private>(access, clock))
{
}

ClusterActions::~ClusterActions() = default;

void ClusterActions::setMaySend(MaySend maySend) { d->maySend = std::move(maySend); }

QFuture<Result<Allowance>> ClusterActions::allowed(const Step& step)
{
    return d->jobs.run(std::make_unique<AllowanceJob>(d->access, d->clock, step));
}

QFuture<Result<Answers>> ClusterActions::look(const Step& step)
{
    return d->jobs.run(std::make_unique<LookJob>(d->access, d->clock, step));
}

QFuture<Result<Preview>> ClusterActions::preview(const Step& step)
{
    return d->jobs.run(std::make_unique<PreviewJob>(d->access, d->clock, step));
}

QFuture<Result<Precondition>> ClusterActions::state(const Step& step, bool follows)
{
    return d->jobs.run(std::make_unique<StateJob>(d->access, d->clock, step, follows));
}

QFuture<Result<Performed>> ClusterActions::perform(const Step& step, BeforeSending before, Progress progress)
{
    return d->jobs.run(
        std::make_unique<PerformJob>(d->access, d->clock, step, std::move(before), std::move(progress), d->maySend));
}

QFuture<Result<Observation>> ClusterActions::observe(const Step& step, const Before& before)
{
    return d->jobs.run(std::make_unique<ObserveJob>(d->access, d->clock, step, before));
}

} // namespace wk::changes
