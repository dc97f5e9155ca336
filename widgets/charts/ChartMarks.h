// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/charts/ChartPaint.h"

namespace wk::widgets {

/// The marks of a chart as they are drawn: a line with a sign where something began, a bar at the foot for how long it
/// lasted. What people did (rollouts, changes) has its sign at the foot of the line, what came of it (alerts,
/// incidents) at its top, so that neither hides the other. Signs that would lie on each other are one, with their
/// number beside it. Four kinds, four shapes: none is told by colour alone.
class ChartMarks
{
public:
    struct Group
    {
        QPointF at; ///< the middle of its sign
        std::vector<const ChartMark*> marks;
    };

    /// `marks` in the order in which they began; outlive it, at their place.
    void arrange(const std::vector<ChartMark>& marks, const ChartFrame& frame);
    [[nodiscard]] const std::vector<Group>& groups() const { return m_groups; }

    void paint(QPainter& painter, const ChartFrame& frame, const Theme& theme) const;
    /// Those whose sign, or else whose bar, is at a point; empty: none.
    [[nodiscard]] std::vector<const ChartMark*> at(const QPointF& position, const ChartFrame& frame) const;
    /// Those that a sign at that instant stands for.
    [[nodiscard]] std::vector<const ChartMark*> at(qint64 atMs, const ChartFrame& frame) const;
    /// When the next sign in a direction (+1, -1) is; nullopt: there is none.
    [[nodiscard]] std::optional<qint64> next(qint64 atMs, int direction) const;

    /// The sign of a kind about a point.
    static void sign(QPainter& painter, const QPointF& at, ChartMark::Kind kind, const QColor& color);
    [[nodiscard]] static QColor color(const Theme& theme, ChartMark::Tone tone);

private:
    std::vector<const ChartMark*> m_inRange;
    std::vector<Group> m_groups; ///< of those that began inside the range
};

/// "HighErrorRate (critical), 12:04 – 12:16", "…, since 12:04", "…, at 12:04": with the day where it is not that of
/// `nearMs`.
[[nodiscard]] QString markWords(const ChartMark& mark, qint64 nearMs);

} // namespace wk::widgets
