// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/actions/ClusterActions.h"
#include "changes/desk/Request.h"
#include "widgets/common/Theme.h"

#include <QtGui/QTextCursor>

namespace wk::widgets {

/// Writes paragraphs about changes in the theme's fonts and colours: steps, what is on record of them, differences.
class PlanText
{
public:
    static constexpr int stepIndent = 18;   ///< of what belongs to a step, below its words
    static constexpr int numberIndent = 14; ///< of its number before them

    /// Both outlive it.
    PlanText(QTextCursor& cursor, const Theme& theme) : m_cursor(cursor), m_theme(theme) {}

    void paragraph(const QString& text, Theme::Role role, Theme::Token token, int indent, int above, int hang = 0);
    void link(const QString& text);
    /// `loose`: why nothing binds it to the state of its object; empty where it is bound.
    void step(int number, const changes::Step& step, const QString& loose = {});
    void record(const changes::StepRecord& record);
    void preview(const Result<changes::Preview>& preview);
    /// "+", "-" and " " before each line.
    void difference(const QString& lines, int indent);

private:
    void mono(const QString& text, int indent);
    void start(const QTextBlockFormat& block);
    [[nodiscard]] QTextCharFormat format(Theme::Role role, const QColor& colour) const;

    QTextCursor& m_cursor;
    const Theme& m_theme;
    bool m_first = true;
    bool m_saidNoWay = false; ///< of the step that was written last
};

} // namespace wk::widgets
