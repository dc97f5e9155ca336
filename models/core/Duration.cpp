// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/Duration.h"

#include <QtCore/QCoreApplication>

#include <limits>
#include <optional>

namespace wk {

Result<qint64> parseDurationMs(QStringView text)
{
    const QStringView trimmed = text.trimmed();
    const auto bad = [&] {
        return fail(
            Error::Kind::BadInput,
            QCoreApplication::translate("wk::Duration", "\"%1\" is not a duration").arg(text.toString()), {},
            QCoreApplication::translate("wk::Duration", "Write number and unit, such as 90s, 5m, 1h30m or 30d"));
    };
    if (trimmed == u"0")
        return 0;
    if (trimmed.isEmpty())
        return bad();
    qint64 total = 0;
    qsizetype i = 0;
    while (i < trimmed.size()) {
        const qsizetype start = i;
        while (i < trimmed.size() && (trimmed[i].isDigit() || trimmed[i] == u'.'))
            ++i;
        bool ok = false;
        const double number = trimmed.sliced(start, i - start).toDouble(&ok);
        if (!ok)
            return bad();
        const qsizetype unitStart = i;
        while (i < trimmed.size() && trimmed[i].isLetter())
            ++i;
        const QStringView unit = trimmed.sliced(unitStart, i - unitStart);
        double factor = 0;
        if (unit == u"ms")
            factor = 1;
        else if (unit == u"s")
            factor = 1000;
        else if (unit == u"m")
            factor = 60'000;
        else if (unit == u"h")
            factor = 3'600'000;
        else if (unit == u"d")
            factor = 86'400'000;
        else if (unit == u"w")
            factor = 7 * 86'400'000.0;
        else if (unit == u"y")
            factor = 365 * 86'400'000.0;
        else
            return bad();
        const double part = number * factor;
        if (part > 1e17 || double(total) + part > 1e17)
            return bad();
        total += qint64(part);
    }
    return total;
}

QString humanDuration(qint64 ms)
{
    // Truncation towards zero, as Go's int(d.Seconds()).
    const qint64 seconds = ms / 1000;
    if (seconds < -1)
        return QStringLiteral("<invalid>");
    if (seconds < 0)
        return QStringLiteral("0s");
    if (seconds < 60 * 2)
        return QString::number(seconds) + u's';
    const qint64 minutes = seconds / 60;
    if (minutes < 10) {
        const qint64 s = seconds % 60;
        return s == 0 ? QString::number(minutes) + u'm' : QStringLiteral("%1m%2s").arg(minutes).arg(s);
    }
    if (minutes < 60 * 3)
        return QString::number(minutes) + u'm';
    const qint64 hours = seconds / 3600;
    if (hours < 8) {
        const qint64 m = minutes % 60;
        return m == 0 ? QString::number(hours) + u'h' : QStringLiteral("%1h%2m").arg(hours).arg(m);
    }
    if (hours < 48)
        return QString::number(hours) + u'h';
    if (hours < 24 * 8) {
        const qint64 h = hours % 24;
        return h == 0 ? QString::number(hours / 24) + u'd' : QStringLiteral("%1d%2h").arg(hours / 24).arg(h);
    }
    if (hours < 24 * 365 * 2)
        return QString::number(hours / 24) + u'd';
    if (hours < 24 * 365 * 8) {
        const qint64 d = (hours / 24) % 365;
        return d == 0 ? QString::number(hours / 24 / 365) + u'y'
                      : QStringLiteral("%1y%2d").arg(hours / 24 / 365).arg(d);
    }
    return QString::number(hours / 24 / 365) + u'y';
}

QString shortHumanDuration(qint64 ms)
{
    const qint64 seconds = ms / 1000;
    if (seconds < -1)
        return QStringLiteral("<invalid>");
    if (seconds < 0)
        return QStringLiteral("0s");
    if (seconds < 60)
        return QString::number(seconds) + u's';
    if (seconds < 3600)
        return QString::number(seconds / 60) + u'm';
    if (seconds < 24 * 3600)
        return QString::number(seconds / 3600) + u'h';
    if (seconds < 24 * 3600 * 365)
        return QString::number(seconds / (24 * 3600)) + u'd';
    return QString::number(seconds / (24 * 3600 * 365)) + u'y';
}

std::optional<qint64> parseRfc3339Ms(std::string_view text)
{
    const auto digits = [&](size_t at, size_t count) -> int {
        if (at + count > text.size())
            return -1;
        int value = 0;
        for (size_t i = at; i < at + count; ++i) {
            if (text[i] < '0' || text[i] > '9')
                return -1;
            value = value * 10 + (text[i] - '0');
        }
        return value;
    };
    const int year = digits(0, 4), month = digits(5, 2), day = digits(8, 2);
    const int hour = digits(11, 2), minute = digits(14, 2), second = digits(17, 2);
    if (text.size() < 20 || year < 0 || month < 1 || month > 12 || day < 1 || day > 31 || hour < 0 || hour > 23 ||
        minute < 0 || minute > 59 || second < 0 || second > 60)
        return std::nullopt;
    if (text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != 't') || text[13] != ':' || text[16] != ':')
        return std::nullopt;
    size_t i = 19;
    qint64 ms = 0;
    if (i < text.size() && text[i] == '.') {
        qint64 scale = 100;
        for (++i; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i) {
            ms += (text[i] - '0') * scale;
            scale /= 10;
        }
    }
    qint64 offsetMinutes = 0;
    if (i < text.size() && (text[i] == 'Z' || text[i] == 'z')) {
        ++i;
    } else if (i < text.size() && (text[i] == '+' || text[i] == '-')) {
        const int h = digits(i + 1, 2), m = digits(i + 4, 2);
        if (h < 0 || m < 0 || i + 3 >= text.size() || text[i + 3] != ':')
            return std::nullopt;
        offsetMinutes = qint64(text[i] == '-' ? -1 : 1) * (h * 60 + m);
        i += 6;
    } else {
        return std::nullopt;
    }
    if (i != text.size())
        return std::nullopt;
    // Days from civil, Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    const qint64 y = month <= 2 ? year - 1 : year;
    const qint64 era = (y >= 0 ? y : y - 399) / 400;
    const qint64 yoe = y - era * 400;
    const qint64 doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    const qint64 doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    const qint64 days = era * 146097 + doe - 719468;
    return (((days * 24 + hour) * 60 + minute - offsetMinutes) * 60 + second) * 1000 + ms;
}

} // namespace wk
