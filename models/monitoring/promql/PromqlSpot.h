// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/promql/Promql.h"

namespace wk::monitoring {

/// What could be written at a place of an unfinished expression.
struct PromqlSpot
{
    enum class Kind {
        None,     ///< nothing that could be proposed: inside a comment or a number, behind a label
        Operand,  ///< a metric, a function or an aggregation
        Keyword,  ///< behind a whole operand: by, without, and, offset …
        Label,    ///< the name of a label of `metric`
        Value,    ///< a value of `label` of `metric`
        Duration, ///< between [ and ]
    };
    Kind kind = Kind::None;
    qsizetype at = 0; ///< where the word begins that stands before the cursor
    QString prefix;   ///< that word, as far as the cursor; of a Value without its quote
    QString metric;   ///< empty where it is not known, or none is named
    QString label;
    QList<PromqlNode::Matcher> matchers; ///< of the same selector, before the cursor
    bool quoted = false;                 ///< a Value whose opening quote stands there already
};

/// Never fails: whatever stands there, there is a spot. `cursor` is brought into the text.
[[nodiscard]] PromqlSpot promqlSpotAt(QStringView text, qsizetype cursor);

/// Those of `names` that go with what was typed, best first: what begins with it, then what has a word that does
/// (`total` in http_requests_total), then what holds it; without regard to case, each group in the names' order.
[[nodiscard]] QStringList promqlMatches(const QStringList& names, const QString& typed, int atMost);

} // namespace wk::monitoring
