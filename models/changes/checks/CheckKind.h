// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/plan/Mistakes.h"
#include "changes/plan/Step.h"

#include <vector>

namespace wk::changes {

/// One kind of check, as a value: what it is called, what it takes, how it reads. CheckRunner asks it of the world.
struct CheckKind
{
    enum class Id { RolloutFinished, PodsReady, PromQl, Sql, Http, Confirm };

    Id id;
    const char16_t* name; ///< as in a plan: "rolloutFinished"
    void (*validate)(const Step&, MemberReader&);
    QString (*words)(const Step&);
    qint64 withinSeconds; ///< how long it is given where the plan does not say
};

[[nodiscard]] const std::vector<CheckKind>& checkKinds();
/// nullptr where there is none of that name.
[[nodiscard]] const CheckKind* checkKind(QStringView name);
/// "10 min", "2 h", "45 s"
[[nodiscard]] QString secondsWords(qint64 seconds);

} // namespace wk::changes
