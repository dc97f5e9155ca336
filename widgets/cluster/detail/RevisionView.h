// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/ClusterView.h"
#include "cluster/objects/Revisions.h"
#include "core/Clock.h"

#include <QtWidgets/QStackedWidget>

class QComboBox;
class QTreeWidget;

namespace wk::widgets {

class CodeView;
class StateView;

/// The revisions that a workload could go back to, and the difference between any two of them. The current one stands
/// against the one before it until a person chooses.
///
/// objectNames inside: "revisionList", "revisionFrom", "revisionTo", "revisionDifference", "revisionState".
class RevisionView : public QStackedWidget
{
    Q_OBJECT
public:
    explicit RevisionView(std::shared_ptr<Clock> clock, QWidget* parent = nullptr);

    /// Reads the history of the object again where the object has changed. Waits without blinking: what was read before
    /// stays until the answer comes.
    void setObject(const std::shared_ptr<cluster::ClusterView>& cluster, const QJsonObject& object);
    void clear();
    /// True for objects that have revisions.
    [[nodiscard]] static bool hasHistory(const cluster::ResourceKind& kind);
    [[nodiscard]] const QList<cluster::Revision>& revisions() const { return m_revisions; }

private:
    [[nodiscard]] QWidget* makeBody();
    void read();
    void take(const Result<QList<cluster::Revision>>& revisions);
    void list();
    void fillChoices();
    void compare();
    [[nodiscard]] const cluster::Revision* chosen(const QComboBox* box) const;

    std::shared_ptr<Clock> m_clock;
    std::shared_ptr<cluster::ClusterView> m_cluster;
    QJsonObject m_object;
    QList<cluster::Revision> m_revisions;
    quint64 m_question = 0;

    QTreeWidget* m_list = nullptr;
    QComboBox* m_from = nullptr;
    QComboBox* m_to = nullptr;
    CodeView* m_difference = nullptr;
    QWidget* m_body = nullptr;
    StateView* m_state = nullptr;
};

} // namespace wk::widgets
