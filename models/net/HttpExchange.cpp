// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/HttpExchange.h"

#include <QtCore/QTimer>
#include <QtNetwork/QNetworkAccessManager>
#include <QtNetwork/QNetworkReply>
#include <QtNetwork/QSslConfiguration>

namespace wk::net {

namespace {

/// How much Qt may hold ready while the consumer works. Bounds memory; large enough not to stall a fast connection.
constexpr qint64 ReadAheadBytes = 4 << 20;

/// Qt reports an HTTP status of 400 and more as an error; to us it is an answer.
bool isHttpStatus(QNetworkReply::NetworkError error)
{
    return error == QNetworkReply::NoError || error == QNetworkReply::ProtocolInvalidOperationError ||
           (error >= QNetworkReply::ContentAccessDenied && error <= QNetworkReply::UnknownContentError) ||
           (error >= QNetworkReply::InternalServerError && error <= QNetworkReply::UnknownServerError);
}

} // namespace

HttpExchange::HttpExchange(const HttpOptions& options, Clock& clock, Request request, Handlers handlers,
                           std::shared_ptr<QByteArray> buffer)
    : m_options(options), m_clock(clock), m_request(std::move(request)), m_handlers(std::move(handlers)),
      m_buffer(std::move(buffer))
{
}

HttpExchange::~HttpExchange() { cancel(); }

void HttpExchange::start(QNetworkAccessManager& manager, const QNetworkRequest& request)
{
    const QByteArray& verb = m_request.verb;
    m_reply = verb == "GET" ? manager.get(request) : manager.sendCustomRequest(request, verb, m_request.body);
    m_reply->setReadBufferSize(ReadAheadBytes);
    connect(m_reply, &QNetworkReply::socketStartedConnecting, this,
            [this] { m_seen.phase = qMax(m_seen.phase, HttpPhase::Connecting); });
    connect(m_reply, &QNetworkReply::requestSent, this, [this] { m_seen.phase = qMax(m_seen.phase, HttpPhase::Sent); });
    connect(m_reply, &QNetworkReply::metaDataChanged, this, &HttpExchange::onHead);
    connect(m_reply, &QIODevice::readyRead, this, &HttpExchange::onReadable);
    connect(m_reply, &QNetworkReply::finished, this, &HttpExchange::onFinished);
    // Only looked at, never ignored: the handshake fails after this.
    connect(m_reply, &QNetworkReply::sslErrors, this, [this](const QList<QSslError>& errors) {
        m_seen.tlsErrors += errors;
        m_seen.chain = m_reply->sslConfiguration().peerCertificateChain();
    });
    m_lastByteMs = m_clock.monotonicMs();
    watch();
}

void HttpExchange::startFailed(Error error)
{
    QTimer::singleShot(0, this, [this, error = std::move(error)] { finish(error); });
}

void HttpExchange::setPaused(bool paused)
{
    if (m_paused == paused || m_done)
        return;
    m_paused = paused;
    m_lastByteMs = m_clock.monotonicMs();
    // Reading goes on from the event loop: the caller may be inside one of its own callbacks.
    if (!paused) {
        QTimer::singleShot(0, this, [this] {
            onReadable();
            if (m_ended && !m_done)
                onFinished();
        });
    }
}

void HttpExchange::onHead()
{
    const int status = m_reply ? m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt() : 0;
    if (m_headGiven || m_done || status < 200)
        return;
    m_headGiven = true;
    m_lastByteMs = m_clock.monotonicMs();
    m_seen.phase = HttpPhase::Answering;
    ResponseHead head;
    head.status = status;
    head.headers = m_reply->rawHeaderPairs();
    const QByteArray encoding = head.header("Content-Encoding");
    m_compressed = !encoding.isEmpty() && encoding.compare("identity", Qt::CaseInsensitive) != 0;
    bool ok = false;
    const qint64 length = head.header("Content-Length").toLongLong(&ok);
    m_seen.expectedBytes = ok && !m_compressed ? length : -1;
    const auto self = shared_from_this();
    ++m_calling;
    if (m_handlers.head)
        m_handlers.head(head);
    --m_calling;
    if (m_done)
        dropHandlers();
}

void HttpExchange::onReadable()
{
    if (m_done || !m_reply || m_reading)
        return;
    const auto self = shared_from_this();
    if (!m_headGiven)
        onHead();
    if (!m_headGiven)
        return;
    const auto buffer = m_buffer;
    m_reading = true;
    while (!m_done && !m_paused) {
        const qint64 n = m_reply->read(buffer->data(), buffer->size());
        if (n <= 0)
            break;
        m_lastByteMs = m_clock.monotonicMs();
        m_seen.bytes += n;
        if (m_request.lane == Request::Lane::Call && m_seen.bytes > m_options.maxCallBytes) {
            finish(HttpFailureText(m_options).tooLarge(m_seen.bytes));
            break;
        }
        ++m_calling;
        if (m_handlers.data)
            m_handlers.data(QByteArrayView(buffer->constData(), n));
        --m_calling;
    }
    m_reading = false;
    if (m_done)
        dropHandlers();
}

std::optional<Error> HttpExchange::outcome() const
{
    const auto code = m_reply->error();
    const HttpFailureText text(m_options);
    if (m_headGiven && isHttpStatus(code)) {
        // Qt calls a body that is shorter than its Content-Length a success in some cases.
        if (m_seen.expectedBytes > m_seen.bytes && m_request.verb != "HEAD")
            return text.truncated(m_seen.bytes, m_seen.expectedBytes);
        return std::nullopt;
    }
    HttpFailure failure = m_seen;
    failure.code = code;
    failure.text = m_reply->errorString();
    return text.describe(failure);
}

void HttpExchange::onFinished()
{
    if (m_done || !m_reply)
        return;
    const auto self = shared_from_this();
    m_ended = true;
    if (!m_headGiven)
        onHead();
    onReadable();
    if (m_done || m_reading || (m_paused && m_reply->bytesAvailable() > 0))
        return;
    finish(outcome());
}

void HttpExchange::watch()
{
    if (m_request.idleTimeoutMs <= 0)
        return;
    const qint64 due = m_lastByteMs + m_request.idleTimeoutMs - m_clock.monotonicMs();
    m_timer = m_clock.after(this, qMax<qint64>(1, due), [this] { onSilence(); });
}

void HttpExchange::onSilence()
{
    // Bytes do not restart the timer, they only move the time that it compares with: no timer work per chunk.
    if (m_done || m_ended)
        return;
    if (m_paused)
        m_lastByteMs = m_clock.monotonicMs();
    if (m_clock.monotonicMs() - m_lastByteMs >= m_request.idleTimeoutMs)
        finish(HttpFailureText(m_options).silent(m_seen.phase, m_request.idleTimeoutMs));
    else
        watch();
}

void HttpExchange::release()
{
    m_done = true;
    m_timer.reset();
    if (m_reply) {
        QNetworkReply* reply = std::exchange(m_reply, nullptr);
        reply->disconnect(this);
        // abort() emits finished() at once; nobody listens any more. For a status of 400 and more an error is on its
        // way from Qt's own thread, and a reply must not get two; it ends with its destructor.
        if (reply->isRunning() && reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt() < 400)
            reply->abort();
        reply->deleteLater();
    }
    if (const auto f = std::exchange(released, nullptr))
        f();
}

void HttpExchange::finish(std::optional<Error> error)
{
    if (m_done)
        return;
    const auto self = shared_from_this();
    release();
    // The handlers may own this exchange: let go of them before the last one runs.
    const Handlers handlers = std::exchange(m_handlers, {});
    if (handlers.finished)
        handlers.finished(std::move(error));
}

void HttpExchange::cancel()
{
    if (!m_done)
        release();
    // A function must not be destroyed while it runs; whoever called it lets go of it afterwards.
    if (m_calling == 0)
        dropHandlers();
}

void HttpExchange::dropHandlers()
{
    // They may own the caller's side of this exchange, and so come back here while they die.
    const Handlers old = std::exchange(m_handlers, {});
}

} // namespace wk::net
