// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/prometheus/Answer.h"

#include <QtCore/QLocale>

#include <cmath>

namespace wk::monitoring {

using namespace Qt::StringLiterals;

QString labelValue(const Labels& labels, QStringView name)
{
    const auto it = std::ranges::find_if(labels, [name](const auto& label) { return label.first == name; });
    return it == labels.end() ? QString() : it->second;
}

QString labelsText(const Labels& labels, const QString& separator)
{
    QStringList parts;
    for (const auto& [name, value] : labels) {
        if (name == "__name__"_L1)
            continue;
        QString quoted = value;
        quoted.replace(u'\\', "\\\\"_L1).replace(u'"', "\\\""_L1).replace(u'\n', "\\n"_L1);
        parts << name + u"=\""_s + quoted + u'"';
    }
    const QString metric = labelValue(labels, u"__name__");
    return parts.isEmpty() && !metric.isEmpty() ? metric : metric + u'{' + parts.join(separator) + u'}';
}

QString valueText(double value)
{
    if (std::isnan(value))
        return u"NaN"_s;
    if (std::isinf(value))
        return value > 0 ? u"+Inf"_s : u"-Inf"_s;
    // Go's strconv with 'f', or 'e' where that gets long (prometheus/util/jsonutil).
    const double size = std::abs(value);
    const bool plain = std::fpclassify(value) == FP_ZERO || (size >= 1e-6 && size < 1e21);
    return QString::number(value, plain ? 'f' : 'e', QLocale::FloatingPointShortest);
}

std::size_t Answer::points() const
{
    std::size_t out = 0;
    for (const Series& one : series)
        out += one.time.size() + one.histograms.time.size();
    return out;
}

} // namespace wk::monitoring
