// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Clock.h"
#include "monitoring/alerts/AlertSource.h"
#include "widgets/monitoring/alerts/SilenceDoor.h"

#include <QtWidgets/QDialog>

class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QListWidget;
class QPlainTextEdit;
class QPushButton;

namespace wk::widgets {

/// A silence that is made, made longer or ended: what it matches, for how long, by whom and why, and which of the
/// alerts that fire now it covers, worked out again with every key and every answer of Alertmanager. Two ways out: at
/// once, where the rules let it, or as a request.
///
/// objectNames inside: "silenceMatchers", "silenceLength", "silenceAuthor", "silenceReason", "silenceProblem",
/// "silenceCovers", "silenceCovered", "silenceWhyNot", "silenceNow", "silencePropose".
class SilenceDialog final : public QDialog
{
    Q_OBJECT
public:
    /// All outlive it.
    SilenceDialog(const SilenceWish& wish, std::shared_ptr<monitoring::AlertSource> source, SilenceDoor& door,
                  std::shared_ptr<Clock> clock, QWidget* parent = nullptr);

    /// What would be done; an Error where the form is not complete or Alertmanager would refuse it.
    [[nodiscard]] Result<SilenceWish> wish() const;

signals:
    void notice(const QString& text);

private:
    void build();
    void buildForm(QFormLayout* form);
    void connectParts();
    void judge();
    void preview();
    void offer(const Result<SilenceWish>& wish);
    void doNow();
    [[nodiscard]] Result<std::vector<monitoring::LabelMatcher>> matchers() const;

    const SilenceWish m_wish;
    std::shared_ptr<monitoring::AlertSource> m_source;
    SilenceDoor& m_door;
    std::shared_ptr<Clock> m_clock;
    QPlainTextEdit* m_matchers;
    QComboBox* m_length;
    QLineEdit *m_author, *m_reason;
    QLabel *m_problem, *m_covers, *m_whyNot;
    QListWidget* m_covered;
    QPushButton *m_now, *m_propose;
};

} // namespace wk::widgets
