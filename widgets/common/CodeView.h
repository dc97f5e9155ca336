// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QStringList>
#include <QtWidgets/QWidget>

class QPlainTextEdit;

namespace wk::widgets {

class CodeEdit;
class CodeHighlighter;
class FindBar;

/// Read-only text with line numbers, light colouring and a find bar (Ctrl+F, F3, Shift+F3, Esc).
class CodeView : public QWidget
{
    Q_OBJECT
public:
    enum class Language { Plain, Yaml, Json, Difference }; ///< of the last: "+", "-" and " " before each line
    Q_ENUM(Language)

    explicit CodeView(QWidget* parent = nullptr);

    void setText(const QString& text, Language language);
    [[nodiscard]] QString text() const;
    void setWordWrap(bool wrap);
    /// What is indented folds away by the margin's marks and by Enter; `folded` names what is folded at first, and
    /// again whenever this is called ("metadata.managedFields"). A match that is looked for unfolds what hides it.
    void setFolding(const QStringList& folded);
    void showFind();
    [[nodiscard]] QPlainTextEdit* editor() const;

private:
    void find(const QString& needle, bool backwards, bool fromSelectionStart);
    void markMatches(const QString& needle);
    void restyle();

    CodeEdit* m_edit;
    CodeHighlighter* m_highlighter;
    FindBar* m_find;
};

} // namespace wk::widgets
