// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/PlatformValues.h"

#include <QtCore/QStringList>

#include <cmath>

using namespace Qt::StringLiterals;

namespace wk::platform {

namespace {

struct Operator
{
    const char16_t* text;
    Threshold::Comparison comparison;
};

// The longer ones first: "<=" starts with "<".
constexpr Operator operators[] = {
    {u"<=", Threshold::Comparison::LessOrEqual}, {u">=", Threshold::Comparison::GreaterOrEqual},
    {u"==", Threshold::Comparison::Equal},       {u"!=", Threshold::Comparison::NotEqual},
    {u"<", Threshold::Comparison::Less},         {u">", Threshold::Comparison::Greater},
};

// Takes an unsigned decimal number off the front of the text.
std::optional<double> takeNumber(QStringView& text)
{
    qsizetype end = 0;
    while (end < text.size() && (text[end].isDigit() || text[end] == u'.'))
        ++end;
    bool ok = false;
    const double value = text.first(end).toDouble(&ok);
    if (!ok || end > 18 || !std::isfinite(value))
        return std::nullopt;
    text = text.sliced(end).trimmed();
    return value;
}

bool isCronField(QStringView field, int low, int high)
{
    for (const QStringView part : field.split(u',')) {
        const QList<QStringView> stepped = part.split(u'/');
        if (stepped.size() > 2)
            return false;
        bool ok = true;
        if (stepped.size() == 2 && (stepped[1].toInt(&ok) < 1 || !ok))
            return false;
        if (stepped[0] == u"*")
            continue;
        const QList<QStringView> ends = stepped[0].split(u'-');
        if (ends.size() > 2)
            return false;
        int last = low;
        for (const QStringView end : ends) {
            const int value = end.toInt(&ok);
            if (!ok || value < last || value > high)
                return false;
            last = value;
        }
    }
    return true;
}

} // namespace

const QStringList& thresholdUnits()
{
    static const QStringList units{u"%"_s,     u"ms"_s,          u"s"_s,       u"min"_s,   u"h"_s,  u"d"_s,
                                   u"req/s"_s, u"errors/s"_s,    u"ratio"_s,   u"count"_s, u"MB"_s, u"MiB"_s,
                                   u"GiB"_s,   u"connections"_s, u"queries"_s, u"USD"_s,   u"EUR"_s};
    return units;
}

std::optional<Threshold> parseThreshold(QStringView text)
{
    Threshold result;
    QStringView rest = text.trimmed();
    bool found = false;
    for (const Operator& candidate : operators) {
        if (rest.startsWith(candidate.text)) {
            result.comparison = candidate.comparison;
            rest = rest.sliced(QStringView(candidate.text).size()).trimmed();
            found = true;
            break;
        }
    }
    const std::optional<double> value = takeNumber(rest);
    if (!value)
        return std::nullopt;
    result.value = result.upper = *value;
    if (!found) {
        if (!rest.startsWith(u'-'))
            return std::nullopt;
        rest = rest.sliced(1).trimmed();
        const std::optional<double> upper = takeNumber(rest);
        if (!upper || *upper < *value)
            return std::nullopt;
        result.upper = *upper;
        result.comparison = Threshold::Comparison::Between;
    }
    if (const qsizetype at = rest.indexOf(u" of "); at >= 0) {
        result.of = rest.sliced(at + 4).trimmed().toString();
        rest = rest.first(at).trimmed();
        if (result.of.isEmpty())
            return std::nullopt;
    }
    result.unit = rest.toString();
    if (!result.unit.isEmpty() && !thresholdUnits().contains(result.unit))
        return std::nullopt;
    return result;
}

bool Threshold::holds(double figure) const
{
    switch (comparison) {
    case Comparison::Less: return figure < value;
    case Comparison::LessOrEqual: return figure <= value;
    case Comparison::Greater: return figure > value;
    case Comparison::GreaterOrEqual: return figure >= value;
    case Comparison::Equal: return figure == value;
    case Comparison::NotEqual: return figure != value;
    case Comparison::Between: return figure >= value && figure <= upper;
    }
    return false;
}

std::optional<qint64> Threshold::milliseconds() const
{
    double factor = 0;
    if (unit == u"ms")
        factor = 1;
    else if (unit == u"s")
        factor = 1000;
    else if (unit == u"min")
        factor = 60'000;
    else if (unit == u"h")
        factor = 3'600'000;
    else if (unit == u"d")
        factor = 86'400'000;
    const double ms = value * factor;
    if (factor == 0 || ms > 1e17)
        return std::nullopt;
    return std::llround(ms);
}

std::optional<qint64> Threshold::moneyMicros() const
{
    if ((unit != u"USD" && unit != u"EUR") || value > 1e12)
        return std::nullopt;
    return std::llround(value * 1e6);
}

QString Threshold::text() const
{
    QString result;
    if (comparison == Comparison::Between) {
        result = QString::number(value, 'g', 12) + u'-' + QString::number(upper, 'g', 12);
    } else {
        for (const Operator& candidate : operators) {
            if (candidate.comparison == comparison)
                result = QString::fromUtf16(candidate.text) + u' ';
        }
        result += QString::number(value, 'g', 12);
    }
    if (!unit.isEmpty())
        result += u' ' + unit;
    if (!of.isEmpty())
        result += u" of "_s + of;
    return result;
}

std::optional<int> parseTimeOfDay(QStringView text)
{
    if (text.size() != 5 || text[2] != u':')
        return std::nullopt;
    for (const int at : {0, 1, 3, 4}) {
        if (text[at] < u'0' || text[at] > u'9')
            return std::nullopt;
    }
    const int hour = text.first(2).toInt();
    const int minute = text.last(2).toInt();
    if (hour > 23 || minute > 59)
        return std::nullopt;
    return hour * 60 + minute;
}

bool isCron(QStringView text)
{
    static constexpr int low[] = {0, 0, 1, 1, 0};
    static constexpr int high[] = {59, 23, 31, 12, 7};
    const QList<QStringView> fields = text.trimmed().split(u' ', Qt::SkipEmptyParts);
    if (fields.size() != 5)
        return false;
    for (int i = 0; i < 5; ++i) {
        if (!isCronField(fields[i], low[i], high[i]))
            return false;
    }
    return true;
}

} // namespace wk::platform
