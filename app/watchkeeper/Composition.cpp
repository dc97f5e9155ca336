// SPDX-License-Identifier: GPL-3.0-or-later
#include "watchkeeper/Composition.h"

#include "secrets/KeychainStore.h"
#include "watchkeeper/shell/SettingsTableStates.h"
#include "watchkeeper/shots/Bench.h"
#include "widgets/common/FileDialogs.h"

#include <QtCore/QStandardPaths>
#include <QtCore/QTimer>
#include <QtWidgets/QApplication>

#include <cstdio>

namespace wk::app {

using namespace Qt::StringLiterals;
using Key = Settings::Key;

namespace {

/// Pictures and measurements neither read nor list what the person has entrusted to the program.
std::unique_ptr<secrets::Credentials> credentialsFor(const CommandLine& line, const QString& scratch, Clock& clock)
{
    const bool own = line.shotsDir.isEmpty() && line.benchSeconds == 0;
    std::unique_ptr<secrets::SecretStore> keychain;
    if (own)
        keychain = std::make_unique<secrets::KeychainStore>(clock, secrets::KeychainStore::service());
    else
        keychain = std::make_unique<secrets::MemoryStore>();
    const QString ledger = own ? secrets::CredentialLedger::defaultFile() : scratch + u"/credentials.json"_s;
    return std::make_unique<secrets::Credentials>(std::move(keychain), secrets::CredentialLedger(ledger),
                                                  u"watchkeeper"_s, clock);
}

} // namespace

Composition::Composition(QApplication& application, CommandLine line, std::unique_ptr<Settings> settings,
                         QObject* parent, std::shared_ptr<DesktopNotifier> notifier,
                         std::unique_ptr<secrets::Credentials> credentials)
    : QObject(parent), m_line(std::move(line)), m_clock(std::make_shared<SystemClock>()),
      m_settings(std::move(settings)), m_theme(std::make_unique<widgets::Theme>()),
      m_clusters(std::make_unique<Clusters>()),
      m_platforms(std::make_unique<Platforms>(*m_clusters, *m_settings, m_clock)),
      m_credentials(credentials ? std::move(credentials) : credentialsFor(m_line, m_scratch.path(), *m_clock)),
      m_changes(std::make_unique<ChangeWork>(*m_platforms, *m_clusters, *m_settings, *m_credentials, m_clock)),
      m_unapproved(std::make_unique<UnapprovedWatch>(*m_changes, *m_platforms, *m_clusters, m_clock)),
      m_watcher(std::make_unique<platform::FileWatcher>(*m_clock))
{
    // Pictures and measurements keep to a store of their own, and to themselves.
    if (!m_line.shotsDir.isEmpty() || m_line.benchSeconds != 0)
        m_settings->setForThisRun(Key::DesktopNotes, false);
    else if (!m_line.store.isEmpty())
        m_settings->setForThisRun(Key::ChangeStore, m_line.store);
    if (!notifier)
        notifier = desktopNotifier();
    applyLook();
    m_theme->apply(application);
    trace("theme");
    connect(m_settings.get(), &Settings::changed, this, [this](Key key) {
        if (key == Key::Scheme || key == Key::Compact)
            applyLook();
    });
    m_window = std::make_unique<MainWindow>(
        MainWindow::Parts{*m_settings, *m_clusters, *m_platforms, *m_changes, *m_credentials, *m_theme, m_clock,
                          std::make_shared<SettingsTableStates>(*m_settings),
                          std::make_shared<widgets::SystemFileDialogs>(), std::move(notifier)});
    connect(m_window.get(), &MainWindow::filesChanged, this, &Composition::readKubeconfig);
    connect(m_unapproved.get(), &UnapprovedWatch::found, m_changes.get(), &ChangeWork::notice);
    connect(m_watcher.get(), &platform::FileWatcher::changed, this, &Composition::readKubeconfig);
    trace("window made");
}

Composition::~Composition() = default;

void Composition::trace(const char* step)
{
    if (m_line.startupTrace)
        std::fprintf(stderr, "%8.1f ms  %s\n", Bench::sinceProcessStartMs(), step);
}

void Composition::applyLook()
{
    const QString scheme = m_settings->get(Key::Scheme).toString();
    m_theme->setScheme(scheme == u"light"  ? widgets::Theme::Scheme::Light
                       : scheme == u"dark" ? widgets::Theme::Scheme::Dark
                                           : widgets::Theme::Scheme::System);
    m_theme->setCompact(m_settings->get(Key::Compact).toBool());
}

void Composition::start()
{
    m_window->restoreWindow();
    QString panel = m_line.panel.isEmpty() ? m_settings->get(Key::LastPanel).toString() : m_line.panel;
    m_window->showPanel(panel);
    m_window->show();
    trace("window shown");
    QTimer::singleShot(0, this, [this] {
        trace("first turn of the event loop");
        readKubeconfig();
        trace("kubeconfig read");
        QStringList directories{QString::fromUtf16(platform::builtinPlatforms),
                                QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation) + u"/platforms"_s};
        m_platforms->load(directories + m_line.platformDirs);
        trace("platforms read");
        openFirstPlace();
        trace("connecting");
        // What waits for a person in a team's store is worth knowing before they look; a store of their own is not.
        if (m_changes->hasTeamStore())
            m_window->openChanges();
        emit ready();
    });
}

void Composition::useKubeconfig(const QString& file)
{
    m_line.kubeconfig = file;
    readKubeconfig();
}

void Composition::readKubeconfig()
{
    const QStringList list =
        m_line.kubeconfig.isEmpty() ? platform::KubeConfig::defaultPaths() : QStringList{m_line.kubeconfig};
    m_clusters->load(list, m_settings->get(Key::KubeconfigFiles).toStringList());
    m_watcher->setFiles(m_clusters->files());
}

void Composition::openFirstPlace()
{
    const QStringList last = m_settings->get(Key::LastContext).toStringList();
    std::optional<platform::ContextEntry> entry;
    if (!m_line.context.isEmpty()) {
        entry = m_clusters->find(m_line.context);
        if (!entry)
            std::fprintf(stderr, "watchkeeper: there is no context \"%s\" in the kubeconfig\n",
                         qPrintable(m_line.context));
    }
    if (!entry && last.size() == 2)
        entry = m_clusters->find(last[1], last[0]);
    if (!entry)
        entry = m_clusters->current();
    if (!entry && m_clusters->contexts().size() == 1)
        entry = m_clusters->contexts().first();
    if (entry) {
        if (const auto place = m_platforms->placeOf(entry->id))
            m_window->openPlace(place->id);
    } else {
        // Nothing is current: the first platform that can be reached is a better guess than none.
        for (const Place& place : m_platforms->places()) {
            if (place.context) {
                m_window->openPlace(place.id);
                break;
            }
        }
    }
}

} // namespace wk::app
