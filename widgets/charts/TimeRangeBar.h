// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "series/TimeRangeModel.h"

#include <QtWidgets/QWidget>

class QDateTimeEdit;
class QLabel;
class QMenu;
class QToolButton;

namespace wk::widgets {

/// The control of the one time range: back and forward, what is shown in words (a menu with the usual spans and two
/// fields for any other), narrower, wider, and "now", which follows the clock.
///
/// objectNames inside: "rangeBack", "rangeForward", "rangeChoose", "rangeNarrower", "rangeWider", "rangeNow",
/// "rangeFrom", "rangeTo", "rangeApply".
class TimeRangeBar : public QWidget
{
    Q_OBJECT
public:
    explicit TimeRangeBar(series::TimeRangeModel& range, QWidget* parent = nullptr);

    [[nodiscard]] QString words() const;

private:
    QToolButton* button(const QString& name, const QString& iconName, const QString& tip, void (TimeRangeBar::*act)());
    void fillMenu(QMenu& menu);
    void refresh();
    void goBack() { m_range.back(); }
    void goForward() { m_range.forward(); }
    void narrow();
    void widen();
    void toggleNow();
    void takeFields();

    series::TimeRangeModel& m_range;
    QToolButton *m_back, *m_forward, *m_choose, *m_now;
    QDateTimeEdit *m_from = nullptr, *m_to = nullptr;
};

} // namespace wk::widgets
