// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/overview/OverviewTile.h"

#include "widgets/common/ElidedLabel.h"
#include "widgets/common/FreshnessLabel.h"
#include "widgets/common/Health.h"
#include "widgets/common/Icons.h"
#include "widgets/common/StateView.h"
#include "widgets/common/Theme.h"
#include "widgets/overview/PulseView.h"
#include "widgets/overview/RowSection.h"

#include <QtCore/QTimer>
#include <QtWidgets/QLabel>
#include <QtWidgets/QToolButton>
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
        if (m_entry.pulse)
            connect(m_entry.pulse.get(), &monitoring::Pulse::changed, this, later);
        if (m_entry.probes)
            connect(m_entry.probes.get(), &monitoring::ProbeSource::changed, this, later);
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
    title->setFont(farFont(theme));
    title->setTextFormat(Qt::PlainText);
    auto* detail = new ElidedLabel(this);
    detail->setLine(m_entry.detail);
    detail->setForegroundRole(QPalette::PlaceholderText);
    detail->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_freshness = new FreshnessLabel(this);
    m_freshness->setObjectName(u"tileFreshness"_s);
    m_more = new QToolButton(this);
    m_more->setObjectName(u"tileMore"_s);
    m_more->setAutoRaise(true);
    m_more->setCheckable(true);
    m_more->hide();
    connect(m_more, &QToolButton::toggled, this, [this](bool all) {
        applyRoom();
        emit expanded(all);
    });
    auto* top = new QHBoxLayout;
    top->setSpacing(8);
    top->addWidget(title, 0, Qt::AlignBaseline);
    top->addWidget(detail, 1, Qt::AlignBaseline);
    top->addWidget(m_freshness, 0);
    top->addWidget(m_more, 0);

    buildBody();
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

void OverviewTile::buildBody()
{
    const Theme& theme = Theme::of(this);
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
    m_waiting = new RowSection(u"tileWaiting"_s, {}, m_body);
    connect(m_waiting, &RowSection::activated, this, &OverviewTile::changesRequested);
    body->addWidget(m_waiting);
    if (m_entry.pulse) {
        m_pulse = new PulseView(m_entry.pulse, m_body);
        connect(m_pulse, &PulseView::pageRequested, this, &OverviewTile::pageRequested);
        body->addWidget(m_pulse);
    }
    m_probes = new RowSection(u"tileHealth"_s, {}, m_body);
    connect(m_probes, &RowSection::activated, this, [this](int row) {
        const PulseLink link = m_healthLines.value(row).link;
        emit pageRequested(link.page, link.filter);
    });
    makeSection(m_trouble, u"tileTrouble"_s, {}, body);
    body->addWidget(m_probes);
    makeSection(m_facts, u"tileFacts"_s, {}, body);
    makeSection(m_services, u"tileServices"_s, tr("Services"), body);
    makeSection(m_warnings, u"tileWarnings"_s, tr("Warnings in the last hour"), body);
    m_foot = new QLabel(m_body);
    m_foot->setFont(theme.font(Theme::Role::Small));
    m_foot->setForegroundRole(QPalette::PlaceholderText);
    m_foot->setWordWrap(true);
    m_foot->setContentsMargins(OverviewRow::margin, 0, OverviewRow::margin, 0);
    body->addWidget(m_foot);
    body->addStretch(1);
}

void OverviewTile::makeSection(Section& section, const QString& name, const QString& title, QVBoxLayout* into)
{
    section.box = new RowSection(name, title, m_body);
    connect(section.box, &RowSection::activated, this, [this, &section](int row) {
        const cluster::ClusterTarget target = section.targets.value(row);
        if (!target.kindId.isEmpty())
            emit openRequested(target);
    });
    into->addWidget(section.box);
}

void OverviewTile::fill(Section& section, const QList<OverviewLine>& lines, int columns)
{
    QList<OverviewRow::Content> rows;
    section.targets.clear();
    for (const OverviewLine& line : lines) {
        rows.append(line.content);
        section.targets.append(line.target);
    }
    section.box->setRows(rows, columns);
}

