// SPDX-License-Identifier: GPL-3.0-or-later
#include "watchkeeper/shell/MainWindow.h"

#include "watchkeeper/changes/ClusterOffers.h"
#include "watchkeeper/monitoring/MonitoringPlaces.h"
#include "watchkeeper/monitoring/OverviewPulses.h"
#include "watchkeeper/shell/CloseGuard.h"
#include "watchkeeper/shell/NavigationRail.h"
#include "watchkeeper/shell/Palette.h"
#include "watchkeeper/shell/PlaceChooser.h"
#include "watchkeeper/shell/SettingsPanel.h"
#include "watchkeeper/shell/ShortcutsDialog.h"
#include "watchkeeper/shell/StatusLine.h"
#include "widgets/cluster/ClusterPanel.h"
#include "widgets/cluster/DoctorDialog.h"
#include "widgets/common/FileDialogs.h"
#include "widgets/common/Icons.h"
#include "widgets/common/Theme.h"
#include "widgets/overview/OverviewPanel.h"

#include <QtCore/QTimer>
#include <QtGui/QCloseEvent>
#include <QtGui/QScreen>
#include <QtGui/QShortcut>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QStackedWidget>

namespace wk::app {

using namespace Qt::StringLiterals;
using Key = Settings::Key;

MainWindow::MainWindow(Parts parts, QWidget* parent) : QMainWindow(parent), m_parts(std::move(parts))
{
    setObjectName(u"mainWindow"_s);
    setWindowTitle(u"Watchkeeper"_s);
    setWindowIcon(widgets::applicationIcon());
    setMinimumSize(800, 560);
    build();
    addShortcuts();
    connect(&m_parts.platforms, &Platforms::changed, this, &MainWindow::refreshPlaces);
    connect(&m_parts.settings, &Settings::changed, this, [this](Key key) {
        if (key == Key::KubeconfigFiles)
            emit filesChanged();
    });
    connectNotes();
    connectChanges();
    connectCredentials();
    // The connection says when it changes; its age is read now and then.
    auto* ages = new QTimer(this);
    ages->setInterval(5000);
    connect(ages, &QTimer::timeout, this, &MainWindow::refreshStatus);
    ages->start();
    refreshStatus();
}

MainWindow::~MainWindow()
{
    // Before the places that they ask.
    delete m_monitoring;
    delete m_overview;
}

void MainWindow::build()
{
    m_rail = new NavigationRail(this);
    m_rail->addPanel(u"overview"_s, tr("Overview"), u"overview"_s, false);
    m_rail->addPanel(u"cluster"_s, tr("Cluster"), u"cluster"_s, false);
    m_rail->addPanel(u"monitoring"_s, tr("Monitoring"), u"monitoring"_s, false);
    m_rail->addPanel(u"changes"_s, tr("Changes"), u"changes"_s, false);
    m_rail->addPanel(u"credentials"_s, tr("Credentials"), u"secret"_s, true);
    m_rail->addPanel(u"settings"_s, tr("Settings"), u"settings"_s, true);
    connect(m_rail, &NavigationRail::chosen, this, &MainWindow::showPanel);
    m_stack = new QStackedWidget(this);
    m_status = new StatusLine(m_parts.clock, this);
    connect(m_status, &StatusLine::placeClicked, this, &MainWindow::choosePlace);
    connect(m_status, &StatusLine::waitingClicked, this, [this] { showPanel(u"changes"_s); });
    connect(m_status, &StatusLine::unapprovedClicked, this, [this] { followNote(u"unapproved"_s); });
    connect(m_status, &StatusLine::explainRequested, this, [this] { explain(m_placeId); });

    auto* right = new QWidget(this);
    auto* column = new QVBoxLayout(right);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_stack, 1);
    auto* top = new QWidget(this);
    auto* row = new QHBoxLayout(top);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_rail);
    row->addWidget(right, 1);
    auto* central = new QWidget(this);
    auto* all = new QVBoxLayout(central);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addWidget(top, 1);
    all->addWidget(m_status);
    setCentralWidget(central);
}

