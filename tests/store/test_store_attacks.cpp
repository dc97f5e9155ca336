// SPDX-License-Identifier: GPL-3.0-or-later
// A hostile client with plain SQL, as every kind of person: all of it is refused, with the SQLSTATE that it should be,
// and nothing in the store changes. What is tried stands in data/attacks.
#include "StoreScript.h"

using namespace wk;
using namespace wk::test;
using namespace Qt::StringLiterals;

class TestStoreAttacks : public QObject
{
    Q_OBJECT

private slots:
    // Prepared transactions are off where nobody turns them on; here they are on, so that they can be tried.
    void initTestCase() { START_OR_SKIP(m_stage.start("max_prepared_transactions = 5\n")); }
    void attacks_data();
    void attacks();

private:
    Stage m_stage{QStringLiteral(TEST_DATA "/ways.txt")};
};

void TestStoreAttacks::attacks_data()
{
    QTest::addColumn<QStringList>("lines");
    const auto blocks = readScripts(QStringLiteral(TEST_DATA "/attacks"));
    QVERIFY(blocks.size() >= 80);
    for (const ScriptBlock& block : blocks)
        QTest::newRow(qPrintable(block.name)) << block.lines;
}

void TestStoreAttacks::attacks()
{
    QFETCH(QStringList, lines);
    QVERIFY2(!lines.filter(u" => "_s).isEmpty(), "an attack that nothing refuses");
    StoreScript store(m_stage);
    // Before "--" everything is allowed; after it nothing may change. Without one, the lines themselves say what may.
    const qsizetype begin = lines.indexOf(u"--"_s);
    QString before;
    if (begin >= 0) {
        const QString wrong = store.run(lines.first(begin));
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
        before = store.fingerprint();
    }
    const QString wrong = store.run(lines.sliced(begin + 1));
    store.disconnect();
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
    if (begin >= 0)
        QCOMPARE(store.fingerprint(), before);
    QCOMPARE(store.value("SELECT watchkeeper.verify_audit(0) ->> 'ok'"), u"true"_s);
}

QTEST_GUILESS_MAIN(TestStoreAttacks)
#include "test_store_attacks.moc"
