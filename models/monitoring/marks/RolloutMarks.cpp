// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/marks/RolloutMarks.h"

#include "cluster/KindCatalog.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDateTime>
#include <QtCore/QLocale>

#include <map>

namespace wk::monitoring {

using namespace Qt::StringLiterals;
using series::Mark;
using State = series::MarkSource::Standing::State;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::monitoring::RolloutMarks)
};

constexpr char16_t replicaSets[] = u"replicasets.apps", controllerRevisions[] = u"controllerrevisions.apps";

template <typename T>
const T* cellAt(const table::Row& row, int column)
{
    return column >= 0 && column < int(row.cells.size()) ? std::get_if<T>(&row.cells[size_t(column)]) : nullptr;
}

QString textAt(const table::Row& row, int column)
{
    const auto* text = cellAt<QString>(row, column);
    return text ? *text : QString();
}

/// A number, however the server's table gives it.
qint64 numberAt(const table::Row& row, int column)
{
    if (const auto* number = cellAt<qint64>(row, column))
        return *number;
    if (const auto* number = cellAt<double>(row, column))
        return qint64(*number);
    return textAt(row, column).toLongLong();
}

/// "Deployment/api" or "statefulset.apps/db" → the kind's id and the name.
std::pair<QString, QString> ownerOf(const QString& text)
{
    static constexpr std::pair<QLatin1StringView, QLatin1StringView> kinds[] = {
        {"deployment"_L1, "deployments.apps"_L1},
        {"statefulset"_L1, "statefulsets.apps"_L1},
        {"daemonset"_L1, "daemonsets.apps"_L1}};
    const QString kind = text.section(u'/', 0, 0).section(u'.', 0, 0).toLower();
    for (const auto& [word, id] : kinds) {
        if (kind == word)
            return {id, text.section(u'/', 1)};
    }
    return {};
}

/// "registry.example/shop/api:v1.4.2,…" → "api:v1.4.2": what tells two of them apart.
QString imageWords(const QString& images)
{
    QStringList out;
    for (const QString& image : images.split(u',', Qt::SkipEmptyParts))
        out << image.section(u'/', -1).section(u'@', 0, 0).trimmed();
    if (out.size() > 2)
        out = out.first(2) << Texts::tr("%1 more").arg(out.size() - 2);
    return out.join(u", "_s);
}

QString clockWords(qint64 ms) { return QLocale().toString(QDateTime::fromMSecsSinceEpoch(ms), u"d MMM HH:mm"_s); }

} // namespace

RolloutMarks::RolloutMarks(View view, QStringList spaces, Clock& clock, QObject* parent)
    : MarkSource(parent), m_view(std::move(view)), m_spaces(std::move(spaces)), m_clock(clock)
{
}

RolloutMarks::~RolloutMarks() { close(); }

void RolloutMarks::want(qint64 fromMs, qint64 toMs) { m_from = fromMs, m_to = toMs; }

void RolloutMarks::onWatched()
{
    if (isWatched())
        open();
    else
        close(); // what is known stays, as of now
}

void RolloutMarks::close()
{
    if (m_cluster)
        m_cluster->disconnect(this);
    for (const Table& table : std::as_const(m_tables))
        table->disconnect(this);
    m_tables.clear();
    m_cluster.reset();
}

void RolloutMarks::open()
{
    auto view = m_view();
    m_error = view ? std::optional<Error>() : std::optional(view.error());
    m_cluster = view ? *view : nullptr;
    if (m_cluster) {
        connect(m_cluster.get(), &cluster::ClusterView::kindsChanged, this,
                [this] { follow(QString::fromUtf16(controllerRevisions)); });
        follow(QString::fromUtf16(replicaSets));
        follow(QString::fromUtf16(controllerRevisions));
    }
    forget();
}

void RolloutMarks::follow(const QString& kindId)
{
    const cluster::ResourceKind kind = cluster::kindById(m_cluster->kinds(), kindId);
    if (kind.resource.isEmpty() || m_tables.contains(kindId))
        return;
    const Table table = m_cluster->open(kind, m_spaces.size() == 1 ? m_spaces.front() : QString());
    m_tables.insert(kindId, table);
    connect(table.get(), &table::TableSource::changed, this, &RolloutMarks::forget);
    connect(table.get(), &table::TableSource::columnsChanged, this, &RolloutMarks::forget);
    connect(table.get(), &table::TableSource::freshnessChanged, this, &RolloutMarks::forget);
    noteReturns();
}

void RolloutMarks::forget()
{
    noteReturns();
    m_stale = true;
    emit changed();
}

