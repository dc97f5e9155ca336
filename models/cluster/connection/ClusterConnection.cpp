// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/connection/ClusterConnection.h"

#include "cluster/Decoder.h"
#include "cluster/connection/ApiClient.h"
#include "cluster/connection/ConnectionWorker.h"
#include "cluster/connection/ChannelGuest.h"
#include "cluster/objects/ObjectRedaction.h"

#include <QtCore/QHash>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QPromise>
#include <QtCore/QThread>

namespace wk::cluster {

using namespace Qt::StringLiterals;

namespace {

using Promise = std::shared_ptr<QPromise<Result<QByteArray>>>;

void fulfil(const Promise& promise, Result<QByteArray> result)
{
    promise->addResult(std::move(result));
    promise->finish();
}

/// Opens each request as its function says.
class OpenedBy final : public net::Transport
{
public:
    using Open = std::function<std::unique_ptr<net::Exchange>(const net::Request&, net::Handlers)>;
    explicit OpenedBy(Open open) : m_open(std::move(open)) {}
    std::unique_ptr<net::Exchange> open(const net::Request& request, net::Handlers handlers) override
    {
        return m_open(request, std::move(handlers));
    }

private:
    Open m_open;
};

} // namespace

class ClusterConnection::Private
{
public:
    Private(ClusterConnection* owner, platform::ResolvedContext resolved, Options wanted)
        : q(owner), context(std::move(resolved)), options(std::move(wanted)), kinds(builtInKinds())
    {
        state.userName = context.userName;
        state.insecure = context.insecureSkipTlsVerify;
        thread.setObjectName(u"cluster "_s + context.id.context);
        anchor.moveToThread(&thread);
        thread.start();
        onThread([this] { makeWorker(); });
    }

    ~Private()
    {
        // The worker dies on its own thread, which aborts everything; then nothing can post to us any more.
        onThread([this] {
            worker.reset();
            thread.quit();
        });
        thread.wait();
    }

    /// Runs `f` on the connection's thread; calls keep their order.
    template <typename F>
    void onThread(F&& f)
    {
        QMetaObject::invokeMethod(&anchor, std::forward<F>(f), Qt::QueuedConnection);
    }

    void makeWorker()
    {
        auto client = std::make_unique<ApiClient>(context, clock);
        api = client.get();
        ConnectionWorker::Services services{std::move(client), clock, counters, [a = api] { a->reconnect(); },
                                            [a = api] { return a->credentialExpiresMs(); }};
        ConnectionWorker::Outbox outbox;
        outbox.state = [this](ConnectionState s) { toGui([this, s = std::move(s)] { setState(s); }); };
        outbox.kinds = [this](QList<ResourceKind> k) {
            toGui([this, k = std::move(k)] {
                kinds = k;
                discovered = true;
                emit q->kindsChanged();
            });
        };
        outbox.table = [this](ConnectionWorker::Table id, TableUpdate update) {
            toGui([this, id, u = std::make_shared<const TableUpdate>(std::move(update))] { updateTable(id, *u); });
        };
        worker = std::make_unique<ConnectionWorker>(ConnectionWorker::Setup{context, options}, std::move(services),
                                                    std::move(outbox));
        worker->start();
    }

    template <typename F>
    void toGui(F&& f)
    {
        QMetaObject::invokeMethod(q, std::forward<F>(f), Qt::QueuedConnection);
    }

    void setState(const ConnectionState& s)
    {
        const bool same = s.phase == state.phase && s.error.has_value() == state.error.has_value() &&
                          (!s.error || s.error->sentence == state.error->sentence) &&
                          s.serverVersion == state.serverVersion && s.credentialExpiresMs == state.credentialExpiresMs;
        state = s;
        if (!same)
            emit q->stateChanged();
    }

    void updateTable(ConnectionWorker::Table id, const TableUpdate& update)
    {
        // Kept while its signals run: a follower may let go of it.
        const auto it = tables.find(id);
        const auto table = it == tables.end() ? nullptr : it->second.lock();
        if (table) {
            if (update.kind)
                table->setKind(*update.kind);
            if (update.columns)
                table->setColumns(*update.columns);
            if (update.batch)
                table->apply(*update.batch);
            if (!update.versions.empty())
                table->tellVersions(update.versions);
            if (update.freshness)
                table->setFreshness(*update.freshness);
        }
        if (update.batch) {
            onThread([this, id] {
                if (worker)
                    worker->acknowledge(id);
            });
        }
    }

