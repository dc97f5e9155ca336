// SPDX-License-Identifier: GPL-3.0-or-later
#include "ChangeStories.h"

#include "support/MemoryDeskParts.h"

#include <QtCore/QJsonArray>

namespace wk::test {

using namespace Qt::StringLiterals;
using namespace wk::changes;
using State = RequestState;

namespace stories {

Target deployment(const QString& name, const QString& cluster)
{
    return {cluster, u"apps"_s, u"v1"_s, u"Deployment"_s, u"deployments"_s, u"streamgate"_s, name};
}

Step scale(const QString& name, int replicas, int from)
{
    Step step;
    step.name = u"scale"_s;
    step.target = deployment(name);
    step.parameters = {{u"replicas"_s, replicas}};
    step.precondition.fields.insert({u"/spec/replicas"_s, from});
    step.onFailure = Step::OnFailure::Rollback;
    return step;
}

Step setImage(const QString& name, const QString& image)
{
    Step step;
    step.name = u"setImage"_s;
    step.target = deployment(name);
    step.parameters = {{u"images"_s, QJsonObject{{name, image}}}};
    step.onFailure = Step::OnFailure::Rollback;
    return step;
}

Step rollout(const QString& name)
{
    Step step;
    step.type = Step::Type::Check;
    step.name = u"rolloutFinished"_s;
    step.target = deployment(name);
    step.parameters = {{u"withinSeconds"_s, 600}};
    step.onFailure = Step::OnFailure::Rollback;
    return step;
}

Plan plan(const QString& title, const QList<Step>& steps)
{
    auto made = Plan::make(u"streamgate"_s, title, steps);
    if (!made)
        qFatal("the plan \"%s\" is no plan: %s", qPrintable(title), qPrintable(made.error().error().text()));
    return *made;
}

RequestFields fields(const QString& title, Risk risk)
{
    RequestFields f;
    f.title = title;
    f.risk = risk;
    f.what = u"The API gateway gets two more replicas for the evening peak."_s;
    f.why = u"P95 latency has been above 200 ms since 19:00 on three evenings."_s;
    f.impact = u"None expected; streams in progress stay connected."_s;
    f.testsPassed = {u"unit"_s, u"integration"_s};
    f.tests = u"Load test of 20 November: 2,400 streams on five replicas, P95 at 120 ms."_s;
    f.rollbackPlan = u"Scale back to three replicas."_s;
    f.rollbackMinutes = 5;
    f.dataRecovery = u"Not needed: nothing is stored in the gateway."_s;
    return f;
}

RequestDetail request(Clock& clock, const Plan& plan, Risk risk, const QString& requester, State state, int hoursAgo)
{
    const QDateTime filed = QDateTime::fromMSecsSinceEpoch(clock.nowMs(), Qt::UTC).addSecs(-3600 * hoursAgo);
    RequestDetail d;
    d.plan = plan;
    d.planText = plan.canonical();
    d.fields = fields(plan.title(), risk);
    d.declaredRisk = d.computedRisk = risk;
    d.revisedAt = filed;
    RequestSummary& s = d.summary;
    s.platform = plan.platform();
    s.title = plan.title();
    s.type = u"deployment"_s;
    s.state = state;
    s.revision = 1;
    s.sha256 = plan.sha256();
    s.risk = risk;
    s.requester = s.editor = requester;
    s.createdAt = filed;
    if (state != State::Draft)
        s.submittedAt = filed.addSecs(300);
    if (state > State::Submitted && state < State::Rejected)
        s.approvedAt = filed.addSecs(300 + 60 * 37 + 60 * hoursAgo);
    if (state >= State::Verified)
        s.endedAt = filed.addSecs(7200);
    s.expiresAt = filed.addDays(7);
    return d;
}

namespace {

void runningOne(MemoryDesk& desk, Clock& clock)
{
    const auto now = QDateTime::fromMSecsSinceEpoch(clock.nowMs(), Qt::UTC);
    RequestDetail d = request(clock,
                              plan(u"[stream-processor] - Release 2.3.1"_s,
                                   {setImage(u"stream-processor"_s, u"registry.example/stream-processor:2.3.1"_s),
                                    rollout(u"stream-processor"_s), scale(u"stream-processor"_s, 8, 6)}),
                              Risk::Medium, u"boris"_s, State::Running, 5);
    d.summary.executor = u"boris"_s;
    d.assignment.needed = {{{u"tech-lead"_s}, u"anna"_s}, {{u"operations"_s}, u"chen"_s}};
    d.assignment.complete = true;
    ExecutionRecord e;
    e.id = 41;
    e.revision = 1;
    e.sha256 = d.summary.sha256;
    e.planSteps = 3;
    e.executor = u"boris"_s;
    e.claimedAt = now.addSecs(-190);
    e.leaseUntil = now.addSecs(22);
    e.holders = {{u"boris"_s, now.addSecs(-190), u"claimed"_s}};
    const auto step = [&](int number, StepState state, int began, int ended, const QString& sentence) {
        StepRecord r;
        r.step = number;
        r.state = state;
        r.person = u"boris"_s;
        r.startedAt = now.addSecs(-began);
        if (ended > 0)
            r.endedAt = now.addSecs(-ended);
        if (!sentence.isEmpty())
            r.result = {{u"sentence"_s, sentence}};
        return r;
    };
    e.steps = {step(1, StepState::Done, 188, 187,
                    u"Deployment stream-processor runs registry.example/stream-processor:2.3.1 from now on."_s),
               step(2, StepState::Running, 187, 0, {})};
    d.executions = {e};
    desk.put(d);
}

void brokenGlass(MemoryDesk& desk, Clock& clock)
{
    const auto now = QDateTime::fromMSecsSinceEpoch(clock.nowMs(), Qt::UTC);
    RequestDetail d = request(clock, plan(u"[redis] - Raise maxmemory"_s, {scale(u"session-cache"_s, 3, 1)}),
                              Risk::High, u"dmitri"_s, State::Verified, 20);
    d.summary.rule = u"glass"_s;
    d.summary.executor = u"dmitri"_s;
    Review review;
    review.number = d.summary.number;
    review.breaker = u"dmitri"_s;
    review.reason = u"Sessions were evicted and nobody could log in."_s;
    review.incident = u"INC-4711"_s;
    review.openedAt = now.addSecs(-3600 * 19);
    review.dueAt = now.addSecs(3600 * 5);
    d.reviews = {review};
    desk.put(d);
}

void windows(MemoryDesk& desk, Clock& clock)
{
    const auto now = QDateTime::fromMSecsSinceEpoch(clock.nowMs(), Qt::UTC);
    TimeWindow nightly;
    nightly.name = u"Nightly maintenance"_s;
    nightly.platform = u"streamgate"_s;
    nightly.zone = u"Europe/Berlin"_s;
    nightly.days = {1, 2, 3, 4, 5};
    nightly.from = u"02:00"_s;
    nightly.to = u"05:00"_s;
    nightly.active = true;
    const QDateTime monday(now.date().addDays(1 - now.date().dayOfWeek()), QTime(1, 0), Qt::UTC);
    for (int day = 0; day < 28; ++day)
        if (day % 7 < 5)
            nightly.occurrences << TimeWindow::Occurrence{monday.addDays(day), monday.addDays(day).addSecs(3 * 3600)};
    TimeWindow freeze;
    freeze.freeze = true;
    freeze.name = u"Championship final"_s;
    freeze.platform = u"streamgate"_s;
    freeze.starts = QDateTime(now.date().addDays(2), QTime(12, 0), Qt::UTC);
    freeze.ends = QDateTime(now.date().addDays(3), QTime(22, 0), Qt::UTC);
    for (const TimeWindow& window : {nightly, freeze}) {
        QFuture<Result<qint64>> set = desk.setWindow(window, {}, 0);
        Q_ASSERT(set.isFinished());
    }
}

} // namespace

void nightShift(MemoryDesk& desk, Clock& clock)
{
    const auto now = QDateTime::fromMSecsSinceEpoch(clock.nowMs(), Qt::UTC);
    desk.become(u"anna"_s, {u"tech-lead"_s}, Person::Totp::Confirmed);
    desk.hasRoles(u"chen"_s, {u"operations"_s});
    desk.hasRoles(u"eva"_s, {u"security"_s, u"tech-lead"_s});
    RequestDetail first = request(clock,
                                  plan(u"[api-gateway] - Two more replicas for the evening"_s,
                                       {scale(u"api-gateway"_s, 5, 3), rollout(u"api-gateway"_s)}),
                                  Risk::Medium, u"boris"_s, State::Submitted, 3);
    first.assignment.needed = {{{u"tech-lead"_s}, {}}, {{u"operations"_s}, u"chen"_s}};
    first.approvals = {
        Approval{1, u"chen"_s, true, u"Capacity is there; go ahead."_s, false, now.addSecs(-2400), true}};
    first.conflicts = {{3, u"[api-gateway] - Raise the memory limit"_s, State::Draft, false}};
    desk.put(first);
    desk.put(request(
        clock,
        plan(u"[auth-service] - Release 4.0.0 with new session keys"_s,
             {setImage(u"auth-service"_s, u"registry.example/auth-service:4.0.0"_s), rollout(u"auth-service"_s)}),
        Risk::High, u"dmitri"_s, State::Submitted, 27));
    desk.put(request(clock, plan(u"[api-gateway] - Raise the memory limit"_s, {scale(u"api-gateway"_s, 4, 3)}),
                     Risk::Low, u"anna"_s, State::Draft, 1));
    runningOne(desk, clock);
    Step careful = scale(u"edge-cache"_s, 9, 8);
    careful.onFailure = Step::OnFailure::Stop;
    RequestDetail later = request(clock, plan(u"[edge-cache] - One more pod for the weekend"_s, {careful}),
                                  Risk::Medium, u"anna"_s, State::Scheduled, 30);
    later.summary.notBefore = now.addSecs(3600 * 22);
    later.summary.notAfter = now.addSecs(3600 * 24);
    desk.put(later);
    brokenGlass(desk, clock);
    for (const auto& [title, state, risk, hours] :
         {std::tuple{u"[media-store] - Compact the index"_s, State::Closed, Risk::Low, 50},
          std::tuple{u"[api-gateway] - Release 1.9"_s, State::RolledBack, Risk::Medium, 75},
          std::tuple{u"[billing] - New exporter"_s, State::Failed, Risk::Medium, 120},
          std::tuple{u"[search] - Reindex"_s, State::Cancelled, Risk::Low, 160},
          std::tuple{u"[auth-service] - Rotate keys"_s, State::Closed, Risk::High, 300}})
        desk.put(request(clock, plan(title, {scale(u"api-gateway"_s, 4, 3)}), risk, u"boris"_s, state, hours));
    windows(desk, clock);
}

} // namespace stories

QFuture<Result<BoundPlan>> StoryMeans::bound(const Plan& plan)
{
    QList<Step> steps = plan.steps();
    for (Step& step : steps) {
        if (!bindError && step.isAction() && step.precondition.isEmpty() && step.target.type() == Target::Kind::Object)
            step.precondition.resourceVersion = u"7"_s;
    }
    const Plan made = *Plan::make(plan.platform(), plan.title(), steps);
    BoundPlan out{made, looseSteps(made)};
    for (LooseStep& step : out.loose)
        step.error = bindError;
    return QtFuture::makeReadyFuture(Result<BoundPlan>(out));
}

QFuture<Result<Answers>> StoryMeans::look(const QString&, const Step&)
{
    return QtFuture::makeReadyFuture(answers.isEmpty() ? Result<Answers>(fail(Error::Kind::NotFound, u"Not there."_s))
                                                       : Result<Answers>(answers));
}

QFuture<Result<Preview>> StoryMeans::preview(const QString&, const Step& step)
{
    ++previews;
    if (previewError)
        return ready<Preview>(fail(*previewError));
    const bool image = step.name == u"setImage";
    if (!image && step.precondition.fields.empty()) {
        Preview other;
        other.notes << u"As the cluster works it out."_s;
        other.precondition.fields[u"/metadata/generation"_s] = 7;
        return ready<Preview>(other);
    }
    const auto object = [&](const QJsonValue& replicas, const QString& tag) {
        return QJsonObject{
            {u"apiVersion"_s, u"apps/v1"_s},
            {u"kind"_s, u"Deployment"_s},
            {u"metadata"_s, QJsonObject{{u"name"_s, step.target.name}, {u"namespace"_s, step.target.space}}},
            {u"spec"_s,
             QJsonObject{
                 {u"replicas"_s, replicas},
                 {u"template"_s,
                  QJsonObject{{u"spec"_s, QJsonObject{{u"containers"_s,
                                                       QJsonArray{QJsonObject{{u"image"_s, tag},
                                                                              {u"name"_s, step.target.name}}}}}}}}}}};
    };
    const QString before = u"registry.example/%1:3.9.4"_s.arg(step.target.name);
    Preview out;
    const QJsonValue from = image ? QJsonValue(3) : step.precondition.fields.begin()->second;
    out.differences << Difference::of(
        step.target.words(), object(from, before),
        image ? object(from, step.parameters.value("images"_L1).toObject().begin()->toString())
              : object(step.parameters.value("replicas"_L1), before));
    out.inverse.steps << step;
    return ready<Preview>(out);
}

StoryMeans::StoryMeans(MemoryDesk& desk, Clock& clock)
    : m_gate(desk, clock), m_clock(clock), world(m_folder.path()), runner(world), ledger(desk, clock)
{
}

Executor* StoryMeans::executor(qint64 number) const
{
    const auto it = m_executors.find(number);
    return it == m_executors.end() ? nullptr : it->second.get();
}

Result<void> StoryMeans::keep(qint64 number, Gate::Opened opened)
{
    if (!opened)
        return fail(opened.error());
    auto& kept = m_executors[number] = std::move(*opened);
    emit executorChanged(number);
    kept->start();
    return {};
}

Result<void> StoryMeans::run(const RequestDetail& detail)
{
    return keep(detail.summary.number, m_gate.open(detail, {ledger, runner, m_clock}));
}

QFuture<Result<QString>> StoryMeans::whyNotAllowed(const QString&, const Step&) { return ready<QString>(forbidden); }

QString StoryMeans::whyNotAtOnce(const Plan& plan) const
{
    return m_gate.whyNotAtOnce(plan, [this](const QString&) { return klass; });
}

Result<void> StoryMeans::runAtOnce(const RequestFields&, const Plan& plan)
{
    if (const QString why = whyNotAtOnce(plan); !why.isEmpty())
        return fail(Error::Kind::Forbidden, why);
    done << plan;
    return {};
}

Result<void> StoryMeans::takeOver(const RequestDetail& detail, const QString& reason)
{
    return keep(detail.summary.number, m_gate.takeOver(detail, reason, {ledger, runner, m_clock}));
}

QFuture<Result<QJsonObject>> StoryMeans::liveWorkload(const platform::Platform&, const QString& workload)
{
    const QStringList parts = workload.split(u'/');
    return ready<QJsonObject>(
        QJsonObject{{u"apiVersion"_s, u"apps/v1"_s},
                    {u"kind"_s, parts.at(1)},
                    {u"metadata"_s, QJsonObject{{u"namespace"_s, parts.at(0)}, {u"name"_s, parts.at(2)}}},
                    {u"spec"_s, QJsonObject{{u"replicas"_s, 3}}}});
}

} // namespace wk::test
