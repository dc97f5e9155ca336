// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/WebSocket.h"

#include <deque>

namespace wk::test {

/// WebSockets whose every word is given by the test, on the test's thread.
class ScriptedSockets final : public net::SocketOpener
{
public:
    struct Call
    {
        net::Request request;
        QList<QByteArray> protocols;
        net::SocketHandlers handlers;
        QByteArrayList sent;
        qint64 unsent = 0;
        bool alive = true;
        bool paused = false;
        bool closing = false; ///< the client said goodbye

        void open(const QByteArray& protocol = "v4.channel.k8s.io")
        {
            if (alive)
                handlers.opened(protocol);
        }
        void say(int stream, const QByteArray& bytes)
        {
            if (alive)
                handlers.message(char(stream) + bytes);
        }
        void drain()
        {
            unsent = 0;
            if (alive)
                handlers.drained();
        }
        void end(const net::SocketEnd& how = {})
        {
            if (alive)
                handlers.closed(how);
        }
        void refuse(int status, Error::Kind kind)
        {
            Error error{kind, QStringLiteral("no"), QStringLiteral("said the server"), {}};
            error.httpStatus = status;
            end({error, net::Response{{status, {}}, {}}, 0, {}});
        }
        /// What a stream was sent, in one.
        [[nodiscard]] QByteArray all(int stream) const
        {
            QByteArray out;
            for (const QByteArray& message : sent)
                if (message.front() == char(stream))
                    out += message.mid(1);
            return out;
        }
    };
    using CallPtr = std::shared_ptr<Call>;

    std::unique_ptr<net::WebSocket> openSocket(const net::Request& request, const QList<QByteArray>& protocols,
                                               net::SocketHandlers handlers) override
    {
        auto call = std::make_shared<Call>();
        call->request = request;
        call->protocols = protocols;
        call->handlers = std::move(handlers);
        calls.push_back(call);
        return std::make_unique<Token>(call);
    }

    std::deque<CallPtr> calls;

private:
    struct Token final : net::WebSocket
    {
        explicit Token(CallPtr c) : call(std::move(c)) {}
        ~Token() override { call->alive = false; }
        void send(QByteArrayView message) override { call->sent.append(message.toByteArray()); }
        qint64 unsent() const override { return call->unsent; }
        void setPaused(bool paused) override { call->paused = paused; }
        void close() override { call->closing = true; }
        CallPtr call;
    };
};

} // namespace wk::test
