// SPDX-License-Identifier: GPL-3.0-or-later
#include "table/CellText.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDateTime>
#include <QtCore/QTimeZone>

#include <cmath>

using namespace Qt::StringLiterals;

namespace wk::table {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("wk::CellText", text); }

double bytesIn(QStringView unit)
{
    if (unit == u"B")
        return 1;
    if (unit == u"KiB")
        return 1024.0;
    if (unit == u"GiB")
        return 1024.0 * 1024 * 1024;
    if (unit == u"TiB")
        return 1024.0 * 1024 * 1024 * 1024;
    return 1024.0 * 1024;
}

/// Three significant digits below ten, whole numbers from there: enough to compare, short enough to align.
QString scaled(double value, const QLocale& locale)
{
    if (value == std::floor(value) || std::abs(value) >= 100)
        return locale.toString(value, 'f', 0);
    if (std::abs(value) < 0.1)
        return locale.toString(value, 'g', 3); // 0.0003 is not 0.00
    return locale.toString(value, 'f', std::abs(value) < 10 ? 2 : 1);
}

QString numberText(const Column& column, double value, const QLocale& locale)
{
    switch (column.kind) {
    case Column::Kind::MilliCpu:
        return column.unit == u"cores" ? scaled(value / 1000, locale) : locale.toString(value, 'f', 0);
    case Column::Kind::Bytes: return scaled(value / bytesIn(unitOf(column)), locale);
    case Column::Kind::Percent:
        return locale.toString(value, 'f', std::abs(value) < 10 && value != std::floor(value) ? 1 : 0);
    default: return scaled(value, locale);
    }
}

QString momentText(qint64 ms) { return QDateTime::fromMSecsSinceEpoch(ms).toString(u"yyyy-MM-dd HH:mm:ss"); }

} // namespace

QString unitOf(const Column& column)
{
    if (!column.unit.isEmpty())
        return column.unit;
    switch (column.kind) {
    case Column::Kind::MilliCpu: return u"m"_s;
    case Column::Kind::Bytes: return u"MiB"_s;
    case Column::Kind::Percent: return u"%"_s;
    default: return {};
    }
}

QString headerText(const Column& column)
{
    const QString unit = unitOf(column);
    return unit.isEmpty() ? column.title : column.title + u", "_s + unit;
}

QString relativeAge(qint64 momentMs, qint64 nowMs)
{
    // A clock that is a little ahead of ours is no news; a moment truly in the future is.
    const qint64 seconds = (nowMs - momentMs) / 1000;
    const bool future = seconds < -60;
    const qint64 minutes = std::abs(seconds) / 60;
    QString text;
    if (minutes < 1)
        return tr("< 1 m");
    if (minutes < 120)
        text = tr("%1 m").arg(minutes);
    else if (minutes < 48 * 60)
        text = tr("%1 h").arg(minutes / 60);
    else if (minutes < 2 * 365 * 24 * 60)
        text = tr("%1 d").arg(minutes / 60 / 24);
    else
        text = tr("%1 y").arg(minutes / 60 / 24 / 365);
    return future ? tr("in %1").arg(text) : text;
}

QString rowsText(qint64 count, const QLocale& locale)
{
    return count == 1 ? tr("1 row") : tr("%1 rows").arg(locale.toString(count));
}

QString exactMoment(qint64 momentMs, const QLocale& locale)
{
    const QDateTime local = QDateTime::fromMSecsSinceEpoch(momentMs);
    const QDateTime utc = QDateTime::fromMSecsSinceEpoch(momentMs, Qt::UTC);
    const QString zone = local.timeZoneAbbreviation();
    if (local.offsetFromUtc() == 0)
        return locale.toString(utc, u"yyyy-MM-dd HH:mm:ss") + u" UTC"_s;
    const QStringView format = local.date() == utc.date() ? u"HH:mm:ss" : u"yyyy-MM-dd HH:mm:ss";
    return u"%1 %2 (%3 UTC)"_s.arg(locale.toString(local, u"yyyy-MM-dd HH:mm:ss"), zone, locale.toString(utc, format));
}

QString cellText(const Column& column, const Cell& cell, qint64 nowMs, const QLocale& locale)
{
    if (const auto* text = std::get_if<QString>(&cell))
        return *text;
    if (const auto* whole = std::get_if<qint64>(&cell)) {
        if (column.kind == Column::Kind::MilliCpu || column.kind == Column::Kind::Bytes)
            return numberText(column, double(*whole), locale);
        return locale.toString(*whole);
    }
    if (const auto* real = std::get_if<double>(&cell))
        return std::isnan(*real) ? QString() : numberText(column, *real, locale);
    if (const auto* ratio = std::get_if<Ratio>(&cell))
        return locale.toString(ratio->value) + u'/' + locale.toString(ratio->of);
    if (const auto* instant = std::get_if<Instant>(&cell))
        return column.kind == Column::Kind::Moment ? momentText(instant->ms) : relativeAge(instant->ms, nowMs);
    return {};
}

QString cellExactText(const Column& column, const Cell& cell, qint64 nowMs, const QLocale& locale)
{
    if (const auto* instant = std::get_if<Instant>(&cell)) {
        const QString exact = exactMoment(instant->ms, locale);
        const QString relative = relativeAge(instant->ms, nowMs);
        return instant->ms > nowMs + 60'000 ? u"%1, %2"_s.arg(exact, relative) : tr("%1, %2 ago").arg(exact, relative);
    }
    if (const auto* whole = std::get_if<qint64>(&cell)) {
        if (column.kind == Column::Kind::Bytes)
            return tr("%1 (%2 bytes)").arg(locale.formattedDataSize(*whole, 2), locale.toString(*whole));
        if (column.kind == Column::Kind::MilliCpu)
            return tr("%1 cores (%2 m)").arg(locale.toString(double(*whole) / 1000, 'f', 3), locale.toString(*whole));
    }
    if (const auto* real = std::get_if<double>(&cell); real && !std::isnan(*real)) {
        const QString unit = unitOf(column);
        return locale.toString(*real, 'g', 12) + (unit.isEmpty() ? QString() : u' ' + unit);
    }
    if (const auto* ratio = std::get_if<Ratio>(&cell))
        return tr("%1 of %2").arg(locale.toString(ratio->value), locale.toString(ratio->of));
    return cellText(column, cell, nowMs, locale);
}

QString cellRawText(const Cell& cell)
{
    if (const auto* text = std::get_if<QString>(&cell))
        return *text;
    if (const auto* whole = std::get_if<qint64>(&cell))
        return QString::number(*whole);
    if (const auto* real = std::get_if<double>(&cell))
        return std::isnan(*real) ? QString() : QString::number(*real, 'g', QLocale::FloatingPointShortest);
    if (const auto* ratio = std::get_if<Ratio>(&cell))
        return QString::number(ratio->value) + u'/' + QString::number(ratio->of);
    if (const auto* instant = std::get_if<Instant>(&cell)) {
        const bool whole = instant->ms % 1000 == 0;
        return QDateTime::fromMSecsSinceEpoch(instant->ms, Qt::UTC).toString(whole ? Qt::ISODate : Qt::ISODateWithMs);
    }
    return {};
}

} // namespace wk::table