void OverviewTile::setWaiting(const QStringList& sentences)
{
    QList<OverviewRow::Content> rows;
    if (!sentences.isEmpty()) {
        rows.emplace_back();
        rows.first().health = table::Health::Info;
        rows.first().text =
            sentences.size() == 1 ? sentences.first() : tr("%1 changes wait for you").arg(sentences.size());
        rows.first().tooltip = sentences.join(u'\n');
    }
    m_waiting->setRows(rows, 1);
    refresh();
}

table::Health OverviewTile::health() const
{
    using table::Health;
    Health worst = m_text.health;
    for (const Health other : {m_pulse ? m_pulse->text().health : Health::None,
                               m_healthLines.isEmpty() ? Health::None : m_healthLines.first().content.health}) {
        if ((other == Health::Bad || other == Health::Warning) &&
            monitoring::urgencyOf(other) > monitoring::urgencyOf(worst))
            worst = other;
    }
    return worst;
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

/// What tells people comes first, then the cluster, then what was only asked from here.
void OverviewTile::showVerdict()
{
    const auto isCalm = [](table::Health health) {
        return health == table::Health::Good || health == table::Health::None;
    };
    QStringList parts;
    for (const QString& part :
         {m_pulse ? m_pulse->text().verdict : QString(), isCalm(m_text.health) ? QString() : m_text.verdict,
          m_entry.probes ? healthVerdict(*m_entry.probes) : QString()}) {
        if (!part.isEmpty())
            parts << part;
    }
    m_said = parts.isEmpty() ? m_text.verdict : parts.join(u". "_s);
    fitVerdict();
    const table::Health health = this->health();
    QPalette colours = m_verdict->palette();
    colours.setColor(QPalette::WindowText,
                     Theme::of(this).color(isCalm(health) ? Theme::Token::Text : healthToken(health)));
    m_verdict->setPalette(colours);
    m_verdictIcon->setPixmap(healthIcon(health).pixmap(16, 16));
}

void OverviewTile::showBody()
{
    m_state->hide();
    m_body->show();
    m_text = overviewText(m_entry.overview->snapshot(), m_entry.overview->spec(), m_clock->nowMs());
    if (m_pulse)
        m_pulse->refresh();
    showHealth();
    showVerdict();
    const TileRoom room = this->room();
    const int brief = m_waiting->isHidden() ? 2 : 1; // what waits takes the place of one
    const int most = room == TileRoom::Full ? maxTrouble : room == TileRoom::Brief ? brief : 0;
    QList<OverviewLine> trouble = m_text.trouble.first(std::min<qsizetype>(most, m_text.trouble.size()));
    if (m_text.moreTrouble > 0 && room == TileRoom::Full)
        trouble.append({{.text = tr("%1 more").arg(m_text.moreTrouble), .detail = {}, .figure = {}, .tooltip = {}},
                        podsInTrouble(m_entry.overview->spec())});
    fill(m_trouble, trouble, 1);
    const bool wide = width() >= 520;
    QList<OverviewLine> facts = m_text.facts;
    if (room == TileRoom::Tight) // what is well needs no line then
        facts.removeIf([](const OverviewLine& line) { return line.content.health == table::Health::Good; });
    fill(m_facts, facts, wide ? std::max(1, int(facts.size())) : 2);
    m_columns = serviceColumns();
    fill(m_services, room == TileRoom::Full ? m_text.services : QList<OverviewLine>(), m_columns);
    QList<OverviewLine> warnings = m_text.warnings;
    if (m_text.moreWarnings > 0)
        warnings.append({{.text = tr("%1 more").arg(m_text.moreWarnings), .detail = {}, .figure = {}, .tooltip = {}},
                         {.kindId = u"events"_s,
                          .space = {},
                          .name = {},
                          .filter = inSpaces(u"type:Warning age<1h"_s, m_entry.overview->spec())}});
    fill(m_warnings, room == TileRoom::Full ? warnings : QList<OverviewLine>(), 1);
    const QStringList missing = m_entry.overview->unavailable();
    m_foot->setVisible(!missing.isEmpty());
    m_foot->setText(tr("Not counted, because this user may not read them: %1.").arg(missing.join(u", "_s)));
}

} // namespace wk::widgets
