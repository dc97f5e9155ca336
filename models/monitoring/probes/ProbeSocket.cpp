// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/probes/ProbeParts.h"
#include "net/HttpFailure.h"
#include "net/TlsSetup.h"

#include <QtCore/QtEndian>
#include <QtNetwork/QSslSocket>

namespace wk::monitoring {

using namespace Qt::StringLiterals;
using Kind = ProbeSpec::Kind;
using Verdict = ProbeResult::Verdict;

namespace {

constexpr qint64 dayMs = 86'400'000;
constexpr qsizetype longestLine = 4096;

QString protocolName(Kind kind) { return kind == Kind::Redis ? u"Redis"_s : u"PostgreSQL"_s; }

/// What a server says, as one line.
QString lineOf(QByteArrayView bytes)
{
    const QString text = QString::fromUtf8(bytes.first(qMin<qsizetype>(bytes.size(), 500))).simplified();
    return text.size() > 160 ? text.first(159) + u'…' : text;
}

/// A connection, and what is said over it until it is known what answers.
class SocketProbe final : public ProbeRun
{
public:
    using ProbeRun::ProbeRun;
    ~SocketProbe() override { m_socket.disconnect(this); }

protected:
    void start() override
    {
        const auto port = quint16(spec().url.port(443));
        connect(&m_socket, &QSslSocket::errorOccurred, this, [this](auto error) { broken(error); });
        connect(&m_socket, &QSslSocket::disconnected, this, [this] { broken(QAbstractSocket::RemoteHostClosedError); });
        m_socket.setProxy(QNetworkProxy(QNetworkProxy::NoProxy));
        if (spec().kind == Kind::TlsExpiry) {
            auto tls = net::tlsSetup(options());
            if (!tls) {
                unasked(tls.error());
                return;
            }
            m_socket.setSslConfiguration(*tls);
            // What verification says is the answer here: it is kept, and the handshake goes on so that the chain is
            // seen. Nothing is sent over this connection.
            connect(&m_socket, &QSslSocket::sslErrors, this, [this](const QList<QSslError>& errors) {
                m_tlsErrors = errors;
                m_socket.ignoreSslErrors();
            });
            connect(&m_socket, &QSslSocket::encrypted, this, [this] { judgeChain(); });
            m_socket.connectToHostEncrypted(spec().url.host(), port);
            return;
        }
        connect(&m_socket, &QSslSocket::connected, this, [this] { greet(); });
        connect(&m_socket, &QSslSocket::readyRead, this, [this] { read(); });
        m_socket.connectToHost(spec().url.host(), port);
    }

    void close() override
    {
        m_socket.disconnect(this);
        // One of its own signals may be on the stack.
        QMetaObject::invokeMethod(
            this, [this] { m_socket.abort(); }, Qt::QueuedConnection);
    }

    Error late() const override
    {
        return failures().silent(m_connected ? net::HttpPhase::Sent : net::HttpPhase::Connecting, spec().timeoutMs);
    }

private:
    void greet()
    {
        m_connected = true;
        if (spec().kind == Kind::Tcp) {
            up(ProbeWords::tr("takes connections"));
        } else if (spec().kind == Kind::Redis) {
            m_socket.write("*1\r\n$4\r\nPING\r\n");
        } else {
            // SSLRequest: its length, and 1234,5679 as its code
            // (https://www.postgresql.org/docs/current/protocol-message-formats.html).
            QByteArray request(8, '\0');
            qToBigEndian<quint32>(8, request.data());
            qToBigEndian<quint32>(80877103, request.data() + 4);
            m_socket.write(request);
        }
    }

    void read()
    {
        m_in += m_socket.read(longestLine - m_in.size());
        if (over() || m_in.isEmpty())
            return;
        if (spec().kind == Kind::PostgreSql)
            readPostgres();
        else if (m_in.contains("\r\n") || m_in.size() >= longestLine || !QByteArrayView("+-").contains(m_in.front()))
            readRedis();
    }

    /// One byte: S or N, whether it takes TLS; or an error in the form of the old protocol, when it cannot even begin.
    void readPostgres()
    {
        if (m_in == "S" || m_in == "N") {
            up(m_in == "S" ? ProbeWords::tr("speaks PostgreSQL, takes TLS")
                           : ProbeWords::tr("speaks PostgreSQL, without TLS"));
        } else if (m_in.front() == 'E' && m_in.endsWith('\0')) {
            refused(lineOf(QByteArrayView(m_in).sliced(1).chopped(1)));
        } else if (m_in.front() != 'E' || m_in.size() >= longestLine) {
            wrongProtocol();
        }
    }

