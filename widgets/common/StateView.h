// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Error.h"

#include <QtWidgets/QWidget>

class QLabel;
class QProgressBar;
class QPushButton;

namespace wk::widgets {

/// What stands in a panel's place while it has nothing to show: why, and the one action that helps.
class StateView : public QWidget
{
    Q_OBJECT
public:
    enum class State { Loading, Empty, FilteredEmpty, Failed, Unavailable };
    Q_ENUM(State)

    explicit StateView(QWidget* parent = nullptr);

    /// `step` says what is being done ("Listing pods in 4 namespaces").
    void showLoading(const QString& step);
    /// `hint` says what would fill it; an empty `action` shows no button.
    void showEmpty(const QString& title, const QString& hint, const QString& action = {});
    void showFilteredEmpty(const QString& title, const QString& hint, const QString& action);
    /// An empty `help` shows no second button.
    void showFailed(const QString& title, const Error& error, const QString& action, const QString& help = {});
    void showUnavailable(const QString& title, const Error& error, const QString& help = {});

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] QString title() const;
    [[nodiscard]] QString text() const;

signals:
    void actionTriggered();
    void helpTriggered();

private:
    void set(State state, const QString& iconName, const QString& title, const QString& text, const QString& action,
             const QString& help = {});
    void setDetail(const QString& detail);
    void restyle();

    State m_state = State::Loading;
    QString m_iconName;
    QLabel* m_icon;
    QLabel* m_title;
    QLabel* m_text;
    QLabel* m_detail;
    QProgressBar* m_progress;
    QPushButton* m_action;
    QPushButton* m_help;
    QPushButton* m_detailButton;
};

} // namespace wk::widgets
