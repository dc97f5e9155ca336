// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/CodeEdit.h"

#include "widgets/common/Theme.h"

#include <QtGui/QPainter>
#include <QtGui/QTextBlock>

using namespace Qt::StringLiterals;

namespace wk::widgets {

namespace {

class Margin final : public QWidget
{
public:
    explicit Margin(CodeEdit* edit) : QWidget(edit), m_edit(edit) {}
    [[nodiscard]] QSize sizeHint() const override { return {m_edit->marginWidth(), 0}; }

protected:
    void paintEvent(QPaintEvent* event) override { m_edit->paintLineNumbers(this, event); }

private:
    CodeEdit* m_edit;
};

} // namespace

CodeEdit::CodeEdit(QWidget* parent) : QPlainTextEdit(parent), m_margin(new Margin(this))
{
    setReadOnly(true);
    setLineWrapMode(NoWrap);
    setFrameShape(QFrame::NoFrame);
    // A caret, so that the text can be read and selected from the keyboard.
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    connect(this, &QPlainTextEdit::blockCountChanged, this, &CodeEdit::placeMargin);
    connect(this, &QPlainTextEdit::updateRequest, this, [this](const QRect& rect, int dy) {
        if (dy != 0)
            m_margin->scroll(0, dy);
        else
            m_margin->update(0, rect.y(), m_margin->width(), rect.height());
    });
    placeMargin();
}

int CodeEdit::marginWidth() const
{
    int digits = 2;
    for (int lines = std::max(1, blockCount()); lines >= 100; lines /= 10)
        ++digits;
    return 20 + fontMetrics().horizontalAdvance(u'9') * digits;
}

void CodeEdit::placeMargin()
{
    setViewportMargins(marginWidth(), 0, 0, 0);
    const QRect area = contentsRect();
    m_margin->setGeometry(area.left(), area.top(), marginWidth(), area.height());
}

void CodeEdit::resizeEvent(QResizeEvent* event)
{
    QPlainTextEdit::resizeEvent(event);
    placeMargin();
}

void CodeEdit::paintLineNumbers(QWidget* margin, QPaintEvent* event)
{
    const Theme& theme = Theme::of(this);
    QPainter painter(margin);
    painter.fillRect(event->rect(), theme.color(Theme::Token::Window));
    painter.setFont(font());
    painter.setPen(theme.color(Theme::Token::Muted));
    QTextBlock block = firstVisibleBlock();
    double top = blockBoundingGeometry(block).translated(contentOffset()).top();
    while (block.isValid() && top <= event->rect().bottom()) {
        const double height = blockBoundingRect(block).height();
        if (block.isVisible() && top + height >= event->rect().top())
            painter.drawText(QRectF(0, top, margin->width() - 10, fontMetrics().height()), Qt::AlignRight,
                             QString::number(block.blockNumber() + 1));
        top += height;
        block = block.next();
    }
}

} // namespace wk::widgets
