// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/probes/HealthStrip.h"
#include "table/Row.h"

#include <QtWidgets/QAbstractButton>

#include <optional>

namespace wk::widgets {

/// One line that leads somewhere: a health icon, a text, quieter detail that is cut first, and a figure at the right.
class OverviewRow : public QAbstractButton
{
    Q_OBJECT
public:
    static constexpr int margin = 8; ///< left of the icon, right of the figure, and between parts

    struct Content
    {
        table::Health health = table::Health::None;
        QString text;
        QString detail;
        QString figure;
        /// The text bears the health's colour; else the figure does.
        bool strong = false;
        bool quietFigure = false; ///< a time or a count that is no state
        QString tooltip;
        std::optional<double> bar = {};                 ///< left of the figure: a share that is left, 0 to 1
        std::optional<double> barAtLeast = {};          ///< the part of it that is certain
        std::vector<monitoring::HealthCell> strip = {}; ///< left of the figure: how services answered lately
        bool operator==(const Content&) const = default;
    };

    explicit OverviewRow(QWidget* parent = nullptr);

    void setContent(const Content& content);
    [[nodiscard]] const Content& content() const { return m_content; }

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    void paintBar(QPainter& painter, QRect& box) const;
    void paintStrip(QPainter& painter, QRect& box) const;

    Content m_content;
};

} // namespace wk::widgets
