// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/HttpFailure.h"

#include "net/HttpRemedies.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDateTime>

namespace wk::net {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::net::HttpFailure)
};

QString nameOf(const QSslCertificate& certificate, bool issuer)
{
    const auto info = [&](QSslCertificate::SubjectInfo field) {
        return (issuer ? certificate.issuerInfo(field) : certificate.subjectInfo(field)).join(u", "_s);
    };
    for (const auto field :
         {QSslCertificate::CommonName, QSslCertificate::Organization, QSslCertificate::OrganizationalUnitName}) {
        if (const QString name = info(field); !name.isEmpty())
            return name;
    }
    return Texts::tr("(no name)");
}

QString day(const QDateTime& when) { return when.toUTC().toString(u"yyyy-MM-dd HH:mm 'UTC'"_s); }

bool isUnknownAuthority(QSslError::SslError error)
{
    switch (error) {
    case QSslError::UnableToGetIssuerCertificate:
    case QSslError::UnableToGetLocalIssuerCertificate:
    case QSslError::UnableToVerifyFirstCertificate:
    case QSslError::SelfSignedCertificate:
    case QSslError::SelfSignedCertificateInChain:
    case QSslError::CertificateUntrusted:
    case QSslError::CertificateSignatureFailed:
    case QSslError::UnableToDecryptCertificateSignature:
    case QSslError::SubjectIssuerMismatch:
    case QSslError::AuthorityIssuerSerialNumberMismatch:
    case QSslError::InvalidCaCertificate: return true;
    default: return false;
    }
}

/// The error that explains the refusal best: without a trusted authority nothing else that a certificate says matters.
const QSslError* worst(const QList<QSslError>& errors)
{
    const auto rank = [](const QSslError& e) {
        if (isUnknownAuthority(e.error()))
            return 0;
        switch (e.error()) {
        case QSslError::CertificateExpired:
        case QSslError::CertificateNotYetValid: return 1;
        case QSslError::HostNameMismatch: return 2;
        default: return 3;
        }
    };
    const auto found = std::ranges::min_element(errors, {}, rank);
    return found == errors.end() ? nullptr : &*found;
}

QString tlsDetail(const QList<QSslError>& errors, const QList<QSslCertificate>& chain, const QString& text)
{
    QStringList lines;
    for (const QSslError& error : errors) {
        const QString line = error.errorString();
        if (!lines.contains(line))
            lines << line;
    }
    if (lines.isEmpty() && !text.isEmpty())
        lines << text;
    for (qsizetype i = 0; i < chain.size(); ++i) {
        const QSslCertificate& c = chain[i];
        lines << Texts::tr("certificate %1: %2, issued by %3, valid %4 to %5, for %6")
                     .arg(i)
                     .arg(certificateName(c), certificateIssuer(c), day(c.effectiveDate()), day(c.expiryDate()),
                          certificateHosts(c).join(u", "_s));
    }
    return lines.join(u'\n');
}

bool looksLikeTls(const QString& text)
{
    // OpenSSL's own words, which nobody translates.
    return text.contains("alert"_L1) || text.contains("SSL"_L1) || text.contains("TLS"_L1) ||
           text.contains(" routines:"_L1);
}

enum class ProxyTrouble { None, Refused, Unknown, Silent, Closed, Password, Denied };

