// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/Chart.h"

#include "widgets/charts/ChartExport.h"
#include "widgets/charts/ChartLegend.h"
#include "widgets/charts/ChartPlot.h"
#include "widgets/charts/LegendArea.h"
#include "widgets/charts/MarkBar.h"
#include "widgets/charts/TimeRangeWords.h"
#include "widgets/common/ElidedLabel.h"
#include "widgets/common/FileDialogs.h"
#include "widgets/common/Icons.h"
#include "widgets/common/StateView.h"
#include "widgets/common/Theme.h"

#include <QtGui/QClipboard>
#include <QtGui/QGuiApplication>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QMenu>
#include <QtWidgets/QStackedLayout>
#include <QtWidgets/QToolButton>
#include <QtWidgets/QVBoxLayout>

#include <cmath>

namespace wk::widgets {

using namespace Qt::StringLiterals;

namespace {

constexpr int leastNotice = 120;

double largest(const ChartSeries& series)
{
    double most = 0;
    if (series.data) {
        for (const double value : series.data->value)
            most = std::isfinite(value) ? std::max(most, std::abs(value)) : most;
    }
    return most;
}

/// Keeps the largest `atMost`, in their own order.
void keepLargest(std::vector<ChartSeries>& all, size_t atMost)
{
    std::vector<std::pair<double, size_t>> sizes;
    for (size_t i = 0; i < all.size(); ++i)
        sizes.emplace_back(-largest(all[i]), i);
    std::ranges::nth_element(sizes, sizes.begin() + qptrdiff(atMost));
    sizes.resize(atMost);
    std::vector<size_t> kept;
    std::ranges::transform(sizes, std::back_inserter(kept), &std::pair<double, size_t>::second);
    std::ranges::sort(kept);
    std::vector<ChartSeries> left;
    for (const size_t index : kept)
        left.push_back(std::move(all[index]));
    all = std::move(left);
}

} // namespace

Chart::Chart(series::TimeRangeModel& range, FileDialogs& files, QWidget* parent)
    : QWidget(parent), m_range(range), m_files(files), m_title(new ElidedLabel(this)), m_unit(new QLabel(this)),
      m_notice(new ElidedLabel(this)), m_query(new QToolButton(this)), m_menu(new QToolButton(this)),
      m_stack(new QStackedLayout), m_plot(new ChartPlot(range, this)), m_legend(new ChartLegend(this)),
      m_state(new StateView(this))
{
    build();
    connect(m_legend, &ChartLegend::hiddenChanged, this, [this] { m_plot->setHidden(m_legend->hiddenIds()); });
    connect(m_legend, &ChartLegend::highlighted, m_plot, &ChartPlot::setHighlighted);
    connect(m_plot, &ChartPlot::crosshairMoved, this, &Chart::crosshairMoved);
    connect(m_plot, &ChartPlot::markActivated, this, [this](const series::Mark& mark) {
        emit markActivated(mark);
        if (m_marks)
            m_marks->activate(mark);
    });
    connect(m_state, &StateView::actionTriggered, this, &Chart::actionTriggered);
    connect(&m_range, &series::TimeRangeModel::changed, this, &Chart::refreshMarks);
}

Chart::~Chart()
{
    // A window that closes takes the focus away, and the plot tells so, when this is half gone.
    m_plot->disconnect(this);
    m_legend->disconnect(this);
    m_marksWatch.reset();
}

void Chart::build()
{
    const Theme& theme = Theme::of(this);
    m_title->setObjectName(u"chartTitle"_s);
    m_title->setFont(theme.font(Theme::Role::BaseStrong));
    m_unit->setForegroundRole(QPalette::PlaceholderText);
    m_notice->setObjectName(u"chartNotice"_s);
    m_notice->setFont(theme.font(Theme::Role::Small));
    m_notice->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_notice->hide();
    // Both give way: what a server says must not make a chart wider than its place.
    m_notice->setMinimumWidth(leastNotice);
    m_title->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
    m_query->setObjectName(u"chartQuery"_s);
    m_query->setIcon(icon(u"search"));
    m_query->setAutoRaise(true);
    connect(m_query, &QToolButton::clicked, this, [this] { emit queryRequested(m_content.query); });
    m_menu->setObjectName(u"chartMenu"_s);
    m_menu->setIcon(icon(u"more"));
    m_menu->setPopupMode(QToolButton::InstantPopup);
    m_menu->setToolTip(tr("Query, picture and values of this chart"));
    m_menu->setAccessibleName(m_menu->toolTip());
    auto* menu = new QMenu(m_menu);
    menu->addAction(tr("Copy the query"), this, [this] { QGuiApplication::clipboard()->setText(m_content.query); });
    menu->addSeparator();
    menu->addAction(tr("Save as PNG…"), this, &Chart::exportPng);
    menu->addAction(tr("Save the values as CSV…"), this, &Chart::exportCsv);
    m_menu->setMenu(menu);
    m_state->setObjectName(u"chartState"_s);

    auto* head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(m_title);
    head->addWidget(m_unit);
    head->addStretch(1);
    head->addWidget(m_notice, 100);
    head->addWidget(m_query);
    head->addWidget(m_menu);
    auto* body = new QWidget(this);
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins({});
    column->setSpacing(4);
    column->addWidget(m_plot, 1);
    m_legendArea = new LegendArea(m_legend, this);
    column->addWidget(m_legendArea);
    m_markBar = new MarkBar(m_range, this);
    column->addWidget(m_markBar);
    m_stack->addWidget(body);
    m_stack->addWidget(m_state);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins({});
    all->setSpacing(4);
    all->addLayout(head);
    all->addLayout(m_stack, 1);
}

bool Chart::showsState() const { return m_stack->currentWidget() == m_state; }

QString Chart::notice() const { return m_notice->isHidden() ? QString() : m_notice->text(); }

void Chart::setNotice(const QString& text, bool bad)
{
    const Theme& theme = Theme::of(this);
    QPalette palette = m_notice->palette();
    palette.setColor(QPalette::WindowText, theme.color(bad ? Theme::Token::Bad : Theme::Token::Warning));
    m_notice->setPalette(palette);
    m_notice->setLine(text);
    m_notice->setVisible(!text.isEmpty());
}

void Chart::refreshTitle()
{
    m_title->setText(m_content.title);
    const QString symbol = series::unitSymbol(m_content.unit);
    m_unit->setText(symbol);
    m_unit->setVisible(!symbol.isEmpty());
    QStringList origin;
    if (!m_content.query.isEmpty())
        origin += m_content.query;
    if (!m_content.source.isEmpty())
        origin += tr("asked from %1").arg(m_content.source);
    if (m_content.fetchedMs > 0)
        origin += tr("at %1").arg(instantWords(m_content.fetchedMs));
    m_title->setToolTip(origin.join(u'\n'));
    m_query->setEnabled(!m_content.query.isEmpty());
    m_query->setToolTip(m_content.query.isEmpty() ? tr("There is no query")
                                                  : tr("Open the query in the explorer:") + u'\n' + m_content.query);
    m_query->setAccessibleName(tr("Open the query of %1").arg(m_content.title));
    for (QAction* action : m_menu->menu()->actions())
        action->setEnabled(m_has && (!m_content.query.isEmpty() || !action->text().contains(tr("query"))));
}

void Chart::setTitle(const QString& title, series::Unit unit)
{
    m_content.title = title;
    m_content.unit = unit;
    refreshTitle();
}

void Chart::setContent(ChartContent content)
{
    QString notice = content.notice;
    if (content.series.size() > mostSeries) {
        const QString cut = tr("Only the %1 largest of %2 series are drawn").arg(mostSeries).arg(content.series.size());
        notice = notice.isEmpty() ? cut : cut + u". "_s + notice;
        keepLargest(content.series, mostSeries);
    }
    m_content = std::move(content);
    m_has = true;
    m_legend->setContent(m_content);
    m_plot->setHidden(m_legend->hiddenIds());
    m_plot->setContent(m_content);
    refreshMarks();
    setNotice(notice, false);
    refreshTitle();
    m_stack->setCurrentIndex(0);
    // While a state was shown nobody asked how high the legend wants to be.
    m_legendArea->updateGeometry();
}

void Chart::setMarks(std::shared_ptr<series::MarkBoard> board, bool withBar)
{
    if (m_marks)
        m_marks->disconnect(this);
    m_marksWatch.reset();
    m_marks = std::move(board);
    m_markBar->setBoard(withBar ? m_marks : nullptr);
    if (!m_marks)
        return;
    connect(m_marks.get(), &series::MarkBoard::changed, this, &Chart::refreshMarks);
    if (isVisible())
        m_marksWatch = m_marks->watch();
    refreshMarks();
}

void Chart::refreshMarks()
{
    if (!m_marks || !isVisible())
        return;
    const qint64 from = m_range.fromMs(), to = m_range.toMs();
    m_marks->want(from, to);
    m_content.marks = m_marks->marks(from, to);
    m_plot->setMarks(m_content.marks);
}

void Chart::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (m_marks)
        m_marksWatch = m_marks->watch();
    refreshMarks();
}

