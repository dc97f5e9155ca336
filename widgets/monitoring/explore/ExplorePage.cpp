// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/monitoring/explore/ExplorePage.h"

#include "monitoring/prometheus/AnswerRows.h"
#include "monitoring/prometheus/DataProbe.h"
#include "monitoring/prometheus/ServerNames.h"
#include "monitoring/promql/QueryRemarks.h"
#include "table/TableModel.h"
#include "widgets/charts/Chart.h"
#include "widgets/common/DataTable.h"
#include "widgets/common/ElidedLabel.h"
#include "widgets/common/Icons.h"
#include "widgets/common/StateView.h"
#include "widgets/common/Theme.h"
#include "widgets/monitoring/dashboards/PanelChart.h"
#include "widgets/monitoring/explore/QueryAnswer.h"
#include "widgets/monitoring/explore/QueryEdit.h"
#include "widgets/monitoring/explore/QueryHistory.h"
#include "widgets/monitoring/explore/QueryNotes.h"

#include <QtCore/QDateTime>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QStackedWidget>
#include <QtWidgets/QTabBar>
#include <QtWidgets/QVBoxLayout>

using namespace Qt::StringLiterals;

namespace wk::widgets {

namespace {

constexpr int editLines = 3;

/// A query as a panel of its own: named by itself, its series by their labels.
monitoring::PanelPlan planFor(const QString& query)
{
    monitoring::PanelPlan plan;
    plan.name = u'“' + query.simplified().left(100) + u'”';
    plan.queries = {{query, {}}};
    return plan;
}

/// A chart of several queries gives a line for each: the first is asked, the others stand by as comments.
QString oneOf(const QString& query)
{
    if (monitoring::parsePromql(query))
        return query;
    const qsizetype end = query.indexOf(u'\n');
    const bool several = end > 0 && monitoring::parsePromql(QStringView(query).first(end));
    return several ? query.first(end) + QString(query.sliced(end)).replace(u'\n', u"\n# "_s) : query;
}

} // namespace

ExplorePage::ExplorePage(Parts parts, QWidget* parent)
    : MonitoringPage(parent), m_parts(std::move(parts)), m_edit(new QueryEdit(this)),
      m_ask(new QPushButton(icon(u"play"), tr("Ask"), this)), m_notes(new QueryNotes(this)), m_tabs(new QTabBar(this)),
      m_origin(new ElidedLabel(this)), m_stack(new QStackedWidget(this)), m_state(new StateView(this)),
      m_table(new DataTable(m_parts.clock, this)), m_history(new DataTable(m_parts.clock, this))
{
    build();
    connect(m_edit, &QueryEdit::askRequested, this, &ExplorePage::ask);
    connect(m_edit, &QueryEdit::historyRequested, this, &ExplorePage::goThroughHistory);
    connect(m_ask, &QPushButton::clicked, this, &ExplorePage::ask);
    connect(m_tabs, &QTabBar::currentChanged, this, &ExplorePage::showTab);
    connect(m_notes, &QueryNotes::linkActivated, m_edit, &QueryEdit::goToProblem);
    connect(m_table, &DataTable::retryRequested, this, &ExplorePage::askTable);
    connect(m_state, &StateView::actionTriggered, m_edit, qOverload<>(&QWidget::setFocus));
    connect(m_history, &DataTable::activated, this, [this](const QString& query) {
        m_edit->setQuery(query);
        m_tabs->setCurrentIndex(TableTab);
        ask();
    });
    connect(m_parts.range.get(), &series::TimeRangeModel::changed, this, [this] {
        if (isVisible() && m_tabs->currentIndex() == TableTab)
            askTable();
    });
    m_history->setSource(m_parts.history);
    showTab();
}

ExplorePage::~ExplorePage() { drop(); }

void ExplorePage::build()
{
    const Theme& theme = Theme::of(this);
    m_edit->setObjectName(u"exploreQuery"_s);
    m_edit->setFixedHeight(m_edit->fontMetrics().lineSpacing() * editLines + 16);
    m_ask->setObjectName(u"exploreAsk"_s);
    m_ask->setToolTip(
        tr("Ask the server (Enter). Shift+Enter begins a line, Ctrl+Space proposes, Ctrl+Up and Ctrl+Down "
           "go through what was asked before"));
    m_notes->setObjectName(u"exploreNotes"_s);
    m_tabs->setObjectName(u"exploreTabs"_s);
    m_tabs->setAccessibleName(tr("How the answer is shown"));
    m_tabs->setExpanding(false);
    m_tabs->setDrawBase(false);
    for (const QString& title : {tr("Table"), tr("Chart"), tr("Asked before")})
        m_tabs->addTab(title);
    m_origin->setObjectName(u"exploreOrigin"_s);
    m_origin->setFont(theme.font(Theme::Role::Small));
    m_origin->setForegroundRole(QPalette::PlaceholderText);
    m_origin->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_origin->setAccessibleName(tr("Where the answer comes from"));
    m_state->setObjectName(u"exploreState"_s);
    m_state->showEmpty(tr("Nothing was asked yet"),
                       tr("Write a query above: metrics, labels and functions are proposed while you write."),
                       tr("Write a query"));
    m_table->setObjectName(u"exploreTable"_s);
    m_table->setSubject(tr("Answer"));
    m_table->setLoadingText(tr("Asking"));
    m_table->setEmptyText(tr("The answer has no series"), tr("The reason is being looked for."));
    m_history->setObjectName(u"exploreHistory"_s);
    m_history->setSubject(tr("Queries"));
    m_history->setEmptyText(tr("Nothing was asked yet"), tr("What you ask is kept here, between sessions, too."));
    for (DataTable* table : {m_table, m_history})
        table->setFileDialogs(m_parts.dialogs);
    for (QWidget* page :
         {static_cast<QWidget*>(m_state), static_cast<QWidget*>(m_table), static_cast<QWidget*>(m_history)})
        m_stack->addWidget(page);

    auto* top = new QHBoxLayout;
    top->setContentsMargins(16, 8, 16, 0);
    top->setSpacing(8);
    top->addWidget(m_edit, 1);
    top->addWidget(m_ask, 0, Qt::AlignTop);
    auto* notes = new QHBoxLayout;
    notes->setContentsMargins(16, 4, 16, 0);
    notes->addWidget(m_notes);
    auto* second = new QHBoxLayout;
    second->setContentsMargins(8, 4, 16, 0);
    second->setSpacing(16);
    second->addWidget(m_tabs);
    second->addWidget(m_origin, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addLayout(top);
    column->addLayout(notes);
    column->addLayout(second);
    column->addWidget(m_stack, 1);
    setFocusProxy(m_edit);
}

void ExplorePage::drop()
{
    m_timer.reset();
    delete std::exchange(m_chart, nullptr);
    m_table->setSource(nullptr);
    m_edit->setNames(nullptr);
    m_answer.reset();
    m_names.reset();
    m_probe.reset();
    m_charted.clear();
}

void ExplorePage::setPlace(const MonitoringPlace& place)
{
    drop();
    m_notes->setNotes({});
    m_place = place;
    monitoring::PrometheusServer* server = place.source ? place.source->server() : nullptr;
    m_ask->setEnabled(server != nullptr);
    if (server) {
        m_names = std::make_unique<monitoring::ServerNames>(*server, *m_parts.clock);
        m_edit->setNames(m_names.get());
        m_probe = std::make_unique<monitoring::DataProbe>(*server);
        m_answer = std::make_shared<QueryAnswer>(*server, *m_parts.clock);
        connect(m_answer.get(), &QueryAnswer::ended, this, &ExplorePage::onAnswer);
    }
    showTab();
}

void ExplorePage::open(const QString& query)
{
    m_edit->setQuery(oneOf(query));
    m_tabs->setCurrentIndex(ChartTab);
    ask();
}

void ExplorePage::goThroughHistory(int direction)
{
    const int next = m_past - direction;
    if (next < 0 || next >= m_parts.history->size())
        return;
    m_past = next;
    m_edit->setQuery(m_parts.history->at(next));
}

void ExplorePage::ask()
{
    const QString query = m_edit->query().trimmed();
    if (query.isEmpty() || !m_answer) {
        m_edit->setFocus();
        return;
    }
    m_past = -1;
    m_asked = query;
    m_isNew = true;
    m_edit->setProblem(std::nullopt);
    if (m_tabs->currentIndex() == HistoryTab)
        m_tabs->setCurrentIndex(TableTab);
    if (m_table->model()->source() != m_answer)
        m_table->setSource(m_answer);
    askTable();
    showTab();
    showNotes();
}

void ExplorePage::askTable()
{
    if (!m_answer || m_asked.isEmpty())
        return;
    const auto& range = m_parts.range;
    m_answer->ask(m_asked, range->range().follows() ? std::nullopt : std::optional(range->toMs()));
    askSoon();
}

void ExplorePage::askSoon()
{
    m_timer.reset();
    // A chart asks by itself; a moment that is fixed stays as it is.
    if (m_parts.range->range().follows())
        m_timer = m_parts.clock->after(this, refreshMs, [this] {
            if (isVisible() && m_tabs->currentIndex() == TableTab)
                askTable();
        });
}

void ExplorePage::showChart()
{
    if (m_charted == m_asked && m_chart)
        return;
    delete std::exchange(m_chart, nullptr);
    m_charted = m_asked;
    m_chart = new PanelChart(*m_place.source->server(), planFor(m_asked), m_place.source->name(), *m_parts.range,
                             *m_parts.dialogs, *m_parts.clock, this);
    m_chart->setContentsMargins(16, 4, 16, 16);
    m_chart->chart()->setMarks(m_place.marks, true);
    m_stack->addWidget(m_chart);
}

void ExplorePage::showTab()
{
    showOrigin();
    const int tab = m_tabs->currentIndex();
    if (tab == HistoryTab) {
        m_stack->setCurrentWidget(m_history);
        return;
    }
    if (m_asked.isEmpty() || !m_answer) {
        m_stack->setCurrentWidget(m_state);
        return;
    }
    if (tab == ChartTab) {
        showChart();
        m_stack->setCurrentWidget(m_chart);
        return;
    }
    m_stack->setCurrentWidget(m_table);
    if (!m_timer && isVisible())
        askTable();
}

void ExplorePage::onAnswer()
{
    const auto& error = m_answer->error();
    if (std::exchange(m_isNew, false)) {
        if (!error) {
            m_parts.history->add(m_asked, monitoring::sizeText(*m_answer->answer()));
            // The value beside the name, however many labels there are.
            table::ColumnLayout layout = m_table->columnLayout();
            layout.order = {m_answer->columns().front().id, u"value"_s};
            m_table->setColumnLayout(layout);
            explain();
        } else if (isMistake() && m_edit->query().trimmed() == m_asked)
            m_edit->setProblem(monitoring::queryPosition(error->detail), error->sentence);
    }
    showOrigin();
    showNotes();
}

/// Only what a person has asked, not each of its repetitions.
void ExplorePage::explain()
{
    m_probe->rest();
    if (m_answer->answer()->points() > 0)
        return;
    const QString title = tr("The answer has no series");
    m_table->setEmptyText(title, tr("The reason is being looked for."));
    const auto& range = m_parts.range;
    const qint64 at = range->toMs();
    m_probe->ask(m_asked, {at, at},
                 [this, title](const monitoring::DataFindings& found) { m_table->setEmptyText(title, found.text()); });
}

bool ExplorePage::isMistake() const
{
    return m_answer && m_answer->error() && m_answer->error()->kind == Error::Kind::BadInput;
}

void ExplorePage::showNotes()
{
    QList<QueryNotes::Note> notes;
    if (m_answer && m_answer->error())
        notes << QueryNotes::Note{table::Health::Bad, m_answer->error()->text(),
                                  m_edit->problemAt() ? tr("Go there") : QString()};
    // What cannot be read at all, the server itself explains better.
    if (monitoring::parsePromql(m_asked)) {
        for (const monitoring::QueryRemark& remark : monitoring::remarksOn(m_asked))
            notes << QueryNotes::Note{table::Health::Warning, remark.text(), {}};
    }
    if (m_answer && m_answer->answer()) {
        QStringList all = m_answer->answer()->warnings + m_answer->answer()->infos;
        if (const QString clocks = m_place.source->server()->clockRemark(); !clocks.isEmpty())
            all.prepend(clocks);
        for (const QString& said : std::as_const(all))
            notes << QueryNotes::Note{table::Health::Warning, said, {}};
    }
    m_notes->setNotes(notes);
}

void ExplorePage::showOrigin()
{
    QStringList words;
    if (m_place.source && m_tabs->currentIndex() == TableTab && m_answer && m_answer->answer() && !m_asked.isEmpty()) {
        words << m_place.source->name() << monitoring::sizeText(*m_answer->answer());
        if (m_answer->leftOut() > 0)
            words << tr("%1 more are not shown").arg(m_answer->leftOut());
        words << tr("%1 ms").arg(m_answer->tookMs());
        if (!m_parts.range->range().follows())
            words << tr("as of %1")
                         .arg(QDateTime::fromMSecsSinceEpoch(m_parts.range->toMs()).toString(u"yyyy-MM-dd HH:mm:ss"));
    }
    m_origin->setLine(words.join(u" · "_s));
}

void ExplorePage::showEvent(QShowEvent* event)
{
    MonitoringPage::showEvent(event);
    if (m_tabs->currentIndex() == TableTab && !m_asked.isEmpty())
        askTable();
}

void ExplorePage::hideEvent(QHideEvent* event)
{
    MonitoringPage::hideEvent(event);
    m_timer.reset();
    if (m_answer)
        m_answer->rest();
}

} // namespace wk::widgets
