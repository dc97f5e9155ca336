// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/probes/ProbeBook.h"
#include "widgets/common/CellDelegate.h"

#include <QtWidgets/QWidget>

namespace wk::widgets {

class Theme;

using ProbeMarks = std::deque<monitoring::ProbeBook::Mark>;

/// The last answers of a probe as bars, the newest at the right. A bar is tall where it was slow and fills the height
/// where there was no good answer, so that colour is not needed to tell them apart. Taller than 40 pixels, bars are as
/// tall as their answers took.
void paintProbeMarks(QPainter& painter, const QRect& rect, const ProbeMarks& marks, const Theme& theme);

/// "up, 12 ms, at 14:03:22": one of the answers.
[[nodiscard]] QString probeMarkText(const monitoring::ProbeBook::Mark& mark);

/// The same as a widget, with a tooltip for each answer.
class ProbeStrip : public QWidget
{
    Q_OBJECT
public:
    explicit ProbeStrip(QWidget* parent = nullptr);

    void setMarks(const ProbeMarks& marks);
    [[nodiscard]] QSize sizeHint() const override { return {240, 64}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    ProbeMarks m_marks;
};

/// Draws the history of the probe in a row where its text stands otherwise.
class ProbeStripDelegate : public CellDelegate
{
    Q_OBJECT
public:
    using MarksOf = std::function<const ProbeMarks*(const QString& rowId)>;

    ProbeStripDelegate(FrozenTableView* view, MarksOf marksOf);

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    FrozenTableView* m_table;
    MarksOf m_marksOf;
};

} // namespace wk::widgets
