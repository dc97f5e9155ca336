// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "watchkeeper/changes/ChangeWork.h"
#include "widgets/monitoring/alerts/SilenceDoor.h"

namespace wk::app {

/// Silences through the Gate: each wish becomes a plan of one step, which is done at once where that may be, and is
/// proposed else. Opens the store of changes when it is first asked.
class SilenceGate final : public widgets::SilenceDoor
{
    Q_OBJECT
public:
    using Propose = std::function<void(const changes::Plan& plan, const changes::RequestFields& fields)>;

    /// All outlive it.
    SilenceGate(ChangeWork& changes, Clock& clock, Propose propose, QObject* parent = nullptr);

    [[nodiscard]] QString whyNotNow(const widgets::SilenceWish& wish) const override;
    [[nodiscard]] QString whyNotPropose(const widgets::SilenceWish& wish) const override;
    [[nodiscard]] Result<void> doNow(const widgets::SilenceWish& wish) override;
    void propose(const widgets::SilenceWish& wish) override;

private:
    /// Fails where the store cannot be opened, or it is no valid step.
    [[nodiscard]] Result<changes::Plan> planOf(const widgets::SilenceWish& wish) const;
    [[nodiscard]] changes::RequestFields fieldsOf(const changes::Plan& plan) const;

    ChangeWork& m_changes;
    Clock& m_clock;
    Propose m_propose;
};

} // namespace wk::app