void Chart::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    m_marksWatch.reset();
}

void Chart::setLoading(const QString& step)
{
    if (m_has)
        return;
    m_state->showLoading(step);
    m_stack->setCurrentWidget(m_state);
    refreshTitle();
}

void Chart::setEmpty(const QString& title, const QString& hint, const QString& action)
{
    m_has = false;
    m_state->showEmpty(title, hint, action);
    m_stack->setCurrentWidget(m_state);
    refreshTitle();
}

void Chart::setFailed(const Error& error, const QString& action)
{
    if (m_has) {
        setNotice(m_content.fetchedMs > 0
                      ? tr("Stale since %1: %2").arg(instantWords(m_content.fetchedMs), error.text())
                      : tr("Stale: %1").arg(error.text()),
                  true);
        return;
    }
    m_state->showFailed(tr("No values"), error, action);
    m_stack->setCurrentWidget(m_state);
    refreshTitle();
}

QString Chart::fileName(const QString& suffix) const
{
    QString name = m_content.title.isEmpty() ? tr("chart") : m_content.title;
    for (QChar& c : name) {
        if (!c.isLetterOrNumber())
            c = u'-';
    }
    return name + suffix;
}

void Chart::exportPng()
{
    m_files.saveFile(this, tr("Save the chart"), fileName(u".png"_s), tr("Pictures (*.png)"),
                     [this](const QString& path) {
                         if (path.isEmpty())
                             return;
                         if (const auto saved = saveChartPng(*this, path); !saved)
                             setNotice(saved.error().text(), true);
                     });
}

void Chart::exportCsv()
{
    m_files.saveFile(this, tr("Save the values"), fileName(u".csv"_s), tr("Values (*.csv)"),
                     [this](const QString& path) {
                         if (path.isEmpty())
                             return;
                         if (const auto saved = saveChartCsv(m_content, m_range.fromMs(), m_range.toMs(), path); !saved)
                             setNotice(saved.error().text(), true);
                     });
}

} // namespace wk::widgets
