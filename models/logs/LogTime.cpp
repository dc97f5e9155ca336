// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/LogTime.h"

#include <array>
#include <chrono>

namespace wk::logs {

namespace {

constexpr qint64 second = 1'000'000'000;

/// Reads digits; -1 where there are others.
int digits(QByteArrayView text, qsizetype at, int count)
{
    int value = 0;
    for (qsizetype i = at; i < at + count; ++i) {
        const char c = text[i];
        if (c < '0' || c > '9')
            return -1;
        value = value * 10 + (c - '0');
    }
    return value;
}

/// Seconds that an offset ("Z", "+02:00") adds to UTC, and how long it is; nullopt where it is none.
std::optional<std::pair<qint64, int>> offsetOf(QByteArrayView text)
{
    if (text.startsWith('Z'))
        return std::pair(qint64(0), 1);
    if (text.size() < 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':')
        return std::nullopt;
    const int hours = digits(text, 1, 2), minutes = digits(text, 4, 2);
    if (hours < 0 || minutes < 0)
        return std::nullopt;
    return std::pair(qint64(text[0] == '-' ? -1 : 1) * (hours * 3600 + minutes * 60), 6);
}

QByteArray dateAndTime(qint64 seconds)
{
    using namespace std::chrono;
    const sys_seconds moment{std::chrono::seconds(seconds)};
    const auto day = floor<days>(moment);
    const year_month_day date(day);
    const hh_mm_ss time(moment - day);
    std::array<char, 32> out{};
    qsnprintf(out.data(), out.size(), "%04d-%02u-%02uT%02d:%02d:%02d", int(date.year()), unsigned(date.month()),
              unsigned(date.day()), int(time.hours().count()), int(time.minutes().count()),
              int(time.seconds().count()));
    return QByteArray(out.data());
}

qint64 floorDiv(qint64 a, qint64 b) { return a / b - (a % b < 0); }

} // namespace

std::optional<Stamped> readStamp(QByteArrayView line)
{
    if (line.size() < 20 || line[4] != '-' || line[7] != '-' || line[10] != 'T' || line[13] != ':' || line[16] != ':')
        return std::nullopt;
    const int year = digits(line, 0, 4), month = digits(line, 5, 2), day = digits(line, 8, 2);
    const int hour = digits(line, 11, 2), minute = digits(line, 14, 2), sec = digits(line, 17, 2);
    if (year < 1970 || year > 2260 || month < 1 || month > 12 || day < 1 || day > 31 || hour < 0 || minute < 0 ||
        sec < 0)
        return std::nullopt;
    qsizetype at = 19;
    qint64 fraction = 0;
    if (line[at] == '.') {
        qint64 unit = second / 10;
        for (++at; at < line.size() && line[at] >= '0' && line[at] <= '9'; ++at, unit /= 10)
            fraction += unit * (line[at] - '0');
    }
    const auto offset = offsetOf(line.sliced(at));
    if (!offset)
        return std::nullopt;
    at += offset->second;
    if (at < line.size() && line[at++] != ' ')
        return std::nullopt;
    using namespace std::chrono;
    const sys_days date = std::chrono::year(year) / month / day;
    const qint64 seconds =
        qint64(date.time_since_epoch().count()) * 86'400 + hour * 3600 + minute * 60 + sec - offset->first;
    return Stamped{seconds * second + fraction, line.sliced(at)};
}

QByteArray stampText(qint64 ns)
{
    const qint64 seconds = floorDiv(ns, second);
    return dateAndTime(seconds) + '.' + QByteArray::number(ns - seconds * second).rightJustified(9, '0') + 'Z';
}

QByteArray secondText(qint64 ns) { return dateAndTime(floorDiv(ns, second)) + 'Z'; }

} // namespace wk::logs
