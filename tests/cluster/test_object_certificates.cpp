// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/objects/Certificates.h"

#include <QtCore/QDateTime>
#include <QtCore/QJsonObject>
#include <QtTest/QtTest>

using namespace wk;
using namespace wk::cluster;
using namespace Qt::StringLiterals;
using table::Health;

namespace {

/// shop.example, made for this test by openssl; its key was thrown away.
constexpr char certificate[] = "-----BEGIN CERTIFICATE-----\n"
                               "MIIBzDCCAXKgAwIBAgIUUk/Yu+QD6/rC3ysfxNE1EulnjIwwCgYIKoZIzj0EAwIw\n"
                               "JjENMAsGA1UECgwEU2hvcDEVMBMGA1UEAwwMc2hvcC5leGFtcGxlMB4XDTI2MTEy\n"
                               "MjA0MTAxMloXDTI3MDMwMjA0MTAxMlowJjENMAsGA1UECgwEU2hvcDEVMBMGA1UE\n"
                               "AwwMc2hvcC5leGFtcGxlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAERUjr1USx\n"
                               "8vO6EHLmbTIkIw8Sy4X0sKQvv+i/Zz7EDIOLQ9z4JTmsxFy4+vP5oxc4y1O15HuA\n"
                               "23sKrulKjfENXKN+MHwwHQYDVR0OBBYEFNgVafhu4oxtgW68rLIU/KtfYsBMMB8G\n"
                               "A1UdIwQYMBaAFNgVafhu4oxtgW68rLIU/KtfYsBMMA8GA1UdEwEB/wQFMAMBAf8w\n"
                               "KQYDVR0RBCIwIIIMc2hvcC5leGFtcGxlghB3d3cuc2hvcC5leGFtcGxlMAoGCCqG\n"
                               "SM49BAMCA0gAMEUCIF6yE4opW2787ALzEZZxjFE0eIr4zpdRfotlOcf8FZNfAiEA\n"
                               "0Ah5DwuBzocE/gt/Fb/VzQe+HkemTKcyjgYrPdFdQdQ=\n"
                               "-----END CERTIFICATE-----\n";
constexpr qint64 dayMs = 24LL * 3600 * 1000;

QJsonObject secretOf(const QByteArray& crt)
{
    const auto encoded = [](const QByteArray& value) { return QString::fromLatin1(value.toBase64()); };
    return {{u"kind"_s, u"Secret"_s},
            {u"data"_s, QJsonObject{{u"tls.crt"_s, encoded(crt)},
                                    {u"tls.key"_s, encoded("-----BEGIN PRIVATE KEY-----\nhunter2")}}}};
}

Fact factOf(const QList<FactSection>& sections, const QString& label)
{
    for (const FactSection& section : sections) {
        for (const Fact& fact : section.facts) {
            if (fact.label == label)
                return fact;
        }
    }
    return {};
}

} // namespace

/// What is told of the certificates in a secret.
class TestObjectCertificates : public QObject
{
    Q_OBJECT
private slots:
    void subjectAndDatesAndNothingElse();
    void expiryIsJudged();
    void chainIsCounted();
    void nonsenseIsSaid();

private:
    const qint64 m_from = QDateTime::fromString(u"2026-11-22T04:10:12Z"_s, Qt::ISODate).toMSecsSinceEpoch();
    const qint64 m_until = m_from + 100 * dayMs;
};

void TestObjectCertificates::subjectAndDatesAndNothingElse()
{
    const auto sections = certificateSections(secretOf(certificate), m_from + dayMs);
    QCOMPARE(sections.size(), 1);
    QCOMPARE(sections.first().title, u"Certificate · tls.crt"_s);
    QCOMPARE(factOf(sections, u"Subject"_s).value, u"shop.example, Shop"_s);
    QVERIFY(factOf(sections, u"For"_s).value.contains(u"www.shop.example"));
    QCOMPARE(factOf(sections, u"Issuer"_s).value, u"itself"_s);
    QVERIFY(factOf(sections, u"Valid from"_s).value.startsWith(u"2026-11-22T04:10:12Z"_s.first(10)));
    for (const Fact& fact : sections.first().facts)
        QVERIFY2(!fact.value.contains(u"hunter2") && !fact.value.contains(u"BEGIN"), qPrintable(fact.value));
}

void TestObjectCertificates::expiryIsJudged()
{
    const auto health = [this](qint64 nowMs, const QString& label) {
        return factOf(certificateSections(secretOf(certificate), nowMs), label).health;
    };
    QCOMPARE(health(m_from + dayMs, u"Valid until"_s), Health::Good);
    QCOMPARE(health(m_until - 10 * dayMs, u"Valid until"_s), Health::Warning);
    QCOMPARE(health(m_until + dayMs, u"Valid until"_s), Health::Bad);
    QCOMPARE(health(m_from - dayMs, u"Valid from"_s), Health::Bad);
    QCOMPARE(health(m_from + dayMs, u"Valid from"_s), Health::None);
    const QString words =
        factOf(certificateSections(secretOf(certificate), m_until - 10 * dayMs), u"Valid until"_s).value;
    QVERIFY2(words.contains(u"10 days are left"), qPrintable(words));
}

void TestObjectCertificates::chainIsCounted()
{
    const auto sections = certificateSections(secretOf(QByteArray(certificate) + certificate), m_from);
    QCOMPARE(sections.size(), 1);
    QVERIFY(factOf(sections, u"Followed by"_s).value.startsWith(u'1'));
}

void TestObjectCertificates::nonsenseIsSaid()
{
    const auto sections =
        certificateSections(secretOf("-----BEGIN CERTIFICATE-----\nbm9uc2Vuc2U=\n-----END CERTIFICATE-----\n"), m_from);
    QCOMPARE(factOf(sections, u"Unreadable"_s).health, Health::Bad);
    QVERIFY(certificateSections(secretOf("plain words"), m_from).isEmpty());
}

QTEST_GUILESS_MAIN(TestObjectCertificates)
#include "test_object_certificates.moc"
