// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/LogExport.h"
#include "logs/LogOrder.h"
#include "logs/LogStore.h"

#include <QtCore/QBuffer>
#include <QtCore/QTemporaryDir>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

#include <random>

using namespace Qt::StringLiterals;
using namespace wk;
using namespace wk::logs;

namespace {

QByteArray textOf(quint32 i)
{
    return (i % 1000 == 999 ? "ERROR " : "INFO ") + QByteArray::number(i) + " " + QByteArray(int(i % 97), 'x');
}

LogBatch batchOf(quint32 from, quint32 to)
{
    LogBatch batch;
    for (quint32 i = from; i < to; ++i)
        batch.add(qint64(i) * 1000, textOf(i));
    return batch;
}

std::unique_ptr<SpillFile> spill(const QString& directory)
{
    auto file = openSpillFile(directory);
    return file ? std::move(*file) : nullptr;
}

/// A disk with room for so many bytes.
class SmallDisk final : public SpillFile
{
public:
    explicit SmallDisk(qint64 room) : m_room(room) {}
    Result<void> write(qint64 at, QByteArrayView bytes) override
    {
        if (at + bytes.size() > m_room)
            return fail(Error::Kind::Io, u"The disk that holds /x is full."_s);
        m_bytes.resize(std::max(m_bytes.size(), at + bytes.size()));
        std::ranges::copy(bytes, m_bytes.begin() + at);
        return {};
    }
    Result<QByteArray> read(qint64 at, qsizetype size) const override
    {
        if (broken)
            return fail(Error::Kind::Io, u"The log cannot be kept in /x."_s);
        return m_bytes.sliced(at, size);
    }
    void release(qint64, qint64) override {}
    bool broken = false;

private:
    qint64 m_room;
    QByteArray m_bytes;
};

} // namespace

/// Lines in memory and on disk, in the order of time, and out again.
class TestLogStore : public QObject
{
    Q_OBJECT

private slots:
    void aMillionLinesAreThere();
    void theFileHasNoName();
    void theOldestAreLetGoAndCounted();
    void aFullDiskIsSaid();
    void aDiskThatCannotBeReadIsSaid();
    void aDirectoryThatCannotBeIsSaid();
    void readersAndWritersMeet();
    void linesComeIntoOrder();
    void orderForgets();
    void exportsAreExact();
    void exportsEndWell();
};

void TestLogStore::aMillionLinesAreThere()
{
    QTemporaryDir dir;
    LogStore store(spill(dir.path()));
    constexpr quint32 count = 1'000'000, step = 997;
    for (quint32 i = 0; i < count; i += step)
        store.append(batchOf(i, std::min(count, i + step)));
    const LogStore::Size size = store.size();
    QCOMPARE(size.first, 0u);
    QCOMPARE(size.end, count);
    QVERIFY2(size.inMemory < 40'000'000, qPrintable(QString::number(size.inMemory)));
    QVERIFY2(size.onDisk > size.bytes * 8 / 10, qPrintable(QString::number(size.onDisk)));
    std::mt19937 random(7);
    for (int i = 0; i < 20'000; ++i) {
        const quint32 id = quint32(random()) % count;
        const auto line = store.line(id);
        QVERIFY(line.has_value());
        QCOMPARE(line->text, textOf(id));
        QCOMPARE(line->place.id, id);
        QCOMPARE(line->place.key, qint64(id) * 1000);
        QCOMPARE(line->place.level, id % 1000 == 999 ? Level::Error : Level::Info);
    }
    quint32 next = 123;
    store.scan(123, count - 5, [&](const LogStore::Seen& line) {
        const bool same = line.place.id == next && line.text == textOf(next);
        ++next;
        return same;
    });
    QCOMPARE(next, count - 5);
    QVERIFY(!store.line(count).has_value());
    QCOMPARE(store.places(10, 20).size(), size_t(10));
    QVERIFY(!store.trouble());
}

