// SPDX-License-Identifier: GPL-3.0-or-later
#include "table/Filter.h"

#include "table/FilterTerm.h"

using namespace Qt::StringLiterals;

namespace wk::table {

namespace {

const Cell& cellAt(const Row& row, int column)
{
    static const Cell empty;
    return column >= 0 && size_t(column) < row.cells.size() ? row.cells[size_t(column)] : empty;
}

bool equalsFolded(QStringView text, QStringView needle)
{
    if (text.size() != needle.size())
        return false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (foldForFilter(text[i].unicode()) != needle[i].unicode())
            return false;
    }
    return true;
}

/// Whether "a=b,c=d" has `key`, with exactly that value if one is asked for.
bool hasLabel(QStringView labels, const Filter::Term::Value& wanted)
{
    while (!labels.isEmpty()) {
        const qsizetype comma = labels.indexOf(u',');
        const QStringView pair = comma < 0 ? labels : labels.first(comma);
        const qsizetype equals = pair.indexOf(u'=');
        const QStringView key = equals < 0 ? pair : pair.first(equals);
        if (key == wanted.needle &&
            (!wanted.hasLabelValue || (equals >= 0 && pair.sliced(equals + 1) == wanted.labelValue)))
            return true;
        labels = comma < 0 ? QStringView() : labels.sliced(comma + 1);
    }
    return false;
}

/// The cell as a number that the operand can be compared with.
std::optional<double> numberIn(const Cell& cell, Filter::Term::Measure measure, qint64 nowMs)
{
    using Measure = Filter::Term::Measure;
    if (const auto* whole = std::get_if<qint64>(&cell))
        return double(*whole);
    if (const auto* real = std::get_if<double>(&cell))
        return *real;
    if (const auto* ratio = std::get_if<Ratio>(&cell)) {
        if (measure == Measure::Plain)
            return ratio->value;
        if (ratio->of == 0)
            return ratio->value == 0 ? 1.0 : 2.0; // nothing wanted and nothing there is complete
        return double(ratio->value) / ratio->of;
    }
    if (const auto* instant = std::get_if<Instant>(&cell))
        return measure == Measure::Elapsed ? double(nowMs - instant->ms) : double(instant->ms);
    return std::nullopt;
}

bool compare(double a, Filter::Term::Op op, double b)
{
    using Op = Filter::Term::Op;
    switch (op) {
    case Op::Less: return a < b;
    case Op::LessOrEqual: return a <= b;
    case Op::Greater: return a > b;
    case Op::GreaterOrEqual: return a >= b;
    case Op::Contains:
    case Op::Equals: return a == b;
    }
    return false;
}

bool textMatches(QStringView text, Filter::Term::Op op, const QString& needle)
{
    return op == Filter::Term::Op::Equals ? equalsFolded(text, needle) : containsFolded(text, needle);
}

bool wordMatches(const Filter::Term& term, const Row& row, const QString& needle)
{
    for (const int column : term.columns) {
        const auto* text = std::get_if<QString>(&cellAt(row, column));
        if (text && containsFolded(*text, needle))
            return true;
    }
    return false;
}

bool columnMatches(const Filter::Term& term, const Row& row, const Filter::Term::Value& value, qint64 nowMs)
{
    const Cell& cell = cellAt(row, term.columns.front());
    if (const auto* text = std::get_if<QString>(&cell)) {
        // A text in a column of numbers ("<unknown>") can be looked for, but has no place in their order.
        return (term.op == Filter::Term::Op::Contains || term.op == Filter::Term::Op::Equals) &&
               textMatches(*text, term.op, value.needle);
    }
    if (value.ratio) {
        const auto* ratio = std::get_if<Ratio>(&cell);
        if (term.op == Filter::Term::Op::Contains || term.op == Filter::Term::Op::Equals)
            return ratio && *ratio == *value.ratio;
    }
    if (!value.isNumber)
        return false;
    const std::optional<double> number = numberIn(cell, value.measure, nowMs);
    return number && compare(*number, term.op, value.number);
}

bool termMatches(const Filter::Term& term, const Row& row, qint64 nowMs)
{
    using Target = FilterField::Target;
    for (const Filter::Term::Value& value : term.values) {
        bool matched = false;
        switch (term.target) {
        case Target::None: matched = wordMatches(term, row, value.needle); break;
        case Target::Column: matched = columnMatches(term, row, value, nowMs); break;
        case Target::Space: matched = textMatches(row.space, term.op, value.needle); break;
        case Target::Name: matched = textMatches(row.name, term.op, value.needle); break;
        case Target::Reason: matched = textMatches(row.reason, term.op, value.needle); break;
        case Target::Health: matched = value.healths >> unsigned(row.health) & 1; break;
        case Target::Label:
            for (const int column : term.columns) {
                const auto* text = std::get_if<QString>(&cellAt(row, column));
                matched = matched || (text && hasLabel(*text, value));
            }
            break;
        case Target::Many: break;
        }
        if (matched)
            return true;
    }
    return false;
}

} // namespace

