// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/KindCatalog.h"
#include "cluster/tallies/KindTallies.h"

#include <QtWidgets/QTreeWidget>

namespace wk::widgets {

/// The kinds of a cluster in groups, each with how many there are and how many of them are in trouble.
class KindList : public QTreeWidget
{
    Q_OBJECT
public:
    explicit KindList(QWidget* parent = nullptr);

    /// Null empties the list.
    void setCluster(std::shared_ptr<cluster::ClusterView> cluster, std::shared_ptr<cluster::KindTallies> tallies);
    [[nodiscard]] QString currentKindId() const;
    /// Selects it without a signal; remembered until discovery brings the kind.
    void setCurrentKind(const QString& kindId);

signals:
    /// The person moved to a kind.
    void kindChosen(const QString& kindId);
    /// Enter: on to the table.
    void kindActivated(const QString& kindId);

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void rebuild();
    void refresh(const QString& kindId);

    std::shared_ptr<cluster::ClusterView> m_cluster;
    std::shared_ptr<cluster::KindTallies> m_tallies;
    QHash<QString, QTreeWidgetItem*> m_items;
    QList<cluster::KindGroup> m_groups;
    QString m_current;
};

} // namespace wk::widgets
