// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/world/Cron.h"

#include <QtCore/QDateTime>
#include <QtCore/QStringList>

#include <bitset>
#include <optional>

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

std::optional<std::bitset<64>> field(const QString& text, int low, int high)
{
    std::bitset<64> bits;
    for (const QString& part : text.split(u',')) {
        const QString range = part.section(u'/', 0, 0);
        bool ok = true;
        const int step = part.contains(u'/') ? part.section(u'/', 1).toInt(&ok) : 1;
        int from = low, to = high;
        if (range != u"*") {
            bool a = true, b = true;
            from = range.section(u'-', 0, 0).toInt(&a);
            to = range.contains(u'-') ? range.section(u'-', 1).toInt(&b) : part.contains(u'/') ? high : from;
            ok = ok && a && b;
        }
        if (!ok || step < 1 || from < low || to > high || from > to)
            return std::nullopt;
        for (int i = from; i <= to; i += step)
            bits.set(std::size_t(i));
    }
    return bits;
}

} // namespace

qint64 nextCronTime(const QString& schedule, qint64 afterMs)
{
    const QStringList parts = schedule.split(u' ', Qt::SkipEmptyParts);
    if (parts.size() != 5)
        return -1;
    const auto minute = field(parts[0], 0, 59), hour = field(parts[1], 0, 23), day = field(parts[2], 1, 31),
               month = field(parts[3], 1, 12);
    auto weekday = field(parts[4], 0, 7);
    if (!minute || !hour || !day || !month || !weekday)
        return -1;
    if (weekday->test(7))
        weekday->set(0);
    const bool eitherDay = parts[2] != u"*" && parts[4] != u"*";
    QDate date = QDateTime::fromMSecsSinceEpoch(afterMs, Qt::UTC).date();
    for (int i = 0; i < 367; ++i, date = date.addDays(1)) {
        if (!month->test(std::size_t(date.month())))
            continue;
        const bool d = day->test(std::size_t(date.day())), w = weekday->test(std::size_t(date.dayOfWeek() % 7));
        if (eitherDay ? !(d || w) : !(d && w))
            continue;
        for (int h = 0; h < 24; ++h) {
            if (!hour->test(std::size_t(h)))
                continue;
            for (int m = 0; m < 60; ++m) {
                if (!minute->test(std::size_t(m)))
                    continue;
                const qint64 t = QDateTime(date, QTime(h, m), Qt::UTC).toMSecsSinceEpoch();
                if (t > afterMs)
                    return t;
            }
        }
    }
    return -1;
}

} // namespace wk::fleet
