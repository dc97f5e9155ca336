// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/PlatformLoader.h"

#include <QtTest/QtTest>

namespace wk::platform {

using namespace Qt::StringLiterals;

/// The least that is a platform.
inline const QByteArray good = R"(name: shop
title: Shop
clusters:
  - {name: production, class: production, context: shop}
namespaces:
  - {name: shop, cluster: production}
services:
  - {name: web, title: Web, kind: frontend, workloads: [{kind: Deployment, name: web}]}
)";

/// Every problem, a line each.
inline QString all(const PlatformLoad& load)
{
    QStringList lines;
    for (const PlatformProblem& problem : load.problems)
        lines << problem.text();
    return lines.join(u'\n');
}

} // namespace wk::platform
