// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/objects/Certificates.h"

#include "cluster/objects/SummaryParts.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDateTime>
#include <QtNetwork/QSslCertificate>

#define WK_S(text) tr(QT_TRANSLATE_NOOP("wk::cluster::Summary", text))

namespace wk::cluster {

using namespace Qt::StringLiterals;
using summary::add;
using summary::tr;
using table::Health;

namespace {

constexpr qint64 dayMs = 24LL * 3600 * 1000;

/// "CN, O" of those there are.
QString nameOf(const QStringList& common, const QStringList& organisation)
{
    return (common + organisation).join(u", "_s);
}

QString day(const QDateTime& moment) { return moment.toUTC().toString(u"yyyy-MM-dd HH:mm 'UTC'"_s); }

/// Its last day, with how far that is.
void addExpiry(FactSection& section, const QDateTime& until, qint64 nowMs)
{
    const qint64 left = until.toMSecsSinceEpoch() - nowMs;
    if (left < 0)
        add(section, WK_S("Valid until"), WK_S("%1: it expired %2 days ago").arg(day(until)).arg(-left / dayMs),
            Health::Bad);
    else
        add(section, WK_S("Valid until"), WK_S("%1: %2 days are left").arg(day(until)).arg(left / dayMs),
            left < expiresSoonMs ? Health::Warning : Health::Good);
}

FactSection describe(const QString& key, const QSslCertificate& certificate, qint64 nowMs)
{
    using Info = QSslCertificate;
    FactSection section;
    section.title = WK_S("Certificate · %1").arg(key);
    add(section, WK_S("Subject"),
        nameOf(certificate.subjectInfo(Info::CommonName), certificate.subjectInfo(Info::Organization)));
    add(section, WK_S("For"), QStringList(certificate.subjectAlternativeNames().values()).join(u", "_s));
    add(section, WK_S("Issuer"),
        certificate.isSelfSigned()
            ? WK_S("itself")
            : nameOf(certificate.issuerInfo(Info::CommonName), certificate.issuerInfo(Info::Organization)));
    const QDateTime from = certificate.effectiveDate();
    add(section, WK_S("Valid from"), day(from), from.toMSecsSinceEpoch() > nowMs ? Health::Bad : Health::None);
    addExpiry(section, certificate.expiryDate(), nowMs);
    add(section, WK_S("Serial number"), QString::fromLatin1(certificate.serialNumber()));
    return section;
}

} // namespace

QList<FactSection> certificateSections(const QJsonObject& secret, qint64 nowMs)
{
    QList<FactSection> out;
    const QJsonObject data = secret.value(u"data"_s).toObject();
    for (auto it = data.begin(); it != data.end(); ++it) {
        const QByteArray value = QByteArray::fromBase64(it.value().toString().toLatin1());
        if (!value.contains("-----BEGIN CERTIFICATE-----"))
            continue;
        // The first is the server's own; the others lead from it to one that is trusted.
        const QList<QSslCertificate> chain = QSslCertificate::fromData(value, QSsl::Pem);
        if (chain.isEmpty() || chain.first().isNull()) {
            FactSection section;
            section.title = WK_S("Certificate · %1").arg(it.key());
            add(section, WK_S("Unreadable"), WK_S("what stands there is no certificate"), Health::Bad);
            out.append(section);
            continue;
        }
        FactSection section = describe(it.key(), chain.first(), nowMs);
        if (chain.size() > 1)
            add(section, WK_S("Followed by"), WK_S("%1 certificates of its chain").arg(chain.size() - 1));
        out.append(section);
    }
    return out;
}

} // namespace wk::cluster
