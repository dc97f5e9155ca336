// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/WebSocket.h"

#include "net/HttpFailure.h"
#include "net/HttpWire.h"
#include "net/WebSocketFrames.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QRandomGenerator>
#include <QtCore/QTimer>
#include <QtNetwork/QSslSocket>

namespace wk::net {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype maxRefusalBytes = 1 << 20;
constexpr qint64 readBufferBytes = 256 << 10;

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::net::WebSocket)
};

/// A key that proves that the server means this handshake (RFC 6455 §4.1): 16 random bytes.
QByteArray newKey()
{
    std::array<quint32, 4> words{};
    QRandomGenerator::system()->fillRange(words.data(), words.size());
    return QByteArray(reinterpret_cast<const char*>(words.data()), sizeof words).toBase64();
}

class SocketRun final : public QObject, public std::enable_shared_from_this<SocketRun>
{
public:
    SocketRun(const HttpOptions& options, Clock& clock, Request request, QList<QByteArray> protocols,
              SocketHandlers handlers)
        : m_options(options), m_clock(clock), m_request(std::move(request)), m_protocols(std::move(protocols)),
          m_handlers(std::move(handlers)), m_key(newKey())
    {
        QTimer::singleShot(0, this, [this] { start(); });
    }

    void cancel()
    {
        m_phase = Phase::Over;
        m_timer.reset();
        m_socket.disconnect(this);
        m_socket.abort();
        // Its own signal may be on the stack.
        QTimer::singleShot(0, this, [self = shared_from_this()] {});
        if (m_calling == 0)
            const SocketHandlers old = std::exchange(m_handlers, {});
    }

    void send(SocketOpcode opcode, QByteArrayView payload)
    {
        if (m_phase == Phase::Open)
            m_socket.write(socketFrame(opcode, payload, QRandomGenerator::system()->generate()));
    }

    [[nodiscard]] qint64 unsent() const { return m_socket.bytesToWrite() + m_socket.encryptedBytesToWrite(); }

    void setPaused(bool paused)
    {
        if (std::exchange(m_paused, paused) == paused || paused)
            return;
        touch();
        QTimer::singleShot(0, this, [self = shared_from_this()] { self->onReadable(); });
    }

    void close()
    {
        if (m_phase != Phase::Open)
            return;
        send(SocketOpcode::Close, closePayload(socketcode::Normal));
        m_phase = Phase::Closing;
        m_timer = m_clock.after(this, socketCloseMs, [this] { finish({}); });
    }

private:
    enum class Phase { Opening, Open, Closing, Over };

    void start()
    {
        if (m_phase == Phase::Over)
            return;
        Headers wire{{"Connection", "Upgrade"},
                     {"Upgrade", "websocket"},
                     {"Sec-WebSocket-Version", "13"},
                     {"Sec-WebSocket-Key", m_key}};
        if (!m_protocols.isEmpty())
            wire.append({"Sec-WebSocket-Protocol", m_protocols.join(", ")});
        const auto head = requestHead(m_options, m_request, wire);
        if (!head) {
            finish({head.error(), {}, 0, {}});
            return;
        }
        connect(&m_socket, &QSslSocket::readyRead, this, &SocketRun::onReadable);
        connect(&m_socket, &QSslSocket::disconnected, this, &SocketRun::onEnd);
        connect(&m_socket, &QSslSocket::errorOccurred, this, &SocketRun::onEnd);
        connect(&m_socket, &QSslSocket::bytesWritten, this, &SocketRun::onWritten);
        connect(&m_socket, &QSslSocket::encryptedBytesWritten, this, &SocketRun::onWritten);
        // Only looked at, never ignored: the handshake fails after this.
        connect(&m_socket, &QSslSocket::sslErrors, this, [this](const QList<QSslError>& errors) {
            m_tlsErrors += errors;
            m_chain = m_socket.peerCertificateChain();
        });
        const auto ask = [this, bytes = *head] {
            touch();
            m_socket.setReadBufferSize(readBufferBytes);
            m_socket.setSocketOption(QAbstractSocket::LowDelayOption, 1);
            m_socket.write(bytes);
        };
        if (m_options.base.scheme() == "https"_L1)
            connect(&m_socket, &QSslSocket::encrypted, this, ask);
        else
            connect(&m_socket, &QSslSocket::connected, this, ask);
        touch();
        watchOpening();
        if (const auto dialled = dial(m_socket, m_options); !dialled)
            finish({dialled.error(), {}, 0, {}});
    }

