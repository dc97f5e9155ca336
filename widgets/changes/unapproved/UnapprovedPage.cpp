// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/unapproved/UnapprovedPage.h"

#include "table/TableModel.h"
#include "widgets/common/DataTable.h"
#include "widgets/common/FrozenTableView.h"
#include "widgets/common/Theme.h"

#include <QtCore/QJsonArray>
#include <QtGui/QAction>
#include <QtGui/QShortcut>
#include <QtWidgets/QLabel>
#include <QtWidgets/QSplitter>
#include <QtWidgets/QVBoxLayout>

namespace wk::widgets {

using namespace Qt::StringLiterals;

namespace {

/// From this width on a change stands beside the list; below it takes its place.
constexpr int wideEnough = 940;
const QString stateId = u"changes-unapproved"_s, controllersKey = u"controllers"_s;

} // namespace

UnapprovedPage::UnapprovedPage(const Parts& parts, QWidget* parent)
    : QWidget(parent), m_unapproved(parts.unapproved), m_states(parts.states),
      m_source(std::make_shared<UnapprovedTable>(parts.unapproved))
{
    setObjectName(u"unapprovedPage"_s);
    build(parts);
    loadState();
    connectParts();
    addShortcuts();
    setFocusProxy(m_table->view());
    refresh();
}

void UnapprovedPage::build(const Parts& parts)
{
    m_table = new DataTable(parts.clock, this);
    m_table->setObjectName(u"unapprovedTable"_s);
    m_table->setFileDialogs(parts.dialogs);
    m_table->setSubject(tr("Unapproved changes"));
    m_table->setLoadingText(tr("Reading unapproved changes"));
    m_controllers = new QAction(tr("Controllers"), this);
    m_controllers->setCheckable(true);
    m_table->addToolAction(m_controllers);
    m_watched = new QLabel(this);
    m_watched->setObjectName(u"unapprovedWatched"_s);
    m_watched->setTextFormat(Qt::PlainText);
    m_watched->setWordWrap(true);
    m_watched->setFont(Theme::of(this).font(Theme::Role::Small));
    m_watched->setForegroundRole(QPalette::PlaceholderText);
    m_watched->setContentsMargins(16, 6, 16, 8);
    m_view = new UnapprovedView(parts.unapproved, parts.desk, parts.means, parts.clock, this);
    m_view->hide();
    m_list = new QWidget(this);
    auto* column = new QVBoxLayout(m_list);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_table, 1);
    column->addWidget(m_watched);
    m_splitter = new QSplitter(Qt::Horizontal, this);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(1);
    m_splitter->addWidget(m_list);
    m_splitter->addWidget(m_view);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_splitter);
}

void UnapprovedPage::connectParts()
{
    connect(&m_unapproved, &changes::UnapprovedDesk::changed, this, &UnapprovedPage::refresh);
    connect(m_table, &DataTable::activated, this, &UnapprovedPage::open);
    connect(m_table, &DataTable::currentChanged, this, [this](const QString& key) {
        // As in a mail program; asked once the table has settled.
        QMetaObject::invokeMethod(
            this,
            [this, key] {
                if (!m_view->key().isEmpty() && !key.isEmpty() && m_table->currentId() == key)
                    open(key);
            },
            Qt::QueuedConnection);
    });
    connect(m_table, &DataTable::retryRequested, this, [this] { m_unapproved.refresh(); });
    connect(m_table, &DataTable::emptyActionRequested, this, [this] { m_controllers->setChecked(true); });
    connect(m_table, &DataTable::stateChanged, this, &UnapprovedPage::saveState);
    connect(m_table, &DataTable::notice, this, &UnapprovedPage::notice);
    connect(m_controllers, &QAction::toggled, this, [this](bool on) {
        m_source->setControllersShown(on);
        saveState();
        refresh();
    });
    connect(m_view, &UnapprovedView::closeRequested, this, &UnapprovedPage::close);
    connect(m_view, &UnapprovedView::requestLinked, this, &UnapprovedPage::requestLinked);
    connect(m_view, &UnapprovedView::notice, this, &UnapprovedPage::notice);
    connect(m_view, &UnapprovedView::accountRequested, this, &UnapprovedPage::accountRequested);
    connect(m_view, &UnapprovedView::proposed, this, &UnapprovedPage::proposed);
}

