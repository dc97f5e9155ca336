// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/common/CodeView.h"

#include <QtGui/QSyntaxHighlighter>
#include <QtGui/QTextCharFormat>

namespace wk::widgets {

class Theme;

/// Keys, strings, numbers and comments, told apart quietly. Works line by line; block scalars of YAML are plain text.
class CodeHighlighter : public QSyntaxHighlighter
{
    Q_OBJECT
public:
    explicit CodeHighlighter(QTextDocument* document);

    void setLanguage(CodeView::Language language);
    void setColors(const Theme& theme);

protected:
    void highlightBlock(const QString& line) override;

private:
    void highlightYaml(const QString& line);
    void highlightJson(const QString& line);
    void highlightValue(const QString& line, qsizetype from);

    CodeView::Language m_language = CodeView::Language::Plain;
    QTextCharFormat m_key, m_text, m_literal, m_comment, m_added, m_removed;
};

} // namespace wk::widgets
