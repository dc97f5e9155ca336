// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/cluster/detail/RelatedView.h"

#include "cluster/ClusterView.h"
#include "cluster/KindCatalog.h"
#include "cluster/objects/UsedBy.h"
#include "widgets/cluster/DetailSections.h"
#include "widgets/common/Health.h"
#include "widgets/common/Theme.h"

#include <QtWidgets/QHeaderView>
#include <QtWidgets/QLabel>
#include <QtWidgets/QScrollBar>
#include <QtWidgets/QTreeWidget>
#include <QtWidgets/QTreeWidgetItemIterator>
#include <QtWidgets/QVBoxLayout>

#include <algorithm>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using table::Health;

namespace {

enum Column { NameColumn, StateColumn };
constexpr int linkRole = Qt::UserRole; ///< where an item leads, as linkTo() says it

} // namespace

RelatedView::RelatedView(QWidget* parent) : QWidget(parent), m_tree(new QTreeWidget(this)), m_note(new QLabel(this))
{
    setObjectName(u"relatedView"_s);
    m_tree->setObjectName(u"relatedTree"_s);
    m_tree->setAccessibleName(tr("Related objects"));
    m_tree->setHeaderLabels({tr("Object"), tr("State")});
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setUniformRowHeights(true);
    m_tree->setAllColumnsShowFocus(true);
    m_tree->setSelectionMode(QAbstractItemView::SingleSelection);
    m_tree->header()->setStretchLastSection(true);
    m_tree->header()->setSectionResizeMode(NameColumn, QHeaderView::Interactive);
    m_tree->setToolTip(tr("Enter goes to the object"));
    m_note->setObjectName(u"relatedNote"_s);
    m_note->setTextFormat(Qt::PlainText);
    m_note->setWordWrap(true);
    m_note->setForegroundRole(QPalette::PlaceholderText);
    m_note->setContentsMargins(16, 4, 16, 8);
    m_note->hide();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 8, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_tree, 1);
    layout->addWidget(m_note);
    setFocusProxy(m_tree);
    connect(m_tree, &QTreeWidget::itemActivated, this, &RelatedView::activate);
}

RelatedView::~RelatedView() = default;

void RelatedView::clear()
{
    m_usedBy.reset();
    m_key.clear();
    m_users.clear();
    m_missing.clear();
    m_asking = false;
    m_object = {};
    m_sources.clear();
    m_cluster.reset();
    m_note->hide();
    showGroups({});
}

void RelatedView::setObject(const std::shared_ptr<cluster::ClusterView>& cluster, const cluster::ResourceKind& kind,
                            const QJsonObject& object)
{
    const QJsonObject metadata = object.value(u"metadata"_s).toObject();
    const QString name = metadata.value(u"name"_s).toString();
    m_cluster = cluster;
    m_object = object;
    m_space = metadata.value(u"namespace"_s).toString();
    const QString key = linkTo(kind.id(), m_space, name);
    if (key != m_key) {
        m_key = key;
        m_sources.clear();
        m_users.clear();
        m_missing.clear();
        askUsers(kind, name);
    }
    redraw();
}

void RelatedView::askUsers(const cluster::ResourceKind& kind, const QString& name)
{
    m_asking = cluster::UsedBy::canBeUsed(kind.id());
    if (!m_asking)
        return;
    m_usedBy = std::make_unique<cluster::UsedBy>(m_cluster);
    m_usedBy->ask(kind.id(), m_space, name, [this](const cluster::UsedBy::Answer& answer) {
        m_asking = false;
        m_users = answer.users;
        m_missing = answer.missing;
        redraw();
    });
}

std::shared_ptr<table::TableSource> RelatedView::source(const QString& kindId)
{
    const cluster::ResourceKind kind = cluster::kindById(m_cluster->kinds(), kindId);
    if (kind.resource.isEmpty())
        return nullptr;
    std::shared_ptr<table::TableSource>& source = m_sources[kindId];
    if (!source)
        source = m_cluster->open(kind);
    if (source->freshness().state == table::Freshness::State::Unavailable && kind.namespaced && !m_space.isEmpty())
        source = m_cluster->open(kind, m_space);
    return source;
}

