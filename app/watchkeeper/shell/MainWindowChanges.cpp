// SPDX-License-Identifier: GPL-3.0-or-later
// Change requests in the main window: the panel, and what waits for the person.
#include "watchkeeper/shell/MainWindow.h"

#include "watchkeeper/changes/ClusterOffers.h"
#include "watchkeeper/desktop/Attention.h"
#include "watchkeeper/monitoring/MonitoringPlaces.h"
#include "watchkeeper/shell/StatusLine.h"
#include "widgets/changes/ChangesPanel.h"
#include "widgets/changes/plan/ActionDialog.h"
#include "widgets/changes/requests/RequestView.h"
#include "widgets/common/StateView.h"

#include <QtCore/QLoggingCategory>
#include <QtWidgets/QApplication>
#include <QtWidgets/QStackedWidget>

namespace wk::app {

using namespace Qt::StringLiterals;
using changes::ChangeDesk;
using changes::DeskStatus;

namespace {

Q_LOGGING_CATEGORY(log, "watchkeeper.desktop", QtInfoMsg)

const QString waitingKind = u"waiting"_s, unapprovedKind = u"unapproved"_s;

/// Whether what it shows is what there is: before the first answer nothing is known, and nothing is news.
bool isKnown(const DeskStatus& status) { return status.asOf.has_value(); }

} // namespace

void MainWindow::connectChanges()
{
    m_offers = new ClusterOffers(m_parts.changes, *m_parts.clock, this);
    connect(m_offers, &ClusterOffers::wanted, this, &MainWindow::askFor);
    connect(m_offers, &ClusterOffers::procedureWanted, this, &MainWindow::followProcedure);
    connect(&m_parts.changes, &ChangeWork::storeAboutToChange, this, &MainWindow::dropChanges);
    connect(&m_parts.changes, &ChangeWork::notice, m_status, &StatusLine::showNotice);
    connect(&m_parts.changes, &ChangeWork::filed, this, [this](qint64 number) {
        showPanel(u"changes"_s);
        m_changes->openRequest(number);
        m_changes->requestView()->showPage(widgets::RequestView::Page::Execution);
    });
    connect(&m_parts.changes, &ChangeWork::opened, this, [this] {
        ChangeDesk& desk = m_parts.changes.desk();
        connect(&desk, &ChangeDesk::changed, this, &MainWindow::refreshWaiting);
        connect(&desk, &ChangeDesk::noticed, this, &MainWindow::showNews);
        connect(&m_parts.changes.unapproved(), &changes::UnapprovedDesk::changed, this, &MainWindow::refreshUnapproved);
        refreshWaiting();
        refreshUnapproved();
        if (m_monitoringPlaces)
            m_monitoringPlaces->setDesk(&desk);
    });
}

/// An action on objects of the cluster panel: what it needs, what it would change, and whether at once or proposed.
void MainWindow::askFor(widgets::ActionAsk ask)
{
    if (const auto opened = m_parts.changes.open(); !opened) {
        m_status->showNotice(opened.error().text());
        return;
    }
    if (m_session)
        ask.kinds = m_session->view->kinds();
    auto* dialog = new widgets::ActionDialog(m_parts.changes, ask, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &widgets::ActionDialog::proposed, this,
            [this](const changes::Plan& plan, const changes::RequestFields& fields) {
                showPanel(u"changes"_s);
                m_changes->propose(plan, fields);
            });
    connect(dialog, &widgets::ActionDialog::begun, m_status, &StatusLine::showNotice);
    dialog->open();
}

void MainWindow::followProcedure(const QString& platform, const QString& name, const QJsonObject& given)
{
    showPanel(u"changes"_s);
    if (m_changes)
        m_changes->followTemplate(platform, name, given);
}

void MainWindow::openChanges()
{
    if (const auto opened = m_parts.changes.open(); !opened)
        m_status->showNotice(opened.error().text());
}

QWidget* MainWindow::makeChangesPage()
{
    if (m_changes)
        return m_changes;
    delete std::exchange(m_noChanges, nullptr);
    if (const auto opened = m_parts.changes.open(); !opened) {
        auto* state = new widgets::StateView(this);
        state->showFailed(tr("The store of changes cannot be opened"), opened.error(), tr("Go to the settings"));
        connect(state, &widgets::StateView::actionTriggered, this, [this] { showPanel(u"settings"_s); });
        m_noChanges = state;
        m_stack->addWidget(state);
        return state;
    }
    m_changes = new widgets::ChangesPanel({m_parts.changes.desk(), m_parts.changes, m_parts.clock, m_parts.tableStates,
                                           m_parts.dialogs, &m_parts.changes.unapproved()},
                                          this);
    m_stack->addWidget(m_changes);
    connect(m_changes, &widgets::ChangesPanel::notice, m_status, &StatusLine::showNotice);
    return m_changes;
}

widgets::ChangesPanel* MainWindow::changesPanel()
{
    panel(u"changes"_s);
    return m_changes;
}

void MainWindow::dropChanges()
{
    const bool shown = m_changes && m_stack->currentWidget() == m_changes;
    delete std::exchange(m_changes, nullptr);
    if (m_monitoringPlaces)
        m_monitoringPlaces->setDesk(nullptr);
    m_status->setWaiting(0, false, {});
    m_status->setUnapproved(0, {});
    showWaiting(nullptr);
    m_attention->forget();
    // The settings have the new store once this signal has been delivered.
    QMetaObject::invokeMethod(
        this,
        [this, shown] {
            if (shown)
                showPanel(u"changes"_s);
            else if (m_parts.changes.hasTeamStore())
                openChanges();
        },
        Qt::QueuedConnection);
}

void MainWindow::refreshWaiting()
{
    const ChangeDesk& desk = m_parts.changes.desk();
    QStringList lines;
    QList<Attention::Thing> things;
    for (const changes::Waiting& waiting : desk.waitingForMe()) {
        lines << waiting.sentence;
        things.append(
            {u"%1/%2"_s.arg(waiting.number).arg(int(waiting.why)), tr("A change waits for you"), waiting.sentence});
    }
    if (isKnown(desk.status()))
        m_attention->follow({waitingKind, false, [](int count) { return tr("%1 changes wait for you").arg(count); }},
                            things);
    const bool stale = desk.status().state != DeskStatus::State::Current;
    if (stale && desk.status().error)
        lines << desk.status().error->text();
    m_status->setWaiting(int(desk.waitingForMe().size()), stale, lines.join(u'\n'));
    showWaiting(&desk);
}

void MainWindow::refreshUnapproved()
{
    const changes::UnapprovedDesk& desk = m_parts.changes.unapproved();
    QStringList lines;
    QList<Attention::Thing> things;
    for (const changes::UnapprovedItem& item : desk.items()) {
        if (item.byController())
            continue;
        lines << item.sentence;
        things.append({item.key(), tr("Changed without a request"), item.sentence});
    }
    m_status->setUnapproved(int(lines.size()), lines.mid(0, 10).join(u'\n'));
    if (isKnown(desk.status()))
        m_attention->follow(
            {unapprovedKind, true, [](int count) { return tr("%1 changes without a request").arg(count); }}, things);
}

void MainWindow::connectNotes()
{
    m_attention = new Attention(*m_parts.notifier, this);
    const auto enable = [this] { m_attention->setEnabled(m_parts.settings.get(Settings::Key::DesktopNotes).toBool()); };
    enable();
    connect(&m_parts.settings, &Settings::changed, this, [enable](Settings::Key key) {
        if (key == Settings::Key::DesktopNotes)
            enable();
    });
    connect(m_parts.notifier.get(), &DesktopNotifier::activated, this, &MainWindow::followNote);
    connect(m_parts.notifier.get(), &DesktopNotifier::failed, this, [this](const QString&, const QString& why) {
        QApplication::alert(this); // the taskbar, where there is one
        if (std::exchange(m_notesFailed, why) != why)
            qCInfo(log, "Nothing was shown on the desktop: %s", qPrintable(why));
    });
}

/// From a note on the desktop, or the status line, to what it is about.
void MainWindow::followNote(const QString& id)
{
    const auto [kind, key] = Attention::about(id);
    setWindowState(windowState() & ~Qt::WindowMinimized);
    raise();
    activateWindow();
    showPanel(u"changes"_s);
    if (!m_changes)
        return;
    if (kind == unapprovedKind)
        m_changes->openUnapproved(key);
    else if (const qint64 number = key.section(u'/', 0, 0).toLongLong(); number > 0)
        m_changes->openRequest(number);
    else
        m_changes->showPart(waitingKind);
}

void MainWindow::showNews(const changes::Notice& notice)
{
    m_status->showNotice(notice.text);
    if (notice.kind != unapprovedKind)
        QApplication::alert(this); // the taskbar, where the window is not in front
}

} // namespace wk::app
