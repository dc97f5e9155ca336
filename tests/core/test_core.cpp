// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/BackgroundThread.h"
#include "core/Clock.h"
#include "core/Duration.h"
#include "core/Future.h"
#include "core/Quantity.h"
#include "core/ReceiverLink.h"

#include <QtCore/QPromise>
#include <QtCore/QSemaphore>
#include <QtTest/QtTest>

using namespace wk;

using namespace Qt::StringLiterals;

class TestCore : public QObject
{
    Q_OBJECT

private slots:
    void quantity_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("milli");
        QTest::addColumn<qint64>("units");
        QTest::newRow("millis round up") << QByteArray("250m") << qint64(250) << qint64(1);
        QTest::newRow("binary") << QByteArray("1Gi") << qint64(1073741824000) << qint64(1073741824);
        QTest::newRow("fraction") << QByteArray("1.5") << qint64(1500) << qint64(2);
        QTest::newRow("a tenth") << QByteArray("0.1") << qint64(100) << qint64(1);
        QTest::newRow("decimal") << QByteArray("100k") << qint64(100000000) << qint64(100000);
        QTest::newRow("exponent") << QByteArray("2e3") << qint64(2000000) << qint64(2000);
        QTest::newRow("exa") << QByteArray("1E") << std::numeric_limits<qint64>::max() << qint64(1000000000000000000);
        QTest::newRow("nano") << QByteArray("15n") << qint64(1) << qint64(1);
        QTest::newRow("negative") << QByteArray("-3") << qint64(-3000) << qint64(-3);
    }
    void quantity()
    {
        QFETCH(QByteArray, text);
        QFETCH(qint64, milli);
        QFETCH(qint64, units);
        QCOMPARE(parseQuantityMilli(text.toStdString()).value_or(-1), milli);
        QCOMPARE(parseQuantity(text.toStdString()).value_or(-1), units);
    }
    void noQuantity()
    {
        for (const char* text : {"", "m", "1x", "1.2.3", "e3", "1e", "1e+", "Gi", "--1"})
            QVERIFY2(!parseQuantity(text), text);
    }
    // Expected values printed by k8s.io/apimachinery/pkg/util/duration's own test cases.
    void humanDuration_data()
    {
        QTest::addColumn<qint64>("seconds");
        QTest::addColumn<QString>("text");
        const qint64 m = 60, h = 3600, d = 86400, y = 365 * d;
        const QList<std::pair<qint64, QString>> cases{{1, u"1s"_s},
                                                      {70, u"70s"_s},
                                                      {190, u"3m10s"_s},
                                                      {70 * m, u"70m"_s},
                                                      {47 * h, u"47h"_s},
                                                      {49 * h, u"2d1h"_s},
                                                      {8 * d + 2 * h, u"8d"_s},
                                                      {367 * d, u"367d"_s},
                                                      {4 * y + d, u"4y1d"_s},
                                                      {10 * y, u"10y"_s},
                                                      {4 * h, u"4h"_s},
                                                      {7 * h + 59 * m, u"7h59m"_s},
                                                      {9 * m + 59, u"9m59s"_s},
                                                      {10 * m, u"10m"_s},
                                                      {2 * m, u"2m"_s},
                                                      {3 * d, u"3d"_s},
                                                      {0, u"0s"_s}};
        for (const auto& [seconds, text] : cases)
            QTest::addRow("%s", qPrintable(text)) << seconds << text;
    }
    void humanDuration()
    {
        QFETCH(qint64, seconds);
        QFETCH(QString, text);
        QCOMPARE(wk::humanDuration(seconds * 1000), text);
    }
    void parseDuration()
    {
        QCOMPARE(parseDurationMs(u"90s").value_or(-1), 90'000);
        QCOMPARE(parseDurationMs(u"1h30m").value_or(-1), 5'400'000);
        QCOMPARE(parseDurationMs(u"30d").value_or(-1), 2'592'000'000);
        QCOMPARE(parseDurationMs(u" 250ms ").value_or(-1), 250);
        for (const QString& bad : {u"5"_s, u"m5"_s, u"5 x"_s, u""_s, u"1..5s"_s, u"99999999999y"_s})
            QVERIFY2(!parseDurationMs(bad), qPrintable(bad));
    }
    void rfc3339()
    {
        QCOMPARE(parseRfc3339Ms("2026-11-20T08:00:00Z").value_or(-1), 1795161600000);
        QCOMPARE(parseRfc3339Ms("2026-11-20T10:00:00.5+02:00").value_or(-1), 1795161600500);
        QCOMPARE(parseRfc3339Ms("1970-01-01T00:00:00Z").value_or(-1), 0);
        for (const char* bad : {"", "2026-11-20", "2026-11-20T08:00:00", "2026-13-20T08:00:00Z",
                                "2026-11-20T08:00:00+2:00", "2026-11-20T08:00:00Zx"})
            QVERIFY2(!parseRfc3339Ms(bad), bad);
    }
    void manualClockFiresInOrder()
    {
        ManualClock clock;
        QObject context;
        QStringList fired;
        const auto late = clock.after(&context, 200, [&] { fired << u"late"_s; });
        const auto soon = clock.after(&context, 100, [&] { fired << u"soon"_s; });
        auto dropped = clock.after(&context, 150, [&] { fired << u"dropped"_s; });
        dropped.reset();
        QCOMPARE(clock.nextTimerInMs(), 100);
        clock.advance(99);
        QCOMPARE(fired, QStringList{});
        clock.advance(500);
        QCOMPARE(fired, (QStringList{u"soon"_s, u"late"_s}));
    }
    void systemClockTimerCanBeReleased()
    {
        SystemClock clock;
        QObject context;
        bool fired = false;
        bool never = true;
        auto released = clock.after(&context, 0, [&] { never = false; });
        released.reset();
        const auto kept = clock.after(&context, 1, [&] { fired = true; });
        QTRY_VERIFY(fired);
        QVERIFY(never);
    }
    void nobodyWaitsForABackgroundThread()
    {
        QSemaphore go;
        QStringList ran; // of the thread, until waitForAll()
        {
            BackgroundThread thread(u"test"_s);
            thread.post([&] {
                go.acquire();
                ran << u"first"_s;
            });
            thread.post([&] { ran << u"second"_s; });
        } // would hang here if it waited: only what follows lets the thread go on
        go.release();
        BackgroundThread::waitForAll();
        QCOMPARE(ran, (QStringList{u"first"_s, u"second"_s}));
        BackgroundThread::waitForAll(); // nothing is left
    }
    void aReceiverMayGoBeforeItsLetters()
    {
        BackgroundThread thread(u"test"_s);
        auto receiver = std::make_unique<QObject>();
        const auto link = std::make_shared<ReceiverLink>(receiver.get());
        int letters = 0;
        const auto write = [&, link] { link->post([&] { ++letters; }); };
        thread.post(write);
        QTRY_COMPARE(letters, 1);
        QSemaphore posted;
        thread.post([&] {
            write();
            posted.release();
        });
        posted.acquire();
        link->close();
        receiver.reset(); // with one letter under way
        thread.post([&] {
            write();
            posted.release();
        });
        posted.acquire();
        QCoreApplication::processEvents();
        QCOMPARE(letters, 1);
    }
    void aResultForSomebodyWhoIsGone()
    {
        QPromise<int> promise;
        promise.start();
        QList<int> results;
        QObject receiver;
        auto early = std::make_unique<QObject>();
        whenDone(promise.future(), &receiver, [&](int value) { results << value; });
        whenDone(promise.future(), early.get(), [&](int) { results << -1; });
        early.reset();
        promise.addResult(7);
        promise.finish();
        QTRY_COMPARE(results, QList<int>{7});
        whenDone(promise.future(), &receiver, [&](int value) { results << value + 1; });
        QCOMPARE(results.size(), 1); // from the event loop, also where it is there already
        QTRY_COMPARE(results, (QList<int>{7, 8}));
        QPromise<int> cancelled;
        cancelled.start();
        whenDone(cancelled.future(), &receiver, [&](int) { results << -2; });
        cancelled.future().cancel();
        cancelled.finish();
        QCoreApplication::processEvents();
        QCOMPARE(results.size(), 2);
    }
};

QTEST_GUILESS_MAIN(TestCore)
#include "test_core.moc"
