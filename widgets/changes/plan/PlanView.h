// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/actions/ClusterActions.h"
#include "changes/desk/Request.h"
#include "changes/plan/Plan.h"

#include <QtWidgets/QTextBrowser>

#include <map>

namespace wk::widgets {

/// A plan step by step in words, each with the difference it makes: as the cluster works it out now, or for steps that
/// were carried out what is on record. One text: it is selected, searched, copied and read out like any other.
class PlanView : public QTextBrowser
{
    Q_OBJECT
public:
    explicit PlanView(QWidget* parent = nullptr);

    /// Shows another plan; previews of the one before are forgotten.
    void setPlan(const changes::Plan& plan);
    /// Whether to say which steps nothing binds to a state: for who approves, of a plan that was filed.
    void setSaysLoose(bool says);
    /// A record without steps, or a plan that cannot be trusted: why.
    void setNoPlan(const QString& title, const QString& why);
    /// What is on record of the steps.
    void setRecords(const QList<changes::StepRecord>& records);
    /// The step, from 1, whose difference is being worked out; 0: none.
    void setAsking(int step);
    void setPreview(int step, const Result<changes::Preview>& preview);
    [[nodiscard]] bool hasPreview(int step) const { return m_previews.contains(step); }
    /// From this step on differences are worked out only when moreWanted() asks for them; 0: for all.
    void setUnasked(int firstStep);

signals:
    void moreWanted();

private:
    void rebuildSoon();
    void rebuild();

    std::optional<changes::Plan> m_plan;
    QString m_title, m_why;
    QList<changes::StepRecord> m_records;
    std::map<int, Result<changes::Preview>> m_previews;
    int m_asking = 0;
    int m_unasked = 0;
    bool m_pending = false, m_saysLoose = false;
};

} // namespace wk::widgets
