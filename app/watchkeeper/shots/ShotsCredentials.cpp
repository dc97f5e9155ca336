// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of the page of credentials: with secrets in a keychain that lasts as long as the pictures.
#include "watchkeeper/Composition.h"
#include "watchkeeper/shots/Shots.h"
#include "widgets/credentials/CredentialDialog.h"
#include "widgets/credentials/CredentialsPanel.h"

namespace wk::app {

using namespace Qt::StringLiterals;
using secrets::Keep;
using secrets::SecretKind;

void Shots::planCredentials()
{
    const auto words = [this] {
        const auto all = m_composition.credentials().all();
        return tr("%1 secrets, %2 missing")
            .arg(all.size())
            .arg(std::ranges::count_if(all, &secrets::Credential::isMissed));
    };
    const auto asked = [this] {
        return m_composition.credentials().keychain().state == secrets::Credentials::Keychain::State::Works
                   ? QString()
                   : tr("the keychain is being asked");
    };
    m_steps.push_back({.name = u"credentials"_s,
                       .title = tr("Credentials: what is kept for what"),
                       .prepare =
                           [this] {
                               secrets::Credentials& kept = m_composition.credentials();
                               window().showPanel(u"credentials"_s);
                               kept.setUses({{u"shop/prometheus"_s, SecretKind::Token, u"prometheus"_s, u"shop"_s,
                                              tr("Prometheus of Shop"), true},
                                             {u"shop/alertmanager"_s, SecretKind::Password, u"alertmanager"_s,
                                              u"shop"_s, tr("Alertmanager of Shop, as ops"), true}});
                               // What comes of it is in the picture.
                               (void)kept.keep(u"shop/prometheus"_s, SecretKind::Token, "-", Keep::Keychain);
                               (void)kept.keep(u"team/webhook"_s, SecretKind::Webhook, "-", Keep::Session);
                               kept.look();
                               if (auto* panel = window().findChild<widgets::CredentialsPanel*>())
                                   panel->showCredential(u"shop/alertmanager"_s);
                           },
                       .missing = asked,
                       .describe = words});
    m_steps.push_back({.name = u"credentials-keep"_s,
                       .title = tr("Credentials: a secret is typed"),
                       .prepare =
                           [this] {
                               auto* panel = window().findChild<widgets::CredentialsPanel*>();
                               m_dialog = panel->openDialog(u"shop/alertmanager"_s);
                           },
                       .dialog = [this] { return m_dialog.data(); },
                       .after =
                           [this] {
                               if (m_dialog)
                                   m_dialog->reject();
                           }});
}

} // namespace wk::app
