// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/desk/ChangeDesk.h"
#include "core/Clock.h"

#include <QtWidgets/QWidget>

class QComboBox;
class QLabel;
class QListWidget;
class QPushButton;

namespace wk::widgets {

class FreshnessLabel;

/// What a platform's approvals take: every version, who set it, when and why, and what differs from the one before.
/// Whoever may, changes it.
///
/// objectNames inside: "policyPlatform", "policyVersions", "policyWords", "policyChange", "policyWhyNot".
class PolicyView : public QWidget
{
    Q_OBJECT
public:
    /// `desk` outlives it.
    PolicyView(changes::ChangeDesk& desk, std::shared_ptr<Clock> clock, QWidget* parent = nullptr);

    /// Opens the dialog for the chosen platform; nullptr where the person may not.
    class PolicyDialog* change();

signals:
    void notice(const QString& text);

private:
    void build();
    void follow();
    void listVersions();
    void showVersion();

    changes::ChangeDesk& m_desk;
    std::shared_ptr<Clock> m_clock;
    QComboBox* m_platform;
    QListWidget* m_versions;
    QLabel *m_words, *m_whyNot;
    QPushButton* m_change;
    FreshnessLabel* m_freshness;
};

/// A policy in words, a line each.
[[nodiscard]] QStringList policyWords(const QJsonObject& body);
/// Why this person may not change windows and policies; empty: they may.
[[nodiscard]] QString whyNotRules(const changes::ChangeDesk& desk);

} // namespace wk::widgets
