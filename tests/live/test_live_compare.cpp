// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/Decoder.h"
#include "support/LiveServer.h"
#include "support/Process.h"

#include <QtCore/QFile>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtTest/QTest>

#include <yaml-cpp/yaml.h>

using namespace wk;
using namespace wk::test;
using namespace Qt::StringLiterals;

/// The contract: for every kind, the same objects with the same cells as kubectl prints, as every user. Runs on a real
/// control plane and on the fleet.
class TestLiveCompare : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void everyKind_data();
    void everyKind();
    void customResource();
    void oneNamespace();
    void selector();
    void oneByName();
    void names();
    void document_data();
    void document();
    void unknownKindIsRefused();
    void cleanupTestCase() { m_server.reset(); }

private:
    struct Compared
    {
        Ran ours;
        Comparison comparison;
    };
    /// What watchkeeperctl prints for the arguments, beside what kubectl prints at the same moment.
    [[nodiscard]] Compared compared(const QString& context, const QStringList& arguments) const;

    std::unique_ptr<LiveServer> m_server;
};

namespace {
QString report(const Comparison& comparison)
{
    QStringList lines = comparison.differences + comparison.unsettled;
    const qsizetype all = lines.size();
    lines = lines.first(std::min<qsizetype>(all, 12));
    return u"%1 objects, %2 differences:\n  %3"_s.arg(comparison.objects).arg(all).arg(lines.join(u"\n  "_s));
}

/// A YAML document in one form, whatever its line breaks and quotes were.
std::string unfolded(const QByteArray& yaml) { return YAML::Dump(YAML::Load(yaml.toStdString())); }
} // namespace

