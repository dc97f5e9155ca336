// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/ChangesPanel.h"

#include "changes/execution/Executor.h"
#include "table/TableModel.h"
#include "widgets/changes/ChangeMeans.h"
#include "widgets/changes/ChangeNav.h"
#include "widgets/changes/LoudBanner.h"
#include "widgets/changes/audit/AuditView.h"
#include "widgets/changes/requests/RequestForm.h"
#include "widgets/changes/requests/RequestView.h"
#include "widgets/changes/requests/RequestWords.h"
#include "widgets/changes/requests/TotpDialog.h"
#include "widgets/changes/rules/CalendarView.h"
#include "widgets/changes/rules/PolicyView.h"
#include "widgets/changes/unapproved/UnapprovedPage.h"
#include "widgets/common/DataTable.h"
#include "widgets/common/FrozenTableView.h"
#include "widgets/common/Health.h"
#include "widgets/common/Icons.h"
#include "widgets/common/Theme.h"

#include <QtCore/QJsonArray>
#include <QtGui/QAction>
#include <QtGui/QShortcut>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QSplitter>
#include <QtWidgets/QStackedWidget>
#include <QtWidgets/QToolButton>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using changes::DeskStatus;
using table::Health;

namespace {

constexpr int navWidth = 208;
/// From this width on a request stands beside its list; below it takes the list's place.
constexpr int wideEnough = 1150;

const QString calendarId = u"calendar"_s, unapprovedId = u"unapproved"_s, auditId = u"audit"_s;
const QString policiesId = u"policies"_s;

std::optional<ChangeList> listOf(const QString& id)
{
    const auto it = std::ranges::find(changeLists, id, changeListId);
    return it == changeLists.end() ? std::nullopt : std::optional(*it);
}

} // namespace

ChangesPanel::ChangesPanel(Parts parts, QWidget* parent) : QWidget(parent), m_parts(std::move(parts))
{
    setObjectName(u"changesPanel"_s);
    // Notices of before this panel was there are history; those that come now are news.
    if (!m_parts.desk.notices().isEmpty())
        m_seenNotice = m_parts.desk.notices().first().id;
    build();
    connectParts();
    addShortcuts();
    setFocusProxy(m_table->view());
    showPart(changeListId(ChangeList::Waiting));
    m_chosen = false;
    follow();
}

ChangesPanel::~ChangesPanel() = default;

QWidget* ChangesPanel::buildHead()
{
    auto* head = new QWidget(this);
    m_headlineIcon = new QLabel(head);
    m_headline = new QLabel(head);
    m_headline->setObjectName(u"changesHeadline"_s);
    m_headline->setTextFormat(Qt::PlainText);
    m_headline->setFont(Theme::of(this).font(Theme::Role::TitleStrong));
    m_codes = new QPushButton(tr("Set up one-time codes"), head);
    m_codes->setObjectName(u"changesCodes"_s);
    m_codes->setIcon(icon(u"lock"));
    m_new = new QPushButton(tr("New request"), head);
    m_new->setObjectName(u"changesNew"_s);
    m_new->setIcon(icon(u"plus"));
    m_new->setToolTip(tr("Fill in a change request (N)"));
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(16, 12, 16, 8);
    row->setSpacing(8);
    row->addWidget(m_headlineIcon);
    row->addWidget(m_headline, 1);
    row->addWidget(m_codes);
    row->addWidget(m_new);
    return head;
}

