// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/overview/PulseWords.h"

class QGridLayout;
class QLabel;

namespace wk::widgets {

class RowSection;
class SignalButton;

/// The figures of a platform's tile: alerts that fire, golden signals, error budgets; each leads to its page.
///
/// objectNames inside: "tileSignal0" to "tileSignal3", "tileAlerts", "tileBudgets", "tileOrigin".
class PulseView : public QWidget
{
    Q_OBJECT
public:
    explicit PulseView(std::shared_ptr<monitoring::Pulse> pulse, QWidget* parent = nullptr);

    /// Works the words out again and shows what differs.
    void refresh();
    [[nodiscard]] const PulseText& text() const { return m_text; }

signals:
    void pageRequested(const QString& page);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void arrange();

    std::shared_ptr<monitoring::Pulse> m_pulse;
    PulseText m_text;
    QWidget* m_figures;
    QGridLayout* m_grid;
    QList<SignalButton*> m_signals;
    RowSection *m_alerts, *m_budgets;
    QLabel* m_origin;
    int m_columns = 0;
};

} // namespace wk::widgets
