// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/ClusterView.h"
#include "cluster/Decoder.h"
#include "cluster/KindCatalog.h"

#include <QtCore/QPromise>

namespace wk::test {

using namespace Qt::StringLiterals;

/// A table made by hand.
class FakeTable final : public table::TableSource
{
public:
    explicit FakeTable(table::Columns columns) : m_columns(std::move(columns)) {}
    table::Columns columns() const override { return m_columns; }
    std::vector<table::RowPtr> rows() const override
    {
        std::vector<table::RowPtr> all;
        for (const auto& [id, row] : m_rows)
            all.push_back(row);
        return all;
    }
    table::Freshness freshness() const override { return m_freshness; }
    void set(table::Freshness::State state, std::optional<Error> error = std::nullopt)
    {
        m_freshness.state = state;
        m_freshness.error = std::move(error);
        emit freshnessChanged();
    }
    void put(const table::RowPtr& row)
    {
        m_rows[row->id] = row;
        emit changed({.reset = false, .upserts = {row}, .removed = {}});
    }
    void remove(const QString& id)
    {
        m_rows.erase(id);
        emit changed({.reset = false, .upserts = {}, .removed = {id}});
    }

private:
    table::Columns m_columns;
    std::map<QString, table::RowPtr> m_rows;
    table::Freshness m_freshness{.state = table::Freshness::State::Live, .error = std::nullopt};
};

/// A cluster whose tables and answers the test makes.
class FakeCluster final : public cluster::ClusterView
{
public:
    FakeCluster()
    {
        for (const char16_t* id : {u"nodes", u"namespaces", u"pods", u"secrets", u"events", u"deployments.apps",
                                   u"statefulsets.apps", u"daemonsets.apps", u"replicasets.apps"})
            addKind(QString::fromUtf16(id));
        m_state.phase = cluster::ConnectionState::Phase::Live;
        m_state.userName = u"tester"_s;
    }
    QString name() const override { return u"fake"_s; }
    const cluster::ConnectionState& state() const override { return m_state; }
    QList<cluster::ResourceKind> kinds() const override { return m_kinds; }
    bool discovered() const override { return true; }
    std::shared_ptr<table::TableSource> open(const cluster::ResourceKind& kind, const QString& space) override
    {
        return table(kind.id(), space);
    }
    std::shared_ptr<FakeTable> table(const QString& kindId, const QString& space = {})
    {
        auto& table = m_tables[kindId + u'|' + space];
        if (!table)
            table = std::make_shared<FakeTable>(columnsOf(kindId));
        return table;
    }
    QFuture<Result<QByteArray>> fetchObject(const cluster::ResourceKind&, const QString&, const QString& name,
                                            bool withSecretData) override
    {
        ++fetches;
        return answer(objects, name.toUtf8() + (withSecretData ? "+" : ""));
    }
    QFuture<Result<QByteArray>> fetchList(const cluster::ResourceKind& kind, const QString& space,
                                          const QByteArray& query) override
    {
        queries.append(kind.id().toUtf8() + '|' + space.toUtf8() + '|' + query);
        return answer(lists, kind.id().toUtf8());
    }
    QFuture<Result<QByteArray>> fetchOwnRules(const QString& space) override { return answer(rules, space.toUtf8()); }
    void reconnect() override { ++reconnects; }
    /// From now on that kind is served, too.
    void serve(const cluster::ResourceKind& kind)
    {
        m_kinds.append(kind);
        emit kindsChanged();
    }
    /// metrics.k8s.io, as discovery tells of it.
    void serveMetrics()
    {
        for (const QString& resource : {u"pods"_s, u"nodes"_s}) {
            cluster::ResourceKind kind;
            kind.group = u"metrics.k8s.io"_s;
            kind.version = u"v1beta1"_s;
            kind.resource = resource;
            kind.verbs = {u"get"_s, u"list"_s};
            kind.namespaced = resource == u"pods";
            serve(kind);
        }
    }

    static table::Columns columnsOf(const QString& kindId)
    {
        using K = table::Column::Kind;
        if (kindId == u"events")
            return {{u"namespace"_s, u"Namespace"_s, K::Text, false, {}, false},
                    {u"last-seen"_s, u"Last Seen"_s, K::Age, false, {}, false},
                    {u"type"_s, u"Type"_s, K::Status, false, {}, false},
                    {u"reason"_s, u"Reason"_s, K::Text, false, {}, false},
                    {u"object"_s, u"Object"_s, K::Text, false, {}, false},
                    {u"message"_s, u"Message"_s, K::Text, false, {}, false}};
        if (kindId == u"replicasets.apps")
            return {{u"name"_s, u"Name"_s, K::Text, false, {}, false},
                    {u"age"_s, u"Age"_s, K::Age, false, {}, false},
                    {u"images"_s, u"Images"_s, K::Text, true, {}, false},
                    {u"owner"_s, u"Owner"_s, K::Text, false, {}, true},
                    {u"revision"_s, u"Revision"_s, K::Number, false, {}, true}};
        return {{u"namespace"_s, u"Namespace"_s, K::Text, false, {}, false},
                {u"name"_s, u"Name"_s, K::Text, false, {}, false},
                {u"ready"_s, u"Ready"_s, K::Ratio, false, {}, false},
                {u"status"_s, u"Status"_s, K::Status, false, {}, false}};
    }
    /// A revision of a workload, as a replica set keeps it.
    static table::RowPtr revision(const QString& space, const QString& owner, qint64 number, qint64 createdMs,
                                  const QString& images)
    {
        auto row = std::make_shared<table::Row>();
        row->id = owner + u'-' + QString::number(createdMs);
        row->space = space;
        row->name = row->id;
        row->cells = {row->name, table::Instant{createdMs}, images, u"Deployment/"_s + owner, number};
        return row;
    }
    static table::RowPtr row(const QString& space, const QString& name, table::Health health = table::Health::Good,
                             const QString& reason = {})
    {
        auto row = std::make_shared<table::Row>();
        row->id = space + u'/' + name;
        row->space = space;
        row->name = name;
        row->health = health;
        row->reason = reason;
        row->cells = {space, name, table::Ratio{health == table::Health::Good ? 1 : 0, 1},
                      health == table::Health::Good ? u"Running"_s : u"CrashLoopBackOff"_s};
        return row;
    }

    QHash<QByteArray, QByteArray> objects; ///< by name; with '+' for the answer that holds a secret's values
    QHash<QByteArray, QByteArray> lists;   ///< by kind
    QHash<QByteArray, QByteArray> rules;   ///< by namespace
    QList<QByteArray> queries;             ///< lists that were asked for: "kind|namespace|query"
    int fetches = 0;
    int reconnects = 0;

private:
    void addKind(const QString& id)
    {
        cluster::ResourceKind kind = cluster::kindById(cluster::builtInKinds(), id);
        kind.verbs += {u"create"_s, u"update"_s, u"patch"_s, u"delete"_s}; // as discovery tells
        m_kinds.append(kind);
    }
    static QFuture<Result<QByteArray>> answer(const QHash<QByteArray, QByteArray>& from, const QByteArray& key)
    {
        if (const auto found = from.constFind(key); found != from.cend())
            return QtFuture::makeReadyFuture(Result<QByteArray>(*found));
        return QtFuture::makeReadyFuture(
            Result<QByteArray>(fail(Error::Kind::NotFound, u"There is no such object."_s)));
    }

    QList<cluster::ResourceKind> m_kinds;
    cluster::ConnectionState m_state;
    QHash<QString, std::shared_ptr<FakeTable>> m_tables;
};

} // namespace wk::test
