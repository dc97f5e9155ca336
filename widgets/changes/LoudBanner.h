// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "table/Row.h"

#include <QtWidgets/QFrame>

class QLabel;
class QPushButton;

namespace wk::widgets {

/// One line that cannot be overlooked, with the one thing to do about it.
class LoudBanner : public QFrame
{
    Q_OBJECT
public:
    explicit LoudBanner(QWidget* parent = nullptr);

    /// Bad is filled with its colour, anything else carries its icon only. An empty text hides it.
    void setText(table::Health health, const QString& text, const QString& action);
    [[nodiscard]] QString text() const;

signals:
    void actionTriggered();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void restyle();

    table::Health m_health = table::Health::Bad;
    QLabel *m_icon, *m_text;
    QPushButton* m_action;
};

} // namespace wk::widgets
