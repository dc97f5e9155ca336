// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/overview/OverviewTile.h"

#include <QtWidgets/QWidget>

class QHBoxLayout;
class QLabel;
class QScrollArea;
class QTimer;

namespace wk::widgets {

class StateView;

/// Every platform at a glance, and above them the one sentence that says how many need a look.
///
/// objectNames inside: "overviewHeadline", "overviewTile-<id>", "overviewState".
class OverviewPanel : public QWidget
{
    Q_OBJECT
public:
    explicit OverviewPanel(std::shared_ptr<Clock> clock, QWidget* parent = nullptr);

    /// Tiles whose entry has the same id, overview and problem stay as they are.
    void setEntries(const QList<OverviewEntry>& entries);
    /// What to say while there are none.
    void setNoEntries(const QString& title, const QString& hint, const QString& action);
    /// What waits for the person, by platform. Platforms that are not named have nothing that does.
    void setWaiting(const QHash<QString, QStringList>& sentences);
    [[nodiscard]] QList<OverviewTile*> tiles() const { return m_tiles; }
    [[nodiscard]] QString headline() const;
    /// Beside the sentence; takes it.
    void addToHead(QWidget* widget);

signals:
    void openRequested(const QString& entryId, const wk::cluster::ClusterTarget& target);
    void explainRequested(const QString& entryId);
    /// A page of the monitoring panel, or one of its dashboards.
    /// `filter`: of its list; of objectives the name of one.
    void pageRequested(const QString& entryId, const QString& page, const QString& filter = {});
    void changesRequested();
    /// It is looked at, or no longer.
    void watchedChanged(bool watched);
    /// The button of a tile without a cluster; an empty id is the panel's own.
    void actionRequested(const QString& entryId);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void arrange();
    OverviewTile* makeTile(const OverviewEntry& entry);
    void giveRoom();
    void refreshHeadline();
    [[nodiscard]] int columns() const;

    std::shared_ptr<Clock> m_clock;
    QList<OverviewTile*> m_tiles;
    QHBoxLayout* m_head;
    QLabel* m_headline;
    QLabel* m_headlineIcon;
    QScrollArea* m_scroll;
    QWidget* m_content;
    StateView* m_state;
    int m_columns = 0;
    QHash<QString, QStringList> m_waiting;
    QSet<QString> m_expanded; ///< entries that the person wants to see in full
};

} // namespace wk::widgets
