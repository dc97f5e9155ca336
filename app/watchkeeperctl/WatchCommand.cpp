// SPDX-License-Identifier: GPL-3.0-or-later
#include "WatchCommand.h"

#include "GetCommand.h"
#include "ProcessStats.h"
#include "TablePrinter.h"

#include <QtCore/QCoreApplication>

#include <cstdio>

namespace wk::ctl {

using namespace Qt::StringLiterals;

namespace {

QString stateName(table::Freshness::State state)
{
    switch (state) {
    case table::Freshness::State::Idle: return u"idle"_s;
    case table::Freshness::State::Loading: return u"loading"_s;
    case table::Freshness::State::Live: return u"live"_s;
    case table::Freshness::State::Reconnecting: return u"reconnecting"_s;
    case table::Freshness::State::Stale: return u"stale"_s;
    case table::Freshness::State::Failed: return u"failed"_s;
    case table::Freshness::State::Unavailable: return u"unavailable"_s;
    }
    Q_UNREACHABLE();
}

} // namespace

WatchCommand::WatchCommand(platform::ResolvedContext context, Arguments arguments)
    : m_arguments(std::move(arguments)),
      m_connection(context, connectionOptions(m_arguments, targetOf(m_arguments)->name, false))
{
    m_kindWord = targetOf(m_arguments)->kind;
    if (!m_arguments.allSpaces)
        m_space = !m_arguments.space.isEmpty() ? m_arguments.space
                  : context.space.isEmpty()    ? u"default"_s
                                               : context.space;
    m_deadline.setSingleShot(true);
    connect(&m_deadline, &QTimer::timeout, this, &WatchCommand::end);
}

void WatchCommand::start()
{
    if (m_arguments.seconds > 0)
        m_deadline.start(int(m_arguments.seconds * 1000));
    connect(&m_connection, &cluster::ClusterConnection::kindsChanged, this, &WatchCommand::onKinds);
    connect(&m_connection, &cluster::ClusterConnection::stateChanged, this, [this] {
        const auto& state = m_connection.state();
        if (!m_table && state.phase == cluster::ConnectionState::Phase::Failed && state.error) {
            printError(*state.error);
            QCoreApplication::exit(NoConnection);
        }
    });
    onKinds();
}

void WatchCommand::onKinds()
{
    if (m_table)
        return;
    const auto kind = m_connection.findKind(m_kindWord);
    if (!kind) {
        if (m_connection.discovered()) {
            printError(kind.error());
            QTimer::singleShot(0, qApp, [] { QCoreApplication::exit(Refused); });
        }
        return;
    }
    if (!kind->namespaced)
        m_space.clear();
    m_table = m_connection.open(*kind, m_space);
    connect(m_table.get(), &table::TableSource::freshnessChanged, this, &WatchCommand::onFreshness);
    connect(m_table.get(), &table::TableSource::changed, this, &WatchCommand::onChanged);
    onFreshness();
}

void WatchCommand::onFreshness()
{
    const table::Freshness freshness = m_table->freshness();
    if (freshness.state == m_lastState)
        return;
    m_lastState = freshness.state;
    QString line = u"{\"state\":\"%1\",\"at_ms\":%2,\"as_of_ms\":%3}"_s.arg(stateName(freshness.state))
                       .arg(SystemClock().nowMs())
                       .arg(freshness.asOfMs);
    std::fputs((line + u'\n').toUtf8().constData(), stderr);
    if (freshness.state == table::Freshness::State::Live && m_syncedSeconds == 0) {
        m_syncedSeconds = secondsSinceProcessStart();
        for (const table::RowPtr& row : m_table->rows())
            m_known[row->id] = row;
        if (!m_arguments.finalOnly)
            printRows(m_table->rows(), true);
    } else if (freshness.error) {
        printError(*freshness.error);
        // A kind that is not there will not come by waiting; a lost connection may.
        if (freshness.state == table::Freshness::State::Unavailable)
            QTimer::singleShot(0, qApp, [code = exitCodeOf(*freshness.error)] { QCoreApplication::exit(code); });
    }
}

void WatchCommand::onChanged(const table::Batch& batch)
{
    if (m_syncedSeconds == 0 || m_arguments.finalOnly)
        return;
    std::vector<table::RowPtr> changed;
    for (const table::RowPtr& row : batch.upserts) {
        table::RowPtr& known = m_known[row->id];
        if (!known || !known->sameContent(*row))
            changed.push_back(row);
        known = row;
    }
    for (const QString& id : batch.removed) {
        const auto it = m_known.find(id);
        if (it == m_known.end())
            continue;
        printLine(u"- "_s + (it->second->space.isEmpty() ? QString() : it->second->space + u'/') + it->second->name);
        m_known.erase(it);
    }
    if (!changed.empty())
        printRows(std::move(changed), false);
}

void WatchCommand::printRows(std::vector<table::RowPtr> rows, bool header)
{
    sortAsServer(rows);
    const TablePrinter printer(m_table->columns(), m_arguments.output == u"wide",
                               m_arguments.allSpaces && m_table->kind().namespaced, serverMinor(m_connection));
    const QByteArray text = printer.print(rows, SystemClock().nowMs(), header);
    std::fwrite(text.constData(), 1, size_t(text.size()), stdout);
    std::fflush(stdout);
}

void WatchCommand::end()
{
    if (m_ended)
        return;
    m_ended = true;
    const bool synced = m_syncedSeconds > 0;
    if (synced && m_arguments.finalOnly)
        printRows(m_table->rows(), true);
    if (m_arguments.stats)
        printStats(m_connection, m_table ? m_table->size() : 0, m_syncedSeconds);
    QCoreApplication::exit(synced ? Done : NoConnection);
}

int runWatch(const Arguments& arguments, Running& running)
{
    if (const auto target = targetOf(arguments); !target) {
        printError(target.error());
        return Usage;
    }
    if (arguments.output != u"table" && arguments.output != u"wide") {
        printError({Error::Kind::BadInput, QObject::tr("watch prints tables: -o table or -o wide"), {}, {}});
        return Usage;
    }
    const auto context = resolveContext(arguments);
    if (!context) {
        printError(context.error());
        return NoConnection;
    }
    auto command = std::make_unique<WatchCommand>(*context, arguments);
    command->start();
    running = std::move(command);
    return -1;
}

} // namespace wk::ctl