QWidget* ChangesPanel::buildSide()
{
    auto* side = new QWidget(this);
    m_nav = new ChangeNav(side);
    for (const ChangeList list : changeLists) {
        if (list == ChangeList::Mine && m_parts.unapproved)
            m_nav->addPart(unapprovedId, tr("Unapproved"));
        m_nav->addPart(changeListId(list), changeListTitle(list), list == ChangeList::Mine);
    }
    m_nav->addPart(calendarId, tr("Calendar"), true);
    m_nav->addPart(policiesId, tr("Policies"));
    m_nav->addPart(auditId, tr("Audit"));
    m_figure = new QLabel(side);
    m_figure->setObjectName(u"changesFigure"_s);
    m_figure->setWordWrap(true);
    m_figure->setFont(Theme::of(this).font(Theme::Role::Small));
    m_figure->setForegroundRole(QPalette::PlaceholderText);
    m_figure->setContentsMargins(16, 8, 12, 12);
    m_figure->setBackgroundRole(QPalette::Base);
    m_figure->setAutoFillBackground(true);
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_nav, 1);
    column->addWidget(m_figure);
    side->setMinimumWidth(160);
    return side;
}

void ChangesPanel::build()
{
    m_record = new LoudBanner(this);
    m_record->setObjectName(u"changesRecord"_s);
    m_notice = new LoudBanner(this);
    m_notice->setObjectName(u"changesNotice"_s);
    m_table = new DataTable(m_parts.clock, this);
    m_table->setObjectName(u"changesTable"_s);
    m_table->setFileDialogs(m_parts.dialogs);
    m_older = new QAction(icon(u"clock"), tr("Read older requests"), this);
    m_table->addToolAction(m_older);
    m_view = new RequestView(m_parts.desk, m_parts.means, m_parts.clock, m_parts.dialogs, this);
    m_view->hide();
    m_centre = new QStackedWidget(this);
    m_centre->addWidget(m_table);
    m_body = new QSplitter(Qt::Horizontal, this);
    m_body->addWidget(m_centre);
    m_body->addWidget(m_view);
    m_splitter = new QSplitter(Qt::Horizontal, this);
    m_splitter->addWidget(buildSide());
    m_splitter->addWidget(m_body);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setSizes({navWidth, 1000});
    for (QSplitter* splitter : {m_splitter, m_body}) {
        splitter->setChildrenCollapsible(false);
        splitter->setHandleWidth(1);
    }
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_record);
    layout->addWidget(m_notice);
    layout->addWidget(buildHead());
    layout->addWidget(m_splitter, 1);
}

void ChangesPanel::connectParts()
{
    auto& desk = m_parts.desk;
    connect(&desk, &changes::ChangeDesk::changed, this, &ChangesPanel::follow);
    connect(&m_parts.means, &ChangeMeans::executorChanged, this, [this](qint64 number) {
        if (changes::Executor* executor = m_parts.means.executor(number))
            connect(executor, &changes::Executor::changed, this, &ChangesPanel::follow);
    });
    connect(m_nav, &ChangeNav::partChosen, this, &ChangesPanel::showPart);
    connect(m_nav, &ChangeNav::partActivated, this, [this] { m_centre->currentWidget()->setFocus(); });
    if (m_parts.unapproved)
        connect(m_parts.unapproved, &changes::UnapprovedDesk::changed, this, &ChangesPanel::follow);
    connect(m_table, &DataTable::activated, this, [this](const QString& id) { openRequest(id.toLongLong()); });
    connect(m_table, &DataTable::currentChanged, this, [this](const QString& id) {
        // Asked once the table has settled: a row that goes makes its neighbour current.
        QMetaObject::invokeMethod(
            this, [this, id] { followSelection(id); }, Qt::QueuedConnection);
    });
    connect(m_table, &DataTable::stateChanged, this, &ChangesPanel::saveTable);
    connect(m_table, &DataTable::retryRequested, this, [&desk] { desk.refresh(); });
    connect(m_table, &DataTable::notice, this, &ChangesPanel::notice);
    connect(m_older, &QAction::triggered, this, [this] { m_lists.at(ChangeList::History)->readOlder(); });
    connect(m_view, &RequestView::closeRequested, this, &ChangesPanel::closeRequest);
    connect(m_view, &RequestView::requestLinked, this, &ChangesPanel::openRequest);
    connect(m_view, &RequestView::notice, this, &ChangesPanel::notice);
    connect(m_view, &RequestView::editRequested, this, &ChangesPanel::edit);
    connect(m_new, &QPushButton::clicked, this, [this] { newRequest(); });
    connect(m_record, &LoudBanner::actionTriggered, this, &ChangesPanel::acceptRecord);
    connect(m_notice, &LoudBanner::actionTriggered, this, &ChangesPanel::leaveNotice);
    connect(m_codes, &QPushButton::clicked, this, &ChangesPanel::setUpCodes);
    connect(&Theme::of(this), &Theme::changed, this, &ChangesPanel::follow);
}

