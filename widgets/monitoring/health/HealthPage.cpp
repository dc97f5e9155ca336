// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/monitoring/health/HealthPage.h"

#include "table/TableModel.h"
#include "widgets/common/DataTable.h"
#include "widgets/common/FileDialogs.h"
#include "widgets/common/FrozenTableView.h"
#include "widgets/common/HealthBadge.h"
#include "widgets/common/Icons.h"
#include "widgets/common/Theme.h"
#include "widgets/monitoring/TableWithDetail.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonObject>
#include <QtGui/QAction>
#include <QtGui/QClipboard>
#include <QtWidgets/QApplication>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QMenu>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using monitoring::ProbeTable;

namespace {

constexpr qint64 tickMs = 15'000; ///< ages in the detail, and what has become old meanwhile

} // namespace

HealthPage::HealthPage(Parts parts, QWidget* parent)
    : MonitoringPage(parent), m_parts(std::move(parts)), m_table(new DataTable(m_parts.clock, this)),
      m_counts(new HealthBadge(this)), m_askAll(new QAction(icon(u"refresh"), tr("Ask all now (Shift+F5)"), this))
{
    build();
    connect(m_askAll, &QAction::triggered, this, [this] {
        if (m_probes)
            m_probes->askNow();
    });
    connect(m_table, &DataTable::contextMenuRequested, this, [this](QMenu* menu, const QString& rowId) {
        const auto content = describe(rowId);
        for (const AlertDetail::Act& act : content ? content->acts : QList<AlertDetail::Act>())
            connect(menu->addAction(act.title), &QAction::triggered, this,
                    [this, rowId, id = act.id] { onAct(rowId, id); });
    });
    connect(m_list, &TableWithDetail::acted, this, &HealthPage::onAct);
    connect(m_list, &TableWithDetail::openedChanged, this, [this](const QString& rowId) {
        const ProbeMarks* marks = rowId.isEmpty() ? nullptr : marksOf(rowId);
        m_strip->setVisible(marks != nullptr);
        if (marks)
            m_strip->setMarks(*marks);
    });
}

void HealthPage::build()
{
    m_counts->setObjectName(u"healthCounts"_s);
    m_counts->setMinimumHeight(Theme::of(this).rowHeight() + 6); // as tall as the filter line beside it
    m_askAll->setObjectName(u"healthAskAll"_s);
    m_askAll->setShortcut(Qt::SHIFT | Qt::Key_F5);
    m_askAll->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    addAction(m_askAll);
    m_table->setObjectName(u"healthTable"_s);
    m_table->setSubject(tr("Health"));
    m_table->setFileDialogs(m_parts.dialogs);
    m_table->addLeadingWidget(m_counts);
    m_table->addToolAction(m_askAll);
    m_table->setEmptyText(tr("There is nothing to ask"),
                          tr("The platform file describes no service with a host, a port or a health endpoint."));
    m_table->setSource(nullptr);
    // The worst first, and what belongs together together.
    QJsonArray sort;
    for (const auto& [column, descending] :
         {std::pair{u"rank"_s, true}, std::pair{u"service"_s, false}, std::pair{u"check"_s, false}})
        sort.append(QJsonObject{{u"column"_s, column}, {u"descending"_s, descending}});
    m_table->restoreState({{u"sort"_s, sort}});
    auto* delegate = new ProbeStripDelegate(m_table->view(), [this](const QString& rowId) { return marksOf(rowId); });
    m_table->view()->setItemDelegateForColumn(table::indexOfColumn(ProbeTable::probeColumns(), u"history"), delegate);

    m_list = new TableWithDetail(
        m_table, [this](const QString& rowId) { return describe(rowId); }, this);
    m_strip = new ProbeStrip(m_list->detail());
    m_strip->setObjectName(u"healthStrip"_s);
    m_strip->setFixedHeight(72);
    if (auto* column = qobject_cast<QBoxLayout*>(m_list->detail()->layout()))
        column->insertWidget(1, m_strip); // between what it is and what is known of it
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_list);
    setFocusProxy(m_list);
}

void HealthPage::setPlace(const MonitoringPlace& place)
{
    if (place.probes == m_probes)
        return;
    if (m_probes)
        m_probes->disconnect(this);
    m_list->close();
    m_wanted.reset();
    m_probes = place.probes;
    m_table->setSource(m_probes ? std::make_shared<ProbeTable>(m_probes, *m_parts.clock) : nullptr);
    if (m_probes)
        connect(m_probes.get(), &monitoring::ProbeSource::changed, this, &HealthPage::refresh);
    if (m_probes && isVisible())
        m_wanted = m_probes->want();
    refresh();
}

void HealthPage::showService(const QString& service)
{
    m_table->setFilterText(service.isEmpty() ? QString() : u"service:"_s + service);
}

void HealthPage::showEvent(QShowEvent* event)
{
    MonitoringPage::showEvent(event);
    if (m_probes)
        m_wanted = m_probes->want();
    tick();
}

void HealthPage::hideEvent(QHideEvent* event)
{
    MonitoringPage::hideEvent(event);
    m_wanted.reset();
    m_tick.reset();
}

void HealthPage::tick()
{
    refresh();
    m_tick = m_parts.clock->after(this, tickMs, [this] { tick(); });
}

void HealthPage::refresh()
{
    const auto counts = m_probes ? m_probes->counts() : monitoring::ProbeSource::Counts();
    m_counts->setHealth(monitoring::countHealth(counts), monitoring::countWords(counts));
    m_askAll->setEnabled(counts.all() > 0);
    m_list->refresh();
    m_table->view()->viewport()->update(); // strips
}

const ProbeMarks* HealthPage::marksOf(const QString& rowId) const
{
    const monitoring::ProbeBook::Entry* entry = m_probes ? m_probes->book().find(rowId) : nullptr;
    return entry ? &entry->history : nullptr;
}

std::optional<AlertDetail::Content> HealthPage::describe(const QString& rowId) const
{
    if (!m_probes)
        return std::nullopt;
    if (const monitoring::ProbeBook::Entry* entry = m_probes->book().find(rowId))
        return probeContent(*entry, m_probes->isStale(*entry), m_parts.clock->nowMs());
    for (const monitoring::Unprobed& unprobed : m_probes->unprobed()) {
        if (monitoring::probeRow(unprobed)->id == rowId)
            return probeContent(unprobed);
    }
    return std::nullopt;
}

void HealthPage::onAct(const QString& probe, const QString& act)
{
    const monitoring::ProbeBook::Entry* entry = m_probes ? m_probes->book().find(probe) : nullptr;
    if (!entry)
        return;
    if (act == "probeAsk"_L1)
        m_probes->askNow(probe);
    else
        QApplication::clipboard()->setText(monitoring::probeCommand(entry->spec));
}

} // namespace wk::widgets
