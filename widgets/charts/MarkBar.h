// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "series/MarkBoard.h"
#include "series/TimeRangeModel.h"

#include <QtWidgets/QWidget>

class QToolButton;

namespace wk::widgets {

/// The kinds of marks that charts can show, each with how many there are in the range, and switched on and off by a
/// click or the space bar; the arrows walk. A kind that could not be asked says so, and why in its tooltip.
///
/// objectNames inside: "markKind-rollout", "markKind-change", "markKind-alert", "markKind-incident".
class MarkBar : public QWidget
{
    Q_OBJECT
public:
    /// The range outlives it.
    explicit MarkBar(series::TimeRangeModel& range, QWidget* parent = nullptr);
    ~MarkBar() override;

    /// nullptr: there is nobody who knows of any, and the bar is empty.
    void setBoard(std::shared_ptr<series::MarkBoard> board);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void refresh();
    void restyle(QToolButton& button, const series::MarkSource& source);
    [[nodiscard]] QIcon signOf(series::Mark::Kind kind, bool on) const;

    series::TimeRangeModel& m_range;
    std::shared_ptr<series::MarkBoard> m_board;
    QList<QToolButton*> m_buttons; ///< one for each source
};

} // namespace wk::widgets
