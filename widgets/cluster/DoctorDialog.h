// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/doctor/Doctor.h"

#include <QtWidgets/QDialog>

class QGridLayout;
class QLabel;
class QPushButton;
class QScrollArea;

namespace wk::widgets {

/// The connection's doctor at work: each step as it is done, with what was found and what to do about it.
///
/// objectNames inside: "doctorVerdict", "doctorSteps", "doctorCopy", "doctorAgain".
class DoctorDialog : public QDialog
{
    Q_OBJECT
public:
    using MakeDoctor = std::function<std::unique_ptr<cluster::Doctor>()>;

    /// `subject` is what is examined, as a person calls it. `make` may be null: then steps come from setSteps() alone.
    DoctorDialog(const QString& subject, MakeDoctor make, QWidget* parent = nullptr);
    ~DoctorDialog() override;

    /// Starts, or starts again.
    void examine();
    void setSteps(const QList<cluster::DoctorStep>& steps, bool finished);
    [[nodiscard]] const QList<cluster::DoctorStep>& steps() const { return m_steps; }
    [[nodiscard]] bool isFinished() const { return m_finished; }
    /// As text, for a ticket.
    [[nodiscard]] QString report() const;
    [[nodiscard]] QString verdict() const;

signals:
    void finishedExamining();

private:
    void rebuild();
    void addStep(qsizetype index);

    QString m_subject;
    MakeDoctor m_make;
    std::unique_ptr<cluster::Doctor> m_doctor;
    QList<cluster::DoctorStep> m_steps;
    bool m_finished = false;
    QLabel* m_verdict;
    QScrollArea* m_scroll;
    QWidget* m_body = nullptr;
    QGridLayout* m_grid = nullptr;
    QPushButton* m_again;
};

} // namespace wk::widgets
