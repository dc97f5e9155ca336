// SPDX-License-Identifier: GPL-3.0-or-later
#include "series/TimeRange.h"

#include "core/Duration.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDateTime>

namespace wk::series {
namespace {

using namespace Qt::StringLiterals;

constexpr std::pair<qint64, QLatin1StringView> units[] = {
    {7ll * 86'400'000, "w"_L1}, {86'400'000, "d"_L1}, {3'600'000, "h"_L1},
    {60'000, "m"_L1},           {1'000, "s"_L1},      {1, "ms"_L1},
};

QString durationText(qint64 ms)
{
    QString text;
    for (const auto& [size, name] : units) {
        if (ms >= size)
            text += QString::number(ms / size) + name;
        ms %= size;
    }
    return text;
}

QString instantText(qint64 ms)
{
    return QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC).toString(ms % 1000 == 0 ? Qt::ISODate : Qt::ISODateWithMs);
}

std::unexpected<Error> notARange(QStringView text)
{
    return fail(Error::Kind::BadInput,
                QCoreApplication::translate("wk::series", "\"%1\" is not a time range").arg(text.left(80)), {},
                QCoreApplication::translate("wk::series",
                                            "Write a duration (6h) or two times with a stroke between them "
                                            "(2026-11-20T08:00:00Z/2026-11-20T09:00:00Z)"));
}

} // namespace

TimeRange TimeRange::last(qint64 spanMs) { return {true, 0, std::clamp(spanMs, shortestMs, longestMs)}; }

TimeRange TimeRange::between(qint64 fromMs, qint64 toMs)
{
    if (fromMs > toMs)
        std::swap(fromMs, toMs);
    const qint64 span = std::clamp(toMs - fromMs, shortestMs, longestMs);
    if (span != toMs - fromMs) {
        fromMs += (toMs - fromMs - span) / 2;
        toMs = fromMs + span;
    }
    return {false, fromMs, toMs};
}

Result<TimeRange> TimeRange::parse(QStringView text)
{
    text = text.trimmed();
    if (text.startsWith(u"last ", Qt::CaseInsensitive))
        text = text.mid(5).trimmed();
    const auto stroke = text.indexOf(u'/');
    if (stroke < 0) {
        const auto span = parseDurationMs(text);
        if (!span || *span <= 0)
            return notARange(text);
        return last(*span);
    }
    const auto left = text.left(stroke).trimmed(), right = text.mid(stroke + 1).trimmed();
    const auto from = parseRfc3339Ms(left.toUtf8().toStdString()), to = parseRfc3339Ms(right.toUtf8().toStdString());
    if (from && to)
        return between(*from, *to);
    if (const auto span = parseDurationMs(from ? right : left); span && (from || to))
        return from ? between(*from, *from + *span) : between(*to - *span, *to);
    return notARange(text);
}

QString TimeRange::text() const
{
    return m_follows ? durationText(spanMs()) : instantText(m_from) + u'/' + instantText(m_to);
}

} // namespace wk::series
