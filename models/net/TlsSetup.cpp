// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/TlsSetup.h"

#include "net/HttpRemedies.h"

#include <QtCore/QCoreApplication>
#include <QtNetwork/QSslCertificate>
#include <QtNetwork/QSslKey>

namespace wk::net {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::net::TlsSetup)
};

Result<QSslKey> readKey(const QByteArray& pem, HttpOptions::Asked asked)
{
    if (pem.contains("ENCRYPTED")) {
        return fail(Error::Kind::Unsupported,
                    Texts::tr("The client key is encrypted with a passphrase, which cannot be asked for here."), {},
                    remedyText(Remedy::ClientPassphrase, asked));
    }
    // PKCS #8 does not name the algorithm in its header, and QSslKey wants to be told: try what exists.
    for (const auto algorithm : {QSsl::Rsa, QSsl::Ec, QSsl::Dsa}) {
        if (QSslKey key(pem, algorithm, QSsl::Pem, QSsl::PrivateKey); !key.isNull())
            return key;
    }
    return fail(Error::Kind::Tls,
                Texts::tr("The client key cannot be read: it is no RSA or EC private key in PEM form."), {},
                remedyText(Remedy::ClientKey, asked));
}

Result<void> addClientCertificate(QSslConfiguration& tls, const HttpOptions& options)
{
    if (options.clientCertPem.isEmpty() && options.clientKeyPem.isEmpty())
        return {};
    if (options.clientCertPem.isEmpty() || options.clientKeyPem.isEmpty()) {
        return fail(Error::Kind::BadInput,
                    options.clientKeyPem.isEmpty() ? Texts::tr("The client certificate has no key.")
                                                   : Texts::tr("The client key has no certificate."),
                    {}, remedyText(Remedy::ClientPair, options.asked));
    }
    const QList<QSslCertificate> chain = QSslCertificate::fromData(options.clientCertPem, QSsl::Pem);
    if (chain.isEmpty() || chain.first().isNull()) {
        return fail(Error::Kind::Tls,
                    Texts::tr("The client certificate cannot be read: it holds no certificate in PEM form."), {},
                    remedyText(Remedy::ClientCertificate, options.asked));
    }
    const Result<QSslKey> key = readKey(options.clientKeyPem, options.asked);
    if (!key)
        return fail(key.error());
    tls.setLocalCertificateChain(chain);
    tls.setPrivateKey(*key);
    return {};
}

} // namespace

Result<QSslConfiguration> tlsSetup(const HttpOptions& options)
{
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setProtocol(QSsl::TlsV1_2OrLater);
    if (!options.caPem.isEmpty()) {
        const QList<QSslCertificate> authorities = QSslCertificate::fromData(options.caPem, QSsl::Pem);
        if (authorities.isEmpty()) {
            return fail(Error::Kind::Tls,
                        Texts::tr("The certificate authority cannot be read: it holds no certificate in PEM form."), {},
                        remedyText(Remedy::AuthorityFile, options.asked));
        }
        tls.setCaCertificates(authorities);
    }
    // VerifyNone rather than ignoring errors one by one: nothing is claimed to have been checked.
    tls.setPeerVerifyMode(options.insecure ? QSslSocket::VerifyNone : QSslSocket::VerifyPeer);
    if (const auto added = addClientCertificate(tls, options); !added)
        return fail(added.error());
    return tls;
}

Result<QNetworkProxy> proxySetup(const QUrl& proxy, HttpOptions::Asked asked)
{
    if (proxy.isEmpty())
        return QNetworkProxy(QNetworkProxy::NoProxy);
    const QString scheme = proxy.scheme().toLower();
    const bool socks = scheme == "socks5"_L1 || scheme == "socks5h"_L1;
    if ((!socks && scheme != "http"_L1) || proxy.host().isEmpty()) {
        const QString shown = proxy.toDisplayString(QUrl::RemoveUserInfo);
        return fail(
            Error::Kind::Unsupported,
            Texts::tr("The proxy %1 cannot be used: only http:// and socks5:// proxies are supported.").arg(shown), {},
            remedyText(Remedy::ProxyKind, asked));
    }
    return QNetworkProxy(socks ? QNetworkProxy::Socks5Proxy : QNetworkProxy::HttpProxy, proxy.host(),
                         quint16(proxy.port(socks ? 1080 : 80)), proxy.userName(QUrl::FullyDecoded),
                         proxy.password(QUrl::FullyDecoded));
}

} // namespace wk::net
