// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/desk/Request.h"
#include "changes/plan/Plan.h"

#include <QtWidgets/QDialog>

class QLabel;
class QPushButton;

namespace wk::widgets {

class ChangeMeans;
class PlanView;

/// A plan that is ready, with the difference it makes now, and the two ways to it: at once where the Gate lets it, else
/// as a request.
///
/// objectNames inside: "planView", "restoreReason", "restoreNow", "restorePropose", "restoreBack".
class RestoreDialog : public QDialog
{
    Q_OBJECT
public:
    /// `means` outlives it.
    RestoreDialog(ChangeMeans& means, const QString& title, changes::Plan plan, changes::RequestFields fields,
                  QWidget* parent = nullptr);

signals:
    void proposed(const wk::changes::Plan& plan, const wk::changes::RequestFields& fields);
    /// Carrying it out has begun.
    void begun(const QString& words);

private:
    void askNext();
    void refresh();
    void doNow();

    ChangeMeans& m_means;
    changes::Plan m_plan;
    changes::RequestFields m_fields;
    QString m_forbidden; ///< by the cluster's own rules
    int m_asked = 0;     ///< steps about which the cluster has answered
    PlanView* m_view;
    QLabel* m_reason;
    QPushButton *m_now, *m_propose;
};

} // namespace wk::widgets
