// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/ChartPaint.h"

#include "widgets/charts/ChartMarks.h"
#include "widgets/common/Health.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDateTime>
#include <QtCore/QLocale>
#include <QtGui/QFontMetricsF>
#include <QtGui/QPainter>

namespace wk::widgets {

using namespace Qt::StringLiterals;

namespace {

constexpr double gutter = 6;   ///< between a label and what it labels
constexpr double markRoom = 8; ///< below the top, where marks and their counts stand

QColor faint(QColor color, double alpha)
{
    color.setAlphaF(float(alpha));
    return color;
}

/// A line of the crosshair's box below the values.
struct Note
{
    QString text;
    const ChartMark* mark = nullptr;
};

std::vector<Note> notesOf(const ChartReadout& readout, const QFontMetricsF& metrics)
{
    const auto more = [](size_t count) {
        return QCoreApplication::translate("wk::widgets::Chart", "and %1 more").arg(count);
    };
    std::vector<Note> notes;
    if (readout.more > 0)
        notes.push_back({more(readout.more), nullptr});
    for (const ChartMark& mark : readout.marks)
        notes.push_back({metrics.elidedText(markWords(mark, readout.atMs), Qt::ElideMiddle, 280), &mark});
    if (readout.moreMarks > 0)
        notes.push_back({more(readout.moreMarks), nullptr});
    return notes;
}

} // namespace

ChartFrame chartFrame(const QSizeF& size, const Theme& theme, qint64 fromMs, qint64 toMs, double low, double high,
                      series::Unit unit, bool honestZero, const QTimeZone& zone)
{
    const QFontMetricsF metrics(theme.font(Theme::Role::Small));
    ChartFrame frame;
    frame.fromMs = fromMs;
    frame.toMs = std::max(toMs, fromMs + 1);
    const double top = metrics.height() / 2 + 2, bottom = metrics.height() * 1.5 + 4;
    const double height = std::max(20., size.height() - top - bottom);
    frame.up = series::valueTicks(low, high, std::clamp(int(height / 40), 2, 6), unit, honestZero);
    double widest = 0;
    for (const QString& text : frame.up.text)
        widest = std::max(widest, metrics.horizontalAdvance(text));
    const double left = widest + gutter;
    frame.plot = QRectF(left, top, std::max(20., size.width() - left - 2), height);
    const double label = metrics.horizontalAdvance(u"00:00:00"_s) + 24;
    frame.across = series::timeTicks(frame.fromMs, frame.toMs, std::max(1, int(frame.plot.width() / label)), zone);
    return frame;
}

std::optional<ChartPaint::BandEdge> ChartPaint::edgeOf(const ChartBand& band)
{
    if (band.from)
        return BandEdge{*band.from, true};
    if (band.to)
        return BandEdge{*band.to, false};
    return std::nullopt;
}

void ChartPaint::bands(const std::vector<ChartBand>& bands)
{
    for (const ChartBand& band : bands) {
        const double top = band.to ? std::min(*band.to, m_frame.up.high) : m_frame.up.high;
        const double bottom = band.from ? std::max(*band.from, m_frame.up.low) : m_frame.up.low;
        if (top <= bottom)
            continue;
        const QColor color = m_theme.color(healthToken(band.health));
        m_painter.fillRect(
            QRectF(QPointF(m_frame.plot.left(), m_frame.y(top)), QPointF(m_frame.plot.right(), m_frame.y(bottom))),
            faint(color, 0.08));
    }
}

void ChartPaint::axes(const QTimeZone& zone)
{
    m_painter.setRenderHint(QPainter::Antialiasing, false);
    m_painter.setFont(m_theme.font(Theme::Role::Small));
    const QFontMetricsF metrics(m_painter.font());
    const QColor grid = m_theme.color(Theme::Token::Border), words = m_theme.color(Theme::Token::Muted);
    const QRectF& plot = m_frame.plot;
    for (size_t i = 0; i < m_frame.up.at.size(); ++i) {
        const double y = std::round(m_frame.y(m_frame.up.at[i]));
        m_painter.setPen(QPen(grid, 1));
        m_painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
        m_painter.setPen(words);
        m_painter.drawText(QRectF(0, y - metrics.height() / 2, plot.left() - gutter, metrics.height()),
                           Qt::AlignRight | Qt::AlignVCenter, m_frame.up.text[i]);
    }
    const bool anyDay = std::ranges::any_of(m_frame.across, &series::TimeTick::day);
    double free = -1e9; // right end of the last label
    for (size_t i = 0; i < m_frame.across.size(); ++i) {
        const series::TimeTick& tick = m_frame.across[i];
        const double x = std::round(m_frame.x(double(tick.at)));
        m_painter.setPen(QPen(grid, 1));
        m_painter.drawLine(QPointF(x, plot.bottom()), QPointF(x, plot.bottom() + 3));
        QString text = tick.text;
        if (!anyDay && i == 0) // of which day, once
            text = QLocale().toString(QDateTime::fromMSecsSinceEpoch(tick.at, zone), u"d MMM "_s) + text;
        const double width = metrics.horizontalAdvance(text);
        const double left = std::clamp(x - width / 2, 0., std::max(0., plot.right() + 2 - width));
        if (left < free + gutter)
            continue;
        free = left + width;
        m_painter.setPen(tick.day ? m_theme.color(Theme::Token::Text) : words);
        m_painter.drawText(QPointF(left, plot.bottom() + metrics.height() / 2 + 2 + metrics.ascent()), text);
    }
}

void ChartPaint::bandNames(const std::vector<ChartBand>& bands)
{
    m_painter.setFont(m_theme.font(Theme::Role::Small));
    const QFontMetricsF metrics(m_painter.font());
    const QRectF& plot = m_frame.plot;
    double topTaken = plot.top() + markRoom;
    std::vector<QRectF> taken;
    for (const ChartBand& band : bands) {
        const auto edge = edgeOf(band);
        if (!edge)
            continue;
        const QColor color = m_theme.color(healthToken(band.health));
        m_painter.setRenderHint(QPainter::Antialiasing, false);
        const bool reached = edge->value <= m_frame.up.high && edge->value >= m_frame.up.low;
        double baseline = topTaken + metrics.ascent();
        QString text = band.name;
        if (reached) {
            const double y = std::round(m_frame.y(edge->value));
            m_painter.setPen(QPen(color, 1, Qt::DashLine));
            m_painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
            baseline = y - 3 - metrics.descent();
            if (baseline - metrics.ascent() < plot.top() + markRoom)
                baseline = std::max(y + 2, plot.top() + markRoom) + metrics.ascent();
        } else {
            text = (edge->value > m_frame.up.high ? u"↑ "_s : u"↓ "_s) + text;
            topTaken += metrics.height();
        }
        QRectF box(plot.right() - metrics.horizontalAdvance(text) - 8, baseline - metrics.ascent(),
                   metrics.horizontalAdvance(text) + 6, metrics.height());
        // Limits that lie close to each other are named side by side.
        for (const QRectF& other : taken) {
            if (box.intersects(other))
                box.moveRight(other.left() - 6);
        }
        if (box.left() < plot.left())
            continue; // no room for a name: the line is there
        taken.push_back(box);
        m_painter.fillRect(box, faint(m_theme.color(Theme::Token::Surface), 0.8));
        m_painter.setPen(reached ? color : m_theme.color(Theme::Token::Muted));
        m_painter.drawText(QPointF(box.left() + 3, baseline), text);
    }
}

void ChartPaint::selection(qint64 fromMs, qint64 toMs)
{
    const double a = m_frame.x(double(std::min(fromMs, toMs))), b = m_frame.x(double(std::max(fromMs, toMs)));
    m_painter.fillRect(QRectF(a, m_frame.plot.top(), b - a, m_frame.plot.height()),
                       faint(m_theme.color(Theme::Token::Accent), 0.18));
}

void ChartPaint::crosshair(const ChartReadout& readout)
{
    const QRectF& plot = m_frame.plot;
    const double x = std::round(m_frame.x(double(readout.atMs)));
    if (readout.isEmpty() || x < plot.left() || x > plot.right())
        return;
    m_painter.setRenderHint(QPainter::Antialiasing, false);
    m_painter.setPen(QPen(m_theme.color(Theme::Token::Muted), 1));
    m_painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));

    m_painter.setFont(m_theme.font(Theme::Role::Small));
    const QFontMetricsF metrics(m_painter.font());
    double names = 0, values = 0;
    for (const auto& line : readout.lines) {
        names = std::max(names, std::min(220., metrics.horizontalAdvance(line.name)));
        values = std::max(values, metrics.horizontalAdvance(line.value));
    }
    const std::vector<Note> notes = notesOf(readout, metrics);
    double width = std::max(12 + names + 12 + values, metrics.horizontalAdvance(readout.time));
    for (const Note& note : notes)
        width = std::max(width, 12 + metrics.horizontalAdvance(note.text));
    const double row = metrics.height() + 2;
    const double height = row * double(1 + readout.lines.size() + notes.size()) + 8;
    QRectF box(x + 12, plot.top() + 4, width + 16, height);
    if (box.right() > plot.right())
        box.moveRight(x - 12);
    box.moveLeft(std::max(0., box.left()));
    m_painter.setPen(QPen(m_theme.color(Theme::Token::Border), 1));
    m_painter.setBrush(m_theme.color(Theme::Token::Raised));
    m_painter.drawRect(box);
    double baseline = box.top() + 4 + metrics.ascent();
    m_painter.setPen(m_theme.color(Theme::Token::Muted));
    m_painter.drawText(QPointF(box.left() + 8, baseline), readout.time);
    for (const auto& line : readout.lines) {
        baseline += row;
        m_painter.fillRect(QRectF(box.left() + 8, baseline - metrics.ascent() / 2 - 2, 8, 4),
                           m_theme.series(int(line.series)));
        m_painter.setPen(m_theme.color(Theme::Token::Text));
        m_painter.drawText(QPointF(box.left() + 20, baseline), metrics.elidedText(line.name, Qt::ElideMiddle, 220));
        m_painter.drawText(QPointF(box.right() - 8 - metrics.horizontalAdvance(line.value), baseline), line.value);
    }
    for (const Note& note : notes) {
        baseline += row;
        if (note.mark)
            ChartMarks::sign(m_painter, QPointF(box.left() + 12, baseline - metrics.ascent() / 2), note.mark->kind,
                             ChartMarks::color(m_theme, note.mark->tone));
        m_painter.setPen(m_theme.color(note.mark ? Theme::Token::Text : Theme::Token::Muted));
        m_painter.drawText(QPointF(box.left() + 20, baseline), note.text);
    }
}

} // namespace wk::widgets
