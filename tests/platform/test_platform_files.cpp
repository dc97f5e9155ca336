// SPDX-License-Identifier: GPL-3.0-or-later
#include "PlatformTexts.h"

using namespace wk::platform;
using namespace Qt::StringLiterals;

namespace {

void write(const QString& path, const QByteArray& bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s", qPrintable(path));
}

} // namespace

/// Platform files beside each other, and files that nobody meant well with.
class TestPlatformFiles : public QObject
{
    Q_OBJECT

private slots:
    void theOthersStillLoad()
    {
        QTemporaryDir dir;
        write(dir.filePath(u"a-broken.yaml"_s), "name: broken\ntitle: [\n");
        write(dir.filePath(u"b-wrong.yaml"_s), "name: wrong\n");
        write(dir.filePath(u"c-good.yml"_s), good);
        write(dir.filePath(u"notes.txt"_s), "not a platform");
        const PlatformLoad load =
            loadPlatforms({QString::fromUtf16(builtinPlatforms), dir.path(), dir.filePath(u"absent"_s)});
        QStringList names;
        for (const auto& platform : load.platforms)
            names << platform->name;
        QCOMPARE(names, (QStringList{u"shop"_s, u"social-live"_s, u"stratmaster"_s, u"streamgate"_s, u"tchat"_s}));
        QStringList files;
        for (const PlatformProblem& problem : load.problems)
            files << QFileInfo(problem.file).fileName();
        files.removeDuplicates();
        QCOMPARE(files, (QStringList{u"a-broken.yaml"_s, u"b-wrong.yaml"_s}));
        QCOMPARE(load.problems.size(),
                 size_t(5)); // one of syntax; title, clusters, namespaces and services are missing
    }

    void aUsersFileTakesThePlace()
    {
        QTemporaryDir dir;
        const QString path = dir.filePath(u"mine.yaml"_s);
        write(path, QByteArray(good).replace("name: shop\n", "name: tchat\n"));
        const PlatformLoad load = loadPlatforms({QString::fromUtf16(builtinPlatforms), dir.path()});
        QVERIFY2(load.problems.empty(), qPrintable(all(load)));
        QCOMPARE(load.platforms.size(), size_t(4));
        QCOMPARE(load.platforms.back()->title, u"Shop"_s);
        QCOMPARE(load.platforms.back()->replaces, u":/platforms/tchat.yaml"_s);
        QCOMPARE(load.notes,
                 QStringList{path + u" takes the place of :/platforms/tchat.yaml as the platform \"tchat\""_s});
    }

    // A broken file must not take a good one away.
    void aBrokenReplacementLeavesTheBuiltIn()
    {
        QTemporaryDir dir;
        write(dir.filePath(u"tchat.yaml"_s), QByteArray(good).replace("name: shop\n", "name: tchat\n") + "oops: 1\n");
        const PlatformLoad load = loadPlatforms({QString::fromUtf16(builtinPlatforms), dir.path()});
        QCOMPARE(load.problems.size(), size_t(1));
        QCOMPARE(load.platforms.back()->title, u"Tchat"_s);
        QVERIFY(load.platforms.back()->replaces.isEmpty());
        QVERIFY(load.notes.isEmpty());
    }

    void twoFilesOfOnePlatform()
    {
        QTemporaryDir dir;
        write(dir.filePath(u"one.yaml"_s), good);
        write(dir.filePath(u"two.yaml"_s), good);
        const PlatformLoad load = loadPlatforms({dir.path()});
        QCOMPARE(load.platforms.size(), size_t(1));
        QCOMPARE(load.platforms[0]->file, dir.filePath(u"one.yaml"_s));
        QCOMPARE(load.problems.size(), size_t(1));
        QCOMPARE(load.problems[0].file, dir.filePath(u"two.yaml"_s));
    }

    void aFileThatIsNotThere()
    {
        const PlatformLoad load = loadPlatformFile(u"/nowhere/shop.yaml"_s);
        QCOMPARE(load.problems.size(), size_t(1));
        QVERIFY2(load.problems[0].text().startsWith(u"/nowhere/shop.yaml: cannot be read"), qPrintable(all(load)));
    }

