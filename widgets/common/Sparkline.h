// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/common/Theme.h"

#include <QtWidgets/QWidget>

namespace wk::widgets {

/// A line of recent values without axes, from an honest zero, with gaps where a value is missing (NaN). What it shows
/// is in its accessible name and tooltip.
class Sparkline : public QWidget
{
    Q_OBJECT
public:
    explicit Sparkline(QWidget* parent = nullptr);

    /// `what` names the values and their unit ("Requests a second").
    void setValues(const QList<double>& values, const QString& what);
    void setToken(Theme::Token token);

    [[nodiscard]] QSize sizeHint() const override { return {96, 24}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {32, 16}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QList<double> m_values;
    Theme::Token m_token = Theme::Token::Accent;
};

} // namespace wk::widgets
