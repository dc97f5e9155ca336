// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtWidgets/QPlainTextEdit>

namespace wk::widgets {

/// A read-only text with line numbers in the margin.
class CodeEdit : public QPlainTextEdit
{
    Q_OBJECT
public:
    explicit CodeEdit(QWidget* parent = nullptr);

    /// For the margin alone.
    void paintLineNumbers(QWidget* margin, QPaintEvent* event);
    [[nodiscard]] int marginWidth() const;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void placeMargin();

    QWidget* m_margin;
};

} // namespace wk::widgets