    void hostileFiles_data()
    {
        QTest::addColumn<QByteArray>("text");
        QByteArray bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
        for (int i = 1; i < 30; ++i) {
            QByteArray line = "a" + QByteArray::number(i) + ": &a" + QByteArray::number(i) + " [";
            for (int k = 0; k < 10; ++k)
                line += "*a" + QByteArray::number(i - 1) + (k < 9 ? ", " : "]\n");
            bomb += line;
        }
        QTest::newRow("alias bomb") << bomb;
        QTest::newRow("alias bomb in a known key") << good + "costDrivers: &a [x]\n" + bomb;
        QTest::newRow("deep brackets") << good + "summary: " + QByteArray(300'000, '[');
        QTest::newRow("deep brackets, closed")
            << good + "summary: " + QByteArray(200, '[') + QByteArray(200, ']') + "\n";
        QTest::newRow("deep braces") << QByteArray(100'000, '{');
        QTest::newRow("deep braces over lines") << QByteArray("[\n").repeated(100'000);
        QByteArray blocks;
        for (int i = 0; i < 700; ++i)
            blocks += QByteArray(i, ' ') + "a:\n";
        QTest::newRow("deep blocks") << blocks;
        QTest::newRow("deep dashes") << QByteArray("- ").repeated(100'000) + "x";
        QTest::newRow("deep questions") << QByteArray("? ").repeated(100'000);
        QTest::newRow("too large") << QByteArray(1024 * 1024 + 1, '#');
        QTest::newRow("long line") << good + "summry: " + QByteArray(900'000, 'x') + "\n";
        QTest::newRow("many unknown keys") << good + [] {
            QByteArray keys;
            for (int i = 0; i < 60'000; ++i)
                keys += "key" + QByteArray::number(i) + ": 1\n";
            return keys;
        }();
        QTest::newRow("many values in one line")
            << good + "costDrivers: [" + QByteArray("{},").repeated(300'000) + "]\n";
        QTest::newRow("many quotes") << QByteArray("\"a\" ").repeated(200'000);
        QTest::newRow("many colons") << QByteArray("a: ").repeated(300'000);
        QTest::newRow("many anchors") << QByteArray("&a ").repeated(300'000);
        QTest::newRow("many tags") << QByteArray("!!a ").repeated(250'000);
        QTest::newRow("many directives") << QByteArray("%YAML 1.2\n").repeated(90'000);
        QTest::newRow("many documents") << QByteArray("---\n").repeated(250'000);
        QTest::newRow("many bars") << QByteArray("a: |\n").repeated(200'000);
        QTest::newRow("many blank lines") << good + "summary: |\n" + QByteArray("\n").repeated(900'000);
    }
    void hostileFiles()
    {
        QFETCH(QByteArray, text);
        QElapsedTimer timer;
        timer.start();
        const PlatformLoad load = parsePlatform(text, u"x"_s);
        QVERIFY2(timer.elapsed() < 10'000, qPrintable(u"took %1 ms"_s.arg(timer.elapsed())));
        QVERIFY(load.platforms.empty());
        QVERIFY(!load.problems.empty());
        QVERIFY(load.problems.size() <= 201);
    }

    // Every prefix of a real file, and the file with one byte changed, gives a platform or a reason.
    void cutAndGarbled()
    {
        QFile file(u":/platforms/tchat.yaml"_s);
        QCOMPARE(loadPlatforms({QString::fromUtf16(builtinPlatforms)}).platforms.size(),
                 size_t(4)); // brings the resource in
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray text = file.readAll();
        QVERIFY(text.size() > 10'000);
        const auto check = [](const QByteArray& bytes) {
            const PlatformLoad load = parsePlatform(bytes, u"x"_s);
            return load.platforms.empty() != load.problems.empty();
        };
        for (qsizetype cut = 0; cut < text.size(); cut += 211)
            QVERIFY2(check(text.first(cut)), qPrintable(QString::number(cut)));
        QRandomGenerator random(7);
        for (int i = 0; i < 150; ++i) {
            QByteArray garbled = text;
            for (int k = 0; k <= i % 4; ++k)
                garbled[random.bounded(int(garbled.size()))] = char(random.bounded(256));
            QVERIFY2(check(garbled), qPrintable(QString::number(i)));
        }
        static constexpr char alphabet[] = "-:[]{}&*!|>'\"%@`#?, \n\tabc019\xc3\xa9";
        for (int i = 0; i < 300; ++i) {
            QByteArray noise(random.bounded(400), Qt::Uninitialized);
            for (char& byte : noise)
                byte = alphabet[random.bounded(int(sizeof alphabet) - 1)];
            QVERIFY2(check(noise), noise.toHex().constData());
        }
    }
};

QTEST_GUILESS_MAIN(TestPlatformFiles)
#include "test_platform_files.moc"
