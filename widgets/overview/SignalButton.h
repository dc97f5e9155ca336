// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/pulse/PulseJudge.h"

#include <QtWidgets/QAbstractButton>

namespace wk::widgets {

class Sparkline;

/// A golden signal that leads to its dashboard: what it is called, the figure large enough to be read from across the
/// room, whose it is or which limit it breaks, and the last hour as a line.
class SignalButton : public QAbstractButton
{
    Q_OBJECT
public:
    explicit SignalButton(QWidget* parent = nullptr);

    /// `origin`: the server, for the tooltip.
    void setFigure(const monitoring::PulseFigure& figure, const QString& origin);
    [[nodiscard]] const monitoring::PulseFigure& figure() const { return m_figure; }

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return {96, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    [[nodiscard]] bool isStale() const { return m_figure.error && !m_figure.text.isEmpty(); }
    [[nodiscard]] QString note() const;

    monitoring::PulseFigure m_figure;
    Sparkline* m_line;
};

} // namespace wk::widgets
