// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/logs/LogPanel.h"

#include "widgets/common/Icons.h"
#include "widgets/common/StateView.h"
#include "widgets/common/Theme.h"
#include "widgets/logs/LogView.h"
#include "widgets/logs/LogWords.h"

#include <QtGui/QAction>
#include <QtGui/QKeyEvent>
#include <QtGui/QShortcut>
#include <QtGui/QTextDocument>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QMenu>
#include <QtWidgets/QPlainTextEdit>
#include <QtWidgets/QSplitter>
#include <QtWidgets/QStackedWidget>
#include <QtWidgets/QToolBar>
#include <QtWidgets/QToolButton>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using logs::LogFilter;

namespace {

constexpr qsizetype mostFields = 24; ///< that are offered at once

} // namespace

LogPanel::LogPanel(FileDialogs& files, QWidget* parent) : QWidget(parent), m_files(files)
{
    build();
    addActions();
    setSession(nullptr);
}

LogPanel::~LogPanel()
{
    m_view->setSession(nullptr);
    m_export.reset();
}

void LogPanel::build()
{
    m_filter = new QLineEdit;
    m_filter->setObjectName(u"logFilter"_s);
    m_filter->setAccessibleName(tr("Lines to show"));
    m_filter->setPlaceholderText(tr("Words to find, -not, \"several words\", level:error   ( / )"));
    m_filter->setClearButtonEnabled(true);
    QBoxLayout* lines = makeLines();
    m_mistake = new QLabel;
    m_mistake->setObjectName(u"logMistake"_s);
    m_mistake->setContentsMargins(8, 0, 8, 4);
    m_mistake->setWordWrap(true);
    m_mistake->hide();
    m_view = new LogView;
    m_detail = new QPlainTextEdit;
    m_detail->setObjectName(u"logDetail"_s);
    m_detail->setAccessibleName(tr("The line in full"));
    m_detail->setReadOnly(true);
    m_detail->setFont(Theme::of(this).font(Theme::Role::Mono));
    m_detail->document()->setDocumentMargin(8);
    m_detail->hide();
    m_splitter = new QSplitter(Qt::Vertical);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(m_view);
    m_splitter->addWidget(m_detail);
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 1);
    m_state = new StateView;
    m_state->setObjectName(u"logState"_s);
    m_stack = new QStackedWidget;
    m_stack->addWidget(m_state);
    m_stack->addWidget(m_splitter);
    m_standing = new QLabel;
    m_standing->setObjectName(u"logStanding"_s);
    m_standing->setContentsMargins(8, 4, 8, 4);
    m_standing->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_standing->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(lines);
    layout->addWidget(m_mistake);
    layout->addWidget(m_stack, 1);
    layout->addWidget(m_standing);
    connect(m_filter, &QLineEdit::textChanged, this, &LogPanel::applyFilter);
    connect(m_filter, &QLineEdit::returnPressed, m_view, qOverload<>(&QWidget::setFocus));
    connect(m_view, &LogView::notice, this, &LogPanel::say);
    connect(m_view, &LogView::lineOpened, this, [this] {
        m_detail->setVisible(!m_detail->isVisible());
        showLine();
    });
    connect(m_view, &LogView::currentChanged, this, &LogPanel::showLine);
    connect(m_state, &StateView::actionTriggered, this, [this] {
        if (m_state->state() == StateView::State::FilteredEmpty)
            m_filter->clear();
        else
            emit retryRequested();
    });
}

/// What is read and how it is shown; below it what is looked for.
QBoxLayout* LogPanel::makeLines()
{
    m_tools = new QToolBar;
    m_tools->setIconSize({16, 16});
    m_tools->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_head = new QHBoxLayout;
    m_head->setSpacing(8);
    m_head->addStretch(1);
    m_head->addWidget(m_tools);
    auto* expression = new QToolButton;
    m_regex = new QAction(icon(u"search"), tr("Expression"), this);
    m_regex->setObjectName(u"logRegex"_s);
    m_regex->setCheckable(true);
    m_regex->setToolTip(tr("What is looked for is a regular expression"));
    expression->setDefaultAction(m_regex);
    expression->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    auto* search = new QHBoxLayout;
    search->setSpacing(8);
    search->addWidget(m_filter, 1);
    search->addWidget(expression);
    auto* lines = new QVBoxLayout;
    lines->setContentsMargins(8, 8, 8, 4);
    lines->setSpacing(6);
    lines->addLayout(m_head);
    lines->addLayout(search);
    return lines;
}

void LogPanel::addLeadingWidget(QWidget* widget) { m_head->insertWidget(m_leading++, widget); }

QAction* LogPanel::addTool(const QString& iconName, const QString& text, const QString& hint, const QString& key)
{
    QAction* action = m_tools->addAction(icon(iconName), text);
    action->setToolTip(key.isEmpty() ? hint : u"%1 (%2)"_s.arg(hint, key));
    return action;
}

