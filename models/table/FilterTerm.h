// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "table/Filter.h"
#include "table/FilterField.h"

namespace wk::table {

/// One condition of a filter, ready to be evaluated.
struct Filter::Term
{
    enum class Op { Contains, Equals, Less, LessOrEqual, Greater, GreaterOrEqual };
    /// How a number is to be taken.
    enum class Measure {
        Plain,   ///< the number itself; of a ratio, its first part
        Share,   ///< of a ratio, first part by second
        Elapsed, ///< milliseconds since a moment
        Instant, ///< milliseconds since the epoch
    };
    struct Value
    {
        QString needle; ///< folded text; for labels, the key as written
        bool isNumber = false;
        double number = 0;
        Measure measure = Measure::Plain;
        std::optional<Ratio> ratio;
        quint32 healths = 0; ///< one bit for each Health
        bool hasLabelValue = false;
        QString labelValue;
    };

    bool negated = false;
    FilterField::Target target = FilterField::Target::None; ///< None: a bare word
    std::vector<int> columns;                               ///< the one compared, or those searched
    Op op = Op::Contains;
    std::vector<Value> values; ///< any of them
};

[[nodiscard]] char16_t foldForFilter(char16_t c);
/// `needle` must be folded.
[[nodiscard]] bool containsFolded(QStringView text, QStringView needle);

/// Appends what `text` says; returns what is wrong with it.
[[nodiscard]] QList<FilterError> parseFilterTerms(const Columns& columns, const QString& text,
                                                  const QList<int>& searched, std::vector<Filter::Term>& terms);

} // namespace wk::table
