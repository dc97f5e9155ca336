// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/TimeRangeWords.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDateTime>
#include <QtCore/QLocale>

namespace wk::widgets {

using namespace Qt::StringLiterals;

QString spanWords(qint64 ms)
{
    const auto tr = [](const char* text) { return QCoreApplication::translate("wk::widgets::TimeRange", text); };
    const std::tuple<qint64, QString, QString> units[] = {
        {86'400'000, tr("1 day"), tr("%1 days")},
        {3'600'000, tr("1 hour"), tr("%1 hours")},
        {60'000, tr("1 minute"), tr("%1 minutes")},
        {1'000, tr("1 second"), tr("%1 seconds")},
    };
    QStringList parts;
    for (const auto& [size, one, many] : units) {
        const qint64 count = ms / size;
        if (count > 0 && parts.size() < 2)
            parts += count == 1 ? one : many.arg(count);
        else if (!parts.isEmpty())
            break;
        ms %= size;
    }
    return parts.isEmpty() ? tr("%1 seconds").arg(0) : parts.join(u' ');
}

QString instantWords(qint64 atMs)
{
    return QLocale().toString(QDateTime::fromMSecsSinceEpoch(atMs), u"ddd d MMM yyyy HH:mm:ss"_s);
}

QString rangeWords(const series::TimeRange& range, qint64 nowMs, const QTimeZone& zone)
{
    if (range.follows()) {
        const QString span = spanWords(range.spanMs());
        return QCoreApplication::translate("wk::widgets::TimeRange", "Last %1")
            .arg(span.startsWith(u"1 "_s) && !span.mid(2).contains(u' ') ? span.mid(2) : span);
    }
    const auto from = QDateTime::fromMSecsSinceEpoch(range.fromMs(nowMs), zone);
    const auto to = QDateTime::fromMSecsSinceEpoch(range.toMs(nowMs), zone);
    const auto now = QDateTime::fromMSecsSinceEpoch(nowMs, zone);
    const QString date = from.date().year() == now.date().year() && to.date().year() == now.date().year()
                             ? u"d MMM HH:mm"_s
                             : u"d MMM yyyy HH:mm"_s;
    const QString seconds = range.spanMs() < 10 * 60'000 ? u":ss"_s : QString();
    const QLocale locale;
    return locale.toString(from, date + seconds) + u" – "_s +
           locale.toString(to, (from.date() == to.date() ? u"HH:mm"_s : date) + seconds);
}

} // namespace wk::widgets
