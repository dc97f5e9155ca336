// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/Pki.h"

#include <QtCore/QDateTime>
#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QSaveFile>
#include <QtNetwork/QSslCertificate>
#include <QtNetwork/QSslKey>
#include <QtNetwork/QSslSocket>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

template <auto Free>
struct Deleter
{
    template <typename T>
    void operator()(T* p) const
    {
        Free(p);
    }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using CertPtr = std::unique_ptr<X509, Deleter<X509_free>>;
using BioPtr = std::unique_ptr<BIO, Deleter<BIO_free_all>>;

std::unexpected<Error> opensslFailed(const QString& what)
{
    char text[256] = {};
    ERR_error_string_n(ERR_get_error(), text, sizeof text);
    return fail(Error::Kind::Tls, u"A certificate for the simulated fleet could not be made: %1."_s.arg(what),
                QString::fromLatin1(text));
}

QByteArray contents(BIO* bio)
{
    char* data = nullptr;
    const long n = BIO_get_mem_data(bio, &data);
    return QByteArray(data, n);
}

QByteArray pem(X509* certificate)
{
    const BioPtr bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(bio.get(), certificate);
    return contents(bio.get());
}

QByteArray pem(EVP_PKEY* key)
{
    const BioPtr bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    return contents(bio.get());
}

KeyPtr readKey(const QByteArray& text)
{
    const BioPtr bio(BIO_new_mem_buf(text.constData(), int(text.size())));
    return KeyPtr(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
}

CertPtr readCertificate(const QByteArray& text)
{
    const BioPtr bio(BIO_new_mem_buf(text.constData(), int(text.size())));
    return CertPtr(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
}

bool extend(X509* certificate, X509* issuer, int nid, const char* value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
    if (!extension)
        return false;
    const bool ok = X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return ok;
}

struct Wanted
{
    QByteArray commonName;
    QByteArray organisation;
    const char* basicConstraints;
    const char* keyUsage;
    const char* extendedKeyUsage; ///< may be null
    const char* alternativeNames; ///< may be null
    int days;
};

/// Signed by `issuer`, or by itself where that is null.
Result<Pki::Pair> makePair(const Wanted& wanted, X509* issuer, EVP_PKEY* issuerKey)
{
    const KeyPtr key(EVP_EC_gen("P-256"));
    const CertPtr certificate(X509_new());
    if (!key || !certificate)
        return opensslFailed(u"no key"_s);
    X509_set_version(certificate.get(), 2);
    unsigned char serial[16];
    if (RAND_bytes(serial, sizeof serial) != 1)
        return opensslFailed(u"no random numbers"_s);
    serial[0] &= 0x7f;
    BIGNUM* number = BN_bin2bn(serial, sizeof serial, nullptr);
    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate.get()));
    BN_free(number);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
    X509_time_adj_ex(X509_getm_notAfter(certificate.get()), wanted.days, 0, nullptr);
    X509_set_pubkey(certificate.get(), key.get());
    X509_NAME* name = X509_get_subject_name(certificate.get());
    const auto entry = [name](const char* field, const QByteArray& value) {
        X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                                   reinterpret_cast<const unsigned char*>(value.constData()), int(value.size()), -1, 0);
    };
    if (!wanted.organisation.isEmpty())
        entry("O", wanted.organisation);
    entry("CN", wanted.commonName);
    X509* signer = issuer ? issuer : certificate.get();
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(signer));
    bool ok = extend(certificate.get(), signer, NID_basic_constraints, wanted.basicConstraints) &&
              extend(certificate.get(), signer, NID_key_usage, wanted.keyUsage) &&
              extend(certificate.get(), signer, NID_subject_key_identifier, "hash");
    if (ok && issuer)
        ok = extend(certificate.get(), signer, NID_authority_key_identifier, "keyid:always");
    if (ok && wanted.extendedKeyUsage)
        ok = extend(certificate.get(), signer, NID_ext_key_usage, wanted.extendedKeyUsage);
    if (ok && wanted.alternativeNames)
        ok = extend(certificate.get(), signer, NID_subject_alt_name, wanted.alternativeNames);
    if (!ok)
        return opensslFailed(u"an extension was refused"_s);
    if (X509_sign(certificate.get(), issuerKey ? issuerKey : key.get(), EVP_sha256()) == 0)
        return opensslFailed(u"it could not be signed"_s);
    return Pki::Pair{pem(certificate.get()), pem(key.get())};
}

