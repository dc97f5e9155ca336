// SPDX-License-Identifier: GPL-3.0-or-later
#include "watchkeeper/shell/StatusLine.h"

#include "table/CellText.h"
#include "widgets/common/FreshnessLabel.h"
#include "widgets/common/Icons.h"
#include "widgets/common/Theme.h"

#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QPushButton>

namespace wk::app {

using namespace Qt::StringLiterals;
using cluster::ConnectionState;
using table::Freshness;
using widgets::Theme;

namespace {

constexpr qint64 noticeMs = 6000;
/// From here on a credential's end is worth a colour.
constexpr qint64 expirySoonMs = 60 * 60 * 1000;

} // namespace

StatusLine::StatusLine(std::shared_ptr<Clock> clock, QWidget* parent) : QFrame(parent), m_clock(std::move(clock))
{
    setObjectName(u"statusLine"_s);
    const Theme& theme = Theme::of(this);
    m_place = new QPushButton(this);
    m_place->setObjectName(u"placeButton"_s);
    m_place->setFlat(true);
    m_place->setIcon(widgets::icon(u"platform"));
    m_place->setToolTip(tr("Change platform or cluster (Ctrl+O)"));
    m_place->setAccessibleName(tr("Platform and cluster"));
    connect(m_place, &QPushButton::clicked, this, &StatusLine::placeClicked);
    m_userIcon = new QLabel(this);
    m_user = new QLabel(this);
    m_user->setObjectName(u"statusUser"_s);
    m_user->setToolTip(tr("Who the kubeconfig says we are"));
    m_freshness = new widgets::FreshnessLabel(this);
    m_freshness->setObjectName(u"statusFreshness"_s);
    m_version = new QLabel(this);
    m_version->setToolTip(tr("The server's version"));
    m_expiry = new QLabel(this);
    m_expiry->setObjectName(u"statusExpiry"_s);
    m_insecure = new QPushButton(tr("Certificate not verified"), this);
    m_insecure->setObjectName(u"statusInsecure"_s);
    m_insecure->setFlat(true);
    m_insecure->setIcon(widgets::icon(u"warning", Theme::Token::Bad));
    m_insecure->setToolTip(tr("The kubeconfig says insecure-skip-tls-verify: anybody in between could read and change "
                              "everything. Click to see the connection step by step."));
    connect(m_insecure, &QPushButton::clicked, this, &StatusLine::explainRequested);
    const auto call = [this](const QString& name, const QString& icon, void (StatusLine::*clicked)()) {
        auto* button = new QPushButton(this);
        button->setObjectName(name);
        button->setFlat(true);
        button->setIcon(widgets::icon(icon, Theme::Token::Warning));
        button->hide();
        connect(button, &QPushButton::clicked, this, clicked);
        return button;
    };
    m_waiting = call(u"statusWaiting"_s, u"changes"_s, &StatusLine::waitingClicked);
    m_unapproved = call(u"statusUnapproved"_s, u"warning"_s, &StatusLine::unapprovedClicked);
    m_notice = new QLabel(this);
    m_notice->setObjectName(u"statusNotice"_s);
    m_notice->setTextFormat(Qt::PlainText);
    m_notice->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);

    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 2, 12, 2);
    layout->setSpacing(8);
    layout->addWidget(m_place);
    layout->addSpacing(8);
    layout->addWidget(m_userIcon);
    layout->addWidget(m_user);
    layout->addSpacing(8);
    layout->addWidget(m_waiting);
    layout->addWidget(m_unapproved);
    layout->addWidget(m_insecure);
    layout->addWidget(m_notice, 1);
    layout->addWidget(m_expiry);
    layout->addSpacing(8);
    layout->addWidget(m_version);
    layout->addSpacing(8);
    layout->addWidget(m_freshness);
    for (QLabel* label : {m_user, m_version, m_notice})
        label->setForegroundRole(QPalette::PlaceholderText);
    connect(&theme, &Theme::changed, this, &StatusLine::restyle);
    restyle();
    setState(nullptr);
}

