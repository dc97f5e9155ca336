// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/cluster/KindList.h"

#include "cluster/tallies/UsageTable.h"
#include "widgets/common/Health.h"
#include "widgets/common/Icons.h"
#include "widgets/common/Theme.h"

#include <QtGui/QKeyEvent>
#include <QtGui/QPainter>
#include <QtWidgets/QStyledItemDelegate>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using table::Freshness;
using table::Health;

namespace {

enum Role { KindRole = Qt::UserRole + 1, CountRole, TroubleRole, HealthRole };

/// A title at the left; at the right the count, and before it the number in trouble with its icon.
class KindDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const Theme& theme = Theme::of(option.widget);
        const bool group = !index.parent().isValid();
        return {120, theme.rowHeight() + (group && index.row() > 0 ? 4 : 0)};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const Theme& theme = Theme::of(option.widget);
        painter->save();
        const bool group = !index.parent().isValid();
        if (group) {
            painter->setFont(theme.font(Theme::Role::SmallStrong));
            painter->setPen(theme.color(Theme::Token::Muted));
            painter->drawText(option.rect.adjusted(12, 0, -8, -4), Qt::AlignLeft | Qt::AlignBottom,
                              index.data(Qt::DisplayRole).toString());
            painter->restore();
            return;
        }
        paintBackground(painter, option, theme);
        paintContent(painter, option, index, theme);
        painter->restore();
    }

private:
    static void paintBackground(QPainter* painter, const QStyleOptionViewItem& option, const Theme& theme)
    {
        const QRect row = option.rect;
        if (option.state & QStyle::State_Selected)
            painter->fillRect(row, theme.color(Theme::Token::Selection));
        else if (option.state & QStyle::State_MouseOver)
            painter->fillRect(row, theme.color(Theme::Token::Hover));
        if ((option.state & QStyle::State_Selected) && option.widget->hasFocus())
            painter->fillRect(QRect(row.left(), row.top(), 3, row.height()), theme.color(Theme::Token::Accent));
    }

    static void paintContent(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index,
                             const Theme& theme)
    {
        const bool enabled = index.data(HealthRole).toInt() != int(Health::Unknown);
        QRect row = option.rect.adjusted(20, 0, -12, 0);
        painter->setFont(theme.font(Theme::Role::Digits));
        const QFontMetrics metrics = painter->fontMetrics();
        const QString count = index.data(CountRole).toString();
        painter->setPen(theme.color(Theme::Token::Muted));
        painter->drawText(row, Qt::AlignRight | Qt::AlignVCenter, count);
        row.setRight(row.right() - std::max(metrics.horizontalAdvance(count), metrics.horizontalAdvance(u"000"_s)) - 8);
        const QString trouble = index.data(TroubleRole).toString();
        if (!trouble.isEmpty()) {
            const Health health = Health(index.data(HealthRole).toInt());
            painter->setPen(theme.color(healthToken(health)));
            painter->drawText(row, Qt::AlignRight | Qt::AlignVCenter, trouble);
            row.setRight(row.right() - metrics.horizontalAdvance(trouble) - 4);
            const QRect box(row.right() - 14, row.center().y() - 6, 14, 14);
            healthIcon(health).paint(painter, box);
            row.setRight(box.left() - 4);
        }
        painter->setFont(theme.font(Theme::Role::Base));
        painter->setPen(theme.color(enabled ? Theme::Token::Text : Theme::Token::Muted));
        const QString title = index.data(Qt::DisplayRole).toString();
        painter->drawText(row, Qt::AlignLeft | Qt::AlignVCenter,
                          painter->fontMetrics().elidedText(title, Qt::ElideRight, row.width()));
    }
};

} // namespace