/// QNetworkAccessManager passes a proxy's failures on as unknown errors; what it was stands only in the text, in the
/// language that Qt speaks at the moment.
ProxyTrouble proxyTrouble(const QString& text)
{
    struct Known
    {
        const char* context;
        const char* words;
        ProxyTrouble trouble;
    };
    constexpr auto Http = "QHttpSocketEngine";
    constexpr auto Socks = "QSocks5SocketEngine";
    static constexpr Known table[] = {
        {Http, "Proxy connection refused", ProxyTrouble::Refused},
        {Http, "Proxy server not found", ProxyTrouble::Unknown},
        {Http, "Proxy server connection timed out", ProxyTrouble::Silent},
        {Http, "Proxy connection closed prematurely", ProxyTrouble::Closed},
        {Http, "Authentication required", ProxyTrouble::Password},
        {Http, "Proxy denied connection", ProxyTrouble::Denied},
        {Http, "Did not receive HTTP response from proxy", ProxyTrouble::Denied},
        {Http, "Error communicating with HTTP proxy", ProxyTrouble::Denied},
        {Socks, "Connection to proxy refused", ProxyTrouble::Refused},
        {Socks, "Proxy host not found", ProxyTrouble::Unknown},
        {Socks, "Connection to proxy timed out", ProxyTrouble::Silent},
        {Socks, "Connection to proxy closed prematurely", ProxyTrouble::Closed},
        {Socks, "Proxy authentication failed", ProxyTrouble::Password},
        {Socks, "SOCKS version 5 protocol error", ProxyTrouble::Denied},
        {Socks, "General SOCKSv5 server failure", ProxyTrouble::Denied},
        {Socks, "Connection not allowed by SOCKSv5 server", ProxyTrouble::Denied},
        {Socks, "TTL expired", ProxyTrouble::Denied},
        {Socks, "SOCKSv5 command not supported", ProxyTrouble::Denied},
    };
    for (const Known& known : table) {
        if (text.startsWith(QCoreApplication::translate(known.context, known.words)))
            return known.trouble;
    }
    return ProxyTrouble::None;
}

} // namespace

QString certificateName(const QSslCertificate& certificate) { return nameOf(certificate, false); }
QString certificateIssuer(const QSslCertificate& certificate) { return nameOf(certificate, true); }

QStringList certificateHosts(const QSslCertificate& certificate)
{
    QStringList hosts = certificate.subjectAlternativeNames().values();
    hosts.removeDuplicates();
    hosts.sort();
    return hosts;
}

QNetworkReply::NetworkError replyErrorOf(QAbstractSocket::SocketError error)
{
    switch (error) {
    case QAbstractSocket::ConnectionRefusedError: return QNetworkReply::ConnectionRefusedError;
    case QAbstractSocket::RemoteHostClosedError: return QNetworkReply::RemoteHostClosedError;
    case QAbstractSocket::HostNotFoundError: return QNetworkReply::HostNotFoundError;
    case QAbstractSocket::SocketTimeoutError: return QNetworkReply::TimeoutError;
    case QAbstractSocket::SslInvalidUserDataError:
    case QAbstractSocket::SslInternalError:
    case QAbstractSocket::SslHandshakeFailedError: return QNetworkReply::SslHandshakeFailedError;
    case QAbstractSocket::ProxyAuthenticationRequiredError: return QNetworkReply::ProxyAuthenticationRequiredError;
    case QAbstractSocket::ProxyConnectionRefusedError: return QNetworkReply::ProxyConnectionRefusedError;
    case QAbstractSocket::ProxyConnectionClosedError: return QNetworkReply::ProxyConnectionClosedError;
    case QAbstractSocket::ProxyConnectionTimeoutError: return QNetworkReply::ProxyTimeoutError;
    case QAbstractSocket::ProxyNotFoundError: return QNetworkReply::ProxyNotFoundError;
    case QAbstractSocket::ProxyProtocolError: return QNetworkReply::UnknownProxyError;
    default: return QNetworkReply::UnknownNetworkError;
    }
}

HttpFailureText::HttpFailureText(const HttpOptions& options)
    : m_server(serverName(options.base)),
      m_wantedName(options.tlsServerName.isEmpty() ? options.base.host() : options.tlsServerName),
      m_caPem(options.caPem), m_asked(options.asked), m_hasClientCertificate(!options.clientCertPem.isEmpty()),
      m_plain(options.base.scheme() == "http"_L1)
{
    if (const QUrl proxy = effectiveProxy(options); !proxy.isEmpty())
        m_proxy = proxy.toDisplayString(QUrl::RemoveUserInfo | QUrl::RemovePath | QUrl::RemoveQuery);
}

