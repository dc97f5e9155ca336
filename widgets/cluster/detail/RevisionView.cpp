// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/cluster/detail/RevisionView.h"

#include "changes/plan/Difference.h"
#include "cluster/KindCatalog.h"
#include "core/Future.h"
#include "table/CellText.h"
#include "widgets/common/CodeView.h"
#include "widgets/common/StateView.h"

#include <QtCore/QJsonObject>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QLabel>
#include <QtWidgets/QPlainTextEdit>
#include <QtWidgets/QTreeWidget>

#include <algorithm>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using cluster::Revision;

namespace {

/// "registry.example/shop/api:v1" → "api:v1".
QString shortImage(const QString& image) { return image.section(u'/', -1).section(u'@', 0, 0); }

QString imagesOf(const Revision& revision)
{
    QStringList out;
    for (const QString& image : revision.images)
        out << shortImage(image);
    return out.join(u", "_s);
}

QStringList linesOf(const QString& text)
{
    QStringList lines = text.split(u'\n');
    if (!lines.isEmpty() && lines.last().isEmpty())
        lines.removeLast();
    return lines;
}

} // namespace

RevisionView::RevisionView(std::shared_ptr<Clock> clock, QWidget* parent)
    : QStackedWidget(parent), m_clock(std::move(clock)), m_state(new StateView(this))
{
    setObjectName(u"revisionView"_s);
    m_state->setObjectName(u"revisionState"_s);
    m_body = makeBody();
    addWidget(m_body);
    addWidget(m_state);
    setFocusProxy(m_list);
    connect(m_state, &StateView::actionTriggered, this, &RevisionView::read);
}

