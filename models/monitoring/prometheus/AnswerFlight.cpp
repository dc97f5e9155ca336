// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/prometheus/AnswerFlight.h"

#include "monitoring/prometheus/ServerError.h"

namespace wk::monitoring {

namespace {

constexpr qsizetype maxRefusalBytes = 64 << 10;

} // namespace

void AnswerFlight::send(const net::Request& request)
{
    // The exchange belongs to this flight, so what it calls must not own the flight.
    const auto guarded = [weak = weak_from_this()](auto member) {
        return [weak, member](auto&&... arguments) {
            if (const auto self = weak.lock(); self && !self->m_over)
                (self.get()->*member)(std::forward<decltype(arguments)>(arguments)...);
        };
    };
    net::Handlers handlers;
    handlers.head = guarded(&AnswerFlight::onHead);
    handlers.data = guarded(&AnswerFlight::onData);
    handlers.finished = guarded(&AnswerFlight::onFinished);
    m_exchange = m_transport.open(request, std::move(handlers));
}

void AnswerFlight::onHead(const net::ResponseHead& head)
{
    m_head = head;
    if (m_limits.onHead)
        m_limits.onHead(head);
    // Read-only proxies and some servers know these paths by GET only.
    if ((head.status == 405 || head.status == 501) && m_attempts.first.verb == "POST") {
        m_attempts.first = m_attempts.byGet;
        m_head = {};
        send(m_attempts.byGet);
        return;
    }
    m_good = head.status >= 200 && head.status < 300 && !isWebPage(head, {});
    if (m_good && head.header("Content-Length").toLongLong() > m_limits.maxBytes)
        stop(tooLarge(m_limits.server, m_limits.maxBytes));
}

void AnswerFlight::onData(QByteArrayView bytes)
{
    m_bytes += bytes.size();
    if (!m_good) {
        m_refusal.append(bytes.first(qMin(bytes.size(), maxRefusalBytes - m_refusal.size())).toByteArray());
        if (m_refusal.size() >= maxRefusalBytes)
            stop(answerError(m_limits.server, m_head, m_refusal));
        return;
    }
    if (m_bytes == bytes.size() && isWebPage({}, bytes)) { // one that does not say so
        m_good = false;
        m_refusal = bytes.first(qMin(bytes.size(), maxRefusalBytes)).toByteArray();
        return;
    }
    if (m_bytes > m_limits.maxBytes) {
        stop(tooLarge(m_limits.server, m_limits.maxBytes));
        return;
    }
    if (auto fed = feed(bytes); !fed)
        stop(std::move(fed.error()));
}

void AnswerFlight::onFinished(std::optional<Error> error)
{
    if (error || m_good)
        stop(std::move(error));
    else
        stop(answerError(m_limits.server, m_head, m_refusal));
}

void AnswerFlight::stop(std::optional<Error> error)
{
    m_over = true;
    m_exchange.reset();
    end(std::move(error));
}

} // namespace wk::monitoring