Error HttpFailureText::refused() const
{
    return {Error::Kind::Network,
            Texts::tr("%1 refuses connections: nothing listens there.").arg(m_server),
            {},
            remedyText(Remedy::Address, m_asked)};
}

Error HttpFailureText::unresolved() const
{
    return {Error::Kind::Network,
            Texts::tr("The name of %1 cannot be resolved to an address.").arg(m_server),
            {},
            remedyText(Remedy::Name, m_asked)};
}

Error HttpFailureText::unreachable(const QString& text) const
{
    return {Error::Kind::Network, Texts::tr("There is no way to %1 from this machine.").arg(m_server), text,
            Texts::tr("Check the network and the VPN.")};
}

Error HttpFailureText::silent(HttpPhase phase, qint64 ms) const
{
    const QString seconds = QString::number(double(ms) / 1000.0, 'g', 3);
    if (phase == HttpPhase::Idle || phase == HttpPhase::Connecting) {
        return {Error::Kind::Network,
                Texts::tr("%1 does not answer: no connection after %2 s.").arg(m_server, seconds),
                {},
                Texts::tr("The address may be wrong, or a firewall or a missing VPN swallows the packets.")};
    }
    if (phase == HttpPhase::Sent) {
        return {Error::Kind::Network,
                Texts::tr("%1 accepted the request and then said nothing for %2 s.").arg(m_server, seconds),
                {},
                remedyText(Remedy::Silent, m_asked)};
    }
    return {Error::Kind::Network,
            Texts::tr("%1 stopped in the middle of an answer: nothing came for %2 s.").arg(m_server, seconds),
            {},
            Texts::tr("A device on the way may have dropped the connection.")};
}

Error HttpFailureText::truncated(qint64 bytes, qint64 expectedBytes) const
{
    const QString detail = expectedBytes >= 0 ? Texts::tr("%1 of %2 bytes received").arg(bytes).arg(expectedBytes)
                                              : Texts::tr("%1 bytes received").arg(bytes);
    return {Error::Kind::Network, Texts::tr("The answer of %1 was cut off before its end.").arg(m_server), detail,
            remedyText(Remedy::CutOff, m_asked)};
}

Error HttpFailureText::tooLarge(qint64 bytes) const
{
    return {Error::Kind::Protocol,
            Texts::tr("The answer of %1 is too large.").arg(m_server),
            Texts::tr("stopped after %1 bytes").arg(bytes),
            {}};
}

Error HttpFailureText::tlsAlert(const QString& text) const
{
    if (text.contains("wrong version number"_L1) || text.contains("http request"_L1)) {
        return {Error::Kind::Tls, Texts::tr("%1 does not speak TLS.").arg(m_server), text,
                Texts::tr("Check the port, and whether the server's address should begin with http://.")};
    }
    if (text.contains("certify"_L1) || text.contains("key values mismatch"_L1)) {
        return {Error::Kind::Tls, Texts::tr("The client key does not belong to the client certificate."), text,
                remedyText(Remedy::ClientPair, m_asked)};
    }
    if (text.contains("certificate required"_L1) || text.contains("handshake failure"_L1) ||
        (text.contains("alert"_L1) && text.contains("certificate"_L1)) || text.contains("unknown ca"_L1)) {
        return {Error::Kind::Tls,
                m_hasClientCertificate ? Texts::tr("%1 refused the client certificate.").arg(m_server)
                                       : Texts::tr("%1 demands a client certificate.").arg(m_server),
                text, remedyText(Remedy::ClientRefused, m_asked)};
    }
    return {Error::Kind::Tls, Texts::tr("The TLS handshake with %1 failed.").arg(m_server), text,
            remedyText(Remedy::NoHttp, m_asked)};
}

