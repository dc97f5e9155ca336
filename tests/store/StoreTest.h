// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/Store.h"
#include "support/PostgresServer.h"

#include <QtTest/QtTest>

namespace wk::test {

/// The result of a future, while the event loop goes on.
template <typename T>
T wait(QFuture<T> future, int ms = 60'000)
{
    if (!QTest::qWaitFor([&] { return future.isFinished(); }, ms))
        qFatal("the future was never fulfilled");
    return future.result();
}

template <typename T>
QByteArray words(const Result<T>& result)
{
    return result ? QByteArray("no error")
                  : (QStringList{result.error().sentence, result.error().detail, result.error().remedy}.join(
                         QStringLiteral(" | ")))
                        .toUtf8();
}

inline bool reaches(store::Store& store, store::Store::State state, int ms = 60'000)
{
    return QTest::qWaitFor([&] { return store.state() == state; }, ms);
}

/// Quick to try again, so that tests of outages are.
inline store::Store::Options quickOptions()
{
    store::Store::Options options;
    options.backoffInitialMs = 50;
    options.backoffCapMs = 300;
    options.heartbeatMs = 500;
    return options;
}

} // namespace wk::test

/// Ends the test with what a Result says where it is an error.
#define VERIFY_OK(result)                                                                                              \
    do {                                                                                                               \
        const auto& verified = (result);                                                                               \
        QVERIFY2(verified.has_value(), wk::test::words(verified).constData());                                         \
    } while (false)

/// Starts a server in initTestCase(), or skips where PostgreSQL is not installed.
#define START_OR_SKIP(started)                                                                                         \
    do {                                                                                                               \
        const auto begun = (started);                                                                                  \
        if (!begun && begun.error().kind == wk::Error::Kind::NotFound)                                                 \
            QSKIP(qPrintable(begun.error().sentence));                                                                 \
        VERIFY_OK(begun);                                                                                              \
    } while (false)
