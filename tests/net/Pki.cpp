// SPDX-License-Identifier: GPL-3.0-or-later
#include "Pki.h"

#include <QtCore/QFile>
#include <QtCore/QProcess>

namespace wk::test {

using namespace Qt::StringLiterals;

Pki::Pki(const QString& name)
{
    openssl({u"req"_s, u"-x509"_s, u"-newkey"_s, u"ec"_s, u"-pkeyopt"_s, u"ec_paramgen_curve:P-256"_s, u"-nodes"_s,
             u"-keyout"_s, path(u"ca.key"_s), u"-out"_s, path(u"ca.pem"_s), u"-subj"_s, u"/CN="_s + name, u"-days"_s,
             u"30"_s});
    m_authority = read(u"ca.pem"_s);
    QFile config(path(u"ca.cnf"_s));
    if (config.open(QIODevice::WriteOnly)) {
        config.write("[ca]\ndefault_ca=d\n[d]\ndatabase=" + path(u"index"_s).toUtf8() +
                     "\nnew_certs_dir=" + m_dir.path().toUtf8() +
                     "\nrand_serial=yes\nunique_subject=no\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n");
    }
    QFile index(path(u"index"_s));
    (void)index.open(QIODevice::WriteOnly);
}

QByteArray Pki::read(const QString& name) const
{
    QFile file(path(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QByteArray Pki::openssl(const QStringList& arguments)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(u"openssl"_s, arguments);
    const bool ended = process.waitForFinished(30'000);
    const QByteArray output = process.readAll();
    if (process.error() == QProcess::FailedToStart)
        m_problem =
            u"the openssl command is not on the PATH, which makes certificates here (Debian: apt-get install openssl)"_s;
    else if (!ended || process.exitCode() != 0)
        m_problem =
            u"openssl "_s + arguments.value(0) + u": "_s + (ended ? QString::fromUtf8(output) : process.errorString());
    return output;
}

Issued Pki::issue(const Wish& wish)
{
    const QString id = QString::number(++m_count);
    const QString key = path(id + u".key"_s);
    const bool rsa = wish.key == Key::Rsa || wish.key == Key::RsaPkcs1;
    if (rsa)
        openssl({u"genpkey"_s, u"-algorithm"_s, u"RSA"_s, u"-pkeyopt"_s, u"rsa_keygen_bits:2048"_s, u"-out"_s, key});
    else
        openssl({u"genpkey"_s, u"-algorithm"_s, u"EC"_s, u"-pkeyopt"_s, u"ec_paramgen_curve:P-256"_s, u"-out"_s, key});
    openssl({u"req"_s, u"-new"_s, u"-key"_s, key, u"-out"_s, path(id + u".csr"_s), u"-subj"_s, u"/CN="_s + wish.name});
    QFile extensions(path(id + u".ext"_s));
    if (extensions.open(QIODevice::WriteOnly)) {
        extensions.write(wish.client ? "extendedKeyUsage=clientAuth\n" : "extendedKeyUsage=serverAuth\n");
        if (!wish.hosts.isEmpty() && !wish.client)
            extensions.write("subjectAltName=" + wish.hosts.toUtf8() + "\n");
    }
    extensions.close();
    QStringList arguments{u"ca"_s,
                          u"-batch"_s,
                          u"-notext"_s,
                          u"-config"_s,
                          path(u"ca.cnf"_s),
                          u"-cert"_s,
                          path(u"ca.pem"_s),
                          u"-keyfile"_s,
                          path(u"ca.key"_s),
                          u"-in"_s,
                          path(id + u".csr"_s),
                          u"-out"_s,
                          path(id + u".pem"_s),
                          u"-extfile"_s,
                          extensions.fileName()};
    if (wish.expired)
        arguments << u"-startdate"_s << u"20200101000000Z"_s << u"-enddate"_s << u"20210101000000Z"_s;
    else
        arguments << u"-days"_s << u"20"_s;
    openssl(arguments);
    if (wish.key == Key::EcSec1)
        openssl({u"ec"_s, u"-in"_s, key, u"-out"_s, key});
    if (wish.key == Key::RsaPkcs1)
        openssl({u"rsa"_s, u"-in"_s, key, u"-traditional"_s, u"-out"_s, key});
    return {read(id + u".pem"_s), read(id + u".key"_s)};
}

} // namespace wk::test
