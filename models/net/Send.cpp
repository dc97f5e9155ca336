// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/Send.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QPromise>

namespace wk::net {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::net::Send)
};

/// Owned by the handlers of its own exchange: it lives as long as something may still be called.
struct Collector
{
    QPromise<Result<Response>> promise;
    Response response;
    std::unique_ptr<Exchange> exchange;
    bool done = false;

    ~Collector() { end(fail(Error::Kind::Cancelled, Texts::tr("The request was given up."))); }

    void end(Result<Response> result)
    {
        if (std::exchange(done, true))
            return;
        promise.addResult(std::move(result));
        promise.finish();
    }
};

/// Ends it and lets go of the exchange, which takes along the callback that this is called from.
void close(const std::shared_ptr<Collector>& collector, Result<Response> result)
{
    // `collector` is of that callback. NOLINTNEXTLINE(performance-unnecessary-copy-initialization)
    const auto keep = collector;
    keep->end(std::move(result));
    keep->exchange.reset();
}

} // namespace

QFuture<Result<Response>> send(Transport& transport, const Request& request, qint64 maxBytes)
{
    auto collector = std::make_shared<Collector>();
    collector->promise.start();
    auto future = collector->promise.future();
    Handlers handlers;
    handlers.head = [collector](const ResponseHead& head) { collector->response.head = head; };
    handlers.data = [collector, maxBytes](QByteArrayView bytes) {
        if (collector->response.body.size() + bytes.size() <= maxBytes) {
            collector->response.body.append(bytes.data(), bytes.size());
            return;
        }
        close(collector,
              fail(Error::Kind::Protocol, Texts::tr("The answer is larger than %1 MiB.").arg(maxBytes >> 20)));
    };
    handlers.finished = [collector](std::optional<Error> error) {
        if (error)
            close(collector, fail(std::move(*error)));
        else
            close(collector, std::move(collector->response));
    };
    collector->exchange = transport.open(request, std::move(handlers));
    return future;
}

} // namespace wk::net
