// SPDX-License-Identifier: GPL-3.0-or-later
#include "ClusterPanelFixture.h"

#include "widgets/cluster/KindList.h"

using namespace Qt::StringLiterals;
using wk::table::Health;
using wk::widgets::ClusterPanel;

namespace wk::test {

void ClusterPanelFixture::init()
{
    m_clock = std::make_shared<ManualClock>();
    m_cluster = std::make_shared<FakeCluster>();
    m_tallies = std::make_shared<cluster::KindTallies>(m_cluster);
    m_states = std::make_shared<MemoryStates>();
    for (const QString& space : {u"shop"_s, u"other"_s})
        m_cluster->table(u"namespaces"_s)->put(FakeCluster::row({}, space));
    m_cluster->table(u"pods"_s)->put(FakeCluster::row(u"shop"_s, u"api-0"_s));
    m_cluster->table(u"pods"_s)->put(
        FakeCluster::row(u"shop"_s, u"api-1"_s, Health::Bad, u"api: back-off restarting"_s));
    m_cluster->table(u"pods"_s)->put(FakeCluster::row(u"other"_s, u"db-0"_s));
    m_cluster->objects["api-0"] =
        R"({"kind":"Pod","apiVersion":"v1","metadata":{"name":"api-0","namespace":"shop"},"spec":{"nodeName":"n1"}})";
    m_cluster->objects["api-1"] = R"({"kind":"Pod","apiVersion":"v1","metadata":{"name":"api-1","namespace":"shop"}})";
    m_cluster->objects["key"] =
        R"({"kind":"Secret","apiVersion":"v1","metadata":{"name":"key"},"data":{"password":"7 bytes"}})";
    m_cluster->objects["key+"] =
        R"({"kind":"Secret","apiVersion":"v1","metadata":{"name":"key"},"data":{"password":"aHVudGVyMg=="}})";
    m_panel = std::make_unique<ClusterPanel>(m_clock, m_states);
    m_panel->resize(1300, 800);
    m_panel->show();
    QVERIFY(QTest::qWaitForWindowActive(m_panel.get()));
    m_panel->setCluster(m_cluster, m_tallies);
}

QString ClusterPanelFixture::kindText(const QString& id) const
{
    for (QTreeWidgetItemIterator it(m_panel->kindList()); *it; ++it) {
        if ((*it)->toolTip(0).section(u'\n', 0, 0) == id)
            return (*it)->data(0, Qt::AccessibleTextRole).toString();
    }
    return u"no such kind"_s;
}

} // namespace wk::test