void TestLogStore::theFileHasNoName()
{
    QTemporaryDir dir;
    const QString below = dir.path() + u"/a/b"_s; // made where it is missing
    {
        LogStore store(spill(below));
        store.append(batchOf(0, 50'000));
        QVERIFY(store.size().onDisk > 0);
        QVERIFY(QDir(below).exists());
        QCOMPARE(QDir(below).entryList(QDir::NoDotAndDotDot | QDir::AllEntries | QDir::Hidden), QStringList());
    }
}

void TestLogStore::theOldestAreLetGoAndCounted()
{
    QTemporaryDir dir;
    LogStore::Limits limits;
    limits.chunkBytes = 10'000;
    limits.lines = 5'000;
    limits.hotChunks = 2;
    LogStore store(spill(dir.path()), limits);
    for (quint32 i = 0; i < 50'000; i += 100)
        store.append(batchOf(i, i + 100));
    const LogStore::Size size = store.size();
    QVERIFY2(size.end - size.first <= 5'000 && size.end - size.first > 4'000,
             qPrintable(QString::number(size.end - size.first)));
    QCOMPARE(store.letGo(), size.first);
    QVERIFY(!store.line(size.first - 1).has_value());
    QCOMPARE(store.line(size.first)->text, textOf(size.first));
    QCOMPARE(store.places(0, size.end).front().id, size.first);
    QVERIFY(size.inMemory < 250'000);
    QVERIFY(size.onDisk <= size.bytes);
}

void TestLogStore::aFullDiskIsSaid()
{
    LogStore::Limits limits;
    limits.chunkBytes = 10'000;
    limits.hotChunks = 2;
    limits.memoryBytes = 100'000;
    LogStore store(std::make_unique<SmallDisk>(50'000), limits);
    store.append(batchOf(0, 500));
    QVERIFY(!store.trouble());
    for (quint32 i = 500; i < 20'000; i += 100)
        store.append(batchOf(i, i + 100));
    QVERIFY(store.trouble() && store.trouble()->sentence.contains(u"full"));
    const LogStore::Size size = store.size();
    QVERIFY2(size.inMemory < 400'000, qPrintable(QString::number(size.inMemory)));
    QVERIFY(size.first > 0);
    QCOMPARE(store.line(19'999)->text, textOf(19'999));
    QCOMPARE(store.line(size.first)->text, textOf(size.first));
}

void TestLogStore::aDiskThatCannotBeReadIsSaid()
{
    LogStore::Limits limits;
    limits.chunkBytes = 10'000;
    limits.hotChunks = 1;
    auto disk = std::make_unique<SmallDisk>(10'000'000);
    SmallDisk* broken = disk.get();
    LogStore store(std::move(disk), limits);
    store.append(batchOf(0, 5'000));
    broken->broken = true;
    const auto line = store.line(0);
    QVERIFY(line && line->place.kind == LineKind::Gap && line->text.contains("cannot be kept"));
    QVERIFY(store.trouble().has_value());
    int seen = 0;
    store.scan(0, 5'000, [&](const LogStore::Seen&) { return ++seen > 0; });
    QVERIFY(seen > 0 && seen < 5'000); // what is in memory
}

void TestLogStore::aDirectoryThatCannotBeIsSaid()
{
    QTemporaryDir dir;
    QFile file(dir.filePath(u"file"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    const auto spilled = openSpillFile(dir.filePath(u"file/below"_s));
    QVERIFY(!spilled.has_value());
    QVERIFY2(spilled.error().sentence.contains(u"file/below"), qPrintable(spilled.error().sentence));
    LogStore store(nullptr); // in memory then
    store.append(batchOf(0, 100));
    QCOMPARE(store.line(99)->text, textOf(99));
}

void TestLogStore::readersAndWritersMeet()
{
    QTemporaryDir dir;
    LogStore::Limits limits;
    limits.chunkBytes = 20'000;
    limits.lines = 20'000;
    LogStore store(spill(dir.path()), limits);
    std::atomic<bool> done = false;
    std::atomic<int> wrong = 0;
    const std::unique_ptr<QThread> reader(QThread::create([&] {
        while (!done) {
            const auto size = store.size();
            store.scan(size.first, size.end, [&](const LogStore::Seen& line) {
                wrong += line.text != textOf(line.place.id);
                return true;
            });
            if (const auto line = store.line(size.first + (size.end - size.first) / 2))
                wrong += line->text != textOf(line->place.id);
        }
    }));
    reader->start();
    for (quint32 i = 0; i < 100'000; i += 50)
        store.append(batchOf(i, i + 50));
    done = true;
    reader->wait();
    QCOMPARE(wrong.load(), 0);
}

void TestLogStore::linesComeIntoOrder()
{
    std::mt19937 random(3);
    std::vector<LineKey> all;
    LogOrder order;
    quint32 id = 0;
    for (int round = 0; round < 300; ++round) {
        std::vector<LineKey> fresh;
        for (quint32 n = random() % 50; n > 0; --n)
            fresh.push_back({qint64(round * 10 + random() % 200), id++, quint16(random() % 4), {}, {}});
        all.insert(all.end(), fresh.begin(), fresh.end());
        std::vector<LineKey> before;
        for (qsizetype i = 0; i < order.size(); ++i)
            before.push_back(order.at(i));
        const qsizetype from = order.merge(fresh);
        for (qsizetype i = 0; i < from; ++i)
            QVERIFY(order.at(i) == before[size_t(i)]);
    }
    std::ranges::sort(all);
    QCOMPARE(order.size(), qsizetype(all.size()));
    for (qsizetype i = 0; i < order.size(); ++i) {
        QVERIFY(order.at(i) == all[size_t(i)]);
        QCOMPARE(order.positionOf(order.at(i)), i);
    }
    QCOMPARE(order.merge({}), order.size());
}

void TestLogStore::orderForgets()
{
    LogOrder order;
    QCOMPARE(order.merge({{30, 0, 0, {}, {}}, {10, 1, 0, {}, {}}, {20, 2, 0, {}, {}}}), 0);
    QCOMPARE(order.forget(1), 1);
    QCOMPARE(order.size(), 2);
    QCOMPARE(order.at(1).id, 2u);
    QCOMPARE(order.forget(1), 0);
}

void TestLogStore::exportsAreExact()
{
    LogStore store(nullptr);
    LogBatch batch;
    batch.add(1'000'000'000, "first");
    batch.add(2'000'000'000, "may be missing", LineKind::Gap);
    batch.add(3'000'000'000, "not UTF-8 \xff\xfe");
    batch.add(3'000'000'000, "");
    store.append(batch);
    const auto written = [&](std::vector<LineKey> places, const ExportForm& form) {
        QBuffer out;
        out.open(QIODevice::WriteOnly);
        const auto done = writeLines(out, store, places, form, [](qsizetype) { return true; });
        return done ? out.data() : done.error().sentence.toUtf8();
    };
    const auto places = store.places(0, 4);
    QCOMPARE(written(places, {}), "first\n# may be missing\nnot UTF-8 \xff\xfe\n\n");
    QCOMPARE(written({places[3], places[0]}, {true, {{0, u"pod/app"_s}}}),
             "1970-01-01T00:00:03.000000000Z [pod/app] \n1970-01-01T00:00:01.000000000Z [pod/app] first\n");
    LineKey gone = places[0];
    gone.id = 77;
    QVERIFY(written({gone}, {}).startsWith("# 1 lines"));
}

void TestLogStore::exportsEndWell()
{
    QTemporaryDir dir;
    auto store = std::make_shared<LogStore>(spill(dir.path()));
    store->append(batchOf(0, 100'000));
    const QString name = dir.filePath(u"out.log"_s);
    LogExport good(name, store, store->places(0, 100'000), {});
    QSignalSpy finished(&good, &LogExport::finished);
    QVERIFY(finished.wait(60'000));
    QVERIFY(!finished.first().first().value<std::optional<Error>>());
    QFile file(name);
    QVERIFY(file.open(QIODevice::ReadOnly));
    for (quint32 i = 0; i < 100'000; ++i)
        QCOMPARE(file.readLine(), textOf(i) + '\n');
    QVERIFY(file.atEnd());
    LogExport nowhere(dir.filePath(u"missing/out.log"_s), store, store->places(0, 10), {});
    QSignalSpy failed(&nowhere, &LogExport::finished);
    QVERIFY(failed.wait(60'000));
    const auto error = failed.first().first().value<std::optional<Error>>();
    QVERIFY(error && error->sentence.contains(u"out.log"));
    const QString other = dir.filePath(u"other.log"_s);
    {
        LogExport dropped(other, store, store->places(0, 100'000), {});
    }
    BackgroundThread::waitForAll();
    QVERIFY(!QFile::exists(other) || QFile(other).size() == file.size()); // given up, or done already
}

QTEST_GUILESS_MAIN(TestLogStore)
#include "test_log_store.moc"
