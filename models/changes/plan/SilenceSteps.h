// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/plan/Step.h"
#include "core/Result.h"
#include "monitoring/alerts/Silence.h"

namespace wk::changes {

// Silences as steps of a plan. A step that makes one lasts from when it is carried out: approvals take their time.
// Parameters of "silence": "matchers" (texts), "minutes", "reason", "author"; "extends": the target's name is the id of
// one that there is, with the same matchers, which lasts from then on. Of "expireSilence": "matchers"; the target's
// name is the id.

/// `silence` lasts as long as from `now` to its end; one with an id is changed.
[[nodiscard]] Step silenceStep(const QString& cluster, const monitoring::Silence& silence, qint64 now);
[[nodiscard]] Step expireSilenceStep(const QString& cluster, const monitoring::Silence& silence);

/// Those of a step about a silence; BadInput where one cannot be understood, or all of them match an absent label.
[[nodiscard]] Result<std::vector<monitoring::LabelMatcher>> silenceMatchers(const QJsonObject& parameters);
/// What a step makes when it is carried out at `now`; `known`: the one that it extends.
[[nodiscard]] Result<monitoring::Silence> wantedSilence(const Step& step, const monitoring::Silence* known, qint64 now);

} // namespace wk::changes