KindList::KindList(QWidget* parent) : QTreeWidget(parent)
{
    setObjectName(u"kindList"_s);
    setAccessibleName(tr("Kinds"));
    setHeaderHidden(true);
    setRootIsDecorated(false);
    setIndentation(0);
    setItemsExpandable(false);
    setUniformRowHeights(false);
    setMouseTracking(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setItemDelegate(new KindDelegate(this));
    connect(this, &QTreeWidget::currentItemChanged, this, [this](QTreeWidgetItem* item) {
        const QString id = item ? item->data(0, KindRole).toString() : QString();
        if (id.isEmpty() || id == m_current)
            return;
        m_current = id;
        emit kindChosen(id);
    });
}

void KindList::setCluster(std::shared_ptr<cluster::ClusterView> cluster, std::shared_ptr<cluster::KindTallies> tallies)
{
    if (m_cluster)
        m_cluster->disconnect(this);
    if (m_tallies)
        m_tallies->disconnect(this);
    m_cluster = std::move(cluster);
    m_tallies = std::move(tallies);
    m_groups.clear();
    if (m_cluster) {
        connect(m_cluster.get(), &cluster::ClusterView::kindsChanged, this, &KindList::rebuild);
        connect(m_tallies.get(), &cluster::KindTallies::changed, this, &KindList::refresh);
        connect(m_cluster.get(), &cluster::ClusterView::stateChanged, this, [this] {
            for (auto it = m_items.cbegin(); it != m_items.cend(); ++it)
                refresh(it.key());
        });
    }
    rebuild();
    scrollToTop();
}

void KindList::rebuild()
{
    const QSignalBlocker blocker(this);
    m_groups = m_cluster ? cluster::groupKinds(m_cluster->kinds() + cluster::usageKinds()) : QList<cluster::KindGroup>();
    m_items.clear();
    clear();
    for (const cluster::KindGroup& group : std::as_const(m_groups)) {
        auto* top = new QTreeWidgetItem(this, {cluster::groupTitle(group.id)});
        top->setFlags(Qt::ItemIsEnabled);
        top->setExpanded(true);
        for (const cluster::ResourceKind& kind : group.kinds) {
            auto* item = new QTreeWidgetItem(top, {cluster::kindTitle(kind)});
            item->setData(0, KindRole, kind.id());
            m_items.insert(kind.id(), item);
        }
    }
    for (auto it = m_items.cbegin(); it != m_items.cend(); ++it)
        refresh(it.key());
    setCurrentKind(m_current);
}

void KindList::refresh(const QString& kindId)
{
    QTreeWidgetItem* item = m_items.value(kindId);
    if (!item)
        return;
    const cluster::HealthTally* tally = m_tallies ? m_tallies->tally(kindId) : nullptr;
    QString count, trouble, tip = kindId;
    Health health = Health::None;
    QString spoken = item->text(0);
    if (tally) {
        const Freshness freshness = tally->freshness();
        const int inTrouble = tally->bad() + tally->warning();
        switch (freshness.state) {
        case Freshness::State::Unavailable:
        case Freshness::State::Failed:
            count = u"–"_s;
            health = Health::Unknown;
            tip += u'\n' + (freshness.error ? freshness.error->text() : tr("Not available"));
            break;
        case Freshness::State::Idle:
        case Freshness::State::Loading: count = u"…"_s; break;
        default:
            count = QLocale().toString(tally->count());
            spoken += u", "_s + count;
            if (inTrouble > 0) {
                trouble = QLocale().toString(inTrouble);
                health = tally->bad() > 0 ? Health::Bad : Health::Warning;
                tip += u'\n' + tr("%1 of %2 need a look: %3 bad, %4 warning")
                                   .arg(inTrouble)
                                   .arg(count)
                                   .arg(tally->bad())
                                   .arg(tally->warning());
                spoken += u", "_s + tr("%1 in trouble").arg(inTrouble);
            }
        }
    }
    if (!tally && m_cluster && m_cluster->state().phase == cluster::ConnectionState::Phase::Failed) {
        count = u"–"_s;
        health = Health::Unknown;
        if (m_cluster->state().error)
            tip += u'\n' + m_cluster->state().error->text();
    }
    item->setData(0, CountRole, count);
    item->setData(0, TroubleRole, trouble);
    item->setData(0, HealthRole, int(health));
    item->setToolTip(0, tip);
    item->setData(0, Qt::AccessibleTextRole, spoken);
}

QString KindList::currentKindId() const { return m_current; }

void KindList::setCurrentKind(const QString& kindId)
{
    m_current = kindId;
    if (QTreeWidgetItem* item = m_items.value(kindId)) {
        const QSignalBlocker blocker(this);
        // What is in sight stays where it is: nothing moves unless it must. (A view that is not shown yet would scroll
        // when it is, and so hide the first groups.)
        setAutoScroll(false);
        setCurrentItem(item);
        setAutoScroll(true);
        if (isVisible() && !viewport()->rect().contains(visualItemRect(item))) {
            // With the heading it stands under, where both find room.
            scrollToItem(item->parent());
            scrollToItem(item);
        }
    }
    // setCurrentItem under a blocker repaints nothing by itself in every style.
    viewport()->update();
}

void KindList::keyPressEvent(QKeyEvent* event)
{
    if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && !m_current.isEmpty()) {
        emit kindActivated(m_current);
        return;
    }
    QTreeWidget::keyPressEvent(event);
}

} // namespace wk::widgets