Error HttpFailureText::untrusted(const QSslCertificate& leaf, Error result) const
{
    const auto trusted = QSslCertificate::fromData(m_caPem, QSsl::Pem);
    if (trusted.isEmpty()) {
        result.sentence = Texts::tr("The certificate of %1 (%2) was issued by “%3”, which this machine does not trust.")
                              .arg(m_server, certificateName(leaf), certificateIssuer(leaf));
        result.remedy = remedyText(Remedy::Authority, m_asked);
        return result;
    }
    const bool byKubeconfig = m_asked == HttpOptions::Asked::ApiServer;
    const bool sameName = certificateName(trusted.first()) == certificateIssuer(leaf);
    if (sameName)
        result.sentence =
            (byKubeconfig
                 ? Texts::tr("The certificate of %1 (%2) is signed by another “%3” than the one in the kubeconfig: "
                             "same name, other key.")
                 : Texts::tr("The certificate of %1 (%2) is signed by another “%3” than the one that is trusted: "
                             "same name, other key."))
                .arg(m_server, certificateName(leaf), certificateIssuer(leaf));
    else
        result.sentence =
            (byKubeconfig ? Texts::tr("The certificate of %1 (%2) was issued by “%3”; the kubeconfig trusts only “%4”.")
                          : Texts::tr("The certificate of %1 (%2) was issued by “%3”; trusted is only “%4”."))
                .arg(m_server, certificateName(leaf), certificateIssuer(leaf), certificateName(trusted.first()));
    result.remedy = remedyText(Remedy::OtherAuthority, m_asked);
    return result;
}

Error HttpFailureText::tls(const QList<QSslError>& errors, const QList<QSslCertificate>& chain,
                           const QString& text) const
{
    const QSslError* error = worst(errors);
    if (!error)
        return tlsAlert(text);
    QSslCertificate bad = error->certificate();
    if (bad.isNull() && !chain.isEmpty())
        bad = chain.first();
    Error result{Error::Kind::Tls, {}, tlsDetail(errors, chain, text), {}};
    if (isUnknownAuthority(error->error())) {
        return untrusted(chain.isEmpty() ? bad : chain.first(), std::move(result));
    }
    if (error->error() == QSslError::CertificateExpired) {
        result.sentence = Texts::tr("The certificate of %1 (%2) expired on %3.")
                              .arg(m_server, certificateName(bad), day(bad.expiryDate()));
        result.remedy = remedyText(Remedy::ServerCertificate, m_asked);
    } else if (error->error() == QSslError::CertificateNotYetValid) {
        result.sentence = Texts::tr("The certificate of %1 (%2) is not valid before %3.")
                              .arg(m_server, certificateName(bad), day(bad.effectiveDate()));
        result.remedy = Texts::tr("Check this machine's clock.");
    } else if (error->error() == QSslError::HostNameMismatch) {
        const QStringList hosts = certificateHosts(bad);
        result.sentence = hosts.isEmpty()
                              ? Texts::tr("The certificate of %1 is not valid for “%2”: it names no host at all.")
                                    .arg(m_server, m_wantedName)
                              : Texts::tr("The certificate of %1 is not valid for “%2”, only for %3.")
                                    .arg(m_server, m_wantedName, hosts.join(u", "_s));
        result.remedy = remedyText(Remedy::ServerNames, m_asked);
    } else {
        result.sentence = Texts::tr("The certificate of %1 (%2) was refused: %3.")
                              .arg(m_server, certificateName(bad), error->errorString());
    }
    return result;
}