    std::shared_ptr<LiveTable> open(const ResourceKind& wanted, const QString& space)
    {
        const QString name = wanted.id() + u'\n' + space;
        if (const auto it = tableIds.constFind(name); it != tableIds.constEnd()) {
            if (auto table = tables[*it].lock())
                return table;
        }
        ResourceKind kind = wanted;
        if (const auto best = std::ranges::find_if(kinds, [&](const ResourceKind& k) { return k.id() == wanted.id(); });
            best != kinds.end() && (discovered || wanted.version.isEmpty()))
            kind = *best;
        const ConnectionWorker::Table id = ++lastTable;
        const auto columns = rendererFor(kind, {0, options.extraColumns})->columns();
        std::shared_ptr<LiveTable> table(new LiveTable(kind, space, columns),
                                         [guard = QPointer<ClusterConnection>(q), id](LiveTable* t) {
                                             delete t;
                                             if (guard && guard->d)
                                                 guard->d->close(id);
                                         });
        tables[id] = table;
        tableIds.insert(name, id);
        onThread([this, id, kind, space] { worker->openTable(id, kind, space); });
        return table;
    }

    /// The kind at the version that the server serves.
    [[nodiscard]] ResourceKind served(const ResourceKind& kind) const
    {
        const auto best = std::ranges::find_if(kinds, [&](const ResourceKind& k) { return k.id() == kind.id(); });
        return best != kinds.end() && discovered ? *best : kind;
    }

    void followVersions(const ResourceKind& kind, const QString& space)
    {
        const ConnectionWorker::Table id = tableIds.value(kind.id() + u'\n' + space);
        onThread([this, id] { worker->followVersions(id); });
    }

    void close(ConnectionWorker::Table id)
    {
        tables.erase(id);
        tableIds.removeIf([id](const auto& entry) { return entry.value() == id; });
        onThread([this, id] {
            if (worker)
                worker->closeTable(id);
        });
    }

    QFuture<Result<QByteArray>> get(const QByteArray& path, const QByteArray& query, const QByteArray& accept,
                                    const QString& what, const std::function<Result<QByteArray>(QByteArray)>& convert)
    {
        auto promise = std::make_shared<QPromise<Result<QByteArray>>>();
        promise->start();
        onThread([=, this] {
            worker->get(path, query, accept, what, [promise, convert](Result<QByteArray> body) {
                fulfil(promise, body ? convert(std::move(*body)) : std::move(body));
            });
        });
        return promise->future();
    }

    /// `transport` opens the request on the connection's thread.
    QFuture<Result<net::Response>> exchange(const net::Request& request,
                                            const std::function<OpenedBy(ApiClient&)>& transport)
    {
        auto promise = std::make_shared<QPromise<Result<net::Response>>>();
        promise->start();
        onThread([=, this] {
            OpenedBy opened = transport(*api);
            net::send(opened, request).then([promise](Result<net::Response> response) {
                promise->addResult(std::move(response));
                promise->finish();
            });
        });
        return promise->future();
    }

    std::shared_ptr<void> takeIn(GuestMaker make)
    {
        const quint64 id = ++lastGuest;
        onThread([this, id, make = std::move(make)] { worker->takeIn(id, make); });
        return {nullptr, [guard = QPointer<ClusterConnection>(q), id](void*) {
                    if (guard && guard->d)
                        guard->d->onThread([p = guard->d.get(), id] {
                            if (p->worker)
                                p->worker->seeOff(id);
                        });
                }};
    }

