// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/common/FoldRegions.h"

#include <QtCore/QSet>
#include <QtWidgets/QPlainTextEdit>

namespace wk::widgets {

/// A read-only text with line numbers in the margin. Where folding is on, what is indented below a line folds away: by
/// a click on the mark in the margin, by Enter on the line, all of it by Ctrl+Shift+[ and ].
class CodeEdit : public QPlainTextEdit
{
    Q_OBJECT
public:
    explicit CodeEdit(QWidget* parent = nullptr);

    void setFolding(bool on);
    /// Places (FoldRegion::path) that are folded from now on, instead of those that were; they stay so in other texts.
    void setFolded(const QSet<QString>& paths);
    [[nodiscard]] const QSet<QString>& folded() const { return m_folded; }
    /// Reads the regions of the text that it has now.
    void refold();
    void foldAll();
    /// Unfolds whatever hides a line.
    void reveal(const QTextBlock& block);

    /// For the margin alone.
    void paintLineNumbers(QWidget* margin, QPaintEvent* event);
    void toggleAt(int y);
    [[nodiscard]] int marginWidth() const;

protected:
    void resizeEvent(QResizeEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void placeMargin();
    void applyFolds();
    void toggle(const FoldRegion& region);
    void stayOnSight();
    [[nodiscard]] const FoldRegion* regionAt(int line) const;

    QWidget* m_margin;
    bool m_folding = false;
    QList<FoldRegion> m_regions;
    QSet<QString> m_folded;
    int m_line = 0; ///< where the caret was
};

} // namespace wk::widgets
