// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/runners/WebClient.h"

#include "net/Send.h"

namespace wk::changes {

using namespace Qt::StringLiterals;

QFuture<Result<Answer>> WebClient::get(const QUrl& url)
{
    QUrl base;
    base.setScheme(url.scheme());
    base.setAuthority(url.authority());
    auto& transport = m_transports[base.toString()];
    if (!transport) {
        net::HttpOptions options = m_options ? m_options(base) : net::HttpOptions();
        options.base = base;
        options.maxCallBytes = maxBytes;
        transport = std::make_unique<net::HttpTransport>(std::move(options), m_clock);
    }
    net::Request request;
    request.path = url.path(QUrl::FullyEncoded).toLatin1();
    if (request.path.isEmpty())
        request.path = "/";
    request.query = url.query(QUrl::FullyEncoded).toLatin1();
    request.headers = {{"Accept", "*/*"}};
    return net::send(*transport, request, maxBytes).then([](Result<net::Response> response) -> Result<Answer> {
        if (!response)
            return fail(std::move(response.error()));
        return Answer{response->head.status, std::move(response->body), response->head.retryAfterMs()};
    });
}

} // namespace wk::changes
