// SPDX-License-Identifier: GPL-3.0-or-later
#include "GetCommand.h"

#include "ProcessStats.h"
#include "TablePrinter.h"
#include "cluster/objects/ObjectYaml.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QTimer>
#include <QtCore/QUrl>

#include <cstdio>

namespace wk::ctl {

using namespace Qt::StringLiterals;

Result<Target> targetOf(const Arguments& arguments)
{
    const auto misuse = [](const QString& sentence) {
        return wk::fail(Error::Kind::BadInput, sentence, {}, QObject::tr("Run `watchkeeperctl help` for the options"));
    };
    if (arguments.words.isEmpty())
        return misuse(QObject::tr("Say which kind, such as pods"));
    if (arguments.words.size() > 2)
        return misuse(QObject::tr("\"%1\" is one word too many").arg(arguments.words[2]));
    Target target{arguments.words[0], arguments.words.value(1)};
    if (const qsizetype slash = target.kind.indexOf(u'/'); slash > 0 && target.name.isEmpty()) {
        target.name = target.kind.sliced(slash + 1);
        target.kind.truncate(slash);
    }
    if (!target.name.isEmpty() && arguments.allSpaces)
        return misuse(QObject::tr("One object has one namespace: give -n instead of -A"));
    return target;
}

cluster::ClusterConnection::Options connectionOptions(const Arguments& arguments, const QString& name, bool once)
{
    cluster::ClusterConnection::Options options;
    options.watch = !once;
    options.extraColumns = false;
    options.mostRecent = arguments.mostRecent || !name.isEmpty(); // one object costs nothing to read from etcd
    options.labelSelector = arguments.selector.toUtf8();
    if (!name.isEmpty())
        options.fieldSelector = "metadata.name=" + name.toUtf8();
    return options;
}

int serverMinor(const cluster::ClusterConnection& connection)
{
    return connection.state().serverVersion.section(u'.', 1, 1).toInt();
}

void printStats(const cluster::ClusterConnection& connection, qsizetype objects, double syncedSeconds)
{
    const cluster::ConnectionStats stats = connection.stats();
    std::fprintf(stderr, "{\"synced_s\":%.3f,\"objects\":%lld,\"bytes\":%lld,\"events\":%lld,\"peak_rss_mib\":%.1f}\n",
                 syncedSeconds, static_cast<long long>(objects), static_cast<long long>(stats.bytes),
                 static_cast<long long>(stats.events), peakResidentMiB());
}

GetCommand::GetCommand(platform::ResolvedContext context, Arguments arguments)
    : m_arguments(std::move(arguments)),
      m_connection(context, connectionOptions(m_arguments, targetOf(m_arguments)->name, true))
{
    const auto target = targetOf(m_arguments);
    m_kindWord = target->kind;
    m_name = target->name;
    if (!m_arguments.allSpaces)
        m_space = !m_arguments.space.isEmpty() ? m_arguments.space
                  : context.space.isEmpty()    ? u"default"_s
                                               : context.space;
}

void GetCommand::start()
{
    connect(&m_connection, &cluster::ClusterConnection::kindsChanged, this, &GetCommand::onKinds);
    connect(&m_connection, &cluster::ClusterConnection::stateChanged, this, [this] {
        const auto& state = m_connection.state();
        if (!m_table && state.phase == cluster::ConnectionState::Phase::Failed && state.error)
            fail(*state.error);
    });
    onKinds();
    if (!m_table)
        m_connection.discover(); // none of the kinds that are known beforehand
}

void GetCommand::onKinds()
{
    if (m_table || m_finished)
        return;
    const auto kind = m_connection.findKind(m_kindWord);
    if (kind)
        open(*kind);
    else if (m_connection.discovered())
        fail(kind.error());
}

void GetCommand::open(const cluster::ResourceKind& kind)
{
    if (!kind.namespaced)
        m_space.clear();
    m_table = m_connection.open(kind, m_space);
    connect(m_table.get(), &table::TableSource::freshnessChanged, this, &GetCommand::onFreshness);
    onFreshness();
}

void GetCommand::onFreshness()
{
    const table::Freshness freshness = m_table->freshness();
    switch (freshness.state) {
    case table::Freshness::State::Live: {
        if (m_finished)
            return;
        if (m_arguments.output == u"json" || m_arguments.output == u"yaml")
            fetchDocument();
        else
            printTable();
        break;
    }
    case table::Freshness::State::Failed:
    case table::Freshness::State::Unavailable:
    case table::Freshness::State::Reconnecting:
    case table::Freshness::State::Stale:
        if (freshness.error)
            fail(*freshness.error);
        break;
    case table::Freshness::State::Idle:
    case table::Freshness::State::Loading: break;
    }
}

void GetCommand::printTable()
{
    std::vector<table::RowPtr> rows = m_table->rows();
    sortAsServer(rows);
    const double synced = secondsSinceProcessStart();
    if (rows.empty()) {
        const QString where =
            m_space.isEmpty() ? QObject::tr("in the cluster") : QObject::tr("in the namespace %1").arg(m_space);
        if (!m_name.isEmpty()) {
            fail({Error::Kind::NotFound,
                  QObject::tr("%1 \"%2\" does not exist %3").arg(m_table->kind().id(), m_name, where),
                  {},
                  {}});
            return;
        }
        std::fputs(QObject::tr("No %1 %2.\n").arg(m_table->kind().id(), where).toUtf8().constData(), stderr);
    } else if (m_arguments.output == u"name") {
        printNames(rows);
    } else {
        const TablePrinter printer(m_table->columns(), m_arguments.output == u"wide",
                                   m_arguments.allSpaces && m_table->kind().namespaced, serverMinor(m_connection));
        const QByteArray text = printer.print(rows, SystemClock().nowMs());
        std::fwrite(text.constData(), 1, size_t(text.size()), stdout);
    }
    if (m_arguments.stats)
        printStats(m_connection, qsizetype(rows.size()), synced);
    finish(Done);
}

void GetCommand::printNames(std::vector<table::RowPtr> rows) const
{
    const cluster::ResourceKind& kind = m_table->kind();
    const QString prefix = (kind.singular.isEmpty() ? kind.kind.toLower() : kind.singular) +
                           (kind.group.isEmpty() ? QString() : u'.' + kind.group);
    for (const table::RowPtr& row : rows)
        printLine(prefix + u'/' + row->name);
}

void GetCommand::fetchDocument()
{
    m_finished =
        true; // the table has told that the kind is served and readable; what is printed is the server's own JSON
    const cluster::ResourceKind kind = m_table->kind();
    const auto done = [this](const Result<QByteArray>& json) {
        m_finished = false;
        if (json)
            printDocument(*json);
        else
            fail(json.error());
    };
    if (!m_name.isEmpty()) {
        m_connection.fetchObject(kind, m_space, m_name, m_arguments.showSecrets).then(this, done);
        return;
    }
    QByteArray query;
    if (!m_arguments.selector.isEmpty())
        query = "labelSelector=" + QUrl::toPercentEncoding(m_arguments.selector);
    m_connection.get(kind.path(m_space), query).then(this, done);
}

void GetCommand::printDocument(const QByteArray& json)
{
    const QJsonDocument document = QJsonDocument::fromJson(json);
    QJsonObject root = document.object();
    if (root.contains(u"items"_s)) {
        // kubectl wraps a list's items into one kind-less List.
        const QString kind = m_table->kind().kind;
        const QString apiVersion = m_table->kind().apiVersion();
        QJsonArray items;
        for (const QJsonValue& value : root.value(u"items"_s).toArray()) {
            QJsonObject item = value.toObject();
            item.insert(u"apiVersion"_s, apiVersion);
            item.insert(u"kind"_s, kind);
            items.append(m_arguments.showSecrets ? item : cluster::withoutSecretValues(item));
        }
        root = QJsonObject{
            {u"apiVersion"_s, u"v1"_s}, {u"items"_s, items}, {u"kind"_s, u"List"_s}, {u"metadata"_s, QJsonObject{}}};
    }
    const QByteArray text =
        m_arguments.output == u"json" ? QJsonDocument(root).toJson() : cluster::yamlFromValue(root).toUtf8();
    std::fwrite(text.constData(), 1, size_t(text.size()), stdout);
    if (m_arguments.stats)
        printStats(m_connection, m_table->size(), secondsSinceProcessStart());
    finish(Done);
}

void GetCommand::fail(const Error& error)
{
    if (m_finished || error.kind == Error::Kind::Cancelled)
        return;
    printError(error);
    // A credential plugin that is not there is no refusal of what was asked for: there was no connection.
    const bool connected = m_connection.state().phase != cluster::ConnectionState::Phase::Failed;
    finish(connected ? exitCodeOf(error) : NoConnection);
}

void GetCommand::finish(int code)
{
    m_finished = true;
    std::fflush(stdout);
    // Not from inside a signal of the connection that goes with us.
    QTimer::singleShot(0, qApp, [code] { QCoreApplication::exit(code); });
}

int runGet(const Arguments& arguments, Running& running)
{
    if (const auto target = targetOf(arguments); !target) {
        printError(target.error());
        return Usage;
    }
    const auto context = resolveContext(arguments);
    if (!context) {
        printError(context.error());
        return NoConnection;
    }
    auto command = std::make_unique<GetCommand>(*context, arguments);
    command->start();
    running = std::move(command);
    return -1;
}

} // namespace wk::ctl
