// SPDX-License-Identifier: GPL-3.0-or-later
// How one question travels, for the clients' own files.
#pragma once

#include "core/Result.h"
#include "monitoring/prometheus/PrometheusClient.h"
#include "net/Transport.h"

namespace wk::monitoring {

/// Largest answer that is read as a whole.
inline constexpr qint64 maxFactsBytes = 64LL << 20;

/// The body of one good answer.
template <typename T>
class AnswerBody
{
public:
    virtual ~AnswerBody() = default;
    virtual Result<void> feed(QByteArrayView bytes) = 0;
    virtual Result<T> finish() = 0;
};

/// What is small is read as a whole.
template <typename T>
class WholeBody final : public AnswerBody<T>
{
public:
    explicit WholeBody(Result<T> (*reader)(QByteArrayView)) : m_reader(reader) {}
    Result<void> feed(QByteArrayView bytes) override
    {
        m_body.append(bytes.data(), bytes.size());
        return {};
    }
    Result<T> finish() override { return m_reader(m_body); }

private:
    Result<T> (*m_reader)(QByteArrayView);
    QByteArray m_body;
};

struct Limits
{
    QString server; ///< how sentences name it
    qint64 maxBytes = 0;
    std::function<void(const net::ResponseHead&)> onHead = {}; ///< sees every head; empty: nobody does
};

/// As it is sent first, and by GET where the server takes it only so.
struct Attempts
{
    net::Request first, byGet;
};

/// What does not depend on what is asked: the way there, the judgement of the answer, its size.
class AnswerFlight : public std::enable_shared_from_this<AnswerFlight>
{
public:
    AnswerFlight(net::Transport& transport, Limits limits, Attempts attempts)
        : m_transport(transport), m_limits(std::move(limits)), m_attempts(std::move(attempts))
    {
    }
    virtual ~AnswerFlight() = default;

    void start() { send(m_attempts.first); }

protected:
    virtual Result<void> feed(QByteArrayView bytes) = 0;
    /// `error`: none where the body has ended well.
    virtual void end(std::optional<Error> error) = 0;

private:
    void send(const net::Request& request);
    void onHead(const net::ResponseHead& head);
    void onData(QByteArrayView bytes);
    void onFinished(std::optional<Error> error);
    void stop(std::optional<Error> error);

    net::Transport& m_transport;
    Limits m_limits;
    Attempts m_attempts;
    std::unique_ptr<net::Exchange> m_exchange;
    net::ResponseHead m_head;
    QByteArray m_refusal; ///< the beginning of a body that is not what was asked for
    qint64 m_bytes = 0;
    bool m_good = false; ///< the body is what was asked for
    bool m_over = false;
};

template <typename T>
class FlightOf final : public AnswerFlight
{
public:
    FlightOf(net::Transport& transport, Limits limits, Attempts attempts, std::unique_ptr<AnswerBody<T>> body,
             std::function<void(Result<T>)> then)
        : AnswerFlight(transport, std::move(limits), std::move(attempts)), m_body(std::move(body)),
          m_then(std::move(then))
    {
    }

protected:
    Result<void> feed(QByteArrayView bytes) override { return m_body->feed(bytes); }
    void end(std::optional<Error> error) override
    {
        Result<T> result = error ? Result<T>(fail(std::move(*error))) : m_body->finish();
        m_body.reset();
        const auto then = std::exchange(m_then, nullptr);
        then(std::move(result));
    }

private:
    std::unique_ptr<AnswerBody<T>> m_body;
    std::function<void(Result<T>)> m_then;
};

/// What the asker holds.
class FlightHandle final : public Flight
{
public:
    explicit FlightHandle(std::shared_ptr<AnswerFlight> flight) : m_flight(std::move(flight)) {}

private:
    std::shared_ptr<AnswerFlight> m_flight; ///< the only owner; callbacks hold it while they run
};

template <typename T, typename Make>
[[nodiscard]] std::unique_ptr<Flight> fly(net::Transport& transport, Limits limits, Attempts attempts, const Make& make,
                                          std::function<void(Result<T>)> then)
{
    auto flight =
        std::make_shared<FlightOf<T>>(transport, std::move(limits), std::move(attempts), make(), std::move(then));
    flight->start();
    return std::make_unique<FlightHandle>(std::move(flight));
}

} // namespace wk::monitoring
