// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/overview/OverviewPanel.h"

#include "widgets/common/Health.h"
#include "widgets/common/StateView.h"
#include "widgets/common/Theme.h"

#include <QtCore/QTimer>
#include <QtWidgets/QGridLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QScrollArea>
#include <QtWidgets/QVBoxLayout>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using table::Health;

OverviewPanel::OverviewPanel(std::shared_ptr<Clock> clock, QWidget* parent) : QWidget(parent), m_clock(std::move(clock))
{
    setObjectName(u"overviewPanel"_s);
    m_headlineIcon = new QLabel(this);
    m_headline = new QLabel(this);
    m_headline->setObjectName(u"overviewHeadline"_s);
    m_headline->setTextFormat(Qt::PlainText);
    m_headline->setFont(Theme::of(this).font(Theme::Role::TitleStrong));
    auto* head = new QHBoxLayout;
    head->setContentsMargins(16, 12, 16, 8);
    head->setSpacing(8);
    head->addWidget(m_headlineIcon);
    head->addWidget(m_headline, 1);

    m_content = new QWidget(this);
    m_content->setLayout(new QVBoxLayout);
    m_scroll = new QScrollArea(this);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setWidget(m_content);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_state = new StateView(this);
    m_state->setObjectName(u"overviewState"_s);
    connect(m_state, &StateView::actionTriggered, this, [this] { emit actionRequested({}); });

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(head);
    m_head = head;
    layout->addWidget(m_scroll, 1);
    layout->addWidget(m_state, 1);
    setNoEntries(tr("Reading platforms and kubeconfig"), {}, {});

    auto* ages = new QTimer(this);
    ages->setInterval(5000);
    connect(ages, &QTimer::timeout, this, [this] {
        for (OverviewTile* tile : std::as_const(m_tiles))
            tile->refreshAges();
    });
    ages->start();
    connect(&Theme::of(this), &Theme::changed, this, &OverviewPanel::refreshHeadline);
    setEntries({});
}

void OverviewPanel::addToHead(QWidget* widget) { m_head->addWidget(widget); }

void OverviewPanel::setNoEntries(const QString& title, const QString& hint, const QString& action)
{
    m_state->showEmpty(title, hint, action);
}

OverviewTile* OverviewPanel::makeTile(const OverviewEntry& entry)
{
    auto* tile = new OverviewTile(entry, m_clock, m_content);
    const QString id = entry.id;
    connect(tile, &OverviewTile::openRequested, this,
            [this, id](const cluster::ClusterTarget& target) { emit openRequested(id, target); });
    connect(tile, &OverviewTile::explainRequested, this, [this, id] { emit explainRequested(id); });
    connect(tile, &OverviewTile::actionRequested, this, [this, id] { emit actionRequested(id); });
    connect(tile, &OverviewTile::pageRequested, this,
            [this, id](const QString& page, const QString& filter) { emit pageRequested(id, page, filter); });
    connect(tile, &OverviewTile::changesRequested, this, &OverviewPanel::changesRequested);
    tile->setExpanded(m_expanded.contains(id));
    connect(tile, &OverviewTile::expanded, this, [this, id](bool all) {
        if (all)
            m_expanded.insert(id);
        else
            m_expanded.remove(id);
    });
    tile->setWaiting(m_waiting.value(entry.platform));
    connect(tile, &OverviewTile::refreshed, this, &OverviewPanel::refreshHeadline);
    return tile;
}

void OverviewPanel::setEntries(const QList<OverviewEntry>& entries)
{
    QList<OverviewTile*> old = std::exchange(m_tiles, {});
    for (const OverviewEntry& entry : entries) {
        const auto same = std::find_if(old.begin(), old.end(), [&](const OverviewTile* tile) {
            const OverviewEntry& e = tile->entry();
            return e.id == entry.id && e.overview == entry.overview && e.pulse == entry.pulse &&
                   e.problem == entry.problem && e.title == entry.title && e.detail == entry.detail;
        });
        if (same != old.end()) {
            m_tiles.append(*same);
            old.erase(same);
            continue;
        }
        m_tiles.append(makeTile(entry));
    }
    for (OverviewTile* tile : std::as_const(old)) {
        tile->hide();
        tile->deleteLater();
    }
    m_state->setVisible(m_tiles.isEmpty());
    m_scroll->setVisible(!m_tiles.isEmpty());
    m_columns = 0;
    arrange();
    giveRoom();
    refreshHeadline();
}

