// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/promql/Promql.h"

#include <QtCore/QLocale>

#include <cmath>

using namespace Qt::StringLiterals;

namespace wk::monitoring {

namespace {

using Kind = PromqlNode::Kind;

struct DurationUnit
{
    const char16_t* text;
    qint64 ms;
};
// The order that durations are written in; "ms" before "m" and "s", which it begins and ends with.
constexpr DurationUnit durationUnits[] = {{u"y", 31'536'000'000}, {u"w", 604'800'000}, {u"d", 86'400'000},
                                          {u"h", 3'600'000},      {u"ms", 1},          {u"m", 60'000},
                                          {u"s", 1'000}};

bool isComparison(const QString& op)
{
    return op == u"==" || op == u"!=" || op == u"<" || op == u">" || op == u"<=" || op == u">=";
}

QString turned(const QString& op)
{
    if (op.startsWith(u'<'))
        return u'>' + op.sliced(1);
    return op.startsWith(u'>') ? u'<' + op.sliced(1) : op;
}

// The value of what needs no series.
std::optional<double> constantOf(const PromqlNode& node)
{
    if (node.kind == Kind::Number)
        return node.number;
    if (node.kind == Kind::Unary) {
        const auto value = constantOf(*node.children[0]);
        return value && node.name == u"-" ? std::optional(-*value) : value;
    }
    if (node.kind != Kind::Binary || node.children.size() != 2)
        return std::nullopt;
    const auto a = constantOf(*node.children[0]);
    const auto b = constantOf(*node.children[1]);
    if (!a || !b)
        return std::nullopt;
    if (node.name == u"+")
        return *a + *b;
    if (node.name == u"-")
        return *a - *b;
    if (node.name == u"*")
        return *a * *b;
    if (node.name == u"/")
        return *a / *b;
    return node.name == u"^" ? std::optional(std::pow(*a, *b)) : std::nullopt;
}

QString labelsText(const PromqlNode::Labels& labels)
{
    if (labels.word.isEmpty() || (labels.word == u"by" && labels.names.isEmpty()))
        return {};
    QStringList names = labels.names;
    names.sort();
    return u' ' + labels.word + u'(' + names.join(u',') + u')';
}

QString tail(const PromqlNode& node)
{
    QString text;
    if (node.offsetMs != 0)
        text += u" offset %1"_s.arg(node.offsetMs);
    return node.at.isEmpty() ? text : text + u" @ "_s + node.at;
}

QString selectorText(const PromqlNode& node)
{
    QStringList parts;
    for (const PromqlNode::Matcher& m : node.matchers)
        parts << m.label + m.op + promqlQuoted(m.value);
    parts.sort();
    parts.removeDuplicates();
    QString text = node.name + u'{' + parts.join(u',') + u'}';
    return node.rangeMs > 0 ? text + u'[' + promqlDuration(node.rangeMs) + u']' : text;
}

QString binaryText(const PromqlNode& node)
{
    const PromqlNode* left = node.children[0].get();
    const PromqlNode* right = node.children[1].get();
    QString op = node.name;
    // A constant stands on the right of what does not care about the order.
    if (constantOf(*left) && (isComparison(op) || op == u"*" || op == u"+")) {
        std::swap(left, right);
        op = turned(op);
    }
    return u'(' + normalForm(*left) + u' ' + op + (node.isBool ? u" bool"_s : QString()) + labelsText(node.labels) +
           labelsText(node.group) + u' ' + normalForm(*right) + u')';
}

} // namespace

QString normalForm(const PromqlNode& node)
{
    if (const auto constant = constantOf(node))
        return promqlNumber(*constant);
    QStringList children;
    if (node.kind == Kind::Call || node.kind == Kind::Aggregate) {
        for (const PromqlPtr& child : node.children)
            children << normalForm(*child);
    }
    QString text;
    switch (node.kind) {
    case Kind::Number: break; // a constant
    case Kind::Text: text = promqlQuoted(node.name); break;
    case Kind::Selector: text = selectorText(node); break;
    case Kind::Call: text = node.name + u'(' + children.join(u',') + u')'; break;
    case Kind::Aggregate: text = node.name + labelsText(node.labels) + u'(' + children.join(u',') + u')'; break;
    case Kind::Binary: text = binaryText(node); break;
    case Kind::Unary: text = (node.name == u"-" ? u"-"_s : QString()) + normalForm(*node.children[0]); break;
    case Kind::Subquery: text = normalForm(*node.children[0]) + u"[%1:%2]"_s.arg(node.rangeMs).arg(node.stepMs); break;
    }
    return text + tail(node);
}

std::optional<PromqlComparison> comparisonOf(const PromqlPtr& node)
{
    if (node->kind != Kind::Binary || !isComparison(node->name) || node->isBool)
        return std::nullopt;
    PromqlComparison result{node->children[0], node->name, 0};
    std::optional<double> limit = constantOf(*node->children[1]);
    if (!limit) {
        limit = constantOf(*node->children[0]);
        result.left = node->children[1];
        result.op = turned(node->name);
    }
    if (!limit || constantOf(*result.left))
        return std::nullopt;
    result.limit = *limit;
    while (result.left->kind == Kind::Binary && result.left->name == u"*") {
        const auto first = constantOf(*result.left->children[0]);
        const auto factor = first ? first : constantOf(*result.left->children[1]);
        if (!factor || *factor <= 0)
            break;
        result.limit /= *factor;
        result.left = result.left->children[first ? 1 : 0];
    }
    return result;
}

qint64 longestRangeMs(const PromqlNode& node)
{
    qint64 below = 0;
    for (const PromqlPtr& child : node.children)
        below = std::max(below, longestRangeMs(*child));
    return below + node.rangeMs + std::max<qint64>(node.offsetMs, 0);
}

std::optional<double> promqlValue(QStringView text)
{
    bool ok = false;
    double value = text.toDouble(&ok);
    if (!ok && text.startsWith(u"0x", Qt::CaseInsensitive))
        value = double(text.sliced(2).toULongLong(&ok, 16));
    return ok ? std::optional(value) : std::nullopt;
}

std::optional<qint64> promqlDurationMs(QStringView text)
{
    qint64 total = 0;
    bool any = false;
    while (!text.isEmpty()) {
        qsizetype digits = 0;
        while (digits < text.size() && text[digits] >= u'0' && text[digits] <= u'9')
            ++digits;
        if (digits == 0 || digits > 12)
            return std::nullopt;
        const qint64 count = text.first(digits).toLongLong();
        text = text.sliced(digits);
        const auto unit =
            std::ranges::find_if(durationUnits, [&](const DurationUnit& u) { return text.startsWith(u.text); });
        if (unit == std::end(durationUnits) || count > 31'536'000'000'000 / unit->ms)
            return std::nullopt;
        total += count * unit->ms;
        text = text.sliced(QStringView(unit->text).size());
        any = true;
    }
    return any ? std::optional(total) : std::nullopt;
}

QString promqlDuration(qint64 ms)
{
    QString text;
    for (const char16_t* name : {u"d", u"h", u"m", u"s", u"ms"}) {
        const auto unit =
            std::ranges::find_if(durationUnits, [&](const DurationUnit& u) { return QStringView(u.text) == name; });
        if (const qint64 count = ms / unit->ms; count > 0) {
            text += QString::number(count) + QString::fromUtf16(name);
            ms -= count * unit->ms;
        }
    }
    return text.isEmpty() ? u"0s"_s : text;
}

QString promqlQuoted(const QString& text)
{
    QString escaped = text;
    escaped.replace(u'\\', u"\\\\"_s).replace(u'"', u"\\\""_s).replace(u'\n', u"\\n"_s).replace(u'\t', u"\\t"_s);
    return u'"' + escaped + u'"';
}

QString promqlNumber(double value)
{
    if (std::isnan(value))
        return u"NaN"_s;
    if (std::isinf(value))
        return value > 0 ? u"+Inf"_s : u"-Inf"_s;
    // 14.4 * 0.001 is 0.0144, whatever the last bit says; more digits only where they matter.
    const QString text = QString::number(value, 'g', 12);
    return text.toDouble() == value || std::abs(text.toDouble() - value) <= 1e-12 * std::abs(value)
               ? text
               : QString::number(value, 'g', QLocale::FloatingPointShortest);
}

} // namespace wk::monitoring
