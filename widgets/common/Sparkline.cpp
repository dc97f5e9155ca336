// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/Sparkline.h"

#include <QtCore/QLocale>
#include <QtGui/QPainter>
#include <QtGui/QPainterPath>

#include <cmath>

namespace wk::widgets {

Sparkline::Sparkline(QWidget* parent) : QWidget(parent) {}

void Sparkline::setValues(const QList<double>& values, const QString& what)
{
    m_values = values;
    QList<double> known;
    std::copy_if(values.begin(), values.end(), std::back_inserter(known), [](double v) { return std::isfinite(v); });
    QString text = tr("%1: no values").arg(what);
    if (!known.isEmpty()) {
        const auto [low, high] = std::minmax_element(known.begin(), known.end());
        const QLocale locale;
        text = tr("%1: now %2, from %3 to %4")
                   .arg(what, locale.toString(known.last(), 'g', 4), locale.toString(*low, 'g', 4),
                        locale.toString(*high, 'g', 4));
    }
    setToolTip(text);
    setAccessibleName(text);
    update();
}

void Sparkline::setToken(Theme::Token token)
{
    m_token = token;
    update();
}

void Sparkline::paintEvent(QPaintEvent*)
{
    double low = 0, high = 0;
    for (const double value : std::as_const(m_values)) {
        if (std::isfinite(value)) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    }
    if (m_values.size() < 2)
        return;
    if (high == low)
        high = low + 1;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF area = QRectF(rect()).adjusted(1, 2, -1, -2);
    QPainterPath line;
    bool drawing = false;
    for (qsizetype i = 0; i < m_values.size(); ++i) {
        if (!std::isfinite(m_values[i])) {
            drawing = false; // a gap stays a gap
            continue;
        }
        const QPointF at(area.left() + area.width() * double(i) / double(m_values.size() - 1),
                         area.bottom() - area.height() * (m_values[i] - low) / (high - low));
        if (drawing)
            line.lineTo(at);
        else
            line.moveTo(at);
        drawing = true;
    }
    painter.setPen(QPen(Theme::of(this).color(m_token), 1.5));
    painter.drawPath(line);
}

} // namespace wk::widgets
