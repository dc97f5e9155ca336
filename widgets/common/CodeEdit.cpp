// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/CodeEdit.h"

#include "widgets/common/Theme.h"

#include <QtGui/QKeyEvent>
#include <QtGui/QMouseEvent>
#include <QtGui/QPainter>
#include <QtGui/QTextBlock>
#include <QtWidgets/QPlainTextDocumentLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace wk::widgets {

namespace {

constexpr int foldWidth = 14; ///< of the marks, left of the numbers

class Margin final : public QWidget
{
public:
    explicit Margin(CodeEdit* edit) : QWidget(edit), m_edit(edit) {}
    [[nodiscard]] QSize sizeHint() const override { return {m_edit->marginWidth(), 0}; }

protected:
    void paintEvent(QPaintEvent* event) override { m_edit->paintLineNumbers(this, event); }
    void mousePressEvent(QMouseEvent* event) override { m_edit->toggleAt(int(event->position().y())); }

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
    connect(this, &QPlainTextEdit::cursorPositionChanged, this, &CodeEdit::stayOnSight);
    placeMargin();
}

void CodeEdit::setFolding(bool on)
{
    m_folding = on;
    m_margin->setToolTip(on ? tr("A click on the mark folds what is below (Enter on the line does the same)")
                            : QString());
    placeMargin();
    refold();
}

void CodeEdit::setFolded(const QSet<QString>& paths)
{
    m_folded = paths;
    applyFolds();
}

void CodeEdit::refold()
{
    m_regions = m_folding ? foldRegionsOf(toPlainText()) : QList<FoldRegion>();
    applyFolds();
}

void CodeEdit::foldAll()
{
    m_folded.clear();
    for (const FoldRegion& region : std::as_const(m_regions))
        m_folded.insert(region.path);
    applyFolds();
}

const FoldRegion* CodeEdit::regionAt(int line) const
{
    const auto found = std::ranges::lower_bound(m_regions, line, {}, &FoldRegion::first);
    return found != m_regions.end() && found->first == line ? &*found : nullptr;
}

void CodeEdit::applyFolds()
{
    int hiddenUntil = -1;
    bool changed = false;
    for (QTextBlock block = document()->begin(); block.isValid(); block = block.next()) {
        const int line = block.blockNumber();
        const bool visible = line > hiddenUntil;
        if (block.isVisible() != visible) {
            block.setVisible(visible);
            block.setLineCount(visible ? std::max(1, block.layout()->lineCount()) : 0);
            changed = true;
        }
        if (const FoldRegion* region = regionAt(line); visible && region && m_folded.contains(region->path))
            hiddenUntil = region->last;
    }
    if (!changed)
        return;
    auto* layout = qobject_cast<QPlainTextDocumentLayout*>(document()->documentLayout());
    layout->requestUpdate();
    emit layout->documentSizeChanged(layout->documentSize());
    stayOnSight();
    viewport()->update();
    m_margin->update();
}

void CodeEdit::toggle(const FoldRegion& region)
{
    if (!m_folded.remove(region.path))
        m_folded.insert(region.path);
    applyFolds();
}

void CodeEdit::toggleAt(int y)
{
    if (const FoldRegion* region = regionAt(cursorForPosition({0, y}).blockNumber()))
        toggle(*region);
}

void CodeEdit::reveal(const QTextBlock& block)
{
    const int line = block.blockNumber();
    bool any = false;
    for (const FoldRegion& region : std::as_const(m_regions)) {
        if (region.first < line && line <= region.last)
            any = m_folded.remove(region.path) || any;
    }
    if (any)
        applyFolds();
}

/// A caret that comes into what is folded goes on to the other side of it.
void CodeEdit::stayOnSight()
{
    QTextBlock block = textCursor().block();
    const bool down = block.blockNumber() > m_line;
    if (block.isVisible()) {
        m_line = block.blockNumber();
        return;
    }
    QTextBlock next = block;
    while (next.isValid() && !next.isVisible())
        next = down ? next.next() : next.previous();
    if (!next.isValid()) {
        for (next = block; next.isValid() && !next.isVisible();)
            next = next.previous();
    }
    if (!next.isValid())
        return;
    m_line = next.blockNumber();
    QTextCursor cursor = textCursor();
    cursor.setPosition(next.position(), cursor.hasSelection() ? QTextCursor::KeepAnchor : QTextCursor::MoveAnchor);
    setTextCursor(cursor);
}

void CodeEdit::keyPressEvent(QKeyEvent* event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (const FoldRegion* region = enter ? regionAt(textCursor().blockNumber()) : nullptr) {
        toggle(*region);
        return;
    }
    const bool both = event->modifiers() == (Qt::ControlModifier | Qt::ShiftModifier);
    // With Shift, keyboards send the character above the bracket.
    if (m_folding && both && (event->key() == Qt::Key_BracketLeft || event->key() == Qt::Key_BraceLeft)) {
        foldAll();
        return;
    }
    if (m_folding && both && (event->key() == Qt::Key_BracketRight || event->key() == Qt::Key_BraceRight)) {
        setFolded({});
        return;
    }
    QPlainTextEdit::keyPressEvent(event);
}

/// Behind a folded line: that there is more, and how much.
void CodeEdit::paintEvent(QPaintEvent* event)
{
    QPlainTextEdit::paintEvent(event);
    if (m_folded.isEmpty())
        return;
    QPainter painter(viewport());
    painter.setFont(font());
    painter.setPen(Theme::of(this).color(Theme::Token::Muted));
    for (QTextBlock block = firstVisibleBlock(); block.isValid(); block = block.next()) {
        const FoldRegion* region = block.isVisible() ? regionAt(block.blockNumber()) : nullptr;
        const QRectF line = blockBoundingGeometry(block).translated(contentOffset());
        if (line.top() > event->rect().bottom())
            break;
        if (!region || !m_folded.contains(region->path))
            continue;
        const int hidden = region->last - region->first;
        const int indent = fontMetrics().horizontalAdvance(block.text() + u"  "_s);
        painter.drawText(QRectF(line.left() + indent, line.top(), viewport()->width(), fontMetrics().height()),
                         Qt::AlignLeft | Qt::AlignVCenter, hidden == 1 ? tr("… 1 line") : tr("… %1 lines").arg(hidden));
    }
}

int CodeEdit::marginWidth() const
{
    int digits = 2;
    for (int lines = std::max(1, blockCount()); lines >= 100; lines /= 10)
        ++digits;
    return 20 + (m_folding ? foldWidth : 0) + fontMetrics().horizontalAdvance(u'9') * digits;
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
        const double height = block.isVisible() ? blockBoundingRect(block).height() : 0;
        if (block.isVisible() && top + height >= event->rect().top()) {
            painter.drawText(QRectF(0, top, margin->width() - 10, fontMetrics().height()), Qt::AlignRight,
                             QString::number(block.blockNumber() + 1));
            if (const FoldRegion* region = regionAt(block.blockNumber()))
                painter.drawText(QRectF(2, top, foldWidth, fontMetrics().height()), Qt::AlignCenter,
                                 m_folded.contains(region->path) ? u"▸"_s : u"▾"_s);
        }
        top += height;
        block = block.next();
    }
}

} // namespace wk::widgets