void MainWindow::addShortcuts()
{
    const auto add = [this](const QKeySequence& keys, auto f) {
        auto* shortcut = new QShortcut(keys, this);
        connect(shortcut, &QShortcut::activated, this, f);
    };
    const QStringList ids = m_rail->ids();
    for (qsizetype i = 0; i < ids.size(); ++i)
        add(QKeySequence(u"Ctrl+%1"_s.arg(i + 1)), [this, id = ids[i]] { showPanel(id); });
    const auto reconnect = [this] {
        if (m_session) {
            m_session->view->reconnect();
            m_status->showNotice(tr("Connecting anew"));
        }
    };
    add(QKeySequence(Qt::Key_F5), reconnect);
    add(QKeySequence(u"Ctrl+R"_s), reconnect);
    add(QKeySequence(u"Ctrl+O"_s), [this] { choosePlace(); });
    add(QKeySequence(u"Ctrl+D"_s), [this] { explain(m_placeId); });
    add(QKeySequence(u"Ctrl+,"_s), [this] { showPanel(u"settings"_s); });
    add(QKeySequence(u"?"_s), [this] { showShortcuts(); });
    add(QKeySequence(u"F1"_s), [this] { showShortcuts(); });
    add(QKeySequence(u"Ctrl+K"_s), [this] { showPalette(); });
    add(QKeySequence(u":"_s), [this] { showPalette(); });
    add(QKeySequence(u"Ctrl+Q"_s), [this] { close(); });
}

QWidget* MainWindow::panel(const QString& id)
{
    if (id == u"cluster") {
        if (!m_cluster) {
            m_cluster = new widgets::ClusterPanel(m_parts.clock, m_parts.tableStates, this);
            m_cluster->setObjectActions(m_offers);
            m_stack->addWidget(m_cluster);
            connect(m_cluster, &widgets::ClusterPanel::explainRequested, this, [this] { explain(m_placeId); });
            connect(m_cluster, &widgets::ClusterPanel::actionRequested, this, [this] { choosePlace(); });
            connect(m_cluster, &widgets::ClusterPanel::notice, m_status, &StatusLine::showNotice);
            connect(m_cluster, &widgets::ClusterPanel::placeChanged, this,
                    [this] { m_parts.settings.set(Key::LastKind, m_cluster->currentKindId()); });
            m_cluster->setDivisions(m_parts.settings.get(Key::ClusterDivisions).toMap());
            connect(m_cluster, &widgets::ClusterPanel::divisionsChanged, this,
                    [this] { m_parts.settings.set(Key::ClusterDivisions, m_cluster->divisions()); });
            explainNoCluster();
            refreshCluster();
            if (m_session)
                m_cluster->open({.kindId = m_parts.settings.get(Key::LastKind).toString(),
                                 .space = m_cluster->space(),
                                 .name = {},
                                 .filter = {}});
        }
        return m_cluster;
    }
    if (id == u"monitoring")
        return makeMonitoringPage();
    if (id == u"changes")
        return makeChangesPage();
    if (id == u"credentials")
        return makeCredentialsPage();
    if (id == u"settings") {
        if (!m_settingsPanel) {
            m_settingsPanel = new SettingsPanel(m_parts.settings, m_parts.platforms, m_parts.clusters, this);
            m_stack->addWidget(m_settingsPanel);
            connect(m_settingsPanel, &SettingsPanel::addFileRequested, this, &MainWindow::addKubeconfigFile);
            connect(m_settingsPanel, &SettingsPanel::storePasswordGiven, this,
                    [this](const QString& password) { m_parts.changes.setPassword(password.toUtf8()); });
            connect(m_settingsPanel, &SettingsPanel::bindingRequested, this, &MainWindow::chooseContextOf);
        }
        return m_settingsPanel;
    }
    return makeOverviewPage();
}

void MainWindow::showPanel(const QString& id)
{
    const QString wanted = m_rail->ids().contains(id) ? id : u"overview"_s;
    m_panel = wanted;
    m_rail->setCurrent(wanted);
    QWidget* shown = panel(wanted);
    m_stack->setCurrentWidget(shown);
    shown->setFocus();
    m_parts.settings.set(Key::LastPanel, wanted);
    if (wanted == u"overview")
        refreshOverview();
}

void MainWindow::openPlace(const QString& placeId)
{
    m_placeId = placeId;
    const auto place = m_parts.platforms.place(placeId);
    m_offers->setPlace(place);
    const auto session = place && place->context ? m_parts.clusters.session(place->context->id)
                                                 : Result<std::shared_ptr<ClusterSession>>(nullptr);
    if (!session)
        m_status->showNotice(session.error().text());
    const auto next = session ? *session : nullptr;
    if (next != m_session) {
        if (m_session)
            m_session->view->disconnect(this);
        m_session = next;
        if (m_session)
            connect(m_session->view.get(), &cluster::ClusterView::stateChanged, this, &MainWindow::refreshStatus);
        refreshCluster();
    }
    refreshMonitoring();
    if (place && place->context)
        m_parts.settings.set(Key::LastContext, QStringList{place->context->id.origin, place->context->id.context});
    refreshStatus();
    if (m_overview && m_stack->currentWidget() == m_overview)
        refreshOverview();
}

void MainWindow::refreshCluster()
{
    if (!m_cluster)
        return;
    if (m_session)
        m_cluster->setCluster(m_session->view, m_session->tallies, {});
    else
        m_cluster->setCluster(nullptr, nullptr);
}

