// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/runners/Prometheus.h"

#include <QtCore/QFutureWatcher>

namespace wk::changes {

using namespace Qt::StringLiterals;
using monitoring::FoundServer;
using monitoring::PrometheusFinder;
using monitoring::PrometheusServer;

PrometheusFinder::Get getterOf(std::function<Result<ClusterAccess*>()> cluster)
{
    return [cluster = std::move(cluster)](const QByteArray& path, const QByteArray& query) {
        const auto access = cluster();
        if (!access)
            return QtFuture::makeReadyFuture(Result<net::Response>(fail(access.error())));
        return (*access)->read({path, query, true}).then([](Result<Answer> answer) -> Result<net::Response> {
            if (!answer)
                return fail(std::move(answer.error()));
            return net::Response{{answer->status, {}}, std::move(answer->body)};
        });
    };
}

Prometheus::Asking::~Asking() { end(fail(Error::Kind::Cancelled, Prometheus::tr("This was given up."))); }

void Prometheus::Asking::end(Result<Value> result)
{
    if (std::exchange(ended, true))
        return;
    promise.addResult(std::move(result));
    promise.finish();
}

Prometheus::Prometheus(Places places, Clock& clock, QObject* parent)
    : QObject(parent), m_places(std::move(places)), m_clock(clock)
{
}

Prometheus::~Prometheus() = default;

QFuture<Result<MetricsAccess::Value>> Prometheus::ask(const QString& cluster, const QUrl& url, const QString& query)
{
    auto asking = std::make_shared<Asking>();
    asking->id = ++m_lastId;
    asking->query = query;
    asking->promise.start();
    m_asked.emplace(asking->id, asking);
    auto* watcher = new QFutureWatcher<Result<Value>>(this);
    connect(watcher, &QFutureWatcherBase::canceled, this, [this, id = asking->id] { forget(id); });
    connect(watcher, &QFutureWatcherBase::finished, watcher, &QObject::deleteLater);
    watcher->setFuture(asking->promise.future());
    auto future = asking->promise.future();

    Known& known = url.isEmpty() ? m_byCluster[cluster] : m_byUrl[url.toString()];
    if (!known.server && !url.isEmpty()) {
        monitoring::ServerAddress address;
        address.url = url;
        known.where = tr("%1: the step gives this address").arg(address.words());
        known.server = std::make_unique<PrometheusServer>(address, m_clock);
    }
    if (known.server) {
        send(known, asking);
        return future;
    }
    known.waiting.push_back(std::move(asking));
    if (!known.finder)
        find(cluster, known);
    return future;
}

void Prometheus::find(const QString& cluster, Known& known)
{
    const platform::Platform* platform = m_places.platform ? m_places.platform() : nullptr;
    PrometheusFinder::Get get;
    if (m_places.cluster && m_places.cluster(cluster))
        get = getterOf([clusters = m_places.cluster, cluster] { return clusters(cluster); });
    known.finder = std::make_unique<PrometheusFinder>(
        std::move(get), platform, [this, cluster](Result<FoundServer> found) { onFound(cluster, std::move(found)); },
        m_places.secrets);
}

void Prometheus::onFound(const QString& cluster, Result<FoundServer> found)
{
    Known& known = m_byCluster[cluster];
    known.finder.release()->deleteLater(); // it is on the stack
    const auto waiting = std::exchange(known.waiting, {});
    if (found && !found->address.servicePath.isEmpty()) {
        const auto access = m_places.cluster ? m_places.cluster(cluster)
                                             : fail(Error::Kind::Unsupported, tr("Clusters cannot be asked here."));
        const auto context = access ? (*access)->context() : nullptr;
        if (context)
            found->address.cluster = context;
        else
            found = fail(
                access ? Error{Error::Kind::Unsupported, tr("The cluster cannot be asked for its services."), {}, {}}
                       : access.error());
    }
    if (!found) { // who asks again makes it look again
        for (const AskingPtr& asking : waiting) {
            m_asked.erase(asking->id);
            asking->end(fail(found.error()));
        }
        return;
    }
    known.where = u"%1: %2"_s.arg(found->address.words(), found->reason);
    if (!found->others.isEmpty())
        known.where += tr(" (there are also: %1)").arg(found->others.join(u", "_s));
    known.server = std::make_unique<PrometheusServer>(found->address, m_clock);
    for (const AskingPtr& asking : waiting) {
        if (m_asked.contains(asking->id))
            send(known, asking);
    }
}

void Prometheus::send(const Known& known, const AskingPtr& asking)
{
    asking->flight = known.server->instant(
        {asking->query, std::nullopt}, monitoring::Priority::Now,
        [this, id = asking->id, where = known.where](Result<monitoring::AnswerPtr> answer) {
            const auto it = m_asked.find(id);
            if (it == m_asked.end())
                return;
            const AskingPtr done = it->second;
            m_asked.erase(it);
            done->end(answer ? Result<Value>(Value{std::move(*answer), where}) : fail(std::move(answer.error())));
        });
}

void Prometheus::forget(quint64 id)
{
    const auto it = m_asked.find(id);
    if (it == m_asked.end())
        return;
    it->second->flight.reset();
    m_asked.erase(it);
}

} // namespace wk::changes
