// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "table/Row.h"

#include <QtWidgets/QWidget>

namespace wk::widgets {

/// How much of a budget is left, as a bar with the figure beside it. The part that is left only if all that is not
/// known was good is hatched.
class BudgetBar : public QWidget
{
    Q_OBJECT
public:
    explicit BudgetBar(QWidget* parent = nullptr);

    /// Shares of the whole budget, below 0 where it is overspent; `atWorst` is not above `left`.
    void setBudget(double left, double atWorst, table::Health health, const QString& words);

    [[nodiscard]] QSize sizeHint() const override { return {240, 28}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {120, 28}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    double m_left = 0, m_atWorst = 0;
    table::Health m_health = table::Health::Unknown;
};

} // namespace wk::widgets
