// SPDX-License-Identifier: GPL-3.0-or-later
// Credentials in the main window: what asks for them, their panel, and what a new one sets going again.
#include "watchkeeper/shell/MainWindow.h"

#include "changes/SecretUses.h"
#include "watchkeeper/monitoring/MonitoringPlaces.h"
#include "watchkeeper/shell/CredentialTrial.h"
#include "watchkeeper/shell/StatusLine.h"
#include "widgets/credentials/CredentialsPanel.h"

#include <QtWidgets/QStackedWidget>

namespace wk::app {

using namespace Qt::StringLiterals;
using Key = Settings::Key;

void MainWindow::connectCredentials()
{
    connect(&m_parts.platforms, &Platforms::changed, this, &MainWindow::refreshSecretUses);
    connect(&m_parts.settings, &Settings::changed, this, [this](Key key) {
        if (key == Key::ChangeStore)
            refreshSecretUses();
    });
    connect(&m_parts.credentials, &secrets::Credentials::secretChanged, this, [this](const QString& name) {
        if (!m_monitoringPlaces)
            return;
        m_monitoringPlaces->forgetSecret(name);
        refreshMonitoring();
        refreshOverview();
    });
}

void MainWindow::refreshSecretUses()
{
    std::vector<secrets::SecretUse> uses;
    QStringList platforms;
    for (const Place& place : m_parts.platforms.places()) {
        if (!place.platform || platforms.contains(place.platform->name))
            continue;
        platforms << place.platform->name;
        std::ranges::copy(changes::secretUses(*place.platform), std::back_inserter(uses));
    }
    const QString text = m_parts.settings.get(Key::ChangeStore).toString();
    if (const auto address = store::Address::parse(text); address && !text.isEmpty())
        uses.push_back(changes::secretUse(*address));
    m_parts.credentials.setUses(std::move(uses));
}

QWidget* MainWindow::makeCredentialsPage()
{
    if (m_credentials)
        return m_credentials;
    refreshSecretUses();
    const auto check = [this](const secrets::Credential& one) {
        return CredentialTrial::of(one, m_parts.platforms, monitoringPlaces());
    };
    m_credentials = new widgets::CredentialsPanel(
        {m_parts.credentials, m_parts.clock, m_parts.dialogs, m_parts.tableStates, check}, this);
    m_stack->addWidget(m_credentials);
    connect(m_credentials, &widgets::CredentialsPanel::notice, m_status, &StatusLine::showNotice);
    return m_credentials;
}

} // namespace wk::app
