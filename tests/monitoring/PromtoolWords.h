// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/prometheus/Answer.h"

#include <QtCore/QLocale>

#include <cmath>

namespace wk::test {

/// As promtool writes numbers and times: Go's 'f' with as many digits as are needed.
inline QString plainNumber(double value)
{
    return std::isfinite(value) ? QString::number(value, 'f', QLocale::FloatingPointShortest)
                                : monitoring::valueText(value);
}

inline QString sampleText(const monitoring::Series& series, std::size_t at)
{
    return plainNumber(series.value[at]) + QStringLiteral(" @[") + plainNumber(double(series.time[at]) / 1000) + u']';
}

/// The lines of `promtool query instant`, in order.
inline QStringList instantLines(const monitoring::Answer& answer)
{
    QStringList out;
    for (const monitoring::Series& series : answer.series) {
        const bool scalar = answer.kind == monitoring::Answer::Kind::Scalar;
        out << (scalar ? QStringLiteral("scalar:")
                       : monitoring::labelsText(series.labels, QStringLiteral(", ")) + QStringLiteral(" =>")) +
                   u' ' + sampleText(series, 0);
    }
    out.sort();
    return out;
}

/// Each sample behind its labels, in order.
inline QStringList rangeLines(const monitoring::Answer& answer)
{
    QStringList out;
    for (const monitoring::Series& series : answer.series) {
        for (std::size_t i = 0; i < series.time.size(); ++i)
            out << monitoring::labelsText(series.labels, QStringLiteral(", ")) + u' ' + sampleText(series, i);
    }
    out.sort();
    return out;
}

/// What promtool printed, in the same form.
inline QStringList instantLines(const QByteArray& printed)
{
    QStringList out = QString::fromUtf8(printed).split(u'\n', Qt::SkipEmptyParts);
    out.sort();
    return out;
}

inline QStringList rangeLines(const QByteArray& printed)
{
    QStringList out;
    QString labels;
    const QStringList lines = QString::fromUtf8(printed).split(u'\n', Qt::SkipEmptyParts);
    for (const QString& line : lines) {
        if (line.endsWith(QStringLiteral(" =>")))
            labels = line.chopped(3);
        else
            out << labels + u' ' + line;
    }
    out.sort();
    return out;
}

} // namespace wk::test