void UnapprovedPage::addShortcuts()
{
    for (const auto& [key, act] : {std::pair{u"F"_s, UnapprovedAct::Account}, std::pair{u"B"_s, UnapprovedAct::Restore},
                                   std::pair{u"I"_s, UnapprovedAct::Dismiss}}) {
        auto* shortcut = new QShortcut(QKeySequence(key), this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, [this, act = act] {
            if (m_view->key().isEmpty() && !m_table->currentId().isEmpty())
                open(m_table->currentId());
            m_view->trigger(act);
        });
    }
}

void UnapprovedPage::loadState()
{
    m_table->setSource(m_source);
    QJsonObject state = m_states->load(stateId);
    m_controllers->setChecked(state.value(controllersKey).toBool());
    m_source->setControllersShown(m_controllers->isChecked());
    if (!state.contains("sort"_L1))
        state.insert(u"sort"_s, QJsonArray{QJsonObject{{u"column"_s, u"when"_s}, {u"descending"_s, false}}});
    m_table->restoreState(state);
}

void UnapprovedPage::saveState()
{
    QJsonObject state = m_table->saveState();
    state.insert(controllersKey, m_controllers->isChecked());
    m_states->save(stateId, state);
}

void UnapprovedPage::refresh()
{
    const auto& items = m_unapproved.items();
    const auto folded = int(items.size()) - m_unapproved.open();
    m_controllers->setText(folded > 0 ? tr("Controllers (%1)").arg(folded) : tr("Controllers"));
    m_controllers->setToolTip(m_controllers->isChecked() ? tr("Fold away what known controllers did by themselves")
                                                         : tr("Show also what known controllers did by themselves"));
    QString hint = tr("What somebody changes without a request appears here, with who did it and what: workloads, "
                      "scales, config maps, autoscalers, services and ingresses of a platform's namespaces.");
    const QStringList& watched = m_unapproved.watched();
    if (watched.isEmpty())
        hint += u' ' + tr("No cluster of a platform is open here: what other cockpits see appears all the same.");
    const bool hidden = folded > 0 && !m_controllers->isChecked();
    m_table->setEmptyText(tr("Nobody changed anything without a request"), hint,
                          hidden ? tr("Show what controllers did (%1)").arg(folded) : QString());
    m_watched->setText(watched.isEmpty() ? tr("Nothing is watched here: no cluster of a platform is open.")
                                         : watched.join(u' '));
}

void UnapprovedPage::open(const QString& key)
{
    m_view->showItem(key);
    if (m_view->key().isEmpty())
        return;
    m_view->show();
    divide();
    if (m_table->currentId() != key)
        m_table->setCurrentId(key);
}

void UnapprovedPage::close()
{
    const bool had = m_view->isAncestorOf(focusWidget());
    m_view->clear();
    m_view->hide();
    divide();
    if (had || !m_list->isHidden())
        m_table->focusTable();
}

bool UnapprovedPage::leave()
{
    if (m_view->key().isEmpty())
        return false;
    if (!m_view->leaveQuestion())
        close();
    return true;
}

void UnapprovedPage::divide()
{
    const bool wide = width() >= wideEnough, open = !m_view->isHidden();
    m_list->setVisible(wide || !open);
    if (open && !wide)
        m_view->setFocus();
    if (open && wide)
        m_splitter->setSizes({width() * 11 / 20, width() * 9 / 20});
}

void UnapprovedPage::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    if ((event->oldSize().width() >= wideEnough) != (width() >= wideEnough))
        divide();
}

} // namespace wk::widgets
