// SPDX-License-Identifier: GPL-3.0-or-later
#include "change/ChangeBinding.h"

namespace wk::ctl {

using namespace Qt::StringLiterals;
using changes::BoundPlan;
using changes::Plan;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::ctl)
};

/// Lives until its plan is bound.
class Binding final : public QObject
{
public:
    explicit Binding(ChangeSession& session)
        : QObject(&session),
          m_binder([&session](const QString&, const QString& cluster) { return session.clusters().actions(cluster); })
    {
    }
    [[nodiscard]] QFuture<Result<BoundPlan>> bind(const Plan& plan) { return m_binder.bind(plan); }

private:
    changes::PlanBinder m_binder;
};

} // namespace

void withBound(ChangeSession& s, const Plan& plan, std::function<void(const BoundPlan&)> then)
{
    if (s.arguments().has(u"no-pin"_s)) {
        then({plan, changes::looseSteps(plan)});
        return;
    }
    s.clusters().use(plan.platform());
    auto* binding = new Binding(s);
    whenDone(binding->bind(plan), binding, [&s, binding, then = std::move(then)](const Result<BoundPlan>& bound) {
        binding->deleteLater();
        if (!bound) {
            s.fail(bound.error());
            return;
        }
        for (const changes::LooseStep& step : bound->loose)
            printNote(step.sentence());
        then(*bound);
    });
}

void withBoundForFiling(ChangeSession& s, const Plan& plan, std::function<void(const Plan&)> then)
{
    withBound(s, plan, [&s, then = std::move(then)](const BoundPlan& bound) {
        auto error = s.arguments().has(u"no-pin"_s) ? std::nullopt : bound.error();
        if (!error) {
            then(bound.plan);
            return;
        }
        const QString unbound = Texts::tr("With --no-pin it is filed unbound: it then runs whatever has become of it");
        error->remedy = error->remedy.isEmpty() ? unbound : error->remedy + u'\n' + unbound;
        s.fail(*error);
    });
}

} // namespace wk::ctl