    void onReadable()
    {
        const auto self = shared_from_this();
        if (m_phase == Phase::Over || (m_paused && m_phase == Phase::Open))
            return;
        touch();
        if (m_phase == Phase::Opening) {
            m_in += m_socket.readAll();
            if (!readAnswer(false))
                return;
        } else {
            m_frames.add(m_socket.readAll());
        }
        readFrames();
    }

    /// True once the WebSocket is open. `closed`: nothing more will come.
    bool readAnswer(bool closed)
    {
        const qsizetype end = m_in.indexOf("\r\n\r\n");
        if (end < 0 && m_in.size() <= maxRefusalBytes)
            return false;
        const auto head = end < 0 ? std::nullopt : readResponseHead(QByteArrayView(m_in).first(end));
        if (!head) {
            finish(broken(Texts::tr("The answer is no HTTP.")));
            return false;
        }
        const QByteArrayView rest = QByteArrayView(m_in).sliced(end + 4);
        if (head->status != 101) {
            const auto body = wholeBody(*head, rest, closed || rest.size() > maxRefusalBytes);
            if (body)
                finish(refused({*head, *body}));
            return false;
        }
        if (const QString why = whyNotOurs(*head); !why.isEmpty()) {
            finish(broken(why));
            return false;
        }
        m_phase = Phase::Open;
        m_frames.add(rest);
        m_in.clear();
        watchSilence();
        call([&] { m_handlers.opened(head->header("Sec-WebSocket-Protocol")); });
        return m_phase != Phase::Over;
    }

    [[nodiscard]] QString whyNotOurs(const ResponseHead& head) const
    {
        if (head.header("Upgrade").toLower() != "websocket" ||
            head.header("Sec-WebSocket-Accept") != socketAcceptKey(m_key))
            return Texts::tr("The answer belongs to another question: its Sec-WebSocket-Accept is not ours.");
        const QByteArray protocol = head.header("Sec-WebSocket-Protocol");
        if (m_protocols.isEmpty() ? !protocol.isEmpty() : !m_protocols.contains(protocol))
            return Texts::tr("It chose the protocol “%1”, which was not offered.").arg(QString::fromLatin1(protocol));
        return {};
    }

    void readFrames()
    {
        while (m_phase == Phase::Open || m_phase == Phase::Closing) {
            if (m_paused && m_phase == Phase::Open)
                return;
            const auto message = m_frames.next();
            if (!message)
                break;
            take(*message);
        }
        if (m_phase != Phase::Over && m_frames.failure() != 0) {
            send(SocketOpcode::Close, closePayload(m_frames.failure()));
            finish(broken(QString::fromLatin1(m_frames.failureReason())));
        }
    }

    void take(const SocketMessage& message)
    {
        switch (message.opcode) {
        case SocketOpcode::Ping: send(SocketOpcode::Pong, message.payload); return;
        case SocketOpcode::Pong: return;
        case SocketOpcode::Close:
            send(SocketOpcode::Close, message.payload.first(std::min<qsizetype>(message.payload.size(), 2)));
            m_socket.flush();
            finish({{}, {}, closeCode(message.payload), closeReason(message.payload)});
            return;
        default:
            if (m_phase == Phase::Open)
                call([&] { m_handlers.message(message.payload); });
        }
    }

    void onWritten()
    {
        const auto self = shared_from_this();
        if (m_phase == Phase::Open && unsent() < socketLowWater && m_handlers.drained)
            call([&] { m_handlers.drained(); });
    }

    /// The connection ended, in order or not.
    void onEnd()
    {
        const auto self = shared_from_this();
        if (m_phase == Phase::Over)
            return;
        m_paused = false; // what came before the end is still told
        onReadable();
        if (m_phase == Phase::Over)
            return;
        if (m_phase == Phase::Closing) {
            finish({});
            return;
        }
        if (m_phase == Phase::Opening && !m_in.isEmpty() && !readAnswer(true) && m_phase == Phase::Over)
            return;
        const HttpPhase phase = m_phase == Phase::Opening ? HttpPhase::Connecting : HttpPhase::Answering;
        finish({connectionError(m_options, m_socket, m_tlsErrors, m_chain, phase), {}, 0, {}});
    }

