// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/connection/ClusterTarget.h"
#include "table/TableSource.h"
#include "watchkeeper/CommandLine.h"
#include "watchkeeper/shots/ShotsServers.h"

#include <QtCore/QElapsedTimer>
#include <QtCore/QObject>
#include <QtCore/QPointer>
#include <QtCore/QTemporaryDir>

#include <deque>

class QDialog;

namespace wk::widgets {
class ClusterPanel;
class DoctorDialog;
class MonitoringPanel;
} // namespace wk::widgets

namespace wk::app {

class Composition;
class MainWindow;

/// `--shots`: brings the window into each of its states, on real connections, and draws it light and dark in two sizes.
/// States that a healthy cluster does not have come from contexts derived from the one given: a refused port, a server
/// that never answers, a link that is cut, no credentials. Leaves with 0, or with 1 and a sentence per picture that is
/// missing. `--only NAME` leaves out the others.
class Shots : public QObject
{
    Q_OBJECT
public:
    Shots(Composition& composition, const CommandLine& line, QObject* parent = nullptr);
    ~Shots() override;
    void begin();

private:
    static constexpr int pollMs = 50; ///< between two looks at what is awaited

    struct Step
    {
        QString name{};  ///< of the file
        QString title{}; ///< in shots.txt; empty: only a step on the way, without a picture
        std::function<void()> prepare = [] {};
        std::function<QString()> missing = [] { return QString(); };  ///< what is still awaited; empty: ready
        std::function<QString()> describe = [] { return QString(); }; ///< the key numbers, from the models
        std::function<QDialog*()> dialog{};                           ///< drawn above the window, if any
        std::function<void()> after{};
    };

    void plan();
    [[nodiscard]] bool isWanted(const QString& name) const;
    void planOverview();
    void planCluster();
    void planDetail();
    void planTrouble();
    void planDoctor();
    void planFailedTile();
    void planChanges();
    void planRequest();
    void planUnapproved();
    void planMonitoring();
    void planDashboards();
    void planMonitoringPages();
    void planMonitoringDetails();
    void planExplore();
    void planMonitoringStates();
    /// That page of monitoring as it comes up, after a fault.
    void addMonitoringState(const QString& page, const QString& state, const QString& title,
                            std::function<void()> prepare);
    void bindHome(const QString& context);
    [[nodiscard]] widgets::MonitoringPanel& monitoring();
    void planActions();
    void planActionDialog(const QString& action, const QString& title);
    void planPalette();
    void planCredentials();
    void planRest();
    [[nodiscard]] QString writeContexts();
    void next();
    void await();
    void draw(int variant);
    void finishStep();
    void finish();
    void save(const QString& name, QDialog* dialog);

    [[nodiscard]] QString deskMissing();
    [[nodiscard]] QString deskWords();
    [[nodiscard]] MainWindow& window();
    [[nodiscard]] widgets::ClusterPanel& panel();
    [[nodiscard]] QString tableMissing();
    [[nodiscard]] QString tableWords();
    [[nodiscard]] QString emptySpace(const table::TableSource& source);
    void openKind(const QString& kindId, const QString& filter = {});
    void openContext(const QString& name);
    void openEmptyKind();
    void openWorst(const QString& kindId);
    /// What is missing until the table is in that state.
    [[nodiscard]] std::function<QString()> stateMissing(table::Freshness::State wanted);
    /// Name and namespace of a row of the table now shown: the worst one.
    [[nodiscard]] cluster::ClusterTarget worstRow();

    Composition& m_composition;
    QString m_directory;
    const QStringList m_only; ///< beginnings of names; empty: all are drawn
    QTemporaryDir m_scratch;
    std::deque<Step> m_steps;
    QElapsedTimer m_waited;
    QStringList m_lines;
    QStringList m_failures;
    int m_written = 0;
    int m_states = 0;     ///< files of contexts that were written
    qint64 m_request = 0; ///< the change request that is drawn
    QString m_home;       ///< the place everything healthy is drawn from
    QStringList m_homes;  ///< all places whose tiles must be live
    std::unique_ptr<SilentServer> m_silent;
    std::unique_ptr<CutLink> m_link;
    QPointer<QDialog> m_dialog;
};

} // namespace wk::app
