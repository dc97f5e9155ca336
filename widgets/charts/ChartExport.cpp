// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/ChartExport.h"

#include <QtCore/QBuffer>
#include <QtCore/QCoreApplication>
#include <QtCore/QDateTime>
#include <QtCore/QFileInfo>
#include <QtCore/QSaveFile>
#include <QtGui/QPainter>
#include <QtWidgets/QWidget>

#include <cmath>
#include <set>

namespace wk::widgets {

using namespace Qt::StringLiterals;

namespace {

QByteArray quoted(const QString& text)
{
    QByteArray bytes = text.toUtf8();
    if (!bytes.contains('"') && !bytes.contains(',') && !bytes.contains('\n') && !bytes.contains('\r'))
        return bytes;
    return '"' + bytes.replace('"', "\"\"") + '"';
}

QByteArray instant(qint64 ms)
{
    return QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC).toString(Qt::ISODateWithMs).toLatin1();
}

QByteArray markRow(const ChartMark& mark, size_t series)
{
    return instant(mark.atMs) + QByteArray(qsizetype(series), ',') + ',' + quoted(series::markKindName(mark.kind)) +
           ',' + quoted(mark.text) + ',' +
           (mark.goesOn    ? QByteArray("now")
            : mark.untilMs ? instant(*mark.untilMs)
                           : QByteArray()) +
           "\r\n";
}

Result<void> save(const QByteArray& bytes, const QString& path)
{
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit())
        return {};
    return fail(Error::Kind::Io,
                QCoreApplication::translate("wk::widgets::Chart", "%1 could not be written: %2")
                    .arg(QFileInfo(path).fileName(), file.errorString()),
                path,
                QCoreApplication::translate("wk::widgets::Chart", "Choose another folder, or make room on the disk"));
}

} // namespace

QByteArray chartCsv(const ChartContent& content, qint64 fromMs, qint64 toMs)
{
    QByteArray csv = "time";
    std::set<qint64> instants;
    for (const ChartSeries& series : content.series) {
        csv += ',' + quoted(series.name);
        if (!series.data)
            continue;
        const auto first = std::ranges::lower_bound(series.data->time, fromMs);
        const auto last = std::ranges::upper_bound(series.data->time, toMs);
        instants.insert(first, last);
    }
    std::vector<const ChartMark*> marks;
    for (const ChartMark& mark : content.marks) {
        if (mark.touches(fromMs, toMs))
            marks.push_back(&mark);
    }
    csv += marks.empty() ? "\r\n" : ",mark,what,until\r\n";
    const QByteArray noMark = marks.empty() ? "" : ",,,";
    auto mark = marks.begin();
    const auto marksUntil = [&](qint64 at) {
        for (; mark != marks.end() && (*mark)->atMs <= at; ++mark)
            csv += markRow(**mark, content.series.size());
    };
    std::vector<size_t> next(content.series.size(), 0);
    for (const qint64 at : instants) {
        marksUntil(at);
        csv += instant(at);
        for (size_t i = 0; i < content.series.size(); ++i) {
            csv += ',';
            const auto& data = content.series[i].data;
            if (!data)
                continue;
            while (next[i] < data->size() && data->time[next[i]] < at)
                ++next[i];
            if (next[i] < data->size() && data->time[next[i]] == at && !std::isnan(data->value[next[i]]))
                csv += QByteArray::number(data->value[next[i]], 'g', QLocale::FloatingPointShortest);
        }
        csv += noMark + "\r\n";
    }
    marksUntil(std::numeric_limits<qint64>::max());
    return csv;
}

Result<void> saveChartCsv(const ChartContent& content, qint64 fromMs, qint64 toMs, const QString& path)
{
    return save(chartCsv(content, fromMs, toMs), path);
}

Result<void> saveChartPng(QWidget& chart, const QString& path)
{
    QImage image(chart.size() * 2, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(2);
    image.fill(chart.palette().color(QPalette::Base));
    chart.render(&image);
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    if (!image.save(&buffer, "PNG"))
        return fail(Error::Kind::Io, QCoreApplication::translate("wk::widgets::Chart", "The picture could not be made"),
                    {}, QCoreApplication::translate("wk::widgets::Chart", "Make the window smaller and try again"));
    return save(bytes, path);
}

} // namespace wk::widgets
