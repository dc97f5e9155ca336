// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/TlsProbe.h"

#include "net/HttpFailure.h"

#include <QtCore/QDateTime>
#include <QtNetwork/QSslConfiguration>

namespace wk::store {

using namespace Qt::StringLiterals;

namespace {

constexpr char SslRequest[] = {0, 0, 0, 8, 0x04, char(0xd2), 0x16, 0x2f}; // length 8, code 80877103

QString moment(const QDateTime& when) { return when.toUTC().toString(u"yyyy-MM-dd HH:mm 'UTC'"_s); }

/// In which order a certificate's faults matter: expired ones are told before the authority, which may be fine.
int rank(const QSslError& error)
{
    switch (error.error()) {
    case QSslError::CertificateExpired:
    case QSslError::CertificateNotYetValid: return 0;
    case QSslError::HostNameMismatch: return 2;
    default: return 1;
    }
}

} // namespace

TlsProbe::TlsProbe(Clock& clock, QObject* parent) : QObject(parent), m_clock(clock), m_socket(this)
{
    connect(&m_socket, &QSslSocket::connected, this, [this] { m_socket.write(SslRequest, sizeof SslRequest); });
    connect(&m_socket, &QSslSocket::readyRead, this, &TlsProbe::onAnswer);
    connect(&m_socket, &QSslSocket::sslErrors, this, &TlsProbe::onTlsErrors);
    connect(&m_socket, &QSslSocket::errorOccurred, this, [this] { finish({}); });
    connect(&m_socket, &QSslSocket::encrypted, this, [this] { finish({}); });
}

void TlsProbe::start(const Address& address, const Address::Host& host, qint64 limitMs, Done done)
{
    m_done = std::move(done);
    m_server = host.text();
    m_name = host.name;
    m_authorities = QString::fromUtf8(address.option("sslrootcert", defaultRootCertificates().toUtf8()));
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setCaCertificates(QSslCertificate::fromPath(m_authorities, QSsl::Pem));
    m_socket.setSslConfiguration(tls);
    m_socket.setPeerVerifyName(host.name);
    m_limit = m_clock.after(this, limitMs, [this] { finish({}); });
    m_socket.connectToHost(host.address.isEmpty() ? host.name : host.address, host.port);
}

void TlsProbe::onAnswer()
{
    if (m_socket.isEncrypted() || m_socket.mode() != QSslSocket::UnencryptedMode)
        return;
    char answer = 0;
    if (m_socket.read(&answer, 1) == 1 && answer == 'S') {
        m_socket.startClientEncryption();
        return;
    }
    finish(
        Error{Error::Kind::Tls,
              tr("The store at %1 does not speak TLS.").arg(m_server),
              {},
              tr("Have ssl switched on in postgresql.conf. Only within a network that you trust: add sslmode=disable "
                 "to the store's address.")});
}

void TlsProbe::onTlsErrors(const QList<QSslError>& errors)
{
    if (errors.isEmpty())
        return;
    const QSslError& worst = *std::ranges::min_element(errors, {}, rank);
    const QSslCertificate leaf = m_socket.peerCertificate();
    const QSslCertificate bad = worst.certificate().isNull() ? leaf : worst.certificate();
    QStringList lines;
    for (const QSslError& error : errors)
        lines << error.errorString();
    lines.removeDuplicates();
    Error result{Error::Kind::Tls, {}, lines.join(u'\n'), {}};
    switch (worst.error()) {
    case QSslError::CertificateExpired:
        result.sentence = tr("The certificate of the store at %1 (%2) expired on %3.")
                              .arg(m_server, net::certificateName(bad), moment(bad.expiryDate()));
        result.remedy = tr("Whoever runs the database has to renew it; or check this machine's clock.");
        break;
    case QSslError::CertificateNotYetValid:
        result.sentence = tr("The certificate of the store at %1 (%2) is not valid before %3.")
                              .arg(m_server, net::certificateName(bad), moment(bad.effectiveDate()));
        result.remedy = tr("Check this machine's clock.");
        break;
    case QSslError::HostNameMismatch:
        result.sentence = tr("The certificate of the store at %1 is not valid for “%2”, only for %3.")
                              .arg(m_server, m_name, net::certificateHosts(leaf).join(u", "_s));
        result.remedy = tr("Use one of these names in the store's address.");
        break;
    default:
        result.sentence = tr("The certificate of the store at %1 (%2) was issued by “%3”, which %4 does not trust.")
                              .arg(m_server, net::certificateName(leaf), net::certificateIssuer(leaf),
                                   m_authorities.isEmpty() ? tr("this machine") : m_authorities);
        result.remedy = tr("Name the file of the right authority in the store's address as sslrootcert=FILE. If the "
                           "authority has not changed, somebody may be listening in.");
    }
    finish(std::move(result));
}

void TlsProbe::finish(std::optional<Error> error)
{
    m_limit.reset();
    const Done done = std::exchange(m_done, {});
    m_socket.abort();
    if (done)
        done(std::move(error)); // may delete this
}

} // namespace wk::store