void LogPanel::addActions()
{
    m_follow = addTool(u"play"_s, tr("Follow"), tr("Stay at the end while lines come"), u"F"_s);
    m_follow->setCheckable(true);
    m_follow->setChecked(true);
    addColumnTools();
    QAction* error = addTool(u"bad"_s, tr("Next error"), tr("Go to the next line that says it is an error"), u"E"_s);
    QAction* mark = addTool(u"star"_s, tr("Mark"), tr("Mark this line; N goes to the next mark"), u"M"_s);
    m_save = addTool(u"export"_s, tr("Save…"), tr("Write the lines that are shown into a file"), u"Ctrl+S"_s);
    m_save->setShortcut(QKeySequence(u"Ctrl+S"_s));
    m_save->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    addAction(m_save);
    connect(m_regex, &QAction::toggled, this, &LogPanel::applyFilter);
    connect(m_follow, &QAction::triggered, m_view, &LogView::setFollowing);
    connect(m_view, &LogView::followingChanged, m_follow, &QAction::setChecked);
    connect(error, &QAction::triggered, m_view, [this] { m_view->nextError(); });
    connect(mark, &QAction::triggered, m_view, &LogView::toggleMark);
    connect(m_save, &QAction::triggered, this, &LogPanel::save);
    auto* toFilter = new QShortcut(QKeySequence(u"/"_s), m_view);
    toFilter->setContext(Qt::WidgetShortcut);
    connect(toFilter, &QShortcut::activated, this, [this] {
        m_filter->setFocus();
        m_filter->selectAll();
    });
    auto* back = new QShortcut(QKeySequence(Qt::Key_Escape), m_filter);
    back->setContext(Qt::WidgetShortcut);
    connect(back, &QShortcut::activated, m_view, qOverload<>(&QWidget::setFocus));
}

/// What stands before each line, and whether long ones go on below.
void LogPanel::addColumnTools()
{
    m_times = addTool(u"clock"_s, tr("Times"), tr("Show when each line was written"), u"T"_s);
    m_sources = addTool(u"pod"_s, tr("Sources"), tr("Show which pod and container wrote it"), u"S"_s);
    m_wrap = addTool(u"wrap"_s, tr("Wrap"), tr("Let long lines go on below"), u"W"_s);
    for (QAction* action : {m_times, m_sources, m_wrap}) {
        action->setCheckable(true);
        if (auto* button = qobject_cast<QToolButton*>(m_tools->widgetForAction(action)))
            button->setToolButtonStyle(Qt::ToolButtonIconOnly);
    }
    m_times->setChecked(true);
    m_sources->setChecked(true);
    m_fields = new QMenu(this);
    m_fieldsButton = new QToolButton;
    m_fieldsButton->setObjectName(u"logFields"_s);
    m_fieldsButton->setIcon(icon(u"columns"));
    m_fieldsButton->setText(tr("Fields"));
    m_fieldsButton->setToolTip(tr("Show fields of JSON and logfmt lines as columns (C)"));
    m_fieldsButton->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_fieldsButton->setPopupMode(QToolButton::InstantPopup);
    m_fieldsButton->setMenu(m_fields);
    m_tools->addWidget(m_fieldsButton);
    connect(m_fields, &QMenu::aboutToShow, this, &LogPanel::fillFields);
    connect(m_times, &QAction::triggered, m_view, &LogView::setShowTimes);
    connect(m_sources, &QAction::triggered, m_view, &LogView::setShowSources);
    connect(m_wrap, &QAction::triggered, m_view, &LogView::setWrapping);
    connect(m_view, &LogView::columnsChanged, this, [this] {
        m_times->setChecked(m_view->showsTimes());
        m_sources->setChecked(m_view->showsSources());
        m_wrap->setChecked(m_view->isWrapping());
    });
    connect(m_view, &LogView::fieldsWanted, this,
            [this] { m_fields->popup(m_fieldsButton->mapToGlobal(QPoint(0, m_fieldsButton->height()))); });
}

void LogPanel::fillFields()
{
    m_fields->clear();
    QList<QPair<QString, int>> names = m_view->fieldsAround();
    names.resize(qMin<qsizetype>(names.size(), mostFields));
    for (const QString& chosen : m_view->fields()) // also where the lines of now have none of it
        if (std::ranges::none_of(names, [&](const auto& known) { return known.first == chosen; }))
            names.append({chosen, 0});
    if (names.isEmpty()) {
        m_fields->addAction(tr("The lines here are neither JSON nor logfmt"))->setEnabled(false);
        return;
    }
    for (const auto& [name, lines] : std::as_const(names)) {
        QAction* action = m_fields->addAction(tr("%1\t%2 lines").arg(name, QString::number(lines)));
        action->setObjectName(u"field-"_s + name);
        action->setCheckable(true);
        action->setChecked(m_view->fields().contains(name));
        connect(action, &QAction::triggered, this, [this, name = name](bool wanted) {
            QStringList fields = m_view->fields();
            fields.removeAll(name);
            if (wanted)
                fields.append(name);
            m_view->setFields(fields);
        });
    }
}

