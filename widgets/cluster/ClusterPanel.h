// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/ClusterView.h"
#include "cluster/connection/ClusterTarget.h"
#include "cluster/tallies/KindTallies.h"
#include "cluster/tallies/UsageTable.h"
#include "widgets/cluster/ObjectActions.h"
#include "widgets/common/TableStates.h"

#include <QtWidgets/QWidget>

class QAction;
class QMenu;
class QShortcut;
class QSplitter;
class QStackedWidget;

namespace wk::widgets {

class ActionBar;
class DataTable;
class KindList;
class ObjectDetail;
class SpaceChooser;
class StateView;
class TroubleButton;

/// A cluster, kind by kind: kinds with counts at the left, the live table of one, and the detail of one object. Follows
/// one cluster at a time.
///
/// objectNames inside: "kindList", "spaceChooser", "troubleButton", "clusterTable", "objectDetail", "clusterState",
/// "kindSplitter", "detailSplitter".
class ClusterPanel : public QWidget
{
    Q_OBJECT
public:
    ClusterPanel(std::shared_ptr<Clock> clock, std::shared_ptr<TableStates> states, QWidget* parent = nullptr);
    ~ClusterPanel() override;

    /// `tallies` counts that cluster's kinds. Null shows what to do to have one.
    void setCluster(std::shared_ptr<cluster::ClusterView> cluster, std::shared_ptr<cluster::KindTallies> tallies,
                    const QString& space = {});
    /// What to say while there is no cluster.
    void setNoCluster(const QString& title, const QString& hint, const QString& action);
    /// Goes to a kind, a namespace, a filter, an object. Waits for discovery where the kind is not known yet.
    void open(const cluster::ClusterTarget& target);
    void closeDetail();
    /// What can be done with its objects; null: nothing is offered. Outlives the panel.
    void setObjectActions(ObjectActions* actions);
    /// The rows that are selected, else the current one.
    [[nodiscard]] ObjectActions::Objects selectedObjects() const;
    /// The kind as a whole, in the namespace that is chosen.
    [[nodiscard]] ObjectActions::Object wholeKind() const;

    /// Where the person drew the lines, in pixels: "kinds" wide, the detail "beside" and "below" the table. What they
    /// never touched is missing, and divided by the panel itself.
    [[nodiscard]] QVariantMap divisions() const { return m_divisions; }
    void setDivisions(const QVariantMap& divisions);

    [[nodiscard]] QString currentKindId() const { return m_kind.id(); }
    [[nodiscard]] QString space() const;
    [[nodiscard]] DataTable* dataTable() const { return m_table; }
    [[nodiscard]] ObjectDetail* detail() const { return m_detail; }
    [[nodiscard]] KindList* kindList() const { return m_kinds; }
    [[nodiscard]] bool isDetailOpen() const;

signals:
    /// The connection's doctor is wanted.
    void explainRequested();
    /// The button of the state without a cluster.
    void actionRequested();
    void notice(const QString& text);
    /// Kind or namespace changed: worth remembering.
    void placeChanged();
    void divisionsChanged();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void build();
    void connectParts();
    [[nodiscard]] QSplitter* makeSplitter(const QString& name, QWidget* first, QWidget* second);
    void addShortcuts();
    void addObjectActions();
    void fillActions(QMenu& menu, const QString& rowId);
    void actByKey(const QString& key);
    void showDetailActions();
    [[nodiscard]] QString spaceOfWhole() const;
    void showKind(const QString& kindId);
    void showSpace(const QString& space);
    void onSpaceChosen();
    void attachSource();
    void followPending();
    void openDetail(const QString& rowId);
    void openDetailOf(const QString& space, const QString& name);
    void saveTable();
    /// Between table and detail, for the way they lie now.
    void divideSpace();
    void rememberDivisions(const QSplitter* moved);
    /// The tally and the filter that its button shows.
    void refreshTrouble();
    [[nodiscard]] std::shared_ptr<table::TableSource> sourceFor(const cluster::ResourceKind& kind);
    [[nodiscard]] table::RowPtr rowById(const QString& id) const;
    // ClusterPanelUsage.cpp
    [[nodiscard]] cluster::ResourceKind kindNamed(const QString& id) const;
    [[nodiscard]] cluster::ResourceKind listedKind() const;
    [[nodiscard]] std::shared_ptr<table::TableSource> usageSource(cluster::UsageBy by);
    void openUsageRow(const table::Row& row);

    std::shared_ptr<Clock> m_clock;
    std::shared_ptr<TableStates> m_states;
    std::shared_ptr<cluster::ClusterView> m_cluster;
    std::shared_ptr<cluster::KindTallies> m_tallies;
    cluster::ResourceKind m_kind;
    std::shared_ptr<table::TableSource> m_source;
    QString m_sourceKey; ///< kind, namespace, and whose list it is
    std::optional<cluster::ClusterTarget> m_pending;
    bool m_restoring = false;
    QVariantMap m_divisions;
    ObjectActions* m_objectActions = nullptr;
    QAction* m_act = nullptr;
    ActionBar* m_actionBar = nullptr; ///< above the detail
    QList<QShortcut*> m_actionKeys;
    std::unique_ptr<cluster::HealthTally> m_spaceTally; ///< of the one namespace that is shown

    QStackedWidget* m_stack = nullptr;
    StateView* m_state = nullptr;
    QSplitter* m_splitter = nullptr;
    QSplitter* m_detailSplitter = nullptr;
    KindList* m_kinds = nullptr;
    SpaceChooser* m_spaces = nullptr;
    TroubleButton* m_trouble = nullptr;
    DataTable* m_table = nullptr;
    ObjectDetail* m_detail = nullptr;
};

} // namespace wk::widgets