void OverviewPanel::setWaiting(const QHash<QString, QStringList>& sentences)
{
    m_waiting = sentences;
    for (OverviewTile* tile : std::as_const(m_tiles))
        tile->setWaiting(m_waiting.value(tile->entry().platform));
}

int OverviewPanel::columns() const
{
    const int fit = width() >= 1'680 ? 3 : width() >= 920 ? 2 : 1;
    return std::clamp(int(m_tiles.size()), 1, fit);
}

void OverviewPanel::arrange()
{
    const int wanted = columns();
    if (wanted == m_columns)
        return;
    m_columns = wanted;
    delete m_content->layout();
    // Columns of their own height: a tile with much to say leaves no hole beside it.
    auto* row = new QHBoxLayout(m_content);
    row->setContentsMargins(16, 0, 16, 16);
    row->setSpacing(16);
    QList<QVBoxLayout*> stacks;
    for (int c = 0; c < wanted; ++c) {
        auto* stack = new QVBoxLayout;
        stack->setSpacing(16);
        row->addLayout(stack, 1);
        stacks.append(stack);
    }
    for (qsizetype i = 0; i < m_tiles.size(); ++i) {
        stacks[i % wanted]->addWidget(m_tiles[i]);
        m_tiles[i]->show();
    }
    for (QVBoxLayout* stack : std::as_const(stacks))
        stack->addStretch(1);
}

/// As much in each tile as lets all of them be seen at once, where that is possible.
void OverviewPanel::giveRoom()
{
    constexpr int full = 700, brief = 370; ///< what a tile takes at most and as a rule
    const int rows = int(m_tiles.size() + columns() - 1) / columns();
    const int each = rows > 0 ? (m_scroll->height() - 16 * rows) / rows : full;
    for (OverviewTile* tile : std::as_const(m_tiles))
        tile->setRoom(each >= full || rows == 1 ? TileRoom::Full : each >= brief ? TileRoom::Brief : TileRoom::Tight);
}

QString OverviewPanel::headline() const { return m_headline->text(); }

void OverviewPanel::refreshHeadline()
{
    int live = 0, ill = 0, unreachable = 0;
    Health worst = Health::Good;
    QStringList names;
    for (const OverviewTile* tile : std::as_const(m_tiles)) {
        const auto& overview = tile->entry().overview;
        if (!overview)
            continue;
        using State = table::Freshness::State;
        const State state = overview->freshness().state;
        if (state == State::Failed || state == State::Unavailable) {
            ++unreachable;
            names.append(tile->entry().title);
            worst = Health::Bad;
        } else if (state != State::Loading && state != State::Idle) {
            ++live;
            const Health health = tile->health();
            if (health == Health::Bad || health == Health::Warning) {
                ++ill;
                names.append(tile->entry().title);
                if (worst != Health::Bad)
                    worst = health;
            }
        }
    }
    QString text;
    if (live + unreachable == 0)
        text = m_tiles.isEmpty() ? QString() : tr("Overview");
    else if (ill + unreachable == 0)
        text = live == 1 ? tr("Nothing needs a look") : tr("All %1 platforms are well").arg(live);
    else
        text = (ill + unreachable == 1 ? tr("%1 of %2 needs a look: %3") : tr("%1 of %2 need a look: %3"))
                   .arg(ill + unreachable)
                   .arg(live + unreachable)
                   .arg(names.join(u", "_s));
    m_headline->setText(text);
    m_headlineIcon->setVisible(live + unreachable > 0);
    m_headlineIcon->setPixmap(healthIcon(worst).pixmap(20, 20));
}

void OverviewPanel::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
    giveRoom();
}

void OverviewPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    emit watchedChanged(true);
}

void OverviewPanel::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    emit watchedChanged(false);
}

} // namespace wk::widgets
