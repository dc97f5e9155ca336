// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/Transport.h"

#include <QtCore/QUrlQuery>
#include <QtTest/QTest>

#include <deque>

namespace wk::test {

/// A server whose every answer is given by the test, on the test's thread.
class ScriptedTransport final : public net::Transport
{
public:
    struct Call
    {
        net::Request request;
        net::Handlers handlers;
        bool alive = true;   ///< the client still wants it
        bool paused = false; ///< the client reads nothing for the time being

        [[nodiscard]] QByteArray path() const { return request.path; }
        [[nodiscard]] QString query(const char* key) const
        {
            return QUrlQuery(QString::fromUtf8(request.query))
                .queryItemValue(QString::fromUtf8(key), QUrl::FullyDecoded);
        }
        [[nodiscard]] bool has(const char* key) const
        {
            return QUrlQuery(QString::fromUtf8(request.query)).hasQueryItem(QString::fromUtf8(key));
        }
        [[nodiscard]] bool isWatch() const { return query("watch") == QStringLiteral("1"); }

        void head(int status, const QByteArray& type, net::Headers more = {})
        {
            more.prepend({"Content-Type", type});
            if (alive)
                handlers.head({status, more});
        }
        void data(const QByteArray& bytes)
        {
            if (alive)
                handlers.data(bytes);
        }
        void end()
        {
            if (std::exchange(ended, true) || !alive)
                return;
            handlers.finished({});
        }
        void cut(const QString& sentence = QStringLiteral("connection reset"))
        {
            if (std::exchange(ended, true) || !alive)
                return;
            handlers.finished(Error{Error::Kind::Network, sentence, {}, {}});
        }
        /// A whole answer.
        void answer(int status, const QByteArray& type, const QByteArray& body, const net::Headers& more = {})
        {
            head(status, type, more);
            data(body);
            end();
        }
        /// A metav1.Status.
        void refuse(int code, const QByteArray& reason, const QByteArray& message = "no", const net::Headers& more = {},
                    const QByteArray& details = "{}")
        {
            answer(code, "application/json",
                   "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"code\":" +
                       QByteArray::number(code) + ",\"reason\":\"" + reason + "\",\"message\":\"" + message +
                       "\",\"details\":" + details + "}",
                   more);
        }
        bool ended = false;
    };
    using CallPtr = std::shared_ptr<Call>;

    std::unique_ptr<net::Exchange> open(const net::Request& request, net::Handlers handlers) override
    {
        auto call = std::make_shared<Call>();
        call->request = request;
        call->handlers = std::move(handlers);
        calls.push_back(call);
        return std::make_unique<Token>(call);
    }

    /// The oldest request that the test has not taken yet; fails the test where there is none.
    CallPtr take()
    {
        if (taken >= calls.size()) {
            QTest::qFail("no request was sent", __FILE__, __LINE__);
            return std::make_shared<Call>();
        }
        return calls[taken++];
    }
    [[nodiscard]] size_t waiting() const { return calls.size() - taken; }
    /// The oldest untaken request below that path (and, for `watch`, of that sort); null where none.
    CallPtr takePath(const QByteArray& path, bool watch = false)
    {
        for (const CallPtr& call : calls) {
            if (!call->ended && call->alive && call->path() == path && call->isWatch() == watch &&
                !served.contains(call.get())) {
                served.append(call.get());
                return call;
            }
        }
        return nullptr;
    }

    std::deque<CallPtr> calls;
    size_t taken = 0;
    QList<Call*> served;

private:
    struct Token final : net::Exchange
    {
        explicit Token(CallPtr c) : call(std::move(c)) {}
        ~Token() override { call->alive = false; }
        void setPaused(bool paused) override { call->paused = paused; }
        CallPtr call;
    };
};

} // namespace wk::test
