// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/overview/OverviewTile.h"

#include "widgets/common/FreshnessLabel.h"
#include "widgets/common/Health.h"
#include "widgets/common/Icons.h"
#include "widgets/common/StateView.h"
#include "widgets/common/Theme.h"

#include <QtCore/QTimer>
#include <QtWidgets/QGridLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QVBoxLayout>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using table::Freshness;

namespace {

/// A snapshot is worked out at most this often; a person reads no faster.
constexpr int refreshMs = 250;
/// Left and right of everything. Rows reach further out by their own margin, so that their icons stand below the title.
constexpr int side = 16;

} // namespace

OverviewTile::OverviewTile(OverviewEntry entry, std::shared_ptr<Clock> clock, QWidget* parent)
    : QFrame(parent), m_entry(std::move(entry)), m_clock(std::move(clock))
{
    setObjectName(u"overviewTile-"_s + m_entry.id);
    setProperty("wkTile", true);
    build();
    if (m_entry.overview) {
        auto* timer = new QTimer(this);
        timer->setSingleShot(true);
        timer->setInterval(refreshMs);
        connect(timer, &QTimer::timeout, this, &OverviewTile::refresh);
        const auto later = [timer] {
            if (!timer->isActive())
                timer->start();
        };
        connect(m_entry.overview.get(), &cluster::Overview::changed, this, later);
        connect(m_entry.overview.get(), &cluster::Overview::freshnessChanged, this, later);
    }
    // Pixmaps and palettes made by hand do not follow the scheme by themselves.
    connect(&Theme::of(this), &Theme::changed, this, &OverviewTile::refresh);
    refresh();
}

void OverviewTile::build()
{
    const Theme& theme = Theme::of(this);
    setFrameShape(QFrame::NoFrame);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);

    auto* title = new QLabel(m_entry.title, this);
    title->setObjectName(u"tileTitle"_s);
    title->setFont(theme.font(Theme::Role::TitleStrong));
    title->setTextFormat(Qt::PlainText);
    auto* detail = new QLabel(m_entry.detail, this);
    detail->setTextFormat(Qt::PlainText);
    detail->setForegroundRole(QPalette::PlaceholderText);
    detail->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_freshness = new FreshnessLabel(this);
    m_freshness->setObjectName(u"tileFreshness"_s);
    auto* top = new QHBoxLayout;
    top->setSpacing(8);
    top->addWidget(title, 0, Qt::AlignBaseline);
    top->addWidget(detail, 1, Qt::AlignBaseline);
    top->addWidget(m_freshness, 0);

    m_verdictIcon = new QLabel(this);
    m_verdict = new QLabel(this);
    m_verdict->setObjectName(u"tileVerdict"_s);
    m_verdict->setTextFormat(Qt::PlainText);
    m_verdict->setWordWrap(true);
    m_verdict->setFont(theme.font(Theme::Role::BaseStrong));
    auto* verdictLine = new QHBoxLayout;
    verdictLine->setContentsMargins(OverviewRow::margin, 0, OverviewRow::margin, 0);
    verdictLine->setSpacing(8);
    verdictLine->addWidget(m_verdictIcon);
    verdictLine->addWidget(m_verdict, 1);

    m_body = new QWidget(this);
    auto* body = new QVBoxLayout(m_body);
    body->setContentsMargins(0, 0, 0, 0);
    body->setSpacing(8);
    body->addLayout(verdictLine);
    m_trouble = makeSection(u"tileTrouble"_s, {}, body);
    m_facts = makeSection(u"tileFacts"_s, {}, body);
    m_services = makeSection(u"tileServices"_s, tr("Services"), body);
    m_warnings = makeSection(u"tileWarnings"_s, tr("Warnings in the last hour"), body);
    m_foot = new QLabel(m_body);
    m_foot->setFont(theme.font(Theme::Role::Small));
    m_foot->setForegroundRole(QPalette::PlaceholderText);
    m_foot->setWordWrap(true);
    m_foot->setContentsMargins(OverviewRow::margin, 0, OverviewRow::margin, 0);
    body->addWidget(m_foot);
    body->addStretch(1);

    m_state = new StateView(this);
    m_state->setObjectName(u"tileState"_s);
    connect(m_state, &StateView::actionTriggered, this, [this] {
        if (m_entry.overview)
            emit explainRequested();
        else
            emit actionRequested();
    });

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(side - OverviewRow::margin, 12, side - OverviewRow::margin, 12);
    layout->setSpacing(8);
    top->setContentsMargins(OverviewRow::margin, 0, OverviewRow::margin, 0);
    layout->addLayout(top);
    layout->addWidget(m_body, 1);
    layout->addWidget(m_state, 1);
}

