// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "table/Row.h"

#include <QtWidgets/QAbstractButton>

namespace wk::widgets {

/// "2 critical": so many of a kind, the number large enough to be read from across the room; leads to them.
class CountButton : public QAbstractButton
{
    Q_OBJECT
public:
    struct Content
    {
        table::Health health = table::Health::None;
        QString number; ///< empty: the word stands alone
        QString word;
        QString tooltip;
        bool operator==(const Content&) const = default;
    };

    explicit CountButton(QWidget* parent = nullptr);

    void setContent(const Content& content);
    [[nodiscard]] const Content& content() const { return m_content; }

    [[nodiscard]] QSize sizeHint() const override;
    /// Without the word, which is cut first.
    [[nodiscard]] QSize minimumSizeHint() const override { return {widthWith({}), sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    [[nodiscard]] QFont wordFont() const;
    [[nodiscard]] int iconSide() const;
    [[nodiscard]] int widthWith(const QString& word) const;

    Content m_content;
};

} // namespace wk::widgets
