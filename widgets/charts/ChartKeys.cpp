// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/ChartPlot.h"

#include <QtGui/QKeyEvent>
#include <QtGui/QMouseEvent>
#include <QtWidgets/QMenu>

#include <cmath>

// What a person does with a chart: pointer, wheel and keys.
namespace wk::widgets {

using namespace Qt::StringLiterals;

namespace {
constexpr double dragStartsAt = 4; ///< pixels; less is a click
constexpr double zoomStep = 1.5;
} // namespace

void ChartPlot::mousePressEvent(QMouseEvent* event)
{
    const bool move = event->button() == Qt::MiddleButton ||
                      (event->button() == Qt::LeftButton && event->modifiers().testFlag(Qt::ShiftModifier));
    if (!move && event->button() != Qt::LeftButton) {
        event->ignore();
        return;
    }
    setFocus(Qt::MouseFocusReason);
    m_drag = move ? Drag::Move : Drag::Select;
    m_dragRange = m_range.range().fixed(m_range.nowMs());
    m_dragFrom = m_dragTo = m_frame.instant(event->position().x());
    event->accept();
}

void ChartPlot::mouseMoveEvent(QMouseEvent* event)
{
    const double x = std::clamp(event->position().x(), m_frame.plot.left(), m_frame.plot.right());
    const qint64 at = m_frame.instant(x);
    if (m_drag == Drag::Select) {
        m_dragTo = at;
        viewport()->update();
    } else if (m_drag == Drag::Move) {
        m_dragTo = at;
    }
    const bool inside = m_frame.plot.adjusted(0, -8, 0, 0).contains(event->position());
    moveCrosshair(inside ? std::optional(nearestInstant(m_content, shown(), at)) : std::nullopt);
    viewport()->setCursor(!m_marks.at(event->position(), m_frame).empty() ? Qt::PointingHandCursor
                          : m_drag == Drag::Move                          ? Qt::ClosedHandCursor
                                                                          : Qt::ArrowCursor);
    event->accept();
}

void ChartPlot::mouseReleaseEvent(QMouseEvent* event)
{
    const Drag drag = std::exchange(m_drag, Drag::None);
    const double pixels = std::abs(m_frame.x(double(m_dragTo)) - m_frame.x(double(m_dragFrom)));
    viewport()->update();
    event->accept();
    if (pixels < dragStartsAt) {
        if (drag == Drag::Select)
            openMarks(m_marks.at(event->position(), m_frame), event->position());
        return;
    }
    if (drag == Drag::Select) {
        m_range.setRange(series::TimeRange::between(m_dragFrom, m_dragTo));
    } else if (drag == Drag::Move) {
        const qint64 by = m_dragFrom - m_dragTo;
        m_range.setRange(series::TimeRange::between(m_dragRange.fromMs(0) + by, m_dragRange.toMs(0) + by));
    }
}

void ChartPlot::mouseDoubleClickEvent(QMouseEvent* event)
{
    m_drag = Drag::None;
    m_range.zoom(2, m_frame.instant(event->position().x()));
    event->accept();
}

void ChartPlot::wheelEvent(QWheelEvent* event)
{
    if (!event->modifiers().testFlag(Qt::ControlModifier) || event->angleDelta().y() == 0) {
        event->ignore(); // the page scrolls
        return;
    }
    m_range.zoom(std::pow(zoomStep, -event->angleDelta().y() / 120.), m_frame.instant(event->position().x()));
    event->accept();
}

void ChartPlot::leaveEvent(QEvent* event)
{
    moveCrosshair(std::nullopt);
    QChartView::leaveEvent(event);
}

void ChartPlot::focusOutEvent(QFocusEvent* event)
{
    if (event->reason() != Qt::PopupFocusReason)
        moveCrosshair(std::nullopt);
    QChartView::focusOutEvent(event);
}

void ChartPlot::walkMarks(int direction)
{
    const qint64 outside = direction > 0 ? m_frame.fromMs - 1 : m_frame.toMs + 1;
    if (const auto next = m_marks.next(m_crosshair.value_or(outside), direction))
        moveCrosshair(next);
}

void ChartPlot::openMarks(const std::vector<const ChartMark*>& marks, const QPointF& at)
{
    if (marks.size() == 1)
        emit markActivated(*marks.front());
    else if (!marks.empty())
        offer(marks, at);
}

void ChartPlot::offer(const std::vector<const ChartMark*>& marks, const QPointF& at)
{
    auto* menu = new QMenu(this);
    menu->setObjectName(u"chartMarks"_s);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const ChartMark* each : marks) {
        QString text = markWords(*each, m_frame.toMs);
        menu->addAction(text.replace(u'&', u"&&"_s), this, [this, mark = *each] { emit markActivated(mark); });
    }
    menu->popup(viewport()->mapToGlobal(at.toPoint()));
    menu->setActiveAction(menu->actions().front());
}

void ChartPlot::keyPressEvent(QKeyEvent* event)
{
    const auto visible = shown();
    const bool shift = event->modifiers().testFlag(Qt::ShiftModifier);
    const qint64 middle = (m_frame.fromMs + m_frame.toMs) / 2;
    const qint64 here = m_crosshair.value_or(m_frame.toMs);
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right: {
        const int direction = event->key() == Qt::Key_Left ? -1 : 1;
        if (shift)
            m_range.pan(direction * 0.25);
        else
            moveCrosshair(m_crosshair ? nextInstant(m_content, visible, here, direction, m_frame.fromMs, m_frame.toMs)
                                      : nearestInstant(m_content, visible, m_frame.toMs));
        break;
    }
    case Qt::Key_Home:
        moveCrosshair(nextInstant(m_content, visible, m_frame.fromMs - 1, 1, m_frame.fromMs, m_frame.toMs));
        break;
    case Qt::Key_End:
        moveCrosshair(nextInstant(m_content, visible, m_frame.toMs + 1, -1, m_frame.fromMs, m_frame.toMs));
        break;
    case Qt::Key_Plus:
    case Qt::Key_Equal: m_range.zoom(1 / zoomStep, m_crosshair.value_or(middle)); break;
    case Qt::Key_Minus: m_range.zoom(zoomStep, m_crosshair.value_or(middle)); break;
    case Qt::Key_M: walkMarks(shift ? -1 : 1); break;
    case Qt::Key_Return:
    case Qt::Key_Enter: {
        const auto marks = m_marks.at(here, m_frame);
        if (!m_crosshair || marks.empty()) {
            event->ignore();
            return;
        }
        openMarks(marks, QPointF(m_frame.x(double(here)), m_frame.plot.top()));
        break;
    }
    case Qt::Key_Escape:
        if (!m_crosshair) {
            event->ignore();
            return;
        }
        moveCrosshair(std::nullopt);
        break;
    default: event->ignore(); return;
    }
    event->accept();
}

} // namespace wk::widgets
