// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/metrics/MetricCatalog.h"
#include "platform/PlatformLoader.h"

#include <QtTest/QtTest>

namespace wk::test {

/// The built-in metrics.
inline monitoring::MetricCatalog builtinCatalog()
{
    return monitoring::loadMetrics({QString::fromUtf16(monitoring::builtinMetrics)}).catalog;
}

/// A built-in platform.
inline std::shared_ptr<const platform::Platform> builtinPlatform(const QString& name)
{
    for (const auto& platform : platform::loadPlatforms({QString::fromUtf16(platform::builtinPlatforms)}).platforms) {
        if (platform->name == name)
            return platform;
    }
    return {};
}

/// The least that is a platform, and whatever the test adds to its file; services of its own take the place of these.
inline std::shared_ptr<const platform::Platform> shopWith(const QByteArray& more)
{
    const QByteArray services = R"(services:
  - {name: web, title: Web, kind: application, workloads: [{kind: Deployment, name: web}]}
  - {name: db, title: Database, kind: database, product: PostgreSQL, workloads: [{kind: StatefulSet, name: db}]}
)";
    const platform::PlatformLoad load = platform::parsePlatform(R"(name: shop
title: Shop
clusters: [{name: production, class: production}]
namespaces: [{name: shop, cluster: production}]
)" + (more.startsWith("services:") ? QByteArray() : services) + more,
                                                                QStringLiteral("shop.yaml"));
    for (const platform::PlatformProblem& problem : load.problems)
        qWarning("%s", qPrintable(problem.text()));
    return load.platforms.empty() ? nullptr : load.platforms.front();
}

inline void addPlatforms()
{
    QTest::addColumn<QString>("name");
    for (const char* name : {"streamgate", "social-live", "stratmaster", "tchat"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

} // namespace wk::test
