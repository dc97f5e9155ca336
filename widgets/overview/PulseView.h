// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/overview/PulseWords.h"

class QBoxLayout;
class QGridLayout;
class QLabel;

namespace wk::widgets {

class RowSection;
class SignalButton;

/// The figures of a platform's tile: alerts that fire, golden signals, error budgets; each leads to its page.
///
/// objectNames inside: "tileSignal0" to "tileSignal3", "tileCount0", …, "tileAlerts", "tileBudgets", "tileOrigin".
class PulseView : public QWidget
{
    Q_OBJECT
public:
    explicit PulseView(std::shared_ptr<monitoring::Pulse> pulse, QWidget* parent = nullptr);

    /// Works the words out again and shows what differs.
    void refresh();
    void setRoom(TileRoom room);
    [[nodiscard]] const PulseText& text() const { return m_text; }

signals:
    void pageRequested(const QString& page, const QString& filter);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void arrange();
    void build();
    void showCounts();
    void showRows();
    void follow(const PulseLink& link);

    std::shared_ptr<monitoring::Pulse> m_pulse;
    PulseText m_text;
    TileRoom m_room = TileRoom::Full;
    QBoxLayout* m_top; ///< counts and alerts: beside or below one another
    QWidget *m_counts, *m_figures;
    QList<CountButton*> m_countButtons;
    QGridLayout* m_grid;
    QList<SignalButton*> m_signals;
    RowSection *m_alerts, *m_budgets;
    QLabel* m_origin;
    int m_columns = 0;
};

} // namespace wk::widgets
