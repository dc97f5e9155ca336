// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGui/QPainter>
#include <QtWidgets/QWidget>

#include <functional>

namespace wk::widgets {

/// The line above a log that names its columns. Painted by the log's view, which knows where they are.
class LogHeader : public QWidget
{
    Q_OBJECT
public:
    using Paint = std::function<void(QPainter&)>;

    LogHeader(Paint paint, QWidget* parent) : QWidget(parent), m_paint(std::move(paint))
    {
        setObjectName(QStringLiteral("logHeader"));
        setFocusPolicy(Qt::NoFocus);
        hide();
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        m_paint(painter);
    }

private:
    Paint m_paint;
};

} // namespace wk::widgets
