// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/execution/Executor.h"

#include <QtCore/QPointer>
#include <QtWidgets/QWidget>

class QMessageBox;

namespace wk::app {

/// Stands between a person who closes the window and a plan that is half carried out: says what is under way, and lets
/// the step that runs come to its end first. Asks without blocking.
///
/// objectNames of the question: "closeQuestion", "closeKeep", "closeAfterStep", "closeNow".
class CloseGuard : public QObject
{
    Q_OBJECT
public:
    using UnderWay = std::function<QList<changes::Executor*>()>;

    /// `underWay`: the executions of this program that have not ended. `window` is closed when the time has come.
    CloseGuard(UnderWay underWay, QWidget& window);

    /// False where something is under way: the person is being asked now, and the window closes by itself if that is
    /// the answer.
    [[nodiscard]] bool mayClose();

private:
    void ask(const QList<changes::Executor*>& running);
    void closeAfterStep();
    void closeWhenStill();

    UnderWay m_underWay;
    QWidget& m_window;
    QPointer<QMessageBox> m_question;
    bool m_decided = false; ///< to close whatever is under way
    bool m_waiting = false; ///< for the steps to end
};

/// "Change 7: 2 of 10 steps are done. Step 3 …", a line for each.
[[nodiscard]] QString underWayWords(const QList<changes::Executor*>& running);

} // namespace wk::app