Result<void> writeFile(const QString& path, const QByteArray& content, bool secret)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return fail(Error::Kind::Io, u"%1 cannot be written: %2"_s.arg(path, file.errorString()));
    if (secret)
        file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    file.write(content);
    if (!file.commit())
        return fail(Error::Kind::Io, u"%1 cannot be written: %2"_s.arg(path, file.errorString()));
    return {};
}

QByteArray readFile(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

Result<Pki> Pki::open(const QString& directory)
{
    if (!QDir().mkpath(directory))
        return fail(Error::Kind::Io, u"The directory %1 cannot be created."_s.arg(directory));
    Pki pki;
    const QString certificatePath = directory + u"/ca.crt"_s, keyPath = directory + u"/ca.key"_s;
    pki.m_authority = {readFile(certificatePath), readFile(keyPath)};
    const CertPtr certificate = readCertificate(pki.m_authority.certificate);
    const KeyPtr key = readKey(pki.m_authority.key);
    if (certificate && key && X509_check_private_key(certificate.get(), key.get()) == 1 &&
        X509_cmp_current_time(X509_get0_notAfter(certificate.get())) > 0)
        return pki;
    auto made = makePair(
        {"watchkeeper-fleet authority", {}, "critical,CA:TRUE", "critical,keyCertSign,cRLSign", nullptr, nullptr, 3650},
        nullptr, nullptr);
    if (!made)
        return fail(made.error());
    pki.m_authority = *made;
    if (const auto written = writeFile(certificatePath, made->certificate, false); !written)
        return fail(written.error());
    if (const auto written = writeFile(keyPath, made->key, true); !written)
        return fail(written.error());
    return pki;
}

Result<Pki::Pair> Pki::serverPair() const
{
    return makePair({"watchkeeper-fleet",
                     {},
                     "critical,CA:FALSE",
                     "critical,digitalSignature",
                     "serverAuth",
                     "DNS:localhost,DNS:kubernetes.default.svc,IP:127.0.0.1,IP:::1",
                     365},
                    readCertificate(m_authority.certificate).get(), readKey(m_authority.key).get());
}

Result<Pki::Pair> Pki::clientPair(const QString& user, const QString& group) const
{
    return makePair(
        {user.toUtf8(), group.toUtf8(), "critical,CA:FALSE", "critical,digitalSignature", "clientAuth", nullptr, 365},
        readCertificate(m_authority.certificate).get(), readKey(m_authority.key).get());
}

Result<QSslConfiguration> Pki::serverConfiguration() const
{
    if (!QSslSocket::supportsSsl())
        return fail(Error::Kind::Unsupported, u"This Qt cannot use TLS."_s, QSslSocket::sslLibraryBuildVersionString());
    const auto pair = serverPair();
    if (!pair)
        return fail(pair.error());
    QSslConfiguration c = QSslConfiguration::defaultConfiguration();
    c.setLocalCertificate(QSslCertificate(pair->certificate));
    c.setPrivateKey(QSslKey(pair->key, QSsl::Ec));
    c.setCaCertificates({QSslCertificate(m_authority.certificate)});
    c.setPeerVerifyMode(QSslSocket::QueryPeer);
    c.setProtocol(QSsl::TlsV1_2OrLater);
    // A resumed session would carry a certificate that was not looked at again.
    c.setSslOption(QSsl::SslOptionDisableSessionTickets, true);
    return c;
}

bool Pki::signedByUs(const QSslCertificate& certificate) const
{
    const QDateTime now = QDateTime::currentDateTimeUtc();
    if (certificate.isNull() || certificate.effectiveDate() > now || certificate.expiryDate() < now)
        return false;
    const CertPtr theirs = readCertificate(certificate.toPem());
    const CertPtr ours = readCertificate(m_authority.certificate);
    return theirs && ours && X509_verify(theirs.get(), X509_get0_pubkey(ours.get())) == 1;
}

} // namespace wk::fleet