void MainWindow::refreshPlaces()
{
    // The kubeconfig was read anew: the current place may have another session, or none.
    if (!m_placeId.isEmpty())
        openPlace(m_placeId);
    explainNoCluster();
    refreshOverview();
    refreshStatus();
}

std::pair<QString, QString> MainWindow::withoutContexts() const
{
    if (const auto& errors = m_parts.clusters.errors(); !errors.isEmpty())
        return {tr("The kubeconfig could not be read"), errors.first().text()};
    return {tr("No cluster is known yet"),
            tr("kubectl's configuration holds no context; looked for %1.").arg(m_parts.clusters.files().join(u", "_s))};
}

void MainWindow::explainNoCluster()
{
    if (!m_cluster)
        return;
    const bool known = !m_parts.clusters.isLoaded() || !m_parts.clusters.contexts().isEmpty();
    const auto [title, why] =
        known ? std::pair(tr("No cluster is open"), tr("Choose a platform or a context to look into."))
              : withoutContexts();
    m_cluster->setNoCluster(title, why, tr("Choose a cluster"));
}

void MainWindow::refreshStatus()
{
    const auto place = m_parts.platforms.place(m_placeId);
    m_status->setPlace(place ? place->title : QString(),
                       place && place->platform && place->context ? place->context->id.context : QString());
    m_status->setState(m_session ? &m_session->view->state() : nullptr);
    setWindowTitle(place ? place->title + u" – Watchkeeper"_s : u"Watchkeeper"_s);
}

void MainWindow::openTarget(const QString& placeId, const cluster::ClusterTarget& target)
{
    openPlace(placeId);
    showPanel(u"cluster"_s);
    if (m_session)
        m_cluster->open(target);
}

widgets::DoctorDialog* MainWindow::explain(const QString& placeId)
{
    const auto place = m_parts.platforms.place(placeId);
    if (!place || !place->context) {
        choosePlace();
        return nullptr;
    }
    delete m_doctor;
    m_doctor = new widgets::DoctorDialog(
        place->title,
        [id = place->context->id, clock = m_parts.clock] {
            return std::make_unique<cluster::Doctor>(cluster::Doctor::Subject::of(id), *clock);
        },
        this);
    m_doctor->examine();
    m_doctor->open();
    return m_doctor;
}

PlaceChooser* MainWindow::choosePlace()
{
    if (!m_chooser) {
        m_chooser = new PlaceChooser(m_parts.platforms, m_parts.clusters, this);
        connect(m_chooser, &PlaceChooser::chosen, this, [this](const QString& id) {
            openPlace(id);
            if (m_panel == u"settings")
                showPanel(u"cluster"_s);
        });
        connect(m_chooser, &PlaceChooser::bindingChosen, this,
                [this](const QString& id, const platform::ContextId& context) { m_parts.platforms.bind(id, context); });
        connect(m_chooser, &PlaceChooser::addFileRequested, this, &MainWindow::addKubeconfigFile);
    }
    m_chooser->chooseAny(m_placeId);
    m_chooser->open();
    return m_chooser;
}

void MainWindow::chooseContextOf(const QString& placeId)
{
    const auto place = m_parts.platforms.place(placeId);
    if (!place)
        return;
    choosePlace();
    m_chooser->chooseContextFor(*place);
}

void MainWindow::addKubeconfigFile()
{
    m_parts.dialogs->openFile(this, tr("Add a kubeconfig file"), tr("Any file (*)"), [this](const QString& path) {
        if (path.isEmpty())
            return;
        QStringList files = m_parts.settings.get(Key::KubeconfigFiles).toStringList();
        if (!files.contains(path))
            m_parts.settings.set(Key::KubeconfigFiles, files << path);
    });
}

void MainWindow::showShortcuts()
{
    auto* dialog = new ShortcutsDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void MainWindow::showPalette()
{
    if (!m_palette)
        m_palette = new Palette({*this, *m_rail, m_parts.platforms, *m_offers}, this);
    m_palette->open();
}

widgets::ClusterPanel* MainWindow::clusterPanel()
{
    panel(u"cluster"_s);
    return m_cluster;
}

void MainWindow::restoreWindow()
{
    if (!restoreGeometry(m_parts.settings.get(Key::WindowGeometry).toByteArray()))
        resize(QSize(1440, 900).boundedTo(screen()->availableSize()));
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (!m_closeGuard)
        m_closeGuard = new CloseGuard([this] { return m_parts.changes.executors(); }, *this);
    if (!m_closeGuard->mayClose()) {
        event->ignore();
        return;
    }
    m_parts.settings.set(Key::WindowGeometry, saveGeometry());
    QMainWindow::closeEvent(event);
}

} // namespace wk::app
