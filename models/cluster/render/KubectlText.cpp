// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/render/KubectlText.h"

#include "core/Duration.h"

#include <QtCore/QDateTime>

namespace wk::cluster::render {

using namespace Qt::StringLiterals;

namespace {

using table::Column;

// What kubectl prints where there is no value.
QString placeholder(const Column& column)
{
    const QString& id = column.id;
    if (id == u"minpods" || id == u"volumemode" || id == u"suspend" || id == u"volumeattributesclass")
        return u"<unset>"_s;
    if (id == u"os-image" || id == u"kernel-version" || id == u"container-runtime")
        return u"<unknown>"_s;
    if (id == u"min-available" || id == u"max-unavailable")
        return u"N/A"_s;
    if (id == u"last-schedule")
        return u"<none>"_s;
    switch (column.kind) {
    case Column::Kind::Age:
    case Column::Kind::Moment: return u"<unknown>"_s;
    case Column::Kind::Number:
    case Column::Kind::MilliCpu:
    case Column::Kind::Bytes:
    case Column::Kind::Percent: return {};
    default: return u"<none>"_s;
    }
}

// One line, and no escape sequences that a terminal would obey.
QString printable(QString text)
{
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] == u'\n' || text[i] == u'\r' || text[i] == u'\f') {
            text = text.first(i) + u"..."_s;
            break;
        }
    }
    return text.replace(QChar(0x1b), u"^["_s);
}

QString momentText(const Column& column, qint64 ms, qint64 nowMs)
{
    if (column.kind == Column::Kind::Moment)
        return QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC).toString(u"yyyy-MM-dd'T'HH:mm:ss'Z'"_s);
    return humanDuration(nowMs - ms);
}

} // namespace

QString kubectlText(const Column& column, const table::Cell& cell, qint64 nowMs)
{
    struct Visitor
    {
        const Column& column;
        qint64 nowMs;
        QString operator()(std::monostate) const { return placeholder(column); }
        QString operator()(const QString& text) const { return printable(text); }
        QString operator()(qint64 number) const { return QString::number(number); }
        QString operator()(double number) const { return QString::number(number, 'g', 15); }
        QString operator()(const table::Ratio& ratio) const
        {
            return QString::number(ratio.value) + u'/' + QString::number(ratio.of);
        }
        QString operator()(const table::Instant& instant) const { return momentText(column, instant.ms, nowMs); }
    };
    return std::visit(Visitor{column, nowMs}, cell);
}

QString kubectlText(const table::Columns& columns, const table::Row& row, int column, qint64 nowMs, int serverMinor)
{
    QString text = kubectlText(columns[column], row.cells[size_t(column)], nowMs);
    if (columns[column].id != u"restarts" || text == u"0" || (serverMinor > 0 && serverMinor < 22))
        return text;
    const int moment = table::indexOfColumn(columns, u"last-restart");
    if (moment < 0)
        return text;
    if (const auto* last = std::get_if<table::Instant>(&row.cells[size_t(moment)]))
        text += u" (%1 ago)"_s.arg(humanDuration(nowMs - last->ms));
    return text;
}

QString kubectlHeader(const Column& column) { return column.title.toUpper(); }

} // namespace wk::cluster::render
