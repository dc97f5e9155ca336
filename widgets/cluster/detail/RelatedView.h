// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/connection/ClusterTarget.h"
#include "cluster/objects/Relations.h"

#include <QtCore/QHash>
#include <QtWidgets/QWidget>

class QLabel;
class QTreeWidget;
class QTreeWidgetItem;

namespace wk::cluster {
class ClusterView;
class UsedBy;
} // namespace wk::cluster

namespace wk::widgets {

/// What an object has to do with others, as a tree: who made it, what it made, where that runs, what leads to it, what
/// it uses and who uses it. Enter or a double click goes there. Setting what is shown already changes nothing.
///
/// objectNames inside: "relatedTree", "relatedNote".
class RelatedView : public QWidget
{
    Q_OBJECT
public:
    explicit RelatedView(QWidget* parent = nullptr);
    ~RelatedView() override;

    /// Draws what the cluster's tables say now of the object; asks who uses it where that is another object than
    /// before.
    void setObject(const std::shared_ptr<cluster::ClusterView>& cluster, const cluster::ResourceKind& kind,
                   const QJsonObject& object);
    void clear();
    [[nodiscard]] const QList<cluster::RelationGroup>& groups() const { return m_groups; }

signals:
    void targetRequested(const wk::cluster::ClusterTarget& target);

private:
    void askUsers(const cluster::ResourceKind& kind, const QString& name);
    /// The table of a kind, which the panel follows anyway; that of the object's namespace where not all may be seen.
    [[nodiscard]] std::shared_ptr<table::TableSource> source(const QString& kindId);
    void redraw();
    void showGroups(const QList<cluster::RelationGroup>& groups);
    void addRelation(QTreeWidgetItem* parent, const cluster::Relation& relation);
    void activate(const QTreeWidgetItem* item);

    std::shared_ptr<cluster::ClusterView> m_cluster;
    QHash<QString, std::shared_ptr<table::TableSource>> m_sources; ///< by kind; kept while an object is shown
    QJsonObject m_object;
    QString m_space;
    QString m_key; ///< whose users were asked for
    QList<cluster::RelationGroup> m_groups;
    QList<cluster::Referrer> m_users;
    QStringList m_missing;
    bool m_asking = false;
    std::unique_ptr<cluster::UsedBy> m_usedBy;

    QTreeWidget* m_tree;
    QLabel* m_note;
};

} // namespace wk::widgets