QWidget* RevisionView::makeBody()
{
    auto* body = new QWidget(this);
    m_list = new QTreeWidget(body);
    m_list->setObjectName(u"revisionList"_s);
    m_list->setAccessibleName(tr("Revisions"));
    m_list->setHeaderLabels({tr("Revision"), tr("Age"), tr("Pods"), tr("Images"), tr("Cause")});
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setAllColumnsShowFocus(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setToolTip(tr("Shows what a revision changed against the one before it"));
    const auto box = [&](const QString& name, const QString& accessible) {
        auto* made = new QComboBox(body);
        made->setObjectName(name);
        made->setAccessibleName(accessible);
        connect(made, &QComboBox::activated, this, &RevisionView::compare);
        return made;
    };
    m_from = box(u"revisionFrom"_s, tr("Difference from revision"));
    m_to = box(u"revisionTo"_s, tr("Difference to revision"));
    m_difference = new CodeView(body);
    m_difference->setObjectName(u"revisionDifference"_s);
    m_difference->editor()->setAccessibleName(tr("Difference"));
    auto* line = new QHBoxLayout;
    line->setContentsMargins(16, 8, 16, 8);
    line->setSpacing(8);
    line->addWidget(new QLabel(tr("From"), body));
    line->addWidget(m_from);
    line->addWidget(new QLabel(tr("to"), body));
    line->addWidget(m_to);
    line->addStretch(1);
    auto* layout = new QVBoxLayout(body);
    layout->setContentsMargins(0, 8, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_list, 1);
    layout->addLayout(line);
    layout->addWidget(m_difference, 2);
    connect(m_list, &QTreeWidget::currentItemChanged, this, [this](const QTreeWidgetItem* item) {
        const int row = item ? m_list->indexOfTopLevelItem(const_cast<QTreeWidgetItem*>(item)) : -1;
        if (row < 0)
            return;
        m_to->setCurrentIndex(row);
        m_from->setCurrentIndex(std::min(row + 1, m_from->count() - 1));
        compare();
    });
    return body;
}

bool RevisionView::hasHistory(const cluster::ResourceKind& kind)
{
    const QString id = kind.id();
    return id == u"deployments.apps" || id == u"statefulsets.apps" || id == u"daemonsets.apps";
}

void RevisionView::clear()
{
    ++m_question;
    m_cluster.reset();
    m_object = {};
    m_revisions.clear();
    list();
}

void RevisionView::setObject(const std::shared_ptr<cluster::ClusterView>& cluster, const QJsonObject& object)
{
    if (object == m_object)
        return;
    const auto uid = [](const QJsonObject& of) { return of.value(u"metadata"_s).toObject().value(u"uid"_s); };
    if (uid(object) != uid(m_object)) {
        m_revisions.clear();
        m_state->showLoading(tr("Reading the history"));
        setCurrentWidget(m_state);
    }
    m_cluster = cluster;
    m_object = object;
    read();
}

void RevisionView::read()
{
    if (!m_cluster)
        return;
    const quint64 question = ++m_question;
    const cluster::RevisionQuery query = cluster::revisionQueryOf(m_object);
    const cluster::ResourceKind kind = cluster::kindById(m_cluster->kinds(), query.kindId);
    if (kind.resource.isEmpty()) {
        take(fail(Error::Kind::NotFound, tr("This cluster keeps no history of it.")));
        return;
    }
    const QString space = m_object.value(u"metadata"_s).toObject().value(u"namespace"_s).toString();
    const auto look = [workload = m_object](const Result<QByteArray>& list) -> Result<QList<Revision>> {
        if (!list)
            return fail(list.error());
        return cluster::revisionsOf(workload, *list);
    };
    auto found = m_cluster->fetchList(kind, space, query.query).then(QtFuture::Launch::Async, look);
    whenDone(found, this, [this, question](const Result<QList<Revision>>& revisions) {
        if (question == m_question)
            take(revisions);
    });
}

void RevisionView::take(const Result<QList<Revision>>& revisions)
{
    if (!revisions) {
        m_state->showFailed(tr("The history could not be read"), revisions.error(), tr("Read it again"));
        setCurrentWidget(m_state);
        return;
    }
    if (revisions->isEmpty()) {
        m_state->showEmpty(tr("No revisions"), tr("The cluster keeps a revision for each change of the pod template."));
        setCurrentWidget(m_state);
        return;
    }
    setCurrentWidget(m_body);
    if (*revisions == m_revisions)
        return;
    m_revisions = *revisions;
    list();
}

void RevisionView::list()
{
    m_list->clear();
    const qint64 now = m_clock->nowMs();
    for (const Revision& revision : std::as_const(m_revisions)) {
        const QString number = QString::number(revision.number);
        auto* item =
            new QTreeWidgetItem(m_list, {revision.current ? tr("%1, current").arg(number) : number,
                                         revision.createdMs ? table::relativeAge(revision.createdMs, now) : QString(),
                                         revision.pods < 0 ? QString() : QString::number(revision.pods),
                                         imagesOf(revision), revision.cause});
        item->setToolTip(1, revision.createdMs ? table::exactMoment(revision.createdMs) : QString());
        item->setToolTip(3, revision.images.join(u'\n'));
    }
    for (int i = 0; i < m_list->columnCount() - 1; ++i)
        m_list->resizeColumnToContents(i);
    fillChoices();
}

void RevisionView::fillChoices()
{
    for (QComboBox* box : {m_from, m_to}) {
        box->clear();
        for (const Revision& revision : std::as_const(m_revisions))
            box->addItem(revision.current ? tr("%1, current").arg(revision.number) : QString::number(revision.number));
    }
    const QList<Revision>& all = m_revisions;
    const auto current = std::ranges::find_if(all, &Revision::current);
    if (current == all.end()) {
        m_difference->setText({}, CodeView::Language::Difference);
        return;
    }
    const int at = int(current - all.begin());
    m_list->setCurrentItem(m_list->topLevelItem(at)); // compares
}

const Revision* RevisionView::chosen(const QComboBox* box) const
{
    const int at = box->currentIndex();
    return at >= 0 && at < m_revisions.size() ? &m_revisions[at] : nullptr;
}

void RevisionView::compare()
{
    const Revision *from = chosen(m_from), *to = chosen(m_to);
    if (!from || !to)
        return;
    changes::Difference difference;
    difference.lines = changes::Difference::lineDifference(linesOf(from->text), linesOf(to->text));
    const QString text = difference.isEmpty() ? (from == to ? tr("There is no revision before this one.")
                                                            : tr("The two revisions are the same."))
                                              : difference.text();
    m_difference->setText(text, CodeView::Language::Difference);
}

} // namespace wk::widgets
