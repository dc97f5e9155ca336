// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/changes/requests/RequestOffers.h"

#include <QtWidgets/QFrame>

class QCheckBox;
class QComboBox;
class QDateTimeEdit;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;

namespace wk::widgets {

/// What a person answered to an ActQuestion.
struct ActAnswer
{
    QString text, code, incident, typed;
    bool accepted = true;
    QDateTime from, until; ///< UTC
};

/// Asks, below what it is about and without covering it, for what an act needs. Enter confirms, Esc leaves. While the
/// answer is on its way nothing can be typed; a refusal is shown and can be mended.
///
/// objectNames inside: "decisionSentence", "decisionText", "decisionCode", "decisionIncident", "decisionTyped",
/// "decisionFrom", "decisionUntil", "decisionVerdict", "decisionError", "decisionConfirm", "decisionCancel".
class DecisionBar : public QFrame
{
    Q_OBJECT
public:
    explicit DecisionBar(QWidget* parent = nullptr);

    /// `from`, `until` in UTC: what the times begin with.
    void ask(const ActQuestion& question, const QDateTime& from, const QDateTime& until);
    void setBusy(bool busy);
    void showError(const QString& sentence);
    [[nodiscard]] QString error() const;

signals:
    void confirmed(const wk::widgets::ActAnswer& answer);
    void cancelled();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    QLineEdit* addLine(const QString& name, const QString& label);
    QDateTimeEdit* addTime(const QString& name, const QString& label);
    void showRow(QWidget* field, bool shown);
    void judge();
    void confirm();
    [[nodiscard]] bool isComplete() const;

    ActQuestion m_question;
    bool m_busy = false;
    QLabel* m_sentence;
    QFormLayout* m_form;
    QComboBox* m_verdict;
    QLineEdit *m_text, *m_incident, *m_typed, *m_code;
    QDateTimeEdit *m_from, *m_until;
    QLabel* m_error;
    QPushButton *m_confirm, *m_cancel;
};

} // namespace wk::widgets
