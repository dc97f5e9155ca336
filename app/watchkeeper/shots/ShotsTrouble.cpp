// SPDX-License-Identifier: GPL-3.0-or-later
#include "watchkeeper/shots/Shots.h"

#include "table/TableModel.h"
#include "watchkeeper/Composition.h"
#include "widgets/cluster/ClusterPanel.h"
#include "widgets/cluster/DoctorDialog.h"
#include "widgets/common/DataTable.h"
#include "widgets/common/FreshnessLabel.h"
#include "widgets/common/StateView.h"
#include "widgets/overview/OverviewPanel.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtWidgets/QDialog>

// Pictures of what a healthy cluster does not show: contexts that are derived from the healthy one, each with a fault.
namespace wk::app {

using namespace Qt::StringLiterals;
using table::Freshness;

namespace {

/// A kubeconfig's `key-data` or `key`, whichever of the two is known.
QJsonObject inlineOr(const QByteArray& data, const QString& file, const QString& key)
{
    QJsonObject out;
    if (!data.isEmpty())
        out.insert(key + u"-data"_s, QString::fromLatin1(data.toBase64()));
    else if (!file.isEmpty())
        out.insert(key, file);
    return out;
}

QJsonObject merged(QJsonObject a, const QJsonObject& b)
{
    for (auto it = b.begin(); it != b.end(); ++it)
        a.insert(it.key(), it.value());
    return a;
}

QJsonObject entry(const QString& key, const QString& called, const QJsonObject& value)
{
    return {{u"name"_s, called}, {key, value}};
}

QJsonObject userOf(const platform::ResolvedContext& context)
{
    QJsonObject user =
        merged(inlineOr(context.clientCertificateData, context.clientCertificateFile, u"client-certificate"_s),
               inlineOr(context.clientKeyData, context.clientKeyFile, u"client-key"_s));
    if (!context.token.isEmpty())
        user.insert(u"token"_s, context.token);
    if (!context.tokenFile.isEmpty())
        user.insert(u"tokenFile"_s, context.tokenFile);
    return user;
}

/// A port of this host on which nothing listens.
quint16 closedPort()
{
    QTcpServer closed;
    closed.listen(QHostAddress::LocalHost);
    return closed.serverPort();
}

} // namespace

QString Shots::writeContexts()
{
    const auto place = m_composition.platforms().place(m_home);
    const auto resolved = m_composition.clusters().resolve(place->context->id);
    if (!resolved)
        return resolved.error().text();
    m_silent = std::make_unique<SilentServer>();
    m_link = std::make_unique<CutLink>(resolved->server.host(), quint16(resolved->server.port(443)));
    const QJsonObject trust = inlineOr(resolved->caData, resolved->caFile, u"certificate-authority"_s);
    const QString name = resolved->tlsServerName.isEmpty() ? resolved->server.host() : resolved->tlsServerName;
    const QJsonObject user = userOf(*resolved);
    QJsonArray clusters, contexts;
    const auto add = [&](const QString& called, const QString& server, const QString& who) {
        const QJsonObject at = merged(trust, {{u"server"_s, server}, {u"tls-server-name"_s, name}});
        clusters.append(entry(u"cluster"_s, called, at));
        contexts.append(entry(u"context"_s, called, QJsonObject{{u"cluster"_s, called}, {u"user"_s, who}}));
    };
    const auto here = [](quint16 port) { return u"https://127.0.0.1:%1"_s.arg(port); };
    add(u"refused"_s, here(closedPort()), u"same"_s);
    add(u"silent"_s, here(m_silent->port()), u"same"_s);
    add(u"cut"_s, here(m_link->port()), u"same"_s);
    add(u"viewer"_s, resolved->server.toString(), u"viewer"_s);
    const QJsonArray users{entry(u"user"_s, u"same"_s, user),
                           entry(u"user"_s, u"viewer"_s, merged(user, {{u"as"_s, u"viewer"_s}}))};
    const QJsonObject config{{u"apiVersion"_s, u"v1"_s},
                             {u"kind"_s, u"Config"_s},
                             {u"clusters"_s, clusters},
                             {u"contexts"_s, contexts},
                             {u"users"_s, users}};
    QFile file(m_scratch.filePath(u"states-%1.yaml"_s.arg(++m_states))); // another name: other connections
    if (!file.open(QIODevice::WriteOnly) || file.write(QJsonDocument(config).toJson()) < 0)
        return file.errorString();
    file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    file.close();
    m_composition.settings().set(Settings::Key::KubeconfigFiles, QStringList{file.fileName()});
    return {};
}

std::function<QString()> Shots::stateMissing(Freshness::State wanted)
{
    return [this, wanted]() -> QString {
        const auto* model = panel().dataTable()->model();
        return model->freshness().state == wanted
                   ? QString()
                   : tr("the table is: %1").arg(widgets::FreshnessLabel::describe(model->freshness(), model->nowMs()));
    };
}

void Shots::planTrouble()
{
    const auto words = [this] {
        const auto* view = panel().dataTable()->findChild<widgets::StateView*>(u"stateView"_s);
        return view && view->isVisible() ? view->title() + u": "_s + view->text() : tableWords();
    };
    const auto kindOf = [this](const QString& context, const QString& kindId) {
        return [this, context, kindId] {
            openContext(context);
            openKind(kindId);
        };
    };
    m_steps.push_back({.name = u"cluster-loading"_s,
                       .title = tr("Cluster: loading (the server takes the connection and is silent)"),
                       .prepare =
                           [this, open = kindOf(u"silent"_s, u"pods"_s)] {
                               if (const QString problem = writeContexts(); !problem.isEmpty())
                                   m_failures.append(problem);
                               open();
                           },
                       .missing = stateMissing(Freshness::State::Loading),
                       .describe = words});
    m_steps.push_back({.name = u"cluster-failed"_s,
                       .title = tr("Cluster: failed (the connection is refused)"),
                       .prepare = kindOf(u"refused"_s, u"pods"_s),
                       .missing = stateMissing(Freshness::State::Failed),
                       .describe = words});
    planDoctor();
    m_steps.push_back({.name = u"cluster-forbidden"_s,
                       .title = tr("Cluster: forbidden (a user who may not read secrets)"),
                       .prepare = kindOf(u"viewer"_s, u"secrets"_s),
                       .missing = stateMissing(Freshness::State::Unavailable),
                       .describe = words});
    planFailedTile();
    m_steps.push_back({.name = u"cluster-live-link"_s,
                       .prepare = kindOf(u"cut"_s, u"pods"_s),
                       .missing = [this] { return tableMissing(); },
                       .after = [this] { m_link->cut(); }});
    m_steps.push_back({.name = u"cluster-stale"_s,
                       .title = tr("Cluster: stale (the link was cut a moment ago)"),
                       .missing = stateMissing(Freshness::State::Stale),
                       .describe = words});
}

void Shots::planDoctor()
{
    m_steps.push_back({.name = u"doctor"_s,
                       .title = tr("Doctor: why the connection fails"),
                       .prepare = [this] { m_dialog = window().explain(window().currentPlace()); },
                       .missing = [this]() -> QString {
                           auto* doctor = qobject_cast<widgets::DoctorDialog*>(m_dialog.data());
                           return doctor && doctor->isFinished() ? QString() : tr("the doctor is still examining");
                       },
                       .describe = [this] { return qobject_cast<widgets::DoctorDialog*>(m_dialog.data())->report(); },
                       .dialog = [this] { return m_dialog.data(); },
                       .after = [this] { m_dialog->reject(); }});
}

void Shots::planFailedTile()
{
    m_steps.push_back({.name = u"overview-failed"_s,
                       .title = tr("Overview: one cluster refuses"),
                       .prepare =
                           [this] {
                               openContext(u"refused"_s);
                               window().showPanel(u"overview"_s);
                           },
                       .missing = [this]() -> QString {
                           for (const widgets::OverviewTile* tile : window().overviewPanel()->tiles()) {
                               if (tile->entry().title == u"refused" &&
                                   tile->entry().overview->freshness().state == Freshness::State::Failed)
                                   return {};
                           }
                           return tr("the tile does not say yet that it failed");
                       },
                       .describe = [this] { return window().overviewPanel()->headline(); }});
}

} // namespace wk::app
