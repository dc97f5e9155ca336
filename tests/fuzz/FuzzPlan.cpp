// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/actions/ActionKind.h"
#include "changes/plan/Plan.h"

#include <cstdint>

using namespace wk;
using namespace wk::changes;

/// What somebody files as a plan. Whatever is accepted has one spelling, which reads as the same plan under the same
/// hash: people approve the hash of these bytes.
int fuzzPlan(const uint8_t* data, size_t size)
{
    const QByteArray text(reinterpret_cast<const char*>(data), qsizetype(size));
    const Plan::Made plan = Plan::parse(text);
    if (!plan) {
        const Error error = plan.error().error();
        if (plan.error().isEmpty() || error.sentence.isEmpty() || error.kind != Error::Kind::BadInput)
            __builtin_trap(); // a refusal says what is wrong
        return 0;
    }
    const Plan::Made again = Plan::parse(plan->canonical());
    if (!again || *again != *plan || again->canonical() != plan->canonical() || again->sha256() != plan->sha256())
        __builtin_trap();
    if (!Plan::fromStore(plan->canonical(), plan->sha256()))
        __builtin_trap();
    if (plan->words().size() < plan->steps().size())
        __builtin_trap(); // every step can be read
    for (const Step& step : plan->steps()) {
        const ActionKind* kind = step.isAction() ? actionKind(step.name) : nullptr;
        if (step.isAction() != (kind != nullptr))
            __builtin_trap();
        if (kind) {
            (void)kind->risk(step);
            (void)kind->permissions(step);
            (void)kind->reads(step, {});
        }
    }
    return 0;
}
