// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/requests/QrCode.h"

#include <QtGui/QPainter>

#include <qrencode.h>

namespace wk::widgets {

namespace {

constexpr int quiet = 4; ///< modules around the code, as the standard asks for
constexpr int modulePixels = 5;

} // namespace

QrCode::QrCode(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("qrCode"));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void QrCode::setText(const QString& text)
{
    m_side = 0;
    m_dark.clear();
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
        text.isEmpty() ? nullptr : QRcode_encodeString(text.toUtf8().constData(), 0, QR_ECLEVEL_M, QR_MODE_8, 1),
        &QRcode_free);
    if (code) {
        m_side = code->width;
        for (int i = 0; i < m_side * m_side; ++i)
            m_dark.push_back(code->data[i] & 1);
    }
    updateGeometry();
    update();
}

QSize QrCode::sizeHint() const
{
    const int side = (m_side + 2 * quiet) * modulePixels;
    return {side, side};
}

void QrCode::paintEvent(QPaintEvent*)
{
    if (m_side == 0)
        return;
    QPainter painter(this);
    painter.fillRect(rect(), Qt::white);
    const int module = std::max(1, std::min(width(), height()) / (m_side + 2 * quiet));
    for (int row = 0; row < m_side; ++row)
        for (int column = 0; column < m_side; ++column)
            if (isDark(column, row))
                painter.fillRect((column + quiet) * module, (row + quiet) * module, module, module, Qt::black);
}

} // namespace wk::widgets
