// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/changes/execution/ExecutionView.h"

namespace wk::widgets {

/// A decision about an execution in words.
struct ExecutionActWords
{
    QString title;     ///< the button
    QString sentence;  ///< what will happen
    QString textLabel; ///< a line that is asked for
    int leastText = 0;
    bool atOnce = false; ///< needs no question
    bool wayOn = false;
    bool danger = false;
};

/// What a person may decide now, in the order of the buttons.
[[nodiscard]] QList<ExecutionView::Act> executionActs(const changes::Executor& executor);
/// `step`: the one the decision is about.
[[nodiscard]] ExecutionActWords executionActWords(ExecutionView::Act act, int step);
/// `text`: the answer to the line.
void carryOut(changes::Executor& executor, ExecutionView::Act act, const QString& text);

} // namespace wk::widgets