    ClusterConnection* q;
    platform::ResolvedContext context;
    Options options;
    SystemClock clock;
    ConnectionCounters counters;
    ConnectionState state;
    QList<ResourceKind> kinds;
    bool discovered = false;
    ConnectionWorker::Table lastTable = 0;
    quint64 lastGuest = 0;
    std::unordered_map<ConnectionWorker::Table, std::weak_ptr<LiveTable>> tables;
    QHash<QString, ConnectionWorker::Table> tableIds;
    QThread thread;
    QObject anchor;                           ///< on the thread: receives what is to be run there
    std::unique_ptr<ConnectionWorker> worker; ///< of the thread
    ApiClient* api = nullptr;                 ///< the worker's
};

ClusterConnection::ClusterConnection(platform::ResolvedContext context, Options options, QObject* parent)
    : QObject(parent), d(std::make_unique<Private>(this, std::move(context), std::move(options)))
{
}

ClusterConnection::ClusterConnection(platform::ResolvedContext context, QObject* parent)
    : ClusterConnection(std::move(context), Options{}, parent)
{
}

ClusterConnection::~ClusterConnection()
{
    // Whoever still holds a table must not take it for live.
    for (const auto& [id, weak] : d->tables) {
        if (const auto table = weak.lock()) {
            table::Freshness f = table->freshness();
            f.state = table->size() > 0 ? table::Freshness::State::Stale : table::Freshness::State::Failed;
            f.sinceMs = d->clock.nowMs();
            f.error = Error{Error::Kind::Cancelled, tr("The connection to the cluster was closed."), {}, {}};
            table->setFreshness(f);
        }
    }
    d.reset();
}

const platform::ResolvedContext& ClusterConnection::context() const { return d->context; }

const ConnectionState& ClusterConnection::state() const { return d->state; }

ConnectionStats ClusterConnection::stats() const
{
    return {d->counters.bytes.load(), d->counters.objects.load(), d->counters.events.load()};
}

QList<ResourceKind> ClusterConnection::kinds() const { return d->kinds; }

bool ClusterConnection::discovered() const { return d->discovered; }

Result<ResourceKind> ClusterConnection::findKind(const QString& word) const
{
    return cluster::findKind(d->kinds, word);
}

std::shared_ptr<LiveTable> ClusterConnection::open(const ResourceKind& kind, const QString& space)
{
    return d->open(kind, space);
}

std::shared_ptr<LiveTable> ClusterConnection::openVersions(const ResourceKind& kind, const QString& space)
{
    auto table = d->open(kind, space);
    d->followVersions(kind, space);
    return table;
}

QFuture<Result<QByteArray>> ClusterConnection::fetchObject(const ResourceKind& kind, const QString& space,
                                                           const QString& name, bool withSecretData,
                                                           bool withManagedFields)
{
    const ResourceKind served = d->served(kind);
    const bool hide = served.group.isEmpty() && served.resource == u"secrets" && !withSecretData;
    const QString what = tr("Reading %1 %2").arg(served.kind, space.isEmpty() ? name : space + u'/' + name);
    return d->get(served.objectPath(space, name), {}, "application/json", what,
                  [hide, withManagedFields](const QByteArray& body) {
                      return redactObject(body, {.hideSecretData = hide, .hideManagedFields = !withManagedFields});
                  });
}

QFuture<Result<QByteArray>> ClusterConnection::fetchList(const ResourceKind& kind, const QString& space,
                                                         const QByteArray& query)
{
    const ResourceKind served = d->served(kind);
    if (served.id() == u"secrets")
        return QtFuture::makeReadyFuture<Result<QByteArray>>(
            fail(Error::Kind::Unsupported, tr("Secrets are read one at a time.")));
    const QString what = space.isEmpty() ? served.resource : tr("%1 in %2").arg(served.resource, space);
    return d->get(served.path(space), query, "application/json", what,
                  [](QByteArray body) -> Result<QByteArray> { return body; });
}

QFuture<Result<QByteArray>> ClusterConnection::fetchOwnRules(const QString& space)
{
    // Rules are reviewed in one namespace; in any of them, those for the whole cluster are told as well.
    const QJsonObject review{{u"apiVersion"_s, u"authorization.k8s.io/v1"_s},
                             {u"kind"_s, u"SelfSubjectRulesReview"_s},
                             {u"spec"_s, QJsonObject{{u"namespace"_s, space.isEmpty() ? u"default"_s : space}}}};
    net::Request request;
    request.verb = "POST";
    request.path = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews";
    request.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
    request.body = QJsonDocument(review).toJson(QJsonDocument::Compact);
    return ask(request).then([context = d->context](const Result<net::Response>& answer) -> Result<QByteArray> {
        if (!answer)
            return fail(answer.error());
        if (answer->head.status >= 300)
            return fail(statusError(context, answer->head, answer->body, tr("its own rights")));
        return answer->body;
    });
}

QFuture<Result<QByteArray>> ClusterConnection::get(const QByteArray& path, const QByteArray& query,
                                                   const QByteArray& accept)
{
    return d->get(path, query, accept, QString::fromUtf8(path),
                  [](QByteArray body) -> Result<QByteArray> { return body; });
}

QFuture<Result<net::Response>> ClusterConnection::ask(const net::Request& request)
{
    return d->exchange(request, [](ApiClient& api) {
        return OpenedBy([&api](const net::Request& r, net::Handlers h) { return api.open(r, std::move(h)); });
    });
}

QFuture<Result<net::Response>> ClusterConnection::change(const net::Request& request, const WritePermit& permit)
{
    return d->exchange(request, [permit](ApiClient& api) {
        return OpenedBy(
            [&api, permit](const net::Request& r, net::Handlers h) { return api.openChange(r, std::move(h), permit); });
    });
}

std::shared_ptr<void> ClusterConnection::takeIn(GuestMaker make) { return d->takeIn(std::move(make)); }

std::shared_ptr<void> ClusterConnection::takeIn(ChannelGuestMaker make, const ChannelPermit& permit)
{
    return d->takeIn([p = d.get(), make = std::move(make), permit](net::Transport& transport, Clock& clock,
                                                                   const Random&) -> std::unique_ptr<Guest> {
        return std::make_unique<ChannelGuest>(*p->api, permit, transport, clock, make);
    });
}

void ClusterConnection::discover()
{
    d->onThread([p = d.get()] { p->worker->findKinds(); });
}

void ClusterConnection::reconnect()
{
    d->onThread([p = d.get()] { p->worker->reconnect(); });
}

} // namespace wk::cluster
