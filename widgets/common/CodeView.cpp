// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/CodeView.h"

#include "widgets/common/CodeEdit.h"
#include "widgets/common/CodeHighlighter.h"
#include "widgets/common/FindBar.h"
#include "widgets/common/Theme.h"

#include <QtGui/QShortcut>
#include <QtGui/QTextBlock>
#include <QtWidgets/QScrollBar>
#include <QtWidgets/QVBoxLayout>

using namespace Qt::StringLiterals;

namespace wk::widgets {

namespace {
/// More marks than this help nobody and cost time.
constexpr int maxMarks = 1000;
} // namespace

CodeView::CodeView(QWidget* parent)
    : QWidget(parent), m_edit(new CodeEdit(this)), m_highlighter(new CodeHighlighter(m_edit->document())),
      m_find(new FindBar(this))
{
    m_edit->setObjectName(u"codeEdit"_s);
    m_edit->setAccessibleName(tr("Text"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_find);
    layout->addWidget(m_edit, 1);
    setFocusProxy(m_edit);

    const auto shortcut = [this](const QKeySequence& keys, auto action) {
        auto* made = new QShortcut(keys, this);
        made->setContext(Qt::WidgetWithChildrenShortcut);
        connect(made, &QShortcut::activated, this, action);
    };
    shortcut(QKeySequence::Find, [this] { showFind(); });
    shortcut(Qt::Key_F3, [this] { find(m_find->needle(), false, false); });
    shortcut(Qt::SHIFT | Qt::Key_F3, [this] { find(m_find->needle(), true, false); });
    connect(m_find, &FindBar::needleChanged, this, [this](const QString& needle) { find(needle, false, true); });
    connect(m_find, &FindBar::next, this, [this] { find(m_find->needle(), false, false); });
    connect(m_find, &FindBar::previous, this, [this] { find(m_find->needle(), true, false); });
    connect(m_find, &FindBar::closed, this, [this] {
        m_find->hide();
        m_edit->setExtraSelections({});
        m_edit->setFocus(Qt::ShortcutFocusReason);
    });
    connect(&Theme::of(this), &Theme::changed, this, &CodeView::restyle);
    restyle();
}

void CodeView::setText(const QString& text, Language language)
{
    m_highlighter->setLanguage(language);
    if (text == m_edit->toPlainText())
        return;
    const int vertical = m_edit->verticalScrollBar()->value();
    const int horizontal = m_edit->horizontalScrollBar()->value();
    m_edit->setPlainText(text);
    m_edit->refold();
    m_edit->verticalScrollBar()->setValue(vertical);
    m_edit->horizontalScrollBar()->setValue(horizontal);
    if (m_find->isVisible())
        markMatches(m_find->needle());
}

QString CodeView::text() const { return m_edit->toPlainText(); }

void CodeView::setWordWrap(bool wrap)
{
    m_edit->setLineWrapMode(wrap ? QPlainTextEdit::WidgetWidth : QPlainTextEdit::NoWrap);
}

void CodeView::setFolding(const QStringList& folded)
{
    m_edit->setFolded(QSet<QString>(folded.begin(), folded.end()));
    m_edit->setFolding(true);
}

QPlainTextEdit* CodeView::editor() const { return m_edit; }

void CodeView::showFind() { m_find->open(m_edit->textCursor().selectedText()); }

void CodeView::find(const QString& needle, bool backwards, bool fromSelectionStart)
{
    if (needle.isEmpty()) {
        m_edit->setExtraSelections({});
        m_find->setResult(0, 0);
        return;
    }
    QTextCursor from = m_edit->textCursor();
    if (fromSelectionStart)
        from.setPosition(from.selectionStart());
    const QTextDocument::FindFlags flags = backwards ? QTextDocument::FindBackward : QTextDocument::FindFlags();
    QTextCursor found = m_edit->document()->find(needle, from, flags);
    if (found.isNull()) {
        QTextCursor edge(m_edit->document());
        edge.movePosition(backwards ? QTextCursor::End : QTextCursor::Start);
        found = m_edit->document()->find(needle, edge, flags);
    }
    if (!found.isNull()) {
        m_edit->reveal(found.block());
        m_edit->setTextCursor(found);
        m_edit->ensureCursorVisible();
    }
    markMatches(needle);
}

void CodeView::markMatches(const QString& needle)
{
    QList<QTextEdit::ExtraSelection> marks;
    const int selected = m_edit->textCursor().selectionStart();
    int current = 0;
    QTextCursor at(m_edit->document());
    while (!needle.isEmpty() && marks.size() < maxMarks) {
        at = m_edit->document()->find(needle, at);
        if (at.isNull())
            break;
        QTextEdit::ExtraSelection mark;
        mark.cursor = at;
        mark.format.setBackground(Theme::of(this).color(Theme::Token::Glow));
        marks.append(mark);
        if (at.selectionStart() == selected)
            current = int(marks.size());
    }
    m_edit->setExtraSelections(marks);
    m_find->setResult(current, int(marks.size()));
}

void CodeView::restyle()
{
    const Theme& theme = Theme::of(this);
    m_edit->setFont(theme.font(Theme::Role::Mono));
    m_edit->document()->setDefaultFont(theme.font(Theme::Role::Mono));
    m_edit->setTabStopDistance(m_edit->fontMetrics().horizontalAdvance(u' ') * 4);
    m_highlighter->setColors(theme);
}

} // namespace wk::widgets