void StatusLine::restyle()
{
    const Theme& theme = Theme::of(this);
    m_userIcon->setPixmap(widgets::icon(u"user", Theme::Token::Muted).pixmap(16, 16));
    QPalette red = m_insecure->palette();
    red.setColor(QPalette::ButtonText, theme.color(Theme::Token::Bad));
    m_insecure->setPalette(red);
    for (QPushButton* button : {m_waiting, m_unapproved}) {
        QPalette amber = button->palette();
        amber.setColor(QPalette::ButtonText, theme.color(Theme::Token::Warning));
        button->setPalette(amber);
    }
    QPalette colours = m_expiry->palette();
    colours.setColor(QPalette::WindowText, theme.color(m_expiryToken));
    m_expiry->setPalette(colours);
}

void StatusLine::setPlace(const QString& title, const QString& detail)
{
    const QString text = title.isEmpty()    ? tr("Choose a cluster")
                         : detail.isEmpty() ? title
                                            : title + u"  ·  "_s + detail;
    // A push button leaves two pixels after its icon; everywhere else it is a word's space more.
    m_place->setText(u' ' + text);
    m_place->setAccessibleDescription(text);
}

Freshness StatusLine::freshnessOf(const ConnectionState& state)
{
    using Phase = ConnectionState::Phase;
    using State = Freshness::State;
    Freshness freshness;
    switch (state.phase) {
    case Phase::Connecting: freshness.state = State::Loading; break;
    case Phase::Live: freshness.state = State::Live; break;
    case Phase::Reconnecting: freshness.state = State::Reconnecting; break;
    case Phase::Stale: freshness.state = State::Stale; break;
    case Phase::Failed: freshness.state = State::Failed; break;
    }
    freshness.asOfMs = state.lastContactMs;
    freshness.sinceMs = state.lastContactMs;
    freshness.error = state.error;
    return freshness;
}

QString StatusLine::expiryText(qint64 expiresMs, qint64 nowMs)
{
    if (expiresMs == 0)
        return {};
    return expiresMs > nowMs ? tr("Credential expires in %1").arg(table::relativeAge(nowMs, expiresMs))
                             : tr("Credential expired %1 ago").arg(table::relativeAge(expiresMs, nowMs));
}

void StatusLine::setState(const ConnectionState* state)
{
    m_userIcon->setVisible(state && !state->userName.isEmpty());
    m_user->setVisible(state && !state->userName.isEmpty());
    m_insecure->setVisible(state && state->insecure);
    m_freshness->setVisible(state != nullptr);
    m_version->setVisible(state != nullptr && !state->serverVersion.isEmpty());
    if (!state) {
        m_expiry->hide();
        return;
    }
    const qint64 now = m_clock->nowMs();
    m_user->setText(state->userName);
    m_user->setAccessibleName(tr("User %1").arg(state->userName));
    m_version->setText(u"Kubernetes "_s + state->serverVersion);
    m_freshness->setFreshness(freshnessOf(*state), now);
    m_freshness->setToolTip(state->error ? state->error->text() : QString());
    const QString expiry = expiryText(state->credentialExpiresMs, now);
    m_expiry->setVisible(!expiry.isEmpty());
    m_expiry->setText(expiry);
    const qint64 left = state->credentialExpiresMs - now;
    m_expiryToken = left < 0 ? Theme::Token::Bad : left < expirySoonMs ? Theme::Token::Warning : Theme::Token::Muted;
    restyle();
}

void StatusLine::setWaiting(int count, bool stale, const QString& tip)
{
    const QString text = count == 1 ? tr("1 change waits for you") : tr("%1 changes wait for you").arg(count);
    m_waiting->setText(u' ' + (stale ? tr("%1 (as of a while ago)").arg(text) : text));
    m_waiting->setAccessibleName(text);
    m_waiting->setToolTip(tip);
    m_waiting->setVisible(count > 0);
}

void StatusLine::setUnapproved(int count, const QString& tip)
{
    const QString text = count == 1 ? tr("1 unapproved change") : tr("%1 unapproved changes").arg(count);
    m_unapproved->setText(u' ' + text);
    m_unapproved->setAccessibleName(text);
    m_unapproved->setToolTip(tip);
    m_unapproved->setVisible(count > 0);
}

void StatusLine::showNotice(const QString& text)
{
    m_notice->setText(text);
    m_noticeTimer = m_clock->after(this, noticeMs, [this] { m_notice->clear(); });
}

} // namespace wk::app