char16_t foldForFilter(char16_t c)
{
    if (c < 0x80)
        return c >= u'A' && c <= u'Z' ? char16_t(c + 32) : c;
    const char32_t lower = QChar::toLower(c);
    return lower <= 0xffff ? char16_t(lower) : c;
}

bool containsFolded(QStringView text, QStringView needle)
{
    if (needle.isEmpty())
        return true;
    const char16_t first = needle[0].unicode();
    const qsizetype last = text.size() - needle.size();
    for (qsizetype i = 0; i <= last; ++i) {
        if (foldForFilter(text[i].unicode()) != first)
            continue;
        qsizetype k = 1;
        while (k < needle.size() && foldForFilter(text[i + k].unicode()) == needle[k].unicode())
            ++k;
        if (k == needle.size())
            return true;
    }
    return false;
}

bool Filter::matches(const Row& row, qint64 nowMs) const
{
    if (!m_terms)
        return true;
    return std::all_of(m_terms->begin(), m_terms->end(),
                       [&](const Term& term) { return termMatches(term, row, nowMs) != term.negated; });
}

bool Filter::dependsOnTime() const
{
    return m_terms && std::any_of(m_terms->begin(), m_terms->end(), [](const Term& term) {
               return std::any_of(term.values.begin(), term.values.end(),
                                  [](const Term::Value& value) { return value.measure == Term::Measure::Elapsed; });
           });
}

Filter::Parsed Filter::parse(const Columns& columns, const QString& text, const QList<int>& searched)
{
    auto terms = std::make_shared<std::vector<Term>>();
    Parsed parsed;
    parsed.errors = parseFilterTerms(columns, text, searched, *terms);
    if (parsed.errors.isEmpty()) {
        parsed.filter.m_text = text;
        parsed.filter.m_terms = std::move(terms);
    }
    return parsed;
}

QString withFilterTerm(const QString& text, const QString& field, const QString& value, bool exclude)
{
    const bool bare = !value.isEmpty() && std::none_of(value.begin(), value.end(), [](QChar c) {
        return c.isSpace() || c == u'"' || c == u'|' || c == u'\\';
    });
    QString quoted = value;
    if (!bare) {
        quoted.replace(u'\\', QLatin1StringView("\\\\")).replace(u'"', QLatin1StringView("\\\""));
        quoted = u'"' + quoted + u'"';
    }
    const QString term = (exclude ? u"-"_s : QString()) + field + u'=' + quoted;
    const QString trimmed = text.trimmed();
    if (trimmed == term || trimmed.endsWith(u' ' + term) || trimmed.startsWith(term + u' '))
        return text;
    return trimmed.isEmpty() ? term : trimmed + u' ' + term;
}

} // namespace wk::table
