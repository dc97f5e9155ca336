// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "series/Mark.h"
#include "series/TimeRangeModel.h"
#include "watchkeeper/CommandLine.h"
#include "watchkeeper/Platforms.h"
#include "watchkeeper/changes/ChangeWork.h"

#include <QtWidgets/QMainWindow>

class QStackedWidget;
class QTimer;

namespace wk::widgets {
struct ActionAsk;
class ChangesPanel;
class CredentialsPanel;
class ClusterPanel;
class DoctorDialog;
class FileDialogs;
class MonitoringPanel;
class OverviewPanel;
class TableStates;
class Theme;
} // namespace wk::widgets

namespace wk::app {

class Attention;
class CloseGuard;
class ClusterOffers;
class DesktopNotifier;
class MonitoringPlaces;
class NavigationRail;
class OverviewPulses;
class Palette;
class PlaceChooser;
class SettingsPanel;
class StatusLine;

/// The shell: rail, panels made when they are first visited, status line, shortcuts.
class MainWindow : public QMainWindow
{
    Q_OBJECT
public:
    struct Parts
    {
        Settings& settings;
        Clusters& clusters;
        Platforms& platforms;
        ChangeWork& changes;
        secrets::Credentials& credentials;
        widgets::Theme& theme;
        std::shared_ptr<Clock> clock;
        std::shared_ptr<widgets::TableStates> tableStates;
        std::shared_ptr<widgets::FileDialogs> dialogs;
        std::shared_ptr<DesktopNotifier> notifier;
    };

    explicit MainWindow(Parts parts, QWidget* parent = nullptr);
    ~MainWindow() override;

    /// Panel ids: "overview", "cluster", "monitoring", "changes", "credentials", "settings".
    void showPanel(const QString& id);
    [[nodiscard]] QString currentPanel() const { return m_panel; }
    /// Makes it the current place and connects it.
    void openPlace(const QString& placeId);
    [[nodiscard]] QString currentPlace() const { return m_placeId; }
    [[nodiscard]] std::shared_ptr<ClusterSession> currentSession() const { return m_session; }
    /// To the place's cluster panel.
    void openTarget(const QString& placeId, const cluster::ClusterTarget& target);
    /// From what a chart of a place is marked with to the panel that knows more of it.
    void openMark(const QString& placeId, const series::Mark& mark);
    /// The one time range of all panels.
    const std::shared_ptr<series::TimeRangeModel>& timeRange();
    /// The doctor on a place's connection.
    widgets::DoctorDialog* explain(const QString& placeId);
    PlaceChooser* choosePlace();
    void chooseContextOf(const QString& placeId);
    void addKubeconfigFile();
    void showShortcuts();
    /// Everything that can be done or opened, by a few of its letters.
    void showPalette();
    [[nodiscard]] Palette* commandPalette() const { return m_palette; }

    [[nodiscard]] widgets::OverviewPanel* overviewPanel();
    [[nodiscard]] widgets::ClusterPanel* clusterPanel();
    [[nodiscard]] widgets::MonitoringPanel* monitoringPanel();
    /// Null before somebody went there.
    [[nodiscard]] widgets::ClusterPanel* openClusterPanel() const { return m_cluster; }
    /// Null where the settings name a store that cannot be understood.
    [[nodiscard]] widgets::ChangesPanel* changesPanel();
    /// Connects to the store of change requests, for the count of what waits; the panel is made when it is visited.
    void openChanges();
    [[nodiscard]] StatusLine* statusLine() const { return m_status; }

    void restoreWindow();

signals:
    /// The list of kubeconfig files is another one.
    void filesChanged();

protected:
    void closeEvent(QCloseEvent* event) override;

private:
    void build();
    void addShortcuts();
    QWidget* panel(const QString& id);
    void refreshPlaces();
    QWidget* makeOverviewPage();
    void refreshOverview();
    void openMonitoring(const QString& placeId, const QString& page, const QString& filter);
    void showWaiting(const changes::ChangeDesk* desk);
    /// Title and reason, for the panels, where no kubeconfig names a context.
    [[nodiscard]] std::pair<QString, QString> withoutContexts() const;
    void explainNoCluster();
    void refreshCluster();
    void refreshStatus();
    void connectChanges();
    MonitoringPlaces& monitoringPlaces();
    void openAlert(const QString& placeId, const QString& target);
    QWidget* makeMonitoringPage();
    void refreshMonitoring();
    QWidget* makeCredentialsPage();
    void connectCredentials();
    void refreshSecretUses();
    QWidget* makeChangesPage();
    void dropChanges();
    void connectNotes();
    void refreshWaiting();
    void refreshUnapproved();
    void followNote(const QString& id);
    void showNews(const changes::Notice& notice);
    void askFor(widgets::ActionAsk ask);
    void followProcedure(const QString& platform, const QString& name, const QJsonObject& given);

    Parts m_parts;
    NavigationRail* m_rail = nullptr;
    QStackedWidget* m_stack = nullptr;
    StatusLine* m_status = nullptr;
    widgets::OverviewPanel* m_overview = nullptr;
    widgets::ClusterPanel* m_cluster = nullptr;
    widgets::ChangesPanel* m_changes = nullptr;
    std::shared_ptr<series::TimeRangeModel> m_range;      ///< made with the first panel that shows values over time
    std::unique_ptr<MonitoringPlaces> m_monitoringPlaces; ///< made with the first panel that asks
    std::unique_ptr<OverviewPulses> m_pulses;             ///< made with the overview
    widgets::MonitoringPanel* m_monitoring = nullptr;
    widgets::CredentialsPanel* m_credentials = nullptr;
    QWidget* m_noChanges = nullptr; ///< in its place, where the store cannot be opened
    SettingsPanel* m_settingsPanel = nullptr;
    PlaceChooser* m_chooser = nullptr;
    widgets::DoctorDialog* m_doctor = nullptr;
    ClusterOffers* m_offers = nullptr;
    CloseGuard* m_closeGuard = nullptr;
    Palette* m_palette = nullptr;
    Attention* m_attention = nullptr;
    QString m_notesFailed; ///< why there were none on the desktop; empty: there were
    QString m_panel;
    QString m_placeId;
    std::shared_ptr<ClusterSession> m_session;
};

} // namespace wk::app
