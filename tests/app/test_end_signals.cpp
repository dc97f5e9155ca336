// SPDX-License-Identifier: GPL-3.0-or-later
#include "watchkeeper/desktop/EndSignals.h"

#include <QtCore/QTimer>
#include <QtTest/QtTest>

#include <csignal>

class TestEndSignals : public QObject
{
    Q_OBJECT
private slots:
    void endsTheLoopInOrder_data()
    {
        QTest::addColumn<int>("signal");
        QTest::newRow("SIGTERM") << SIGTERM;
        QTest::newRow("SIGINT") << SIGINT;
        QTest::newRow("SIGHUP") << SIGHUP;
    }
    void endsTheLoopInOrder()
    {
        QFETCH(int, signal);
        const wk::app::EndSignals ends;
        QTimer::singleShot(0, this, [signal] { ::raise(signal); });
        QTimer::singleShot(10'000, this, [] { QCoreApplication::exit(1); }); // it would never end
        QCOMPARE(QCoreApplication::exec(), 0);
    }
};

QTEST_GUILESS_MAIN(TestEndSignals)
#include "test_end_signals.moc"
