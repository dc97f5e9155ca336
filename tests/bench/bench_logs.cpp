// SPDX-License-Identifier: GPL-3.0-or-later
// Measures how a log is taken in, kept and searched: everything between the bytes of a socket and the places that a
// view shows. The file is left for others to be measured with.
#include "logs/LineCutter.h"
#include "logs/LogFilter.h"
#include "logs/LogOrder.h"
#include "logs/LogStore.h"
#include "logs/LogTime.h"
#include "logs/ResumeGuard.h"

#include <QtCore/QElapsedTimer>
#include <QtCore/QFile>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QTextStream>

#include <random>

using namespace Qt::StringLiterals;
using namespace wk::logs;

namespace {

constexpr qint64 firstNs = 1'795'428'000'000'000'000;

bool writeLog(const QString& name, int lines)
{
    QFile file(name);
    if (!file.open(QIODevice::WriteOnly))
        return false;
    std::mt19937 random(11);
    for (int i = 0; i < lines; ++i) {
        const unsigned n = unsigned(random());
        file.write(stampText(firstNs + qint64(i) * 310'000) + R"( {"level":")" +
                   (n % 997 == 0  ? "error"
                    : n % 97 == 0 ? "warn"
                                  : "info") +
                   R"(","msg":"request","method":"GET","path":"/api/v1/streams/)" + QByteArray::number(n % 90'000) +
                   R"(","status":200,"duration_ms":)" + QByteArray::number(n % 180) + R"(,"trace_id":")" +
                   QByteArray::number(quint64(n) << 20 | unsigned(i), 16) + "\"}\n");
    }
    return true;
}

qint64 residentBytes()
{
    QFile status(u"/proc/self/statm"_s);
    return status.open(QIODevice::ReadOnly) ? status.readAll().split(' ').value(1).toLongLong() * 4096 : 0;
}

double seconds(const QElapsedTimer& timer) { return double(timer.nsecsElapsed()) / 1e9; }
double rounded(double value) { return std::round(value * 1000) / 1000; }

/// As a reader does it, in the pieces in which a socket gives them.
void takeIn(QFile& file, LogStore& store, LogOrder& order)
{
    LineCutter cutter;
    ResumeGuard guard;
    ResumeGuard::Replay replay;
    quint32 seen = 0;
    for (QByteArray bytes = file.read(64 << 10); !bytes.isEmpty(); bytes = file.read(64 << 10)) {
        LogBatch batch;
        cutter.feed(bytes, [&](QByteArrayView line, bool) {
            const auto stamped = readStamp(line);
            if (!stamped || replay.judge(stamped->ns, stamped->text) == ResumeGuard::Replay::Verdict::Known)
                return;
            guard.took(stamped->ns, stamped->text);
            batch.add(stamped->ns, stamped->text);
        });
        store.append(batch);
        const quint32 end = store.size().end;
        order.merge(store.places(seen, end));
        seen = end;
    }
}

} // namespace

int main(int argc, char** argv)
{
    const QString name = argc > 1 ? QString::fromLocal8Bit(argv[1]) : u"bench.log"_s;
    const int lines = argc > 2 ? atoi(argv[2]) : 1'000'000;
    QFile file(name);
    auto spill = openSpillFile(QFileInfo(name).absolutePath());
    if (!spill || !writeLog(name, lines) || !file.open(QIODevice::ReadOnly)) {
        QTextStream(stderr) << u"bench_logs: %1 cannot be written\n"_s.arg(name);
        return 1;
    }
    LogStore store(std::move(*spill));
    LogOrder order;
    QElapsedTimer timer;
    timer.start();
    takeIn(file, store, order);
    const double taken = seconds(timer);
    const qint64 resident = residentBytes();

    std::mt19937 random(5);
    constexpr int reads = 50'000;
    qint64 bytes = 0;
    timer.restart();
    for (int i = 0; i < reads; ++i)
        bytes += store.line(order.at(qsizetype(random() % size_t(order.size()))).id)->text.size();
    const double read = seconds(timer);

    const auto scanned = [&](const QString& text, LogFilter::Mode mode) {
        const LogFilter filter = *LogFilter::make(text, mode);
        qsizetype found = 0;
        timer.restart();
        store.scan(0, quint32(lines), [&](const LogStore::Seen& line) {
            found += filter.matches(line.text, line.place.level);
            return true;
        });
        return QPair(seconds(timer), found);
    };
    const auto words = scanned(u"streams/4711 level:info"_s, LogFilter::Mode::Words);
    const auto regex = scanned(uR"(streams/47\d+".*"duration_ms":1[0-9]\b)"_s, LogFilter::Mode::Regex);

    const QJsonObject result{{u"bench"_s, u"logs"_s},
                             {u"lines"_s, int(order.size())},
                             {u"text_mib"_s, int(store.size().bytes >> 20)},
                             {u"ingest_lines_per_s"_s, std::round(lines / taken)},
                             {u"ingest_s"_s, rounded(taken)},
                             {u"resident_mib"_s, int(resident >> 20)},
                             {u"line_read_us"_s, rounded(read / reads * 1e6)},
                             {u"mean_line_bytes"_s, int(bytes / reads)},
                             {u"filter_words_s"_s, rounded(words.first)},
                             {u"filter_words_found"_s, int(words.second)},
                             {u"filter_regex_s"_s, rounded(regex.first)},
                             {u"filter_regex_found"_s, int(regex.second)}};
    QTextStream(stdout) << QString::fromUtf8(QJsonDocument(result).toJson(QJsonDocument::Compact)) << '\n';
    return 0;
}
