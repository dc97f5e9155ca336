// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/monitoring/health/ProbeStrip.h"

#include "table/TableModel.h"
#include "widgets/common/FrozenTableView.h"
#include "widgets/common/Theme.h"

#include <QtCore/QDateTime>
#include <QtGui/QHelpEvent>
#include <QtGui/QPainter>
#include <QtWidgets/QToolTip>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using Mark = monitoring::ProbeBook::Mark;
using Verdict = monitoring::ProbeResult::Verdict;

namespace {

constexpr int barWidth = 3, barStep = 4; ///< pixels
constexpr int tall = 40;                 ///< from there on a bar's height is its latency
constexpr int marksInCell = 40;

Theme::Token tokenOf(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Up: return Theme::Token::Good;
    case Verdict::Slow: return Theme::Token::Warning;
    case Verdict::Down: return Theme::Token::Bad;
    case Verdict::Unasked: break;
    }
    return Theme::Token::Unknown;
}

QString wordOf(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Up: return ProbeStrip::tr("up");
    case Verdict::Slow: return ProbeStrip::tr("slow or due");
    case Verdict::Down: return ProbeStrip::tr("no good answer");
    case Verdict::Unasked: break;
    }
    return ProbeStrip::tr("could not be asked");
}

int heightOf(const Mark& mark, int full, qint64 slowest)
{
    switch (mark.verdict) {
    case Verdict::Down: return full;
    case Verdict::Unasked: return 2;
    case Verdict::Up:
    case Verdict::Slow: break;
    }
    if (full >= tall)
        return qMax(3, int(double(full) * double(mark.latencyMs) / double(slowest)));
    return full * (mark.verdict == Verdict::Up ? 4 : 7) / 10;
}

/// The newest is the rightmost; so many fit.
std::size_t shownIn(const QRect& rect, const ProbeMarks& marks)
{
    return std::min(marks.size(), std::size_t(qMax(0, rect.width() / barStep)));
}

} // namespace

void paintProbeMarks(QPainter& painter, const QRect& rect, const ProbeMarks& marks, const Theme& theme)
{
    const std::size_t shown = shownIn(rect, marks), first = marks.size() - shown;
    qint64 slowest = 1;
    for (std::size_t i = first; i < marks.size(); ++i)
        slowest = qMax(slowest, marks[i].verdict == Verdict::Unasked ? 0 : marks[i].latencyMs);
    int left = rect.right() + 1 - int(shown) * barStep;
    for (std::size_t i = first; i < marks.size(); ++i, left += barStep) {
        const int height = heightOf(marks[i], rect.height(), slowest);
        painter.fillRect(QRect(left, rect.bottom() + 1 - height, barWidth, height),
                         theme.color(tokenOf(marks[i].verdict)));
    }
}

QString probeMarkText(const Mark& mark)
{
    const QString at = QLocale().toString(QDateTime::fromMSecsSinceEpoch(mark.atMs), QLocale::ShortFormat);
    return mark.verdict == Verdict::Unasked
               ? ProbeStrip::tr("%1, at %2").arg(wordOf(mark.verdict), at)
               : ProbeStrip::tr("%1, %2 ms, at %3").arg(wordOf(mark.verdict)).arg(mark.latencyMs).arg(at);
}

ProbeStrip::ProbeStrip(QWidget* parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("History"));
    connect(&Theme::of(this), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void ProbeStrip::setMarks(const ProbeMarks& marks)
{
    if (marks == m_marks)
        return;
    m_marks = marks;
    const auto bad = std::ranges::count(m_marks, Verdict::Down, &Mark::verdict);
    setAccessibleDescription(m_marks.empty() ? tr("No answer yet")
                                             : tr("%1 of the last %2 without a good answer; the last: %3")
                                                   .arg(bad)
                                                   .arg(m_marks.size())
                                                   .arg(probeMarkText(m_marks.back())));
    update();
}

void ProbeStrip::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Theme& theme = Theme::of(this);
    const QRect area = rect().adjusted(16, 4, -16, -5);
    painter.setPen(theme.color(Theme::Token::Border));
    painter.drawLine(area.left(), area.bottom() + 1, area.right(), area.bottom() + 1);
    paintProbeMarks(painter, area, m_marks, theme);
}

bool ProbeStrip::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const QRect area = rect().adjusted(16, 4, -16, -5);
    const auto back = std::size_t(qMax(0, area.right() - help->x()) / barStep);
    if (back < shownIn(area, m_marks))
        QToolTip::showText(help->globalPos(), probeMarkText(m_marks[m_marks.size() - 1 - back]), this);
    else
        QToolTip::hideText();
    return true;
}

ProbeStripDelegate::ProbeStripDelegate(FrozenTableView* view, MarksOf marksOf)
    : CellDelegate(view), m_table(view), m_marksOf(std::move(marksOf))
{
}

void ProbeStripDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const ProbeMarks* marks = m_marksOf(index.data(table::TableModel::RowIdRole).toString());
    if (!marks || marks->empty()) {
        CellDelegate::paint(painter, option, index);
        return;
    }
    painter->save();
    paintRest(painter, option.rect, index.row(), option.state & QStyle::State_Selected);
    const Theme& theme = Theme::of(m_table);
    const int margin = qMax(4, option.rect.height() / 5);
    // From the left on while it is filling: the eye finds the state and the newest bar together.
    QRect area = option.rect.adjusted(8, margin, -8, -margin);
    area.setWidth(qMin(area.width(), int(qMin(marks->size(), std::size_t(marksInCell))) * barStep));
    paintProbeMarks(*painter, area, *marks, theme);
    if (m_table->hasFocus() && m_table->currentIndex() == index) {
        painter->setPen(theme.color(Theme::Token::Accent));
        painter->drawRect(option.rect.adjusted(0, 0, -1, -2));
    }
    painter->restore();
}

QSize ProbeStripDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    return {marksInCell * barStep + 16, CellDelegate::sizeHint(option, index).height()};
}

} // namespace wk::widgets