Error HttpFailureText::describe(const HttpFailure& failure) const
{
    using R = QNetworkReply;
    const auto proxy = [&](QString sentence) {
        return Error{Error::Kind::Network, std::move(sentence), failure.text, remedyText(Remedy::Proxy, m_asked)};
    };
    const auto withDetail = [&](Error error) {
        if (error.detail.isEmpty())
            error.detail = failure.text;
        return error;
    };
    if (!failure.tlsErrors.isEmpty() || failure.code == R::SslHandshakeFailedError)
        return tls(failure.tlsErrors, failure.chain, failure.text);
    switch (m_proxy.isEmpty() ? ProxyTrouble::None : proxyTrouble(failure.text)) {
    case ProxyTrouble::None: break;
    case ProxyTrouble::Refused: return proxy(Texts::tr("The proxy %1 refuses connections.").arg(m_proxy));
    case ProxyTrouble::Unknown: return proxy(Texts::tr("The name of the proxy %1 cannot be resolved.").arg(m_proxy));
    case ProxyTrouble::Silent: return proxy(Texts::tr("The proxy %1 does not answer.").arg(m_proxy));
    case ProxyTrouble::Closed: return proxy(Texts::tr("The proxy %1 closed the connection.").arg(m_proxy));
    case ProxyTrouble::Password:
        return proxy(Texts::tr("The proxy %1 wants another user name and password.").arg(m_proxy));
    case ProxyTrouble::Denied:
        return proxy(Texts::tr("The proxy %1 does not let us through to %2.").arg(m_proxy, m_server));
    }
    switch (failure.code) {
    case R::ConnectionRefusedError: return withDetail(refused());
    case R::HostNotFoundError: return withDetail(unresolved());
    case R::TimeoutError:
    case R::OperationCanceledError:
        return {Error::Kind::Network, Texts::tr("%1 does not answer.").arg(m_server), failure.text,
                Texts::tr("The address may be wrong, or a firewall or a missing VPN swallows the packets.")};
    case R::ProxyConnectionRefusedError: return proxy(Texts::tr("The proxy %1 refuses connections.").arg(m_proxy));
    case R::ProxyNotFoundError: return proxy(Texts::tr("The name of the proxy %1 cannot be resolved.").arg(m_proxy));
    case R::ProxyTimeoutError: return proxy(Texts::tr("The proxy %1 does not answer.").arg(m_proxy));
    case R::ProxyAuthenticationRequiredError:
        return proxy(Texts::tr("The proxy %1 wants another user name and password.").arg(m_proxy));
    case R::ProxyConnectionClosedError: return proxy(Texts::tr("The proxy %1 closed the connection.").arg(m_proxy));
    case R::UnknownProxyError:
        return proxy(Texts::tr("The proxy %1 does not let us through to %2.").arg(m_proxy, m_server));
    default: break;
    }
    if (looksLikeTls(failure.text) && !m_plain)
        return tlsAlert(failure.text);
    if (failure.phase == HttpPhase::Answering)
        return withDetail(truncated(failure.bytes, failure.expectedBytes));
    if (failure.code == R::RemoteHostClosedError) {
        return {Error::Kind::Network, Texts::tr("%1 closed the connection without an answer.").arg(m_server),
                failure.text, remedyText(m_plain ? Remedy::WantsTls : Remedy::HangsUp, m_asked)};
    }
    if (failure.code == R::ProtocolFailure || failure.code == R::ProtocolInvalidOperationError) {
        return {Error::Kind::Protocol, Texts::tr("What %1 answers is not HTTP.").arg(m_server), failure.text,
                remedyText(Remedy::NoHttp, m_asked)};
    }
    for (const char* words : {"Network unreachable", "Host unreachable", "Network operation timed out"}) {
        if (failure.text.startsWith(QCoreApplication::translate("QNativeSocketEngine", words)))
            return unreachable(failure.text);
    }
    if (failure.text.startsWith(QCoreApplication::translate("QAbstractSocket", "Network unreachable")))
        return unreachable(failure.text);
    return {Error::Kind::Network, Texts::tr("The connection to %1 failed.").arg(m_server), failure.text, {}};
}

} // namespace wk::net
