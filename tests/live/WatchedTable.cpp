// SPDX-License-Identifier: GPL-3.0-or-later
#include "WatchedTable.h"

#include "../../app/watchkeeperctl/TablePrinter.h"
#include "core/Clock.h"

namespace wk::test {

using namespace Qt::StringLiterals;
using State = table::Freshness::State;

WatchedTable::WatchedTable(const QString& kubeconfig, const QString& context, const QStringList& kinds)
{
    const auto config = platform::KubeConfig::loadFile(kubeconfig);
    const auto resolved =
        config ? config->resolve(context) : Result<platform::ResolvedContext>(std::unexpected(config.error()));
    if (!resolved) {
        m_error = resolved.error().text();
        return;
    }
    m_connection = std::make_unique<cluster::ClusterConnection>(*resolved);
    for (const QString& word : kinds) {
        const auto kind = m_connection->findKind(word);
        if (!kind) {
            m_error = kind.error().text();
            return;
        }
        m_tables.push_back(m_connection->open(*kind));
    }
    cluster::LiveTable* first = m_tables.front().get();
    QObject::connect(first, &table::TableSource::freshnessChanged, first, [this, first] {
        const State state = first->freshness().state;
        m_wasStale = m_wasStale || state == State::Stale || state == State::Failed;
    });
}

bool WatchedTable::allLive() const
{
    return std::ranges::all_of(m_tables, [](const auto& table) { return table->freshness().isLive(); });
}

QByteArray WatchedTable::print(int kind) const
{
    const cluster::LiveTable& source = *m_tables[size_t(kind)];
    std::vector<table::RowPtr> rows = source.rows();
    ctl::sortAsServer(rows);
    if (rows.empty())
        return {};
    const int minor = m_connection->state().serverVersion.section(u'.', 1, 1).toInt();
    return ctl::TablePrinter(source.columns(), true, source.kind().namespaced, minor)
        .print(rows, SystemClock().nowMs());
}

QString WatchedTable::describe() const
{
    if (!m_connection)
        return m_error;
    QString text = u"connection phase %1"_s.arg(int(m_connection->state().phase));
    if (m_connection->state().error)
        text += u" ("_s + m_connection->state().error->text() + u')';
    for (const auto& table : m_tables) {
        const table::Freshness freshness = table->freshness();
        text += u"; %1: state %2, %3 rows"_s.arg(table->kind().id()).arg(int(freshness.state)).arg(table->size());
        if (freshness.error)
            text += u" ("_s + freshness.error->text() + u' ' + freshness.error->detail + u')';
    }
    return text;
}

} // namespace wk::test
