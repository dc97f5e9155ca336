// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/cluster/ObjectDetail.h"

#include "cluster/Decoder.h"
#include "cluster/objects/ObjectYaml.h"
#include "core/Duration.h"
#include "core/Future.h"
#include "table/CellText.h"
#include "widgets/cluster/DetailSections.h"
#include "widgets/cluster/detail/AccessView.h"
#include "widgets/cluster/detail/RelatedView.h"
#include "widgets/cluster/detail/RevisionView.h"
#include "widgets/cluster/detail/UsageView.h"
#include "widgets/common/CodeView.h"
#include "widgets/common/Health.h"
#include "widgets/common/HealthBadge.h"
#include "widgets/common/Icons.h"
#include "widgets/common/StateView.h"
#include "widgets/common/SummaryView.h"
#include "widgets/common/Theme.h"

#include <QtCore/QJsonDocument>
#include <QtGui/QKeyEvent>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QStackedWidget>
#include <QtWidgets/QTabBar>
#include <QtWidgets/QToolButton>

namespace wk::widgets {

using namespace Qt::StringLiterals;

ObjectDetail::ObjectDetail(std::shared_ptr<Clock> clock, QWidget* parent) : QWidget(parent), m_clock(std::move(clock))
{
    setObjectName(u"objectDetail"_s);
    build();
}

void ObjectDetail::build()
{
    const Theme& theme = Theme::of(this);
    m_title = new QLabel(this);
    m_title->setObjectName(u"detailTitle"_s);
    m_title->setFont(theme.font(Theme::Role::TitleStrong));
    m_title->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_title->setTextFormat(Qt::PlainText);
    m_title->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_subtitle = new QLabel(this);
    m_subtitle->setObjectName(u"detailSubtitle"_s);
    m_subtitle->setTextFormat(Qt::PlainText);
    m_subtitle->setForegroundRole(QPalette::PlaceholderText);
    m_subtitle->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_health = new HealthBadge(this);
    m_health->setObjectName(u"detailHealth"_s);
    m_reason = new QLabel(this);
    m_reason->setObjectName(u"detailReason"_s);
    m_reason->setTextFormat(Qt::PlainText);
    m_reason->setWordWrap(true);
    m_reason->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_close = new QToolButton(this);
    m_close->setObjectName(u"detailClose"_s);
    m_close->setIcon(icon(u"close"));
    m_close->setAutoRaise(true);
    m_close->setToolTip(tr("Close the detail (Esc)"));
    m_close->setAccessibleName(tr("Close the detail"));
    connect(m_close, &QToolButton::clicked, this, &ObjectDetail::closeRequested);

    buildTabs();
    buildPages();

    auto* titles = new QVBoxLayout;
    titles->setSpacing(0);
    titles->addWidget(m_title);
    titles->addWidget(m_subtitle);
    auto* top = new QHBoxLayout;
    top->addLayout(titles, 1);
    top->addWidget(m_close, 0, Qt::AlignTop);
    auto* healthLine = new QHBoxLayout;
    healthLine->setSpacing(8);
    healthLine->addWidget(m_health, 0, Qt::AlignTop);
    healthLine->addWidget(m_reason, 1);
    auto* head = new QVBoxLayout;
    m_head = head;
    head->setContentsMargins(16, 8, 8, 0);
    head->setSpacing(4);
    head->addLayout(top);
    head->addLayout(healthLine);
    auto* tabLine = new QHBoxLayout;
    tabLine->addWidget(m_tabs, 1);
    tabLine->addWidget(makeCopyButton());
    head->addLayout(tabLine);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(head);
    layout->addWidget(m_stack, 1);
}

void ObjectDetail::setActionBar(QWidget* bar) { m_head->insertWidget(m_head->count() - 1, bar); }

void ObjectDetail::showObject(std::shared_ptr<cluster::ClusterView> cluster, const cluster::ResourceKind& kind,
                              const QString& space, const QString& name, std::shared_ptr<table::TableSource> source,
                              std::shared_ptr<table::TableSource> events)
{
    clear();
    m_cluster = std::move(cluster);
    m_kind = kind;
    m_space = space;
    m_name = name;
    m_source = std::move(source);
    m_events = std::move(events);
    m_tabs->setTabVisible(int(Page::Usage), UsageView::isFor(m_kind));
    m_tabs->setTabVisible(int(Page::Revisions), RevisionView::hasHistory(m_kind));
    if (m_source) {
        connect(m_source.get(), &table::TableSource::changed, this, &ObjectDetail::onBatch);
        findRow();
    }
    if (m_events)
        connect(m_events.get(), &table::TableSource::changed, this, [this](const table::Batch& batch) {
            const table::Columns columns = m_events->columns();
            const bool mine =
                batch.reset || std::any_of(batch.upserts.begin(), batch.upserts.end(),
                                           [&](const auto& row) { return isEventOf(columns, *row, eventObject()); });
            if (mine)
                refresh();
        });
    refreshHeader();
    fetch();
}

void ObjectDetail::clear()
{
    hideSecret();
    ++m_generation;
    if (m_source)
        m_source->disconnect(this);
    if (m_events)
        m_events->disconnect(this);
    m_source.reset();
    m_events.reset();
    m_cluster.reset();
    m_row.reset();
    m_summary = {};
    m_object = {};
    m_secretData = {};
    m_certificates.clear();
    m_error.reset();
    m_loaded = m_gone = m_fetching = m_again = false;
    m_fetchedMs = 0;
    m_refetchTimer.reset();
    m_yaml->setText({}, CodeView::Language::Yaml);
    m_yaml->setFolding({u"metadata.managedFields"_s});
    m_summaryView->setSections({});
    m_related->clear();
    m_history->clear();
    m_access->clear();
    m_usage->clear();
}

QString ObjectDetail::eventObject() const { return m_kind.singular + u'/' + m_name; }

QString ObjectDetail::subtitle() const
{
    QString words = m_space.isEmpty() ? m_kind.kind : tr("%1 in %2").arg(m_kind.kind, m_space);
    const QJsonObject metadata = m_object.value(u"metadata"_s).toObject();
    if (const auto created = parseRfc3339Ms(metadata.value(u"creationTimestamp"_s).toString().toStdString()))
        words = tr("%1, made %2 ago").arg(words, table::relativeAge(*created, m_clock->nowMs()));
    if (metadata.contains(u"deletionTimestamp"_s))
        words = tr("%1, being deleted").arg(words);
    return words;
}

void ObjectDetail::refreshHeader()
{
    m_title->setText(m_name);
    m_title->setToolTip(m_name);
    m_subtitle->setText(subtitle());
    table::Health health = m_row ? m_row->health : table::Health::None;
    QString reason = m_row ? m_row->reason : QString();
    if (m_gone) {
        health = table::Health::Info;
        reason = tr("It was deleted; this is what it was at the last look.");
        m_health->setHealth(health, tr("Gone"));
    } else {
        m_health->setHealth(health);
    }
    m_health->setVisible(health != table::Health::None);
    const qint64 since = cluster::unwellSinceMs(m_object);
    if (!m_gone && !reason.isEmpty() && since != 0 &&
        (health == table::Health::Bad || health == table::Health::Warning))
        reason = tr("%1; not well for %2").arg(reason, table::relativeAge(since, m_clock->nowMs()));
    m_reason->setText(reason);
    m_reason->setVisible(!reason.isEmpty());
}

void ObjectDetail::refresh()
{
    if (!m_cluster || !m_loaded)
        return;
    if (m_error && m_summary.sections.isEmpty()) {
        m_state->showFailed(tr("%1 %2 could not be read").arg(m_kind.kind, m_name), *m_error, tr("Read it again"));
        m_stack->setCurrentWidget(m_state);
        return;
    }
    refreshPage();
}

QList<SummarySection> ObjectDetail::sections() const
{
    const qint64 now = m_clock->nowMs();
    QList<SummarySection> all = sectionsOf(m_summary, now);
    qsizetype at = 0;
    if (m_row && m_source) {
        SummarySection glance =
            sectionOfRow(tr("At a glance"), m_source->columns(), *m_row, now, cluster::isBuiltIn(m_kind));
        leaveOutSaid(glance, m_summary);
        // An age alone is the moment of creation said twice.
        if (glance.items.size() > 1)
            all.insert(at++, glance);
    }
    if (!m_summary.secretKeys.isEmpty())
        all.insert(at++, secretSection());
    const QList<SummarySection> certificates = sectionsOf({.sections = m_certificates, .secretKeys = {}}, now);
    for (const SummarySection& section : certificates)
        all.insert(at++, section);
    if (!m_events)
        return all;
    const SummarySection events = sectionOfEvents(*m_events, eventObject(), m_space, now);
    if (!events.items.isEmpty())
        all.insert(std::min(at + 1, all.size()), events);
    return all;
}

SummarySection ObjectDetail::secretSection() const
{
    SummarySection values{.title = tr("Values"), .items = {}};
    for (const QString& key : m_summary.secretKeys) {
        SummaryItem item{.key = key, .value = {}};
        if (key == m_revealedKey) {
            item.value = m_revealedValue;
            item.monospace = true;
            item.tooltip = tr("Hidden again after 30 seconds");
        } else {
            const QString size = m_secretData.value(key).toString();
            item.value = size.isEmpty() ? tr("Show value") : tr("Show value (%1)").arg(size);
            item.link = u"secret:"_s + key;
        }
        values.items.append(item);
    }
    return values;
}

void ObjectDetail::onLink(const QString& link)
{
    if (link.startsWith(u"secret:")) {
        reveal(link.mid(7));
        return;
    }
    const cluster::ClusterTarget target = targetOf(link);
    if (!target.kindId.isEmpty())
        emit targetRequested(target);
}

void ObjectDetail::reveal(const QString& key)
{
    hideSecret();
    const quint64 generation = m_generation;
    whenDone(m_cluster->fetchObject(m_kind, m_space, m_name, true), this,
             [this, generation, key](const Result<QByteArray>& answer) {
                 if (generation != m_generation || !isVisible())
                     return;
                 m_revealedKey = key;
                 if (answer) {
                     const QJsonObject data = QJsonDocument::fromJson(*answer).object().value(u"data"_s).toObject();
                     const QByteArray bytes = QByteArray::fromBase64(data.value(key).toString().toLatin1());
                     const QString text = QString::fromUtf8(bytes);
                     m_revealedValue =
                         text.toUtf8() == bytes ? text : tr("%1 bytes that are no text").arg(bytes.size());
                 } else {
                     m_revealedValue = answer.error().text();
                 }
                 m_hideTimer = m_clock->after(this, revealMs, [this] { hideSecret(); });
                 refresh();
             });
}

void ObjectDetail::hideSecret()
{
    m_hideTimer.reset();
    if (m_revealedKey.isEmpty())
        return;
    m_revealedKey.clear();
    m_revealedValue.fill(u'\0');
    m_revealedValue.clear();
    refresh();
}

void ObjectDetail::tick()
{
    m_tickTimer = m_clock->after(this, tickMs, [this] { tick(); });
    if (hasObject())
        refreshHeader();
    if (m_stack->currentWidget() == m_summaryView || m_stack->currentWidget() == m_related)
        refresh();
}

void ObjectDetail::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    tick();
}

void ObjectDetail::hideEvent(QHideEvent* event)
{
    m_tickTimer.reset();
    hideSecret();
    QWidget::hideEvent(event);
}

void ObjectDetail::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape) {
        emit closeRequested();
        return;
    }
    QWidget::keyPressEvent(event);
}

} // namespace wk::widgets
