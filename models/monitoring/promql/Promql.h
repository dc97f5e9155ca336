// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"

#include <QtCore/QString>
#include <QtCore/QStringList>

#include <memory>
#include <optional>
#include <vector>

namespace wk::monitoring {

/// One node of a PromQL expression, as far as it is needed to compare expressions and to find mistakes in them.
/// Source of the grammar: https://prometheus.io/docs/prometheus/latest/querying/basics/ and …/operators/
struct PromqlNode
{
    enum class Kind { Number, Text, Selector, Call, Aggregate, Binary, Unary, Subquery };
    struct Matcher
    {
        QString label, op, value; ///< op: = != =~ !~
        bool operator==(const Matcher&) const = default;
    };
    /// How the two sides of an operator find each other, or what an aggregation keeps.
    struct Labels
    {
        QString word; ///< by, without, on, ignoring; empty where it does not stand there
        QStringList names;
    };
    Kind kind = Kind::Number;
    QString name; ///< of a metric, function, aggregation or operator; the text of a Text
    double number = 0;
    std::vector<Matcher> matchers; ///< without the one of __name__, which is `name`
    Labels labels;
    Labels group; ///< group_left or group_right with what is taken over
    bool isBool = false;
    qint64 rangeMs = 0; ///< of a selector [5m] or a subquery; 0: none
    qint64 stepMs = 0;  ///< of a subquery; 0: the server's own
    qint64 offsetMs = 0;
    QString at;     ///< "start()", "end()" or a time; empty: none
    int height = 1; ///< nodes on the longest way down, this one included: at most 500
    std::vector<std::shared_ptr<const PromqlNode>> children;
};
using PromqlPtr = std::shared_ptr<const PromqlNode>;

/// Parses a whole expression. BadInput with the position ("at character 12") and what was expected; never throws, at
/// most 64 KiB and 200 levels. Types are checked as far as ranges go: rate() wants one, and an expression must not end
/// as one.
[[nodiscard]] Result<PromqlPtr> parsePromql(QStringView text);

/// One spelling for all spellings of the same: blanks, quotes, durations (300s is 5m), numbers, the order of matchers
/// and labels, `by` before or behind, `0.05 < x` for `x > 0.05`, constants worked out. Not meant to be sent.
[[nodiscard]] QString normalForm(const PromqlNode& node);

/// What an alerting expression compares: `left op limit`. Factors are taken out of the left side
/// (`100 * x > 5` is `x > 0.05`).
struct PromqlComparison
{
    PromqlPtr left;
    QString op;
    double limit = 0;
};
[[nodiscard]] std::optional<PromqlComparison> comparisonOf(const PromqlPtr& node);

/// The longest range that the expression looks back, offsets included, in ms.
[[nodiscard]] qint64 longestRangeMs(const PromqlNode& node);

/// Visits the node and everything below it.
template <typename Visit>
void visitPromql(const PromqlNode& node, Visit&& visit)
{
    visit(node);
    for (const PromqlPtr& child : node.children)
        visitPromql(*child, visit);
}

/// "0.5", "1e3", "0x1F", "Inf" as a number; nullopt for anything else.
[[nodiscard]] std::optional<double> promqlValue(QStringView text);
/// "5m", "1h30m", "250ms" as ms; nullopt for anything else, and for what exceeds a thousand years.
[[nodiscard]] std::optional<qint64> promqlDurationMs(QStringView text);
/// As Prometheus writes it: "5m", "1h30m", "0s".
[[nodiscard]] QString promqlDuration(qint64 ms);
/// A quoted string: "…" with what needs escaping escaped.
[[nodiscard]] QString promqlQuoted(const QString& text);
/// The shortest text that reads as this number again.
[[nodiscard]] QString promqlNumber(double value);

} // namespace wk::monitoring
