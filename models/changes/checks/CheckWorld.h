// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/actions/ClusterAccess.h"
#include "changes/plan/Step.h"
#include "monitoring/prometheus/Answer.h"

#include <QtCore/QUrl>

#include <functional>

namespace wk::changes {

/// Pages of the web: GET only.
class WebAccess
{
public:
    virtual ~WebAccess() = default;

    static constexpr qint64 maxBytes = 4 << 20;

    /// Any status is an answer; redirects are not followed. `url` has no password. The body is at most maxBytes long.
    [[nodiscard]] virtual QFuture<Result<Answer>> get(const QUrl& url) = 0;
};

/// Prometheus servers: instant queries.
class MetricsAccess
{
public:
    virtual ~MetricsAccess() = default;

    struct Value
    {
        monitoring::AnswerPtr answer;
        QString where; ///< which server was asked, and why that one
    };
    /// Of the cluster's own server, or of the one at `url` where that is not empty. The future is cancelled where
    /// nobody waits any more.
    [[nodiscard]] virtual QFuture<Result<Value>> ask(const QString& cluster, const QUrl& url, const QString& query) = 0;
};

/// The first value of what a query gave.
struct SqlValue
{
    qint64 rows = 0;
    int columns = 0;
    bool isNull = true;
    QString text; ///< as PostgreSQL writes it
};

/// Queries on the platform's databases.
class SqlReader
{
public:
    virtual ~SqlReader() = default;

    /// One statement in a transaction of its own that may only read and is rolled back.
    [[nodiscard]] virtual QFuture<Result<SqlValue>> value(const Target& database, const QString& statement) = 0;
};

/// A person's word on a question.
struct Confirmation
{
    bool yes = false;
    QString by, comment;
};

/// Asks a person. The future is cancelled where nobody waits for the answer any more: the question can go.
class Confirmer
{
public:
    virtual ~Confirmer() = default;

    [[nodiscard]] virtual QFuture<Result<Confirmation>> ask(const Step& step, const QString& question) = 0;
};

/// All that checks look at. What is missing makes the checks that need it fail with Error::Kind::Unsupported.
/// Everything outlives who uses it.
struct CheckWorld
{
    /// A cluster by its name in the platform file.
    std::function<Result<ClusterAccess*>(const QString& cluster)> cluster;
    MetricsAccess* metrics = nullptr;
    WebAccess* web = nullptr;
    SqlReader* databases = nullptr;
    Confirmer* confirmer = nullptr;
};

} // namespace wk::changes