    /// The answers of a server that lives: +PONG, and that it does not let just anybody in. Error prefixes:
    /// https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors, redis/src/server.c.
    void readRedis()
    {
        const QByteArray line = m_in.first(qMax<qsizetype>(0, m_in.indexOf("\r\n")));
        if (line == "+PONG") {
            up(ProbeWords::tr("PONG"));
        } else if (line.startsWith("-NOAUTH") || line.startsWith("-NOPERM")) {
            up(ProbeWords::tr("answers, and wants a password"));
        } else if (line.startsWith("-DENIED")) {
            up(ProbeWords::tr("answers, and does not serve this machine"));
        } else if (line.startsWith("-LOADING")) {
            down({Error::Kind::Server, ProbeWords::tr("%1 is still loading its data.").arg(where()), lineOf(line), {}});
        } else if (line.startsWith('-')) {
            refused(lineOf(line.sliced(1)));
        } else {
            wrongProtocol();
        }
    }

    void refused(const QString& words)
    {
        down({Error::Kind::Server, ProbeWords::tr("%1 refuses to serve: %2.").arg(where(), words), words, {}});
    }

    void wrongProtocol()
    {
        down({Error::Kind::Protocol,
              ProbeWords::tr("What %1 answers is not %2: “%3”.").arg(where(), protocolName(spec().kind), lineOf(m_in)),
              lineOf(m_in),
              {}});
    }

    void broken(QAbstractSocket::SocketError error)
    {
        if (over())
            return;
        if (m_connected && error == QAbstractSocket::RemoteHostClosedError) {
            // The answer may have come with the end.
            read();
            if (over())
                return;
            down({Error::Kind::Network,
                  ProbeWords::tr("%1 takes connections and closes them without an answer in %2.")
                      .arg(where(), protocolName(spec().kind)),
                  m_socket.errorString(),
                  {}});
            return;
        }
        net::HttpFailure failure;
        failure.phase = net::HttpPhase::Connecting;
        failure.code = net::replyErrorOf(error);
        failure.text = m_socket.errorString();
        failure.tlsErrors = m_tlsErrors;
        failure.chain = m_socket.peerCertificateChain();
        down(textOfTls(failure));
    }

    [[nodiscard]] Error textOfTls(const net::HttpFailure& failure) const
    {
        net::HttpOptions of = options();
        if (spec().kind == Kind::TlsExpiry)
            of.base.setScheme(u"https"_s);
        // Nothing here comes out of a kubeconfig.
        of.caPem.clear();
        return net::HttpFailureText(of).describe(failure);
    }

    void judgeChain()
    {
        m_connected = true;
        const QList<QSslCertificate> chain = m_socket.peerCertificateChain();
        if (chain.isEmpty()) {
            down({Error::Kind::Tls, ProbeWords::tr("%1 shows no certificate.").arg(where()), {}, {}});
            return;
        }
        const auto first = std::ranges::min_element(
            chain, {}, [](const QSslCertificate& certificate) { return certificate.expiryDate(); });
        ProbeResult result;
        result.expiresMs = first->expiryDate().toMSecsSinceEpoch();
        result.trusted = m_tlsErrors.isEmpty();
        const qint64 left = *result.expiresMs - clock().nowMs();
        const auto days = int(left / dayMs);
        const QString name = net::certificateName(*first);
        if (left <= 0) {
            result.verdict = Verdict::Down;
            result.answer = ProbeWords::tr("expired %n day(s) ago", nullptr, -days);
        } else {
            result.verdict = days < spec().warnDays ? Verdict::Slow : Verdict::Up;
            result.answer = ProbeWords::tr("expires in %n day(s)", nullptr, days);
            if (days < spec().warnDays)
                result.error = Error{Error::Kind::Tls,
                                     ProbeWords::tr("The certificate of %1 (%2) expires in %n day(s).", nullptr, days)
                                         .arg(where(), name),
                                     {},
                                     {}};
        }
        if (!result.trusted || left <= 0) {
            net::HttpFailure failure;
            failure.tlsErrors = m_tlsErrors;
            if (m_tlsErrors.isEmpty())
                failure.tlsErrors = {QSslError(QSslError::CertificateExpired, *first)};
            failure.chain = chain;
            result.verdict = Verdict::Down;
            result.error = textOfTls(failure);
        }
        end(std::move(result));
    }

    [[nodiscard]] QString where() const { return spec().where(); }

    QSslSocket m_socket;
    QList<QSslError> m_tlsErrors;
    QByteArray m_in;
    bool m_connected = false;
};

} // namespace

std::shared_ptr<ProbeRun> socketProbe(const ProbeSpec& spec, const ProbeWay& way, Clock& clock,
                                      std::function<void(ProbeResult)> then)
{
    return sharedRun<SocketProbe>(spec, way, clock, std::move(then));
}

} // namespace wk::monitoring
