// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "table/Row.h"

#include <QtWidgets/QWidget>

namespace wk::widgets {

/// Icon and word for a health, in its colour. The text may say more than the health's own word ("3 of 5 ready").
class HealthBadge : public QWidget
{
    Q_OBJECT
public:
    explicit HealthBadge(QWidget* parent = nullptr);

    /// An empty text shows the health's own word.
    void setHealth(table::Health health, const QString& text = {});
    [[nodiscard]] table::Health health() const { return m_health; }
    [[nodiscard]] QString text() const;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    table::Health m_health = table::Health::None;
    QString m_text;
};

} // namespace wk::widgets