void RelatedView::redraw()
{
    const auto rowsOf = [this](const QString& kindId) { return source(kindId); };
    const QList<cluster::ResourceKind> kinds = m_cluster->kinds();
    QList<cluster::RelationGroup> groups = cluster::relationsOf(m_object, kinds, rowsOf);
    if (!m_users.isEmpty())
        groups.append(cluster::usersGroup(m_users, kinds, rowsOf));
    showGroups(groups);
    QStringList notes;
    for (const cluster::RelationGroup& group : std::as_const(groups)) {
        if (!group.note.isEmpty())
            notes << group.note;
    }
    notes += m_missing;
    if (m_asking)
        notes << tr("Looking for what uses it.");
    else if (groups.isEmpty())
        notes << tr("It has to do with no other object that is known here.");
    m_note->setText(notes.join(u'\n'));
    m_note->setVisible(!notes.isEmpty());
}

void RelatedView::showGroups(const QList<cluster::RelationGroup>& groups)
{
    if (groups == m_groups)
        return;
    m_groups = groups;
    const QString current = m_tree->currentItem() ? m_tree->currentItem()->data(0, linkRole).toString() : QString();
    const int scrolled = m_tree->verticalScrollBar()->value();
    m_tree->clear();
    for (const cluster::RelationGroup& group : groups) {
        auto* top = new QTreeWidgetItem(m_tree, {group.title});
        top->setFirstColumnSpanned(true);
        top->setFont(0, Theme::of(this).font(Theme::Role::SmallStrong));
        for (const cluster::Relation& root : group.roots)
            addRelation(top, root);
    }
    m_tree->expandAll();
    m_tree->resizeColumnToContents(NameColumn);
    m_tree->setColumnWidth(NameColumn, std::clamp(m_tree->columnWidth(NameColumn), 160, 360));
    for (QTreeWidgetItemIterator it(m_tree); *it && !current.isEmpty(); ++it) {
        if ((*it)->data(0, linkRole).toString() == current) {
            m_tree->setCurrentItem(*it);
            break;
        }
    }
    m_tree->verticalScrollBar()->setValue(scrolled);
}

void RelatedView::addRelation(QTreeWidgetItem* parent, const cluster::Relation& relation)
{
    auto* item = new QTreeWidgetItem(parent, {relation.kind + u' ' + relation.name, relation.words});
    item->setToolTip(NameColumn, relation.space.isEmpty() ? relation.name : relation.space + u'/' + relation.name);
    item->setToolTip(StateColumn, relation.words);
    QString heard = relation.kind + u' ' + relation.name;
    if (relation.health != Health::None) {
        item->setIcon(StateColumn, healthIcon(relation.health));
        heard += u", "_s + healthWord(relation.health);
        // The icon never stands alone.
        if (relation.words.isEmpty())
            item->setText(StateColumn, healthWord(relation.health));
    }
    if (!relation.words.isEmpty())
        heard += u": "_s + relation.words;
    item->setData(NameColumn, Qt::AccessibleTextRole, heard);
    if (relation.self)
        item->setFont(NameColumn, Theme::of(this).font(Theme::Role::BaseStrong));
    else if (!relation.kindId.isEmpty())
        item->setData(NameColumn, linkRole, linkTo(relation.kindId, relation.space, relation.name));
    for (const cluster::Relation& part : relation.parts)
        addRelation(item, part);
}

void RelatedView::activate(const QTreeWidgetItem* item)
{
    const cluster::ClusterTarget target = targetOf(item->data(NameColumn, linkRole).toString());
    if (!target.kindId.isEmpty())
        emit targetRequested(target);
}

} // namespace wk::widgets