std::vector<RolloutMarks::Revision> RolloutMarks::revisionsOf(const table::TableSource& table) const
{
    const table::Columns columns = table.columns();
    const int owner = table::indexOfColumn(columns, u"owner"),
              controller = table::indexOfColumn(columns, u"controller");
    const int revision = table::indexOfColumn(columns, u"revision"), age = table::indexOfColumn(columns, u"age");
    const int images = table::indexOfColumn(columns, u"images");
    const int creation = table::indexOfColumn(columns, u"creation-time");
    std::vector<Revision> out;
    for (const table::RowPtr& row : table.rows()) {
        if (!m_spaces.isEmpty() && !m_spaces.contains(row->space))
            continue;
        const auto [kindId, name] = ownerOf(textAt(*row, controller >= 0 ? controller : owner));
        const auto* created = cellAt<table::Instant>(*row, creation >= 0 ? creation : age);
        const qint64 number = numberAt(*row, revision);
        if (kindId.isEmpty() || !created || number <= 0)
            continue;
        out.push_back({kindId, row->space, name, imageWords(textAt(*row, images)), row->id, number, created->ms});
    }
    return out;
}

/// A replica set that gets a newer number is an older template that a deployment went back to. Only who watches knows
/// when: its creation is that of the first time.
void RolloutMarks::noteReturns()
{
    const Table table = m_tables.value(QString::fromUtf16(replicaSets));
    if (!table || !table->freshness().isLive())
        return;
    for (const Revision& revision : revisionsOf(*table)) {
        const auto before = m_numbers.constFind(revision.rowId);
        if (before != m_numbers.constEnd() && *before < revision.number)
            m_returnedAt.insert(revision.rowId, m_clock.nowMs());
        m_numbers.insert(revision.rowId, revision.number);
    }
}

void RolloutMarks::rebuild() const
{
    if (!std::exchange(m_stale, false) || m_tables.isEmpty())
        return;
    std::map<QString, std::map<qint64, Revision>> workloads; // their revisions, in order
    for (const Table& table : m_tables) {
        for (Revision& revision : revisionsOf(*table)) {
            const QString key = revision.kindId + u'/' + revision.space + u'/' + revision.owner;
            workloads[key].insert_or_assign(revision.number, std::move(revision));
        }
    }
    m_marks.clear();
    m_unseenReturns.clear();
    m_lostBeforeMs = 0;
    for (const auto& [key, revisions] : workloads) {
        qint64 newest = 0; // creation of those with lower numbers
        qint64 renumbered = 0;
        for (const auto& [number, revision] : revisions) {
            const bool returned = revision.createdMs < newest;
            newest = std::max(newest, revision.createdMs);
            renumbered += returned;
            Mark mark{.id = u"rollout/%1/%2"_s.arg(key).arg(number),
                      .kind = Mark::Kind::Rollout,
                      .atMs = revision.createdMs,
                      .text = (returned      ? Texts::tr("%1 went back to an older template, revision %2")
                               : number == 1 ? Texts::tr("%1 was made, revision %2")
                                             : Texts::tr("Rollout of %1, revision %2"))
                                  .arg(revision.owner)
                                  .arg(number),
                      .tone = returned ? Mark::Tone::Warning : Mark::Tone::Info,
                      .target = key};
            if (!revision.images.isEmpty())
                mark.text += u" ("_s + revision.images + u')';
            if (returned) {
                mark.atMs = m_returnedAt.value(revision.rowId);
                if (mark.atMs == 0) {
                    m_unseenReturns << revision.owner;
                    continue;
                }
            }
            m_marks.push_back(std::move(mark));
        }
        // A template that one goes back to leaves its old number behind.
        if (revisions.begin()->first > 1 + renumbered)
            m_lostBeforeMs = std::max(m_lostBeforeMs, revisions.begin()->second.createdMs);
    }
}

std::vector<Mark> RolloutMarks::marks(qint64 fromMs, qint64 toMs) const
{
    rebuild();
    std::vector<Mark> out;
    std::ranges::copy_if(m_marks, std::back_inserter(out),
                         [&](const Mark& mark) { return mark.touches(fromMs, toMs); });
    return out;
}

series::MarkSource::Standing RolloutMarks::standing() const
{
    using Freshness = table::Freshness::State;
    if (m_error)
        return {State::Unknown, m_error->sentence};
    const Table table = m_tables.value(QString::fromUtf16(replicaSets));
    if (!table)
        return {State::Asking, {}};
    const table::Freshness fresh = table->freshness();
    const QString why = fresh.error ? fresh.error->sentence : QString();
    if (fresh.state == Freshness::Idle || fresh.state == Freshness::Loading)
        return {State::Asking, {}};
    if (fresh.state == Freshness::Failed || fresh.state == Freshness::Unavailable)
        return {State::Unknown, why};
    rebuild();
    QStringList words;
    if (!fresh.isLive())
        words << Texts::tr("As of %1: the cluster does not answer.").arg(clockWords(fresh.asOfMs));
    if (!why.isEmpty())
        words << why;
    if (m_lostBeforeMs > m_from)
        words << Texts::tr(
                     "The cluster keeps only the latest revisions of a workload: rollouts before %1 may be missing.")
                     .arg(clockWords(m_lostBeforeMs));
    if (!m_unseenReturns.isEmpty())
        words << Texts::tr("When %1 went back to an older template is not known.").arg(m_unseenReturns.join(u", "_s));
    return {words.isEmpty() ? State::Known : State::Partial, words.join(u' ')};
}

} // namespace wk::monitoring