void ChangesPanel::addShortcuts()
{
    const auto add = [this](const QString& keys, auto f) {
        auto* shortcut = new QShortcut(QKeySequence(keys), this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, f);
    };
    add(u"/"_s, [this] { (m_part == unapprovedId ? unapproved()->dataTable() : m_table)->focusFilter(); });
    add(u"Esc"_s, [this] {
        if (m_view->leaveQuestion())
            return;
        if (isRequestOpen())
            closeRequest();
        else if (m_part == unapprovedId)
            unapproved()->leave();
    });
    add(u"N"_s, [this] { newRequest(); });
    for (const auto& [key, act] : {std::pair{u"A"_s, RequestAct::Approve}, std::pair{u"R"_s, RequestAct::Reject},
                                   std::pair{u"S"_s, RequestAct::Submit}, std::pair{u"X"_s, RequestAct::Run},
                                   std::pair{u"T"_s, RequestAct::TakeOver}, std::pair{u"D"_s, RequestAct::Schedule},
                                   std::pair{u"V"_s, RequestAct::Review}, std::pair{u"C"_s, RequestAct::Close},
                                   std::pair{u"E"_s, RequestAct::Edit}})
        add(key, [this, act] {
            if (isRequestOpen())
                m_view->trigger(act);
        });
}

TotpDialog* ChangesPanel::setUpCodes()
{
    auto* dialog = new TotpDialog(m_parts.desk, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this] { emit notice(tr("One-time codes are set up")); });
    dialog->begin();
    dialog->open();
    return dialog;
}

void ChangesPanel::showPart(const QString& id)
{
    const bool formShown = m_form && m_centre->currentWidget() == m_form;
    if (id == m_part && !formShown)
        return;
    m_chosen = true;
    m_part = id;
    m_new->setEnabled(true);
    m_new->setText(m_form && m_form->isDirty() ? tr("Continue the request") : tr("New request"));
    m_nav->setCurrentPart(id);
    closeRequest();
    if (const auto list = listOf(id)) {
        showList(*list);
    } else if (id == calendarId) {
        m_centre->setCurrentWidget(calendar());
    } else if (id == policiesId) {
        m_centre->setCurrentWidget(policies());
    } else if (id == unapprovedId) {
        m_centre->setCurrentWidget(unapproved());
    } else {
        audit()->showAudit(0);
        m_centre->setCurrentWidget(audit());
    }
}

void ChangesPanel::showList(ChangeList list)
{
    auto& table = m_lists[list];
    if (!table) {
        table = std::make_shared<RequestTable>(m_parts.desk, list);
        connect(table.get(), &RequestTable::olderChanged, this, &ChangesPanel::refreshOlder);
        connect(table.get(), &RequestTable::failed, this, [this](const Error& error) { emit notice(error.text()); });
    }
    m_restoring = true;
    m_table->setSubject(changeListTitle(list));
    m_table->setLoadingText(tr("Reading change requests"));
    setListTexts(list);
    m_table->setSource(table);
    QJsonObject state = m_parts.states->load(u"changes-"_s + m_part);
    // Until the person has their own order: what waits longest first, else the newest.
    if (state.isEmpty())
        state.insert(u"sort"_s,
                     QJsonArray{QJsonObject{{u"column"_s, list == ChangeList::Waiting ? u"age"_s : u"number"_s},
                                            {u"descending"_s, true}}});
    m_table->restoreState(state);
    m_restoring = false;
    m_centre->setCurrentWidget(m_table);
    refreshOlder();
}

