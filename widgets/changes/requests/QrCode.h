// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtWidgets/QWidget>

namespace wk::widgets {

/// A QR code (ISO/IEC 18004, error correction M), black on white in either scheme, with the quiet zone that readers ask
/// for.
class QrCode : public QWidget
{
    Q_OBJECT
public:
    explicit QrCode(QWidget* parent = nullptr);

    /// An empty text, or one that is too long for a code, shows nothing.
    void setText(const QString& text);
    /// Modules on a side; 0: nothing is shown.
    [[nodiscard]] int modules() const { return m_side; }
    [[nodiscard]] bool isDark(int column, int row) const { return m_dark.at(size_t(row * m_side + column)); }

    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    int m_side = 0;
    std::vector<bool> m_dark;
};

} // namespace wk::widgets
