// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "table/Column.h"
#include "table/Row.h"

#include <QtCore/QStringList>

namespace wk::table {

/// What is wrong with a filter's text, and where.
struct FilterError
{
    int position = 0; ///< first character of the part that is wrong
    int length = 0;
    QString sentence;
    QStringList suggestions; ///< field names or values that were probably meant
    bool operator==(const FilterError&) const = default;
};

/// Chooses rows. All terms must hold:
///
///     words                  any searched text cell contains it, without regard to case
///     "a phrase"             the same, with its spaces
///     field:value            the cell contains it; for numbers and ratios: equals it
///     field=value            the cell is exactly that (without regard to case)
///     restarts>5  age<1h     comparisons > >= < <= != for numbers, CPU (500m), bytes (1Gi), percentages, ratios
///     (ready<100%, memory>=1Gi            ready<3 compares the first number), ages (elapsed time) and moments (elapsed
///     time or a date) label:app=x label:app  a label's value, or its presence health:bad is:trouble  good, info,
///     warning, bad, unknown, none; trouble is warning or bad -term                  not a|b                    inside
///     a value or a word: either
///
/// A bare number means the unit that the column shows ("memory>500" is MiB where the header says MiB).
/// A field may be shortened while it stays unambiguous ("res>5"). namespace (ns), name and reason always exist. Numbers
/// are read the same in every locale. A Filter is a value, shared between threads, and evaluates without allocating.
class Filter
{
public:
    Filter() = default;

    /// Reads `text` for a table with these columns. `searched` are the columns in which bare words are looked for;
    /// empty means all with text. On errors (never thrown) the result holds those and an empty filter.
    struct Parsed;
    [[nodiscard]] static Parsed parse(const Columns& columns, const QString& text, const QList<int>& searched = {});

    [[nodiscard]] bool matches(const Row& row, qint64 nowMs) const;
    [[nodiscard]] bool isEmpty() const { return !m_terms || m_terms->empty(); }
    /// Whether rows can enter or leave as time passes (ages are compared).
    [[nodiscard]] bool dependsOnTime() const;
    [[nodiscard]] const QString& text() const { return m_text; }

    struct Term;

private:
    QString m_text;
    std::shared_ptr<const std::vector<Term>> m_terms;
};

struct Filter::Parsed
{
    Filter filter;
    QList<FilterError> errors;
    [[nodiscard]] bool ok() const { return errors.isEmpty(); }
};

/// `text` with `field:value` (or `-field:value`) appended, quoted where needed, unless it is there already.
[[nodiscard]] QString withFilterTerm(const QString& text, const QString& field, const QString& value, bool exclude);

} // namespace wk::table
