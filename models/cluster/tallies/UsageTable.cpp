// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/tallies/UsageTable.h"

#include <QtCore/QCoreApplication>

namespace wk::cluster {

using namespace Qt::StringLiterals;
using table::Cell;
using table::Column;
using table::Row;
using table::RowPtr;

namespace {

using Sums = UsageTable::Sums;

QString tr(const char* text) { return QCoreApplication::translate("wk::cluster::UsageTable", text); }

/// What a row is made of.
struct Figures
{
    QString space, kind, name;
    const Sums* sums = nullptr;
    const Row* node = nullptr; ///< the node itself, where the rows are nodes
    const table::Columns* nodeColumns = nullptr;
};

Cell nodeCell(const Figures& f, QStringView column)
{
    const int at = f.node ? table::indexOfColumn(*f.nodeColumns, column) : -1;
    return at >= 0 && size_t(at) < f.node->cells.size() ? f.node->cells[size_t(at)] : Cell();
}

template <UsageTable::Figure figure>
Cell sum(const Figures& f)
{
    return (*f.sums)[figure];
}

/// In use: known only where somebody measured it. A node's own figure holds what runs beside the pods, too.
template <UsageTable::Figure figure>
Cell used(const Figures& f)
{
    if (f.nodeColumns)
        return nodeCell(f, figure == UsageTable::Cpu ? u"cpu" : u"memory");
    return (*f.sums)[UsageTable::Measured] > 0 ? sum<figure>(f) : Cell();
}

template <UsageTable::Figure figure, UsageTable::Figure whole>
Cell share(const Figures& f)
{
    const Cell part = used<figure>(f);
    const qint64 all = (*f.sums)[whole];
    const auto* value = std::get_if<qint64>(&part);
    return value && all > 0 ? Cell(double(*value) * 100 / double(all)) : Cell();
}

Cell podsOfNode(const Figures& f)
{
    const Cell most = nodeCell(f, u"pods-allocatable");
    const auto* of = std::get_if<qint64>(&most);
    return table::Ratio{qint32((*f.sums)[UsageTable::Pods]), of ? qint32(*of) : 0};
}

enum Where : quint8 { Everywhere = 7, Namespaces = 1, Workloads = 2, Nodes = 4 };

struct Spec
{
    const char16_t* id;
    const char* title;
    Column::Kind kind;
    quint8 where;
    bool wide;
    bool needsUsage;
    Cell (*cell)(const Figures&);
    const char* description;
};

using K = Column::Kind;
using T = UsageTable;

constexpr auto cpuUse = QT_TRANSLATE_NOOP("wk::cluster::UsageTable", "CPU in use, as metrics.k8s.io measured it last");
constexpr auto memoryUse =
    QT_TRANSLATE_NOOP("wk::cluster::UsageTable", "Memory in use (working set), as metrics.k8s.io measured it last");
constexpr auto limits = QT_TRANSLATE_NOOP("wk::cluster::UsageTable", "The limits of those pods that have one");

constexpr Spec specs[] = {
    {u"namespace", QT_TRANSLATE_NOOP("wk::cluster::UsageTable", "Namespace"), K::Text, Workloads, false, false,
     [](const Figures& f) { return Cell(f.space); }, ""},
    {u"name", QT_TRANSLATE_NOOP("wk::cluster::UsageTable", "Name"), K::Text, Everywhere, false, false,
     [](const Figures& f) { return Cell(f.name); }, ""},
    {u"kind", QT_TRANSLATE_NOOP("wk::cluster::UsageTable", "Kind"), K::Text, Workloads, false, false,
     [](const Figures& f) { return Cell(f.kind); }, ""},
    {u"pods", QT_TRANSLATE_NOOP("wk::cluster::UsageTable", "Pods"), K::Number, Namespaces | Workloads, false, false,
     sum<T::Pods>, QT_TRANSLATE_NOOP("wk::cluster::UsageTable", "Pods that have not ended")},
    {u"pods", QT_TRANSLATE_NOOP("wk::cluster::UsageTable", "Pods"), K::Ratio, Nodes, false, false, podsOfNode,
     QT_TRANSLATE_NOOP("wk::cluster::UsageTable", "Pods that have not ended, of those that may run there")},
    {u"cpu", QT_TRANSLATE_NOOP("wk::cluster::UsageTable", "CPU"), K::MilliCpu, Everywhere, false, true, used<T::Cpu>,
     cpuUse},
    {u"cpu-request", QT_TRANSLATE_NOOP("wk::cluster::UsageTable", "CPU Request"), K::MilliCpu, Everywhere, false, false,
     sum<T::CpuRequest>, QT_TRANSLATE_NOOP("wk::cluster::UsageTable", "What its pods request together")},
    {u"cpu-limit", QT_TRANSLATE_NOOP("wk::cluster::UsageTable", "CPU Limit"), K::MilliCpu, Everywhere, false, false,
     sum<T::CpuLimit>, limits},
    {u"cpu-allocatable", QT_TRANSLATE_NOOP("wk::cluster::UsageTable", "CPU Allocatable"), K::MilliCpu, Nodes, false,
     false, [](const Figures& f) { return nodeCell(f, u"cpu-allocatable"); },
     QT_TRANSLATE_NOOP("wk::cluster::UsageTable", "CPU that pods may request")},
    {u"cpu-of-request", QT_TRANSLATE_NOOP("wk::cluster::UsageTable", "CPU of Request"), K::Percent, Everywhere, true,
     true, share<T::Cpu, T::CpuRequest>,
     QT_TRANSLATE_NOOP("wk::cluster::UsageTable", "How much of what is requested is in use")},
    {u"pods-without-cpu-limit", QT_TRANSLATE_NOOP("wk::cluster::UsageTable", "Pods without CPU Limit"), K::Number,
     Everywhere, true, false, sum<T::CpuUnlimited>, ""},
    {u"memory", QT_TRANSLATE_NOOP("wk::cluster::UsageTable", "Memory"), K::Bytes, Everywhere, false, true,
     used<T::Memory>, memoryUse},
    {u"memory-request", QT_TRANSLATE_NOOP("wk::cluster::UsageTable", "Memory Request"), K::Bytes, Everywhere, false,
     false, sum<T::MemoryRequest>, QT_TRANSLATE_NOOP("wk::cluster::UsageTable", "What its pods request together")},
    {u"memory-limit", QT_TRANSLATE_NOOP("wk::cluster::UsageTable", "Memory Limit"), K::Bytes, Everywhere, false, false,
     sum<T::MemoryLimit>, limits},
    {u"memory-allocatable", QT_TRANSLATE_NOOP("wk::cluster::UsageTable", "Memory Allocatable"), K::Bytes, Nodes, false,
     false, [](const Figures& f) { return nodeCell(f, u"memory-allocatable"); },
     QT_TRANSLATE_NOOP("wk::cluster::UsageTable", "Memory that pods may request")},
    {u"memory-of-request", QT_TRANSLATE_NOOP("wk::cluster::UsageTable", "Memory of Request"), K::Percent, Everywhere,
     true, true, share<T::Memory, T::MemoryRequest>,
     QT_TRANSLATE_NOOP("wk::cluster::UsageTable", "How much of what is requested is in use")},
    {u"pods-without-memory-limit", QT_TRANSLATE_NOOP("wk::cluster::UsageTable", "Pods without Memory Limit"), K::Number,
     Everywhere, true, false, sum<T::MemoryUnlimited>, ""},
};

bool isWanted(const Spec& spec, UsageBy by, bool measured)
{
    return (spec.where & (1 << int(by))) != 0 && (measured || !spec.needsUsage);
}

/// Use is measured against what is requested, and on a node against what there is; so are requests and limits there.
/// Limits may exceed what a node has.
QList<table::Yardstick> yardsticks(const QString& id, UsageBy by)
{
    const QString resource = id.section(u'-', 0, 0);
    if (resource != u"cpu" && resource != u"memory")
        return {};
    const bool use = id == resource, request = id.endsWith(u"-request") && !id.contains(u"-of-");
    QList<table::Yardstick> against;
    if (use)
        against.append({resource + u"-request"_s, tr("request"), false});
    if (by == UsageBy::Node && (use || request || id.endsWith(u"-limit")))
        against.append({resource + u"-allocatable"_s, tr("allocatable"), use || request});
    return against;
}

QString textAt(const Row& row, int column)
{
    const auto* text =
        column >= 0 && size_t(column) < row.cells.size() ? std::get_if<QString>(&row.cells[size_t(column)]) : nullptr;
    return text ? *text : QString();
}

std::optional<qint64> numberAt(const Row& row, int column)
{
    const auto* number =
        column >= 0 && size_t(column) < row.cells.size() ? std::get_if<qint64>(&row.cells[size_t(column)]) : nullptr;
    return number ? std::optional(*number) : std::nullopt;
}

void add(Sums& sums, const Sums& more, int sign)
{
    for (size_t i = 0; i < sums.size(); ++i)
        sums[i] += sign * more[i];
}

/// "space\nKind/name": names a workload, and whatever owns one.
QString keyOf(const QString& space, const QString& kindAndName) { return space + u'\n' + kindAndName; }

} // namespace

UsageTable::UsageTable(UsageBy by, Sources sources) : m_by(by), m_sources(std::move(sources))
{
    const auto follow = [this](const std::shared_ptr<table::TableSource>& source, auto&& onBatch) {
        if (!source)
            return;
        onBatch(table::Batch{.reset = true, .upserts = source->rows(), .removed = {}});
        connect(source.get(), &table::TableSource::changed, this, onBatch);
    };
    readColumns();
    if (by == UsageBy::Workload) {
        for (const auto& [source, kind] :
             {std::pair(m_sources.replicaSets, u"ReplicaSet"_s), std::pair(m_sources.jobs, u"Job"_s)})
            follow(source,
                   [this, s = source.get(), k = kind](const table::Batch& batch) { followOwners(*s, k, batch); });
    }
    if (by == UsageBy::Node)
        follow(m_sources.nodes, [this](const table::Batch& batch) { followNodes(batch); });
    follow(m_sources.pods, [this](const table::Batch& batch) { followPods(batch); });
    connect(m_sources.pods.get(), &table::TableSource::columnsChanged, this, [this] {
        // Rows with the old columns mean nothing now; all of them come again.
        m_pods.clear();
        m_parts.clear();
        m_groups.clear();
        m_rows.clear();
        const table::Columns before = m_columns;
        readColumns();
        if (m_columns != before)
            emit columnsChanged();
    });
    connect(m_sources.pods.get(), &table::TableSource::freshnessChanged, this, &table::TableSource::freshnessChanged);
}

void UsageTable::readColumns()
{
    const table::Columns own = m_sources.pods->columns();
    m_figures.fill(-1);
    for (const auto& [figure, id] :
         {std::pair(Cpu, u"cpu"_s), std::pair(Memory, u"memory"_s), std::pair(CpuRequest, u"cpu-request"_s),
          std::pair(MemoryRequest, u"memory-request"_s), std::pair(CpuLimit, u"cpu-limit"_s),
          std::pair(MemoryLimit, u"memory-limit"_s)})
        m_figures[figure] = table::indexOfColumn(own, id);
    m_phase = table::indexOfColumn(own, u"phase");
    m_owner = table::indexOfColumn(own, u"owner");
    m_node = table::indexOfColumn(own, u"node");
    m_measured = m_figures[Cpu] >= 0;
    m_columns.clear();
    for (const Spec& spec : specs) {
        if (!isWanted(spec, m_by, m_measured))
            continue;
        Column column{QString::fromUtf16(spec.id), tr(spec.title), spec.kind, spec.wide,
                      spec.description[0] == '\0' ? QString() : tr(spec.description)};
        column.against = yardsticks(column.id, m_by);
        m_columns.append(column);
    }
}

QString UsageTable::partOf(const Row& pod) const
{
    switch (m_by) {
    case UsageBy::Namespace: return pod.space;
    case UsageBy::Node: return textAt(pod, m_node);
    case UsageBy::Workload: break;
    }
    const QString owner = textAt(pod, m_owner);
    return keyOf(pod.space, owner.isEmpty() ? u"Pod/"_s + pod.name : owner);
}

void UsageTable::count(const Row& pod, int sign)
{
    if (const QString phase = textAt(pod, m_phase); phase == u"Succeeded" || phase == u"Failed")
        return;
    const QString key = partOf(pod);
    if (key.isEmpty())
        return; // on no node yet
    Sums sums{};
    sums[Pods] = 1;
    for (int figure = Cpu; figure <= MemoryLimit; ++figure)
        sums[size_t(figure)] = numberAt(pod, m_figures[size_t(figure)]).value_or(0);
    sums[Measured] = numberAt(pod, m_figures[Cpu]) ? 1 : 0;
    sums[CpuUnlimited] = numberAt(pod, m_figures[CpuLimit]) ? 0 : 1;
    sums[MemoryUnlimited] = numberAt(pod, m_figures[MemoryLimit]) ? 0 : 1;
    Part& part = m_parts[key];
    if (part.group.isEmpty()) {
        const auto owner = m_owners.find(key);
        part.group = owner == m_owners.end() ? key : owner->second;
    }
    add(part.sums, sums, sign);
    add(m_groups[part.group], sums, sign);
    m_dirty.insert(part.group);
    if (part.sums[Pods] == 0)
        m_parts.erase(key);
}

void UsageTable::followPods(const table::Batch& batch)
{
    if (batch.reset) {
        m_pods.clear();
        m_parts.clear();
        m_groups.clear();
    }
    for (const QString& id : batch.removed) {
        if (const auto it = m_pods.find(id); it != m_pods.end()) {
            count(*it->second, -1);
            m_pods.erase(it);
        }
    }
    for (const RowPtr& row : batch.upserts) {
        RowPtr& known = m_pods[row->id];
        if (known)
            count(*known, -1);
        known = row;
        count(*row, 1);
    }
    tell(batch.reset);
}

void UsageTable::moveParts(const QString& part, const QString& group)
{
    const auto it = m_parts.find(part);
    if (it == m_parts.end() || it->second.group == group)
        return;
    add(m_groups[it->second.group], it->second.sums, -1);
    add(m_groups[group], it->second.sums, 1);
    m_dirty.insert({it->second.group, group});
    it->second.group = group;
}

void UsageTable::followOwners(const table::TableSource& source, const QString& kind, const table::Batch& batch)
{
    const int owner = table::indexOfColumn(source.columns(), u"owner");
    for (const QString& id : batch.removed) {
        if (const auto it = m_ownerById.find(id); it != m_ownerById.end()) {
            m_owners.erase(it->second);
            m_ownerById.erase(it);
        }
    }
    for (const RowPtr& row : batch.upserts) {
        const QString key = keyOf(row->space, kind + u'/' + row->name);
        const QString above = textAt(*row, owner);
        m_ownerById[row->id] = key;
        const QString group = above.isEmpty() ? key : keyOf(row->space, above);
        QString& known = m_owners[key];
        if (known == group)
            continue;
        known = group;
        moveParts(key, group);
    }
    tell(false);
}

void UsageTable::followNodes(const table::Batch& batch)
{
    const auto forget = [this](const RowPtr& row) {
        m_nodeByName.erase(row->name);
        m_dirty.insert(row->name);
    };
    if (batch.reset) {
        for (const auto& [id, row] : std::exchange(m_nodes, {}))
            forget(row);
    }
    for (const QString& id : batch.removed) {
        if (const auto it = m_nodes.find(id); it != m_nodes.end()) {
            forget(it->second);
            m_nodes.erase(it);
        }
    }
    for (const RowPtr& row : batch.upserts) {
        m_nodes[row->id] = row;
        m_nodeByName[row->name] = row;
        m_dirty.insert(row->name);
    }
    tell(false);
}

RowPtr UsageTable::makeRow(const QString& group) const
{
    static const Sums nothing{};
    const auto sums = m_groups.find(group);
    const auto node = m_nodeByName.find(group);
    const bool counted = sums != m_groups.end() && sums->second[Pods] > 0;
    if (!counted && node == m_nodeByName.end())
        return {};
    Figures figures{.space = {}, .kind = {}, .name = group, .sums = counted ? &sums->second : &nothing};
    auto row = std::make_shared<Row>();
    row->id = group;
    if (m_by == UsageBy::Workload) {
        figures.space = group.section(u'\n', 0, 0);
        figures.kind = group.section(u'\n', 1).section(u'/', 0, 0);
        figures.name = group.section(u'/', 1);
    }
    table::Columns nodeColumns;
    if (m_by == UsageBy::Node) {
        if (m_sources.nodes)
            nodeColumns = m_sources.nodes->columns();
        figures.nodeColumns = &nodeColumns;
    }
    if (node != m_nodeByName.end()) {
        figures.node = node->second.get();
        row->health = node->second->health;
        row->reason = node->second->reason;
    }
    row->space = figures.space;
    row->name = figures.name;
    row->cells.reserve(size_t(m_columns.size()));
    for (const Spec& spec : specs) {
        if (isWanted(spec, m_by, m_measured))
            row->cells.push_back(spec.cell(figures));
    }
    return row;
}

void UsageTable::tell(bool reset)
{
    table::Batch batch;
    batch.reset = reset;
    if (reset) {
        m_rows.clear();
        for (const auto& [group, sums] : m_groups)
            m_dirty.insert(group);
        for (const auto& [name, row] : m_nodeByName)
            m_dirty.insert(name);
    }
    for (const QString& group : std::exchange(m_dirty, {})) {
        const auto known = m_rows.find(group);
        if (const RowPtr row = makeRow(group)) {
            if (known != m_rows.end() && known->second->sameContent(*row))
                continue;
            m_rows[group] = row;
            batch.upserts.push_back(row);
        } else {
            m_groups.erase(group);
            if (known != m_rows.end()) {
                m_rows.erase(known);
                batch.removed.push_back(group);
            }
        }
    }
    if (reset || !batch.upserts.empty() || !batch.removed.empty())
        emit changed(batch);
}

std::vector<RowPtr> UsageTable::rows() const
{
    std::vector<RowPtr> rows;
    rows.reserve(m_rows.size());
    for (const auto& [group, row] : m_rows)
        rows.push_back(row);
    return rows;
}

table::Freshness UsageTable::freshness() const
{
    table::Freshness freshness = m_sources.pods->freshness();
    if (freshness.isLive() && !freshness.error && !m_measured)
        freshness.error =
            Error{Error::Kind::Unsupported,
                  tr("What is in use is not known: this cluster serves no metrics.k8s.io."),
                  {},
                  tr("It does once metrics-server is installed; requests and limits are shown without it.")};
    return freshness;
}

} // namespace wk::cluster