void ChangesPanel::setListTexts(ChangeList list)
{
    switch (list) {
    case ChangeList::Waiting:
        m_table->setEmptyText(tr("Nothing waits for you"),
                              tr("Requests that your roles may approve, reviews of broken glass, and your own requests "
                                 "once they may be carried out appear here."));
        break;
    case ChangeList::Running:
        m_table->setEmptyText(tr("Nothing is being carried out"), tr("A change appears here while its steps run."));
        break;
    case ChangeList::Scheduled:
        m_table->setEmptyText(tr("Nothing is approved or scheduled"),
                              tr("Approved requests appear here until they are carried out."));
        break;
    case ChangeList::Mine:
        m_table->setEmptyText(tr("You have no open requests"), tr("What you file appears here until it is closed."));
        break;
    case ChangeList::Open:
        m_table->setEmptyText(tr("There are no open requests"),
                              tr("Everybody's requests appear here until they are closed."));
        break;
    case ChangeList::History:
        m_table->setEmptyText(tr("Nothing has ended yet"), tr("Requests appear here once they have been carried out, "
                                                              "rejected or cancelled."));
        break;
    }
}

void ChangesPanel::refreshOlder()
{
    const bool history = m_part == changeListId(ChangeList::History);
    const auto it = m_lists.find(ChangeList::History);
    for (auto* button : m_table->findChildren<QToolButton*>())
        if (button->defaultAction() == m_older)
            button->setVisible(history);
    m_older->setEnabled(history && it != m_lists.end() && it->second->hasOlder() && !it->second->isReading());
    m_older->setToolTip(m_older->isEnabled() ? tr("Read requests that ended more than 30 days ago")
                                             : tr("There are no older requests"));
}

void ChangesPanel::saveTable()
{
    if (!m_restoring && listOf(m_part))
        m_parts.states->save(u"changes-"_s + m_part, m_table->saveState());
}

void ChangesPanel::openRequest(qint64 number)
{
    m_view->showRequest(number);
    m_view->show();
    divide();
    m_openIsListed = m_table->model()->row(QString::number(number)) != nullptr;
    if (m_openIsListed && m_table->currentId() != QString::number(number))
        m_table->setCurrentId(QString::number(number));
}

/// The open request follows the selection, as in a mail program; but it stays when it leaves the list under the
/// person's eyes, because somebody approved it, say.
void ChangesPanel::followSelection(const QString& rowId)
{
    if (!isRequestOpen() || m_restoring || rowId.isEmpty() || m_table->currentId() != rowId)
        return;
    const bool gone = !m_table->model()->row(QString::number(m_view->number()));
    if (gone && std::exchange(m_openIsListed, false))
        return;
    openRequest(rowId.toLongLong());
}

bool ChangesPanel::isRequestOpen() const { return m_view->number() != 0; }

void ChangesPanel::closeRequest()
{
    if (!isRequestOpen())
        return;
    m_view->clear();
    m_view->hide();
    divide();
    m_table->focusTable();
}

void ChangesPanel::divide()
{
    const bool wide = width() >= wideEnough;
    m_centre->setVisible(wide || !isRequestOpen());
    if (isRequestOpen() && !m_centre->isVisibleTo(this))
        m_view->setFocus();
    if (wide && isRequestOpen()) {
        const int all = m_body->width();
        m_body->setSizes({all * 9 / 20, all * 11 / 20});
        QMetaObject::invokeMethod(m_table, &DataTable::showCurrent, Qt::QueuedConnection);
    }
}

void ChangesPanel::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    if ((event->oldSize().width() >= wideEnough) != (width() >= wideEnough))
        divide();
}

} // namespace wk::widgets
