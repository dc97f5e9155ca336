// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/ChartMarks.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDateTime>
#include <QtCore/QLocale>
#include <QtGui/QPainter>

namespace wk::widgets {

using namespace Qt::StringLiterals;

namespace {

constexpr double signSize = 8, together = 11; ///< pixels: signs closer than this are one
constexpr double barHeight = 3, reach = 6;
constexpr double footHeight = barHeight + 6; ///< of the signs at the foot, above the bars

double endOf(const ChartMark& mark, const ChartFrame& frame)
{
    const double until = mark.goesOn ? frame.plot.right() : frame.x(double(mark.untilMs.value_or(mark.atMs)));
    return std::clamp(until, frame.plot.left(), frame.plot.right());
}

int urgency(ChartMark::Tone tone)
{
    using Tone = ChartMark::Tone;
    return tone == Tone::Bad ? 3 : tone == Tone::Warning ? 2 : tone == Tone::Good ? 1 : 0;
}

/// What a group shows: its worst.
const ChartMark& worstOf(const ChartMarks::Group& group)
{
    return **std::ranges::max_element(group.marks, {}, [](const ChartMark* mark) { return urgency(mark->tone); });
}

} // namespace

QString markWords(const ChartMark& mark, qint64 nearMs)
{
    const QLocale locale;
    const auto day = [](qint64 ms) { return QDateTime::fromMSecsSinceEpoch(ms).date(); };
    const auto time = [&](qint64 ms) {
        return locale.toString(QDateTime::fromMSecsSinceEpoch(ms),
                               day(ms) == day(nearMs) ? u"HH:mm:ss"_s : u"d MMM HH:mm:ss"_s);
    };
    const auto say = [&](const char* text) {
        return QCoreApplication::translate("wk::widgets::Chart", text).arg(mark.text, time(mark.atMs));
    };
    if (mark.goesOn)
        return say(QT_TRANSLATE_NOOP("wk::widgets::Chart", "%1, since %2"));
    if (mark.untilMs && *mark.untilMs > mark.atMs)
        return say(QT_TRANSLATE_NOOP("wk::widgets::Chart", "%1, %2")) + u" – "_s + time(*mark.untilMs);
    return say(QT_TRANSLATE_NOOP("wk::widgets::Chart", "%1, at %2"));
}

void ChartMarks::arrange(const std::vector<ChartMark>& marks, const ChartFrame& frame)
{
    m_inRange.clear();
    m_groups.clear();
    for (const ChartMark& mark : marks) {
        if (!mark.touches(frame.fromMs, frame.toMs))
            continue;
        m_inRange.push_back(&mark);
        if (mark.atMs < frame.fromMs)
            continue; // it began before: its bar alone is here
        const bool foot = mark.kind == ChartMark::Kind::Rollout || mark.kind == ChartMark::Kind::Change;
        const QPointF at(std::round(frame.x(double(mark.atMs))),
                         foot ? frame.plot.bottom() - footHeight : frame.plot.top());
        const auto near = std::ranges::find_if(
            m_groups, [&](const Group& group) { return group.at.y() == at.y() && at.x() - group.at.x() <= together; });
        if (near == m_groups.end())
            m_groups.push_back({at, {&mark}});
        else
            near->marks.push_back(&mark);
    }
}

QColor ChartMarks::color(const Theme& theme, ChartMark::Tone tone)
{
    switch (tone) {
    case ChartMark::Tone::Good: return theme.color(Theme::Token::Good);
    case ChartMark::Tone::Warning: return theme.color(Theme::Token::Warning);
    case ChartMark::Tone::Bad: return theme.color(Theme::Token::Bad);
    case ChartMark::Tone::Info: break;
    }
    return theme.color(Theme::Token::Info);
}

void ChartMarks::sign(QPainter& painter, const QPointF& at, ChartMark::Kind kind, const QColor& color)
{
    const double half = signSize / 2;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    switch (kind) {
    case ChartMark::Kind::Rollout:
        painter.drawPolygon(QPolygonF({at + QPointF(-half, -half), at + QPointF(half, -half), at + QPointF(0, half)}));
        break;
    case ChartMark::Kind::Change: painter.drawRect(QRectF(at.x() - half, at.y() - half, signSize, signSize)); break;
    case ChartMark::Kind::Alert:
        painter.drawPolygon(QPolygonF({at + QPointF(-half, half), at + QPointF(half, half), at + QPointF(0, -half)}));
        break;
    case ChartMark::Kind::Incident: painter.drawEllipse(at, half, half); break;
    }
}

void ChartMarks::paint(QPainter& painter, const ChartFrame& frame, const Theme& theme) const
{
    const QRectF& plot = frame.plot;
    painter.setRenderHint(QPainter::Antialiasing, false);
    // The worst last: it covers the others.
    std::vector<const ChartMark*> bars = m_inRange;
    std::ranges::stable_sort(bars, {}, [](const ChartMark* mark) { return urgency(mark->tone); });
    for (const ChartMark* mark : bars) {
        const double left = std::clamp(frame.x(double(mark->atMs)), plot.left(), plot.right());
        if (const double right = endOf(*mark, frame); right - left > 1)
            painter.fillRect(QRectF(left, plot.bottom() - barHeight, right - left, barHeight),
                             color(theme, mark->tone));
    }
    painter.setFont(theme.font(Theme::Role::Small));
    const QFontMetricsF metrics(painter.font());
    for (const Group& group : m_groups) {
        const ChartMark& worst = worstOf(group);
        const QColor tone = color(theme, worst.tone);
        QColor line = tone;
        line.setAlphaF(0.7F);
        painter.setRenderHint(QPainter::Antialiasing, false);
        painter.setPen(QPen(line, 1, Qt::DotLine));
        painter.drawLine(QPointF(group.at.x(), plot.top()), QPointF(group.at.x(), plot.bottom()));
        sign(painter, group.at, worst.kind, tone);
        if (group.marks.size() < 2)
            continue;
        const QString count = QString::number(group.marks.size());
        const QRectF box(group.at.x() + signSize / 2 + 1, group.at.y() - metrics.height() / 2,
                         metrics.horizontalAdvance(count) + 2, metrics.height());
        painter.fillRect(box, theme.color(Theme::Token::Surface));
        painter.setPen(tone);
        painter.drawText(box, Qt::AlignCenter, count);
    }
}

std::vector<const ChartMark*> ChartMarks::at(const QPointF& position, const ChartFrame& frame) const
{
    for (const Group& group : m_groups) {
        const double beyond = group.marks.size() > 1 ? 16 : reach; // the number belongs to it
        const QRectF box(group.at.x() - reach, group.at.y() - reach, reach + beyond, 2 * reach);
        if (box.contains(position))
            return group.marks;
    }
    std::vector<const ChartMark*> found;
    if (position.y() >= frame.plot.bottom() - reach && position.y() <= frame.plot.bottom() + barHeight) {
        for (const ChartMark* mark : m_inRange) {
            const double left = frame.x(double(mark->atMs)), right = endOf(*mark, frame);
            if (right - left > 1 && position.x() >= left && position.x() <= right)
                found.push_back(mark);
        }
    }
    return found;
}

std::vector<const ChartMark*> ChartMarks::at(qint64 atMs, const ChartFrame& frame) const
{
    const double x = frame.x(double(atMs));
    std::vector<const ChartMark*> found;
    for (const Group& group : m_groups) {
        if (std::abs(group.at.x() - x) <= reach)
            found.insert(found.end(), group.marks.begin(), group.marks.end());
    }
    return found;
}

std::optional<qint64> ChartMarks::next(qint64 atMs, int direction) const
{
    std::optional<qint64> best;
    for (const Group& group : m_groups) {
        const qint64 at = group.marks.front()->atMs;
        if (direction > 0 ? at > atMs && (!best || at < *best) : at < atMs && (!best || at > *best))
            best = at;
    }
    return best;
}

} // namespace wk::widgets
