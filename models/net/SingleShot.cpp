// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/SingleShot.h"

#include "net/HttpFailure.h"
#include "net/TlsSetup.h"

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

bool hasLineBreak(const Headers& headers)
{
    const auto bad = [](const QByteArray& s) { return s.contains('\r') || s.contains('\n') || s.contains('\0'); };
    return std::ranges::any_of(headers,
                               [&](const auto& h) { return bad(h.first) || bad(h.second) || h.first.isEmpty(); });
}

QNetworkReply::NetworkError replyError(QAbstractSocket::SocketError error)
{
    switch (error) {
    case QAbstractSocket::ConnectionRefusedError: return QNetworkReply::ConnectionRefusedError;
    case QAbstractSocket::RemoteHostClosedError: return QNetworkReply::RemoteHostClosedError;
    case QAbstractSocket::HostNotFoundError: return QNetworkReply::HostNotFoundError;
    case QAbstractSocket::SocketTimeoutError: return QNetworkReply::TimeoutError;
    case QAbstractSocket::SslHandshakeFailedError:
    case QAbstractSocket::SslInvalidUserDataError:
    case QAbstractSocket::SslInternalError: return QNetworkReply::SslHandshakeFailedError;
    case QAbstractSocket::ProxyAuthenticationRequiredError: return QNetworkReply::ProxyAuthenticationRequiredError;
    case QAbstractSocket::ProxyConnectionRefusedError: return QNetworkReply::ProxyConnectionRefusedError;
    case QAbstractSocket::ProxyNotFoundError: return QNetworkReply::ProxyNotFoundError;
    default: return QNetworkReply::UnknownNetworkError;
    }
}

/// A chunked body (RFC 9112 §7.1) from its first byte; nullopt while its end is not there.
std::optional<QByteArray> dechunked(QByteArrayView in)
{
    QByteArray out;
    while (true) {
        const qsizetype end = in.indexOf("\r\n");
        if (end < 0)
            return std::nullopt;
        bool ok = false;
        const QByteArray digits = in.first(end).toByteArray().split(';').first().trimmed();
        const qint64 size = digits.toLongLong(&ok, 16);
        if (!ok || size < 0 || size > in.size() - end - 4)
            return std::nullopt;
        if (size == 0)
            return out;
        out += in.sliced(end + 2, size);
        in = in.sliced(end + 2 + size + 2);
    }
}

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
        const auto tls = tlsSetup(m_options);
        const auto proxy = proxySetup(effectiveProxy(m_options), m_options.asked);
        if (!tls || !proxy) {
            finish(tls ? proxy.error() : tls.error());
            return;
        }
        if (hasLineBreak(m_options.defaultHeaders) || hasLineBreak(m_request.headers) || hasBlank(m_request.path) ||
            hasBlank(m_request.query)) {
            finish(Error{Error::Kind::BadInput, Texts::tr("A request header or address holds a line break."), {}, {}});
            return;
        }
        connect(&m_socket, &QSslSocket::readyRead, this, &Run::onReadable);
        connect(&m_socket, &QSslSocket::disconnected, this, [this] { onEnd(); });
        connect(&m_socket, &QSslSocket::errorOccurred, this, [this] { onEnd(); });
        // Only looked at, never ignored: the handshake fails after this.
        connect(&m_socket, &QSslSocket::sslErrors, this, [this](const QList<QSslError>& errors) {
            m_tlsErrors += errors;
            m_chain = m_socket.peerCertificateChain();
        });
        m_socket.setProxy(*proxy);
        const QString host = m_options.base.host();
        const auto port = quint16(serverPort(m_options.base));
        touch();
        watch();
        if (m_options.base.scheme() == "https"_L1) {
            connect(&m_socket, &QSslSocket::encrypted, this, &Run::write);
            m_socket.setSslConfiguration(*tls);
            m_socket.connectToHostEncrypted(host, port,
                                            m_options.tlsServerName.isEmpty() ? host : m_options.tlsServerName);
        } else {
            connect(&m_socket, &QSslSocket::connected, this, &Run::write);
            m_socket.connectToHost(host, port);
        }
    }

    static bool hasBlank(const QByteArray& text)
    {
        return std::ranges::any_of(text, [](char c) { return uchar(c) <= 0x20 || uchar(c) >= 0x7f; });
    }

    void write()
    {
        const QByteArray prefix =
            m_options.base.adjusted(QUrl::RemoveQuery | QUrl::RemoveFragment | QUrl::StripTrailingSlash)
                .path(QUrl::FullyEncoded)
                .toLatin1();
        QByteArray host = m_options.base.host(QUrl::FullyEncoded).toLatin1();
        if (host.contains(':'))
            host = '[' + host + ']';
        QByteArray out = m_request.verb + ' ' + (prefix == "/" ? QByteArray() : prefix) + m_request.path;
        if (!m_request.query.isEmpty())
            out += '?' + m_request.query;
        out += " HTTP/1.1\r\nHost: " + host + ':' + QByteArray::number(serverPort(m_options.base)) +
               "\r\nConnection: close\r\nAccept-Encoding: identity\r\nContent-Length: " +
               QByteArray::number(m_request.body.size()) + "\r\n";
        for (const Headers& headers : {m_options.defaultHeaders, m_request.headers}) {
            for (const auto& [name, value] : headers)
                out += name + ": " + value + "\r\n";
        }
        m_sent = true;
        touch();
        m_socket.write(out + "\r\n" + m_request.body);
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
        const HttpFailureText text(m_options);
        if (!m_tlsErrors.isEmpty()) {
            finish(text.tls(m_tlsErrors, m_chain, m_socket.errorString()));
            return;
        }
        HttpFailure failure;
        failure.phase = HttpPhase::Connecting;
        failure.code = replyError(m_socket.error());
        failure.text = m_socket.errorString();
        failure.chain = m_chain;
        const Error error = text.describe(failure);
        finish(m_sent ? unknown(error.sentence + u' ' + error.detail) : error);
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
        const auto head = readHead(QByteArrayView(m_in).first(end));
        if (!head) {
            finish(unknown(Texts::tr("The answer is no HTTP.")));
            return true;
        }
        const QByteArrayView body = QByteArrayView(m_in).sliced(end + 4);
        if (head->header("Transfer-Encoding").toLower().contains("chunked")) {
            if (!closed && !body.endsWith("0\r\n\r\n"))
                return false;
            const auto whole = dechunked(body);
            if (whole)
                answer(*head, *whole);
            return whole.has_value();
        }
        bool counted = false;
        const qint64 length = head->header("Content-Length").toLongLong(&counted);
        if (counted ? body.size() < length : !closed && head->status != 204 && head->status != 304)
            return false;
        answer(*head, (counted ? body.first(length) : body).toByteArray());
        return true;
    }

    static std::optional<ResponseHead> readHead(QByteArrayView text)
    {
        const auto lines = text.toByteArray().split('\n');
        ResponseHead head;
        if (!lines.first().startsWith("HTTP/1."))
            return std::nullopt;
        head.status = lines.first().split(' ').value(1).trimmed().toInt();
        if (head.status < 200 || head.status > 599)
            return std::nullopt;
        for (qsizetype i = 1; i < lines.size(); ++i) {
            const qsizetype colon = lines.at(i).indexOf(':');
            if (colon > 0)
                head.headers.append({lines.at(i).first(colon).trimmed(), lines.at(i).sliced(colon + 1).trimmed()});
        }
        return head;
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
