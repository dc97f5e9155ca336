// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/connection/ClusterConnection.h"
#include "widgets/common/Theme.h"

#include <QtWidgets/QFrame>

class QLabel;
class QPushButton;

namespace wk::widgets {
class FreshnessLabel;
}

namespace wk::app {

/// The foot of the window: where we are, who we are, how fresh that is. Always true, never hidden.
///
/// objectNames inside: "placeButton", "statusWaiting", "statusUnapproved", "statusUser", "statusFreshness",
/// "statusExpiry", "statusInsecure", "statusNotice".
class StatusLine : public QFrame
{
    Q_OBJECT
public:
    explicit StatusLine(std::shared_ptr<Clock> clock, QWidget* parent = nullptr);

    /// `state` null: no cluster is open.
    void setPlace(const QString& title, const QString& detail);
    void setState(const cluster::ConnectionState* state);
    /// How many change requests wait for the person; 0 hides it. `stale`: as of some time ago.
    void setWaiting(int count, bool stale, const QString& tip);
    /// How many unapproved changes nobody has accounted for; 0 hides it.
    void setUnapproved(int count, const QString& tip);
    /// Shown for a few seconds.
    void showNotice(const QString& text);

    /// "Live", "Stale since ...": a connection's state in a table's terms.
    [[nodiscard]] static table::Freshness freshnessOf(const cluster::ConnectionState& state);
    /// "expires in 3 h", "expired 5 m ago"; empty where the credential does not say.
    [[nodiscard]] static QString expiryText(qint64 expiresMs, qint64 nowMs);

signals:
    void placeClicked();
    void explainRequested();
    void waitingClicked();
    void unapprovedClicked();

private:
    void restyle();

    std::shared_ptr<Clock> m_clock;
    QPushButton* m_place;
    QLabel* m_userIcon;
    QLabel* m_user;
    widgets::FreshnessLabel* m_freshness;
    QLabel* m_version;
    QLabel* m_expiry;
    QPushButton* m_insecure;
    QPushButton* m_waiting;
    QPushButton* m_unapproved;
    QLabel* m_notice;
    std::shared_ptr<void> m_noticeTimer;
    widgets::Theme::Token m_expiryToken = widgets::Theme::Token::Muted;
};

} // namespace wk::app
