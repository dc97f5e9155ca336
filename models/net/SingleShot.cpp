// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/SingleShot.h"

#include "net/HttpFailure.h"
#include "net/HttpWire.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QTimer>
#include <QtNetwork/QSslSocket>

namespace wk::net {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::net::SingleShot)
};

class Run final : public QObject, public std::enable_shared_from_this<Run>
{
public:
    Run(const HttpOptions& options, Clock& clock, Request request, Handlers handlers)
        : m_options(options), m_clock(clock), m_request(std::move(request)), m_handlers(std::move(handlers))
    {
        QTimer::singleShot(0, this, [this] { start(); });
    }

    void cancel()
    {
        m_done = true;
        m_timer.reset();
        m_socket.disconnect(this);
        m_socket.abort();
        // Its own signal may be on the stack.
        QTimer::singleShot(0, this, [self = shared_from_this()] {});
        if (!m_calling)
            const Handlers old = std::exchange(m_handlers, {});
    }

private:
    void start()
    {
        if (m_done)
            return;
        const auto head = requestHead(m_options, m_request,
                                      {{"Connection", "close"},
                                       {"Accept-Encoding", "identity"},
                                       {"Content-Length", QByteArray::number(m_request.body.size())}});
        if (!head) {
            finish(head.error());
            return;
        }
        m_head = *head;
        connect(&m_socket, &QSslSocket::readyRead, this, &Run::onReadable);
        connect(&m_socket, &QSslSocket::disconnected, this, [this] { onEnd(); });
        connect(&m_socket, &QSslSocket::errorOccurred, this, [this] { onEnd(); });
        // Only looked at, never ignored: the handshake fails after this.
        connect(&m_socket, &QSslSocket::sslErrors, this, [this](const QList<QSslError>& errors) {
            m_tlsErrors += errors;
            m_chain = m_socket.peerCertificateChain();
        });
        if (m_options.base.scheme() == "https"_L1)
            connect(&m_socket, &QSslSocket::encrypted, this, &Run::write);
        else
            connect(&m_socket, &QSslSocket::connected, this, &Run::write);
        touch();
        watch();
        if (const auto dialled = dial(m_socket, m_options); !dialled)
            finish(dialled.error());
    }

    void write()
    {
        m_sent = true;
        touch();
        m_socket.write(m_head + m_request.body);
    }

    void onReadable()
    {
        touch();
        m_in += m_socket.readAll();
        if (m_in.size() > maxSingleShotBytes)
            finish(unknown(Texts::tr("The answer is too large.")));
        else
            tryAnswer(false);
    }

    /// The connection ended, in order or not.
    void onEnd()
    {
        if (m_done)
            return;
        m_in += m_socket.readAll();
        if (tryAnswer(true))
            return;
        const Error error = connectionError(m_options, m_socket, m_tlsErrors, m_chain);
        finish(m_sent && m_tlsErrors.isEmpty() ? unknown(error.sentence + u' ' + error.detail) : error);
    }

    Error unknown(const QString& why) const
    {
        return {Error::Kind::Network,
                Texts::tr("The connection to %1 broke before its answer; it is not known whether it carried this out.")
                    .arg(serverName(m_options.base)),
                why.trimmed(), Texts::tr("Look at the object before you try again.")};
    }

    /// True once the answer was whole and has been handed over. `closed`: nothing more will come.
    bool tryAnswer(bool closed)
    {
        qsizetype end = m_in.indexOf("\r\n\r\n");
        while (end >= 0 && m_in.startsWith("HTTP/1.1 1")) { // 100 Continue and its like
            m_in.remove(0, end + 4);
            end = m_in.indexOf("\r\n\r\n");
        }
        if (end < 0)
            return false;
        const auto head = readResponseHead(QByteArrayView(m_in).first(end));
        if (!head || head->status < 200) {
            finish(unknown(Texts::tr("The answer is no HTTP.")));
            return true;
        }
        const auto body = wholeBody(*head, QByteArrayView(m_in).sliced(end + 4), closed);
        if (body)
            answer(*head, *body);
        return body.has_value();
    }

    void answer(const ResponseHead& head, const QByteArray& body)
    {
        const auto self = shared_from_this();
        m_calling = true;
        if (m_handlers.head)
            m_handlers.head(head);
        if (!m_done && m_handlers.data && !body.isEmpty())
            m_handlers.data(body);
        m_calling = false;
        if (!m_done)
            finish(std::nullopt);
        const Handlers old = std::exchange(m_handlers, {});
    }

    void finish(std::optional<Error> error)
    {
        if (m_done)
            return;
        const auto self = shared_from_this();
        const Handlers handlers = std::exchange(m_handlers, {});
        m_done = true;
        m_timer.reset();
        m_socket.disconnect(this);
        // Its own signal may be on the stack.
        QTimer::singleShot(0, this, [self] { self->m_socket.abort(); });
        if (handlers.finished)
            handlers.finished(std::move(error));
    }

    void touch() { m_lastByteMs = m_clock.monotonicMs(); }

    void watch()
    {
        if (m_request.idleTimeoutMs <= 0)
            return;
        const qint64 due = m_lastByteMs + m_request.idleTimeoutMs - m_clock.monotonicMs();
        m_timer = m_clock.after(this, qMax<qint64>(1, due), [this] {
            if (m_clock.monotonicMs() - m_lastByteMs < m_request.idleTimeoutMs) {
                watch();
                return;
            }
            const Error silent = HttpFailureText(m_options).silent(m_sent ? HttpPhase::Sent : HttpPhase::Connecting,
                                                                   m_request.idleTimeoutMs);
            finish(m_sent ? unknown(silent.sentence) : silent);
        });
    }

    const HttpOptions m_options;
    Clock& m_clock;
    const Request m_request;
    Handlers m_handlers;
    QSslSocket m_socket;
    QByteArray m_head;
    QByteArray m_in;
    QList<QSslError> m_tlsErrors;
    QList<QSslCertificate> m_chain;
    std::shared_ptr<void> m_timer;
    qint64 m_lastByteMs = 0;
    bool m_sent = false;
    bool m_done = false;
    bool m_calling = false;
};

class Handle final : public Exchange
{
public:
    explicit Handle(std::shared_ptr<Run> run) : m_run(std::move(run)) {}
    ~Handle() override { m_run->cancel(); }

private:
    std::shared_ptr<Run> m_run;
};

} // namespace

std::unique_ptr<Exchange> openOnce(const HttpOptions& options, Clock& clock, const Request& request, Handlers handlers)
{
    return std::make_unique<Handle>(std::make_shared<Run>(options, clock, request, std::move(handlers)));
}

} // namespace wk::net
