// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/logs/LogsPanel.h"

#include "widgets/common/Icons.h"
#include "widgets/common/StateView.h"
#include "widgets/logs/LogPanel.h"
#include "widgets/logs/LogView.h"

#include <QtGui/QShortcut>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QStackedWidget>
#include <QtWidgets/QTabBar>
#include <QtWidgets/QTabWidget>
#include <QtWidgets/QToolButton>

namespace wk::widgets {

using namespace Qt::StringLiterals;

LogsPanel::LogsPanel(std::shared_ptr<Clock> clock, FileDialogs& files, QWidget* parent)
    : QWidget(parent), m_clock(std::move(clock)), m_files(files), m_stack(new QStackedWidget(this)),
      m_state(new StateView(this)), m_tabs(new QTabWidget(this))
{
    setObjectName(u"logsPanel"_s);
    m_state->setObjectName(u"logsState"_s);
    m_state->showEmpty(tr("No log is open"),
                       tr("Choose a pod, a workload, a service or a node in the cluster panel and press L."),
                       tr("To the cluster"));
    m_tabs->setObjectName(u"logTabs"_s);
    m_tabs->setDocumentMode(true);
    m_tabs->setTabsClosable(true);
    m_tabs->setMovable(true);
    m_tabs->tabBar()->setAccessibleName(tr("Open logs"));
    auto* out = new QToolButton(this);
    out->setObjectName(u"logDetach"_s);
    out->setIcon(icon(u"external"));
    out->setAutoRaise(true);
    out->setAccessibleName(tr("In a window of its own"));
    out->setToolTip(tr("Show this log in a window of its own (Ctrl+Shift+N)"));
    m_tabs->setCornerWidget(out);
    m_stack->addWidget(m_state);
    m_stack->addWidget(m_tabs);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    connect(out, &QToolButton::clicked, this, [this] { detach(current()); });
    connect(m_state, &StateView::actionTriggered, this, &LogsPanel::chooseRequested);
    connect(m_tabs, &QTabWidget::tabCloseRequested, this,
            [this](int index) { close(qobject_cast<LogPage*>(m_tabs->widget(index))); });
    connect(m_tabs, &QTabWidget::currentChanged, this, &LogsPanel::refresh);
    addKeys();
    refresh();
}

LogsPanel::~LogsPanel()
{
    m_tabs->disconnect(this); // pages that go on their own tell nobody any more
}

void LogsPanel::addKeys()
{
    const auto add = [this](const QString& keys, auto f) {
        auto* shortcut = new QShortcut(QKeySequence(keys), this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, f);
    };
    const auto walk = [this](int by) {
        if (const int count = m_tabs->count(); count > 0)
            m_tabs->setCurrentIndex((m_tabs->currentIndex() + by + count) % count);
        if (LogPage* page = current())
            page->panel()->view()->setFocus();
    };
    add(u"Ctrl+PgUp"_s, [walk] { walk(-1); });
    add(u"Ctrl+PgDown"_s, [walk] { walk(1); });
    add(u"Ctrl+W"_s, [this] { close(current()); });
    add(u"Ctrl+Shift+N"_s, [this] { detach(current()); });
}

LogPage* LogsPanel::open(LogAsk ask)
{
    for (LogPage* page : pages()) {
        if (page->ask().id != ask.id)
            continue;
        page->setPrevious(ask.previous);
        if (m_tabs->indexOf(page) >= 0) {
            m_tabs->setCurrentWidget(page);
        } else {
            page->window()->raise();
            page->window()->activateWindow();
        }
        return page;
    }
    auto* page = new LogPage(std::move(ask), m_clock, m_files);
    connect(page, &LogPage::leaveRequested, this, &LogsPanel::leaveRequested);
    const int index = m_tabs->addTab(page, page->ask().title);
    m_tabs->setTabToolTip(index, page->ask().where);
    m_tabs->setCurrentIndex(index);
    page->begin();
    refresh();
    page->panel()->view()->setFocus();
    return page;
}

LogPage* LogsPanel::current() const { return qobject_cast<LogPage*>(m_tabs->currentWidget()); }
QList<LogPage*> LogsPanel::pages() const { return findChildren<LogPage*>(); }

void LogsPanel::close(LogPage* page)
{
    if (!page)
        return;
    const int index = m_tabs->indexOf(page);
    if (index < 0) {
        page->window()->close();
        return;
    }
    m_tabs->removeTab(index);
    delete page;
    refresh();
    setFocus();
}

void LogsPanel::detach(LogPage* page)
{
    const int index = page ? m_tabs->indexOf(page) : -1;
    if (index < 0)
        return;
    m_tabs->removeTab(index);
    auto* window = new QWidget(this, Qt::Window);
    window->setObjectName(u"logWindow"_s);
    window->setAttribute(Qt::WA_DeleteOnClose);
    window->setWindowTitle(tr("Log of %1 – Watchkeeper").arg(page->ask().title));
    window->setWindowIcon(applicationIcon());
    auto* layout = new QVBoxLayout(window);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(page);
    auto* close = new QShortcut(QKeySequence(u"Ctrl+W"_s), window);
    connect(close, &QShortcut::activated, window, &QWidget::close);
    window->resize(1000, 640);
    page->show();
    window->show();
    page->panel()->view()->setFocus();
    refresh();
}

void LogsPanel::refresh()
{
    m_stack->setCurrentWidget(m_tabs->count() > 0 ? static_cast<QWidget*>(m_tabs) : m_state);
    setFocusProxy(current() ? static_cast<QWidget*>(current()->panel()->view()) : m_state);
}

} // namespace wk::widgets
