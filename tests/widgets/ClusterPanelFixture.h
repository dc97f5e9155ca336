// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "FakeCluster.h"

#include "table/TableModel.h"
#include "widgets/cluster/ClusterPanel.h"
#include "widgets/common/DataTable.h"
#include "widgets/common/Theme.h"

#include <QtTest/QtTest>
#include <QtWidgets/QApplication>

namespace wk::test {

class MemoryStates final : public widgets::TableStates
{
public:
    QJsonObject load(const QString& id) const override { return states.value(id); }
    void save(const QString& id, const QJsonObject& state) override { states.insert(id, state); }
    QHash<QString, QJsonObject> states;
};

/// A test of a panel that shows a made-up cluster of three pods, two namespaces and a secret.
class ClusterPanelFixture : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { m_theme.apply(*qApp); }
    void init();
    void cleanup() { m_panel.reset(); }

protected:
    /// What the list of kinds says for that kind.
    [[nodiscard]] QString kindText(const QString& id) const;
    [[nodiscard]] int rowCount() const { return m_panel->dataTable()->model()->rowCount(); }

    widgets::Theme m_theme;
    std::shared_ptr<ManualClock> m_clock;
    std::shared_ptr<FakeCluster> m_cluster;
    std::shared_ptr<cluster::KindTallies> m_tallies;
    std::shared_ptr<MemoryStates> m_states;
    std::unique_ptr<widgets::ClusterPanel> m_panel;
};

} // namespace wk::test
