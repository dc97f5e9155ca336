// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/alerts/Acknowledgements.h"
#include "monitoring/alerts/AlertSource.h"
#include "widgets/monitoring/MonitoringPage.h"

class QLabel;
class QHBoxLayout;
class QSplitter;
class QStackedWidget;
class QTabBar;
class QToolButton;

namespace wk::widgets {

class AlertDetail;
class DataTable;
class ElidedLabel;
class FileDialogs;
class RowsTable;
class SilenceDialog;
class SilenceDoor;
struct SilenceWish;

/// What fires, how bad, since when, who has seen it, and what is kept from whom: the alerts, silences and groups of a
/// place's Alertmanager, each list with one entry in full beside it. Asks only while it is shown.
///
/// objectNames inside: "alertsTabs", "alertsOrigin", "alertsRemarks", "alertsTable", "silencesTable", "groupsTable",
/// "alertsDetail"; "alertsCount-critical" and the like.
class AlertsPage final : public MonitoringPage
{
    Q_OBJECT
public:
    /// All outlive it.
    struct Parts
    {
        std::shared_ptr<Clock> clock;
        std::shared_ptr<FileDialogs> dialogs;
        std::shared_ptr<monitoring::Acknowledgements> acknowledgements;
        SilenceDoor* door = nullptr;  ///< nullptr: silences can only be looked at
        std::function<QString()> who; ///< the name that an acknowledgement or a silence begins with
    };
    enum class List { Alerts, Silences, Groups };

    explicit AlertsPage(Parts parts, QWidget* parent = nullptr);
    ~AlertsPage() override;

    [[nodiscard]] bool needsServer() const override { return false; }
    [[nodiscard]] QTabBar* lists() const override { return m_tabs; }
    void setPlace(const MonitoringPlace& place) override;

    void showList(List list);
    /// Those that the filter of the list leaves: "state:firing severity:critical".
    void showAlerts(const QString& filter);
    /// Opens the alert, or the silence, of that id beside its list.
    void open(List list, const QString& id);
    [[nodiscard]] DataTable* table(List list) const { return m_lists[std::size_t(list)].table; }
    [[nodiscard]] AlertDetail* detail() const { return m_detail; }
    /// The form of a silence that is being filled in; nullptr where none is.
    [[nodiscard]] SilenceDialog* dialog() const { return m_dialog; }

    /// Puts a name to the alert.
    void acknowledge(const QString& fingerprint);
    /// A silence on the alert; on none of them where the fingerprint is empty.
    void silence(const QString& fingerprint);
    void extend(const QString& silenceId);
    void expire(const QString& silenceId);

signals:
    void notice(const QString& text);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Listed
    {
        std::shared_ptr<RowsTable> rows;
        DataTable* table = nullptr;
    };
    void build();
    void buildLists();
    void connectList(List list);
    void addShortcuts();
    void follow();
    void refresh();
    void refreshCounts();
    void refreshOrigin();
    void refreshDetail();
    void close();
    void divide();
    void act(const QString& id);
    void followLink(const QString& link);
    void ask(const SilenceWish& wish);
    [[nodiscard]] SilenceWish wishFor(const monitoring::Silence& silence) const;
    [[nodiscard]] QString whyNoSilence() const;
    [[nodiscard]] List list() const;
    [[nodiscard]] Listed& listed(List list) { return m_lists[std::size_t(list)]; }

    Parts m_parts;
    MonitoringPlace m_place;
    std::shared_ptr<void> m_watch; ///< while it is shown
    std::shared_ptr<void> m_tick;
    std::array<Listed, 3> m_lists;
    QTabBar* m_tabs;
    ElidedLabel* m_origin;
    QLabel* m_remarks;
    QHBoxLayout* m_counts;
    QList<QToolButton*> m_countButtons;
    QStackedWidget* m_stack;
    QSplitter* m_splitter;
    AlertDetail* m_detail;
    QString m_opened; ///< in the current list; empty: none
    SilenceDialog* m_dialog = nullptr;
};

} // namespace wk::widgets
