// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtWidgets/QDialog>

class QLineEdit;
class QPushButton;

namespace wk::widgets {

/// Asks once more before something is done at once: what, where, and with how many objects. What takes something away
/// begins with the focus on the way back; what is not in a cluster for development asks for the cluster's name.
///
/// objectNames inside: "confirmWhat", "confirmWhere", "confirmObjects", "confirmTyped", "confirmDo", "confirmCancel".
class ConfirmDialog : public QDialog
{
    Q_OBJECT
public:
    struct Question
    {
        QString title;   ///< "Restart now?"
        QString what;    ///< one line for each step
        QString where;   ///< "Cluster dev (development) of StreamGate"
        QString objects; ///< "3 objects: api, web, worker"
        QString typed;   ///< has to be typed exactly; empty: nothing
        QString confirm; ///< the button: "Restart 3 deployments"
        bool danger = false;
    };

    explicit ConfirmDialog(const Question& question, QWidget* parent = nullptr);

private:
    QLineEdit* m_typed = nullptr;
    QPushButton* m_do;
};

} // namespace wk::widgets
