// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/charts/ChartContent.h"

#include <QtCore/QSet>
#include <QtWidgets/QWidget>

class QToolButton;

namespace wk::widgets {

class FlowLayout;

/// The names of a chart's series with their newest values. Space or a click switches one off, Shift with it shows that
/// one alone (and all again); the arrows walk, pointing lifts a line out.
class ChartLegend : public QWidget
{
    Q_OBJECT
public:
    explicit ChartLegend(QWidget* parent = nullptr);

    void setContent(const ChartContent& content);
    [[nodiscard]] const QSet<QString>& hiddenIds() const { return m_hidden; }
    void setHiddenIds(const QSet<QString>& ids);

    [[nodiscard]] bool hasHeightForWidth() const override { return true; }

signals:
    void hiddenChanged();
    void highlighted(const QString& id);
    /// The keyboard has come to this entry.
    void entered(QWidget* entry);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void toggle(const QString& id, bool alone);
    void restyle();
    [[nodiscard]] QIcon iconOf(int index, bool shown, bool dashed) const;

    FlowLayout* m_layout;
    std::vector<ChartSeries> m_series;
    series::Unit m_unit = series::Unit::Number;
    QList<QToolButton*> m_buttons;
    QSet<QString> m_hidden;
};

} // namespace wk::widgets