OverviewTile::Section OverviewTile::makeSection(const QString& name, const QString& title, QVBoxLayout* into)
{
    Section section;
    section.box = new QWidget(m_body);
    section.box->setObjectName(name);
    auto* layout = new QVBoxLayout(section.box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    section.title = new QLabel(title, section.box);
    section.title->setFont(Theme::of(this).font(Theme::Role::SmallStrong));
    section.title->setForegroundRole(QPalette::PlaceholderText);
    section.title->setContentsMargins(OverviewRow::margin, 0, OverviewRow::margin, 0);
    section.title->setVisible(!title.isEmpty());
    layout->addWidget(section.title);
    section.grid = new QGridLayout;
    section.grid->setContentsMargins(0, 0, 0, 0);
    section.grid->setHorizontalSpacing(8);
    section.grid->setVerticalSpacing(0);
    layout->addLayout(section.grid);
    into->addWidget(section.box);
    return section;
}

void OverviewTile::fill(Section& section, const QList<OverviewLine>& lines, int columns)
{
    section.box->setVisible(!lines.isEmpty());
    while (section.rows.size() < lines.size()) {
        auto* row = new OverviewRow(section.box);
        const qsizetype index = section.rows.size();
        row->setObjectName(section.box->objectName() + u"Row"_s + QString::number(index));
        connect(row, &QAbstractButton::clicked, this, [this, &section, index] {
            const cluster::ClusterTarget target = section.targets.value(index);
            if (!target.kindId.isEmpty())
                emit openRequested(target);
        });
        section.rows.append(row);
    }
    section.targets.clear();
    for (qsizetype i = 0; i < section.rows.size(); ++i) {
        OverviewRow* row = section.rows[i];
        row->setVisible(i < lines.size());
        if (i >= lines.size())
            continue;
        // Column by column, so that a list reads downwards.
        const int perColumn = int((lines.size() + columns - 1) / columns);
        section.grid->addWidget(row, int(i) % perColumn, int(i) / perColumn);
        row->setContent(lines[i].content);
        row->setEnabled(true);
        section.targets.append(lines[i].target);
    }
    for (int c = 0; c < section.grid->columnCount(); ++c)
        section.grid->setColumnStretch(c, c < columns ? 1 : 0);
}

int OverviewTile::serviceColumns() const { return width() >= 760 ? 3 : width() >= 460 ? 2 : 1; }

void OverviewTile::refresh()
{
    if (!m_entry.overview) {
        showState();
        emit refreshed();
        return;
    }
    refreshAges();
    const Freshness freshness = m_entry.overview->freshness();
    using State = Freshness::State;
    const bool nothing = freshness.state == State::Loading || freshness.state == State::Idle ||
                         freshness.state == State::Failed || freshness.state == State::Unavailable;
    if (nothing)
        showState();
    else
        showBody();
    emit refreshed();
}

void OverviewTile::refreshAges()
{
    m_freshness->setVisible(m_entry.overview != nullptr);
    if (m_entry.overview)
        m_freshness->setFreshness(m_entry.overview->freshness(), m_clock->nowMs());
}

void OverviewTile::showBody()
{
    const Theme& theme = Theme::of(this);
    m_state->hide();
    m_body->show();
    m_text = overviewText(m_entry.overview->snapshot(), m_entry.overview->spec(), m_clock->nowMs());
    m_verdict->setText(m_text.verdict);
    const Theme::Token token = healthToken(m_text.health);
    const bool calm = m_text.health == table::Health::Good || m_text.health == table::Health::None;
    QPalette colours = m_verdict->palette();
    colours.setColor(QPalette::WindowText, theme.color(calm ? Theme::Token::Text : token));
    m_verdict->setPalette(colours);
    m_verdictIcon->setPixmap(healthIcon(m_text.health).pixmap(16, 16));
    QList<OverviewLine> trouble = m_text.trouble;
    if (m_text.moreTrouble > 0)
        trouble.append({{.text = tr("%1 more").arg(m_text.moreTrouble), .detail = {}, .figure = {}, .tooltip = {}},
                        {.kindId = u"pods"_s, .space = {}, .name = {}, .filter = u"is:trouble"_s}});
    fill(m_trouble, trouble, 1);
    fill(m_facts, m_text.facts, width() >= 520 ? 3 : 1);
    m_columns = serviceColumns();
    fill(m_services, m_text.services, m_columns);
    QList<OverviewLine> warnings = m_text.warnings;
    if (m_text.moreWarnings > 0)
        warnings.append({{.text = tr("%1 more").arg(m_text.moreWarnings), .detail = {}, .figure = {}, .tooltip = {}},
                         {.kindId = u"events"_s, .space = {}, .name = {}, .filter = u"type:Warning age<1h"_s}});
    fill(m_warnings, warnings, 1);
    const QStringList missing = m_entry.overview->unavailable();
    m_foot->setVisible(!missing.isEmpty());
    m_foot->setText(tr("Not counted, because this user may not read them: %1.").arg(missing.join(u", "_s)));
}

void OverviewTile::showState()
{
    m_body->hide();
    m_state->show();
    if (!m_entry.overview) {
        m_state->showEmpty(m_entry.problem, m_entry.remedy, m_entry.action);
        return;
    }
    const Freshness freshness = m_entry.overview->freshness();
    using State = Freshness::State;
    std::optional<Error> error = freshness.error;
    if (!error && m_entry.cluster)
        error = m_entry.cluster->state().error;
    if (freshness.state == State::Failed && error)
        m_state->showFailed(tr("%1 cannot be reached").arg(m_entry.title), *error, tr("Explain"));
    else if (freshness.state == State::Unavailable && error)
        m_state->showUnavailable(tr("%1 shows nothing to this user").arg(m_entry.title), *error);
    else
        m_state->showLoading(m_entry.cluster ? tr("Connecting to %1").arg(m_entry.cluster->name()) : tr("Connecting"));
}

void OverviewTile::resizeEvent(QResizeEvent* event)
{
    QFrame::resizeEvent(event);
    if (m_entry.overview && m_body->isVisible() && m_columns != serviceColumns())
        showBody();
}

} // namespace wk::widgets