void TestLiveCompare::initTestCase()
{
    if (const QString reason = LiveServer::missing(); !reason.isEmpty())
        QSKIP(qPrintable(u"live tests: skipped, because "_s + reason));
    m_server = std::make_unique<LiveServer>();
    QVERIFY2(m_server->start(), qPrintable(m_server->error()));
    if (LiveServer::isFleet())
        return;
    const QString admin = m_server->contexts().first();
    // The definitions first: objects of a kind that the same file defines come after their kind is served.
    const QString file = QStringLiteral(TEST_DATA "/objects.yaml");
    (void)m_server->kubectl(admin, {u"apply"_s, u"-f"_s, file});
    Ran applied;
    QTRY_VERIFY2_WITH_TIMEOUT((applied = m_server->kubectl(admin, {u"apply"_s, u"-f"_s, file})).code == 0,
                              applied.err.constData(), 30'000);
}

TestLiveCompare::Compared TestLiveCompare::compared(const QString& context, const QStringList& arguments) const
{
    Compared both;
    both.comparison = m_server->compareWithKubectl(context, arguments,
                                                   [&] { return (both.ours = m_server->ctl(context, arguments)).out; });
    return both;
}

void TestLiveCompare::everyKind_data()
{
    QTest::addColumn<QString>("context");
    QTest::addColumn<QString>("kind");
    for (const QString& context : m_server ? m_server->contexts() : QStringList()) {
        for (const auto& kind : cluster::builtInKinds())
            QTest::addRow("%s as %s", qPrintable(kind.id()), qPrintable(context)) << context << kind.id();
    }
}

void TestLiveCompare::everyKind()
{
    QFETCH(QString, context);
    QFETCH(QString, kind);
    const QStringList arguments{u"get"_s, kind, u"-A"_s, u"-o"_s, u"wide"_s};
    const Ran theirs = m_server->kubectl(context, arguments);
    if (theirs.code != 0) {
        // What kubectl is refused we must be refused too, in words and with an exit code that says so.
        const Ran refused = m_server->ctl(context, arguments);
        QVERIFY2(refused.code == 1, (theirs.err + refused.err + refused.out).constData());
        if (theirs.err.contains("Forbidden"))
            QVERIFY2(refused.err.contains("may not") || refused.err.toLower().contains("forbid") ||
                         refused.err.contains("not allowed"),
                     refused.err.constData());
        QVERIFY(refused.out.isEmpty());
        return;
    }
    const auto [ours, comparison] = compared(context, arguments);
    QVERIFY2(ours.code == 0, ours.err.constData());
    QVERIFY2(comparison.differences.isEmpty() && comparison.unsettled.isEmpty(), qPrintable(report(comparison)));
}

void TestLiveCompare::customResource()
{
    const QString context = m_server->contexts().first();
    const Ran definitions = m_server->kubectl(context, {u"get"_s, u"customresourcedefinitions"_s, u"-o"_s, u"name"_s});
    const QList<QByteArray> lines = definitions.out.trimmed().split('\n');
    QVERIFY2(!definitions.out.isEmpty(), "no custom resource definition: the fleet and data/objects.yaml bring one");
    for (const QByteArray& line : lines) {
        const QString kind = QString::fromUtf8(line.mid(line.indexOf('/') + 1));
        const QStringList arguments{u"get"_s, kind, u"-A"_s, u"-o"_s, u"wide"_s};
        const auto [ours, comparison] = compared(context, arguments);
        QVERIFY2(ours.code == 0, ours.err.constData());
        QVERIFY2(comparison.objects > 0, qPrintable(kind));
        QVERIFY2(comparison.differences.isEmpty() && comparison.unsettled.isEmpty(),
                 qPrintable(kind + u": "_s + report(comparison)));
    }
}

void TestLiveCompare::oneNamespace()
{
    const QString context = m_server->contexts().first();
    const QStringList arguments{u"get"_s, u"secrets"_s, u"-n"_s, u"kube-system"_s};
    const auto [ours, comparison] = compared(context, arguments);
    QVERIFY2(ours.code == 0, ours.err.constData());
    QVERIFY2(comparison.differences.isEmpty() && comparison.unsettled.isEmpty(), qPrintable(report(comparison)));
}

void TestLiveCompare::selector()
{
    const QString context = m_server->contexts().first();
    const QByteArray someLabel =
        m_server
            ->kubectl(context, {u"get"_s, u"pods"_s, u"-A"_s, u"-o"_s, u"jsonpath={.items[0].metadata.labels.app}"_s})
            .out;
    QVERIFY2(!someLabel.isEmpty(), "no pod has a label app");
    for (const QString& selector : {u"app="_s + QString::fromUtf8(someLabel), u"app!="_s + QString::fromUtf8(someLabel),
                                    u"!app"_s, u"app in (%1,none)"_s.arg(QString::fromUtf8(someLabel))}) {
        const QStringList arguments{u"get"_s, u"pods"_s, u"-A"_s, u"-l"_s, selector};
        const auto [ours, comparison] = compared(context, arguments);
        QVERIFY2(ours.code == 0, ours.err.constData());
        QVERIFY2(comparison.differences.isEmpty() && comparison.unsettled.isEmpty(),
                 qPrintable(selector + u": "_s + report(comparison)));
    }
}

void TestLiveCompare::oneByName()
{
    const QString context = m_server->contexts().first();
    const QStringList arguments{u"get"_s, u"namespaces"_s, u"kube-system"_s};
    const auto [ours, comparison] = compared(context, arguments);
    QVERIFY2(comparison.objects == 1 && comparison.differences.isEmpty(), qPrintable(report(comparison)));
    const Ran absent = m_server->ctl(context, {u"get"_s, u"namespaces"_s, u"no-such-namespace"_s});
    QCOMPARE(absent.code, 1);
    QVERIFY2(absent.err.contains("no-such-namespace"), absent.err.constData());
}

void TestLiveCompare::names()
{
    const QString context = m_server->contexts().first();
    const QStringList arguments{u"get"_s, u"clusterroles"_s, u"-o"_s, u"name"_s};
    QCOMPARE(m_server->ctl(context, arguments).out, m_server->kubectl(context, arguments).out);
}

void TestLiveCompare::document_data()
{
    QTest::addColumn<QString>("kind");
    for (const char* kind : {"pods", "deployments.apps", "services", "configmaps", "nodes", "events",
                             "clusterroles.rbac.authorization.k8s.io"})
        QTest::addRow("%s", kind) << QString::fromLatin1(kind);
}

void TestLiveCompare::document()
{
    QFETCH(QString, kind);
    const QString context = m_server->contexts().first();
    const Ran list = m_server->kubectl(context, {u"get"_s, kind, u"-A"_s, u"--no-headers"_s, u"-o"_s,
                                                 u"custom-columns=N:.metadata.namespace,M:.metadata.name"_s});
    QVERIFY2(!list.out.trimmed().isEmpty(), "no object of the kind: the fleet and data/objects.yaml bring some");
    const QStringList words = QString::fromUtf8(list.out.split('\n').first()).simplified().split(u' ');
    QStringList arguments{u"get"_s, kind, words[1]};
    if (words[0] != u"<none>")
        arguments << u"-n"_s << words[0];
    // Leases and counters move on; what a person reads must be what kubectl shows at the same moment.
    for (const QString& form : {u"json"_s, u"yaml"_s}) {
        Ran before;
        Ran ours;
        Ran after;
        for (int attempt = 0; attempt < 5; ++attempt) {
            before = m_server->kubectl(context, arguments + QStringList{u"-o"_s, form});
            ours = m_server->ctl(context, arguments + QStringList{u"-o"_s, form});
            after = m_server->kubectl(context, arguments + QStringList{u"-o"_s, form});
            if (before.out == after.out)
                break;
        }
        QVERIFY2(ours.code == 0, ours.err.constData());
        if (form == u"json") {
            QCOMPARE(QJsonDocument::fromJson(ours.out).object(), QJsonDocument::fromJson(after.out).object());
        } else {
            // kubectl folds long lines at 80 columns, we do not: the same document, so the same words in the same
            // order.
            QCOMPARE(unfolded(ours.out), unfolded(after.out));
        }
    }
}

void TestLiveCompare::unknownKindIsRefused()
{
    const Ran ran = m_server->ctl(m_server->contexts().first(), {u"get"_s, u"starships"_s});
    QCOMPARE(ran.code, 1);
    QVERIFY2(ran.err.contains("starships"), ran.err.constData());
}

QTEST_GUILESS_MAIN(TestLiveCompare)
#include "test_live_compare.moc"