    [[nodiscard]] SocketEnd broken(const QString& why) const
    {
        return {Error{Error::Kind::Protocol,
                      Texts::tr("%1 does not speak WebSocket as agreed.").arg(serverName(m_options.base)), why,
                      Texts::tr("A proxy in between may not let WebSockets through.")},
                {},
                0,
                {}};
    }

    [[nodiscard]] SocketEnd refused(Response answer) const
    {
        Error error{
            Error::Kind::Protocol,
            Texts::tr("%1 did not open a WebSocket (HTTP %2).").arg(serverName(m_options.base)).arg(answer.head.status),
            QString::fromUtf8(answer.body.first(std::min<qsizetype>(answer.body.size(), 1000))).simplified(),
            {}};
        error.httpStatus = answer.head.status;
        return {error, std::move(answer), 0, {}};
    }

    template <typename F>
    void call(const F& f)
    {
        ++m_calling;
        f();
        --m_calling;
        if (m_phase == Phase::Over && m_calling == 0)
            const SocketHandlers old = std::exchange(m_handlers, {});
    }

    void finish(const SocketEnd& end)
    {
        if (m_phase == Phase::Over)
            return;
        const auto self = shared_from_this();
        m_phase = Phase::Over;
        m_timer.reset();
        m_socket.disconnect(this);
        // Its own signal may be on the stack; what was written last goes out first.
        QTimer::singleShot(0, this, [self] { self->m_socket.disconnectFromHost(); });
        call([&] { m_handlers.closed(end); });
    }

    void touch() { m_lastByteMs = m_clock.monotonicMs(); }

    void watchOpening()
    {
        if (m_request.idleTimeoutMs <= 0)
            return;
        m_timer = m_clock.after(this, m_request.idleTimeoutMs, [this] {
            const HttpPhase phase =
                m_socket.state() == QAbstractSocket::ConnectedState ? HttpPhase::Sent : HttpPhase::Connecting;
            finish({HttpFailureText(m_options).silent(phase, m_request.idleTimeoutMs), {}, 0, {}});
        });
    }

    void watchSilence()
    {
        m_timer = m_clock.after(this, socketPingMs, [this] {
            const qint64 silence = m_clock.monotonicMs() - m_lastByteMs;
            // Who does not read hears no Pong either.
            if (silence >= socketSilenceMs && !m_paused) {
                finish({HttpFailureText(m_options).silent(HttpPhase::Answering, silence), {}, 0, {}});
                return;
            }
            if (silence >= socketPingMs)
                send(SocketOpcode::Ping, {});
            watchSilence();
        });
    }

    const HttpOptions m_options;
    Clock& m_clock;
    const Request m_request;
    const QList<QByteArray> m_protocols;
    SocketHandlers m_handlers;
    const QByteArray m_key;
    QSslSocket m_socket;
    FrameReader m_frames{FrameReader::Peer::Server};
    QByteArray m_in; ///< of the answer to the handshake
    QList<QSslError> m_tlsErrors;
    QList<QSslCertificate> m_chain;
    std::shared_ptr<void> m_timer;
    qint64 m_lastByteMs = 0;
    Phase m_phase = Phase::Opening;
    int m_calling = 0;
    bool m_paused = false;
};

class Handle final : public WebSocket
{
public:
    explicit Handle(std::shared_ptr<SocketRun> run) : m_run(std::move(run)) {}
    ~Handle() override { m_run->cancel(); }
    void send(QByteArrayView message) override { m_run->send(SocketOpcode::Binary, message); }
    qint64 unsent() const override { return m_run->unsent(); }
    void setPaused(bool paused) override { m_run->setPaused(paused); }
    void close() override { m_run->close(); }

private:
    std::shared_ptr<SocketRun> m_run;
};

} // namespace

std::unique_ptr<WebSocket> openWebSocket(const HttpOptions& options, Clock& clock, const Request& request,
                                         const QList<QByteArray>& protocols, SocketHandlers handlers)
{
    return std::make_unique<Handle>(
        std::make_shared<SocketRun>(options, clock, request, protocols, std::move(handlers)));
}

} // namespace wk::net