void LogPanel::keyPressEvent(QKeyEvent* event)
{
    if (event->key() != Qt::Key_Escape || !m_detail->isVisible()) {
        QWidget::keyPressEvent(event);
        return;
    }
    m_detail->hide();
    m_view->setFocus();
}

void LogPanel::setSession(std::unique_ptr<logs::LogSession> session)
{
    m_view->setSession(nullptr);
    m_export.reset();
    m_session = std::move(session);
    if (m_session) {
        connect(m_session.get(), &logs::LogSession::stateChanged, this, &LogPanel::refresh);
        connect(m_session.get(), &logs::LogSession::filterChanged, this, &LogPanel::refresh);
        connect(m_session.get(), &logs::LogSession::linesChanged, this, &LogPanel::refresh);
        m_view->setSession(m_session.get());
        applyFilter();
    }
    refresh();
}

void LogPanel::showFailed(const Error& error)
{
    setSession(nullptr);
    m_state->showFailed(tr("There is no log"), error, tr("Try again"));
}

void LogPanel::setFilterText(const QString& text, bool regex)
{
    {
        const QSignalBlocker together(m_filter);
        m_filter->setText(text);
    }
    if (m_regex->isChecked() != regex)
        m_regex->setChecked(regex);
    else
        applyFilter();
}

void LogPanel::applyFilter()
{
    if (!m_session)
        return;
    const auto filter =
        LogFilter::make(m_filter->text(), m_regex->isChecked() ? LogFilter::Mode::Regex : LogFilter::Mode::Words);
    m_mistake->setVisible(!filter.has_value());
    if (!filter) // what was found before stands
        m_mistake->setText(filter.error().text());
    else if (!(*filter == m_session->filter()))
        m_session->setFilter(*filter);
}

void LogPanel::refresh()
{
    m_save->setEnabled(m_session && m_session->size() > 0);
    if (!m_session) {
        m_standing->clear();
        m_stack->setCurrentWidget(m_state);
        m_state->showLoading(tr("Finding out whose log it is"));
        return;
    }
    const logs::LogState& state = m_session->state();
    const QString title = m_session->target().title;
    m_standing->setText(logStanding(*m_session));
    m_standing->setToolTip(m_standing->text());
    if (m_session->size() > 0) {
        m_stack->setCurrentWidget(m_splitter);
        return;
    }
    m_stack->setCurrentWidget(m_state);
    if (m_session->total() > 0 && m_session->unfiltered() > 0)
        m_state->showLoading(tr("Searching the log of %1").arg(title));
    else if (m_session->total() > 0)
        m_state->showFilteredEmpty(tr("No line matches"), tr("The log of %1 has other lines.").arg(title),
                                   tr("Show all lines"));
    else if (state.error && !state.listed)
        m_state->showFailed(tr("The log of %1 cannot be read").arg(title), *state.error, tr("Try again"));
    else if (!state.listed)
        m_state->showLoading(tr("Listing the pods of %1").arg(title));
    else if (state.sources.empty())
        m_state->showEmpty(tr("No container of %1 has begun yet").arg(title),
                           tr("Lines appear here as soon as one writes them."));
    else if (const auto waiting = std::ranges::find_if(
                 state.sources, [](const logs::LogSource& s) { return s.reader.error.has_value(); });
             waiting != state.sources.end())
        m_state->showFailed(tr("The log of %1 cannot be read").arg(title), *waiting->reader.error, tr("Try again"));
    else
        m_state->showEmpty(tr("%1 has written nothing").arg(title),
                           m_session->wish().follow ? tr("Lines appear here as soon as it writes them.") : QString());
}

void LogPanel::showLine()
{
    if (!m_detail->isVisible() || !m_session || m_view->current() < 0)
        return;
    if (const auto line = m_session->lineAt(m_view->current()))
        m_detail->setPlainText(lineInFull(*line, m_session->sourceName(line->place.source)));
}

void LogPanel::save()
{
    if (!m_session || m_session->size() == 0)
        return;
    QString name = m_session->target().title + u".log"_s;
    name.replace(u' ', u'-').replace(u'/', u'-');
    m_files.saveFile(
        this, tr("Save the lines that are shown"), name, tr("Logs (*.log *.txt)"), [this](const QString& path) {
            if (path.isEmpty() || !m_session)
                return;
            const qsizetype count = m_session->size();
            m_export = m_session->exportTo(path, m_view->showsTimes(), m_view->showsSources());
            connect(m_export.get(), &logs::LogExport::progressed, this,
                    [this, count](qsizetype lines) { say(tr("Saving: %1 of %2 lines").arg(lines).arg(count)); });
            connect(m_export.get(), &logs::LogExport::finished, this,
                    [this, path, count](const std::optional<Error>& error) {
                        say(error ? error->text() : tr("%1 lines saved in %2").arg(count).arg(path));
                    });
        });
}

/// In the line below, until the log goes on.
void LogPanel::say(const QString& text) { m_standing->setText(text); }

} // namespace wk::widgets
