// SPDX-License-Identifier: GPL-3.0-or-later
#include "Shots.h"

#include "Composition.h"
#include "PlaceChooser.h"
#include "StatusLine.h"
#include "cluster/KindCatalog.h"
#include "table/TableModel.h"
#include "widgets/cluster/ClusterPanel.h"
#include "widgets/cluster/DoctorDialog.h"
#include "widgets/cluster/KindList.h"
#include "widgets/cluster/ObjectDetail.h"
#include "widgets/common/DataTable.h"
#include "widgets/common/FreshnessLabel.h"
#include "widgets/common/StateView.h"
#include "widgets/overview/OverviewPanel.h"

#include <QtCore/QDir>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QTimer>
#include <QtGui/QPainter>
#include <QtWidgets/QApplication>
#include <QtWidgets/QDialog>
#include <QtWidgets/QLabel>

#include <cstdio>

namespace wk::app {

using namespace Qt::StringLiterals;
using table::Freshness;

namespace {

constexpr int pollMs = 50;
constexpr qint64 limitMs = 60'000;
/// After a change of size or colours, until everything has drawn itself anew.
constexpr int settleMs = 120;
/// Cells that have just changed glow; a picture of a calm moment waits for that to end.
constexpr int calmMs = 400;

constexpr QSize sizes[] = {{1440, 900}, {1024, 700}};

} // namespace

Shots::Shots(Composition& composition, const CommandLine& line, QObject* parent)
    : QObject(parent), m_composition(composition), m_directory(line.shotsDir)
{
}

Shots::~Shots() = default;

MainWindow& Shots::window() { return m_composition.window(); }
widgets::ClusterPanel& Shots::panel() { return *window().clusterPanel(); }

void Shots::begin()
{
    if (!QDir().mkpath(m_directory)) {
        std::fprintf(stderr, "watchkeeper: the folder %s cannot be made\n", qPrintable(m_directory));
        QCoreApplication::exit(1);
        return;
    }
    m_home = window().currentPlace();
    const auto current = m_composition.platforms().place(m_home);
    const bool plain = !current || !current->platform;
    for (const Place& place : m_composition.platforms().places()) {
        if (place.primary && place.context) {
            m_homes.append(place.id);
        }
    }
    // A platform says more than a plain context.
    if (plain && !m_homes.isEmpty())
        m_home = m_homes.first();
    if (m_home.isEmpty()) {
        std::fprintf(stderr, "watchkeeper: there is no context to draw; give one with --kubeconfig\n");
        QCoreApplication::exit(1);
        return;
    }
    window().openPlace(m_home);
    plan();
    next();
}

void Shots::plan()
{
    planOverview();
    planCluster();
    planDetail();
    planTrouble();
    planRest();
}

QString Shots::tableMissing()
{
    const table::TableModel* model = panel().dataTable()->model();
    const Freshness freshness = model->freshness();
    if (!model->source())
        return tr("the table has no source");
    if (freshness.state != Freshness::State::Live)
        return tr("the table is not live: %1").arg(widgets::FreshnessLabel::describe(freshness, model->nowMs()));
    if (model->isArranging())
        return tr("the table is being sorted");
    return {};
}

QString Shots::tableWords()
{
    const table::TableModel* model = panel().dataTable()->model();
    return tr("%1 rows of %2, %3")
        .arg(model->rowCount())
        .arg(model->totalCount())
        .arg(widgets::FreshnessLabel::describe(model->freshness(), model->nowMs()));
}

void Shots::openKind(const QString& kindId, const QString& filter)
{
    window().showPanel(u"cluster"_s);
    panel().closeDetail();
    panel().open({.kindId = kindId, .space = {}, .name = {}, .filter = filter});
    panel().dataTable()->setFilterText(filter);
}

void Shots::openContext(const QString& name)
{
    for (const Place& place : m_composition.platforms().places()) {
        if (place.context && place.context->id.context == name)
            window().openPlace(place.id);
    }
}

cluster::ClusterTarget Shots::worstRow()
{
    cluster::ClusterTarget target{.kindId = panel().currentKindId(), .space = {}, .name = {}, .filter = {}};
    table::RowPtr worst;
    const auto rank = [](table::Health health) {
        return health == table::Health::Bad       ? 3
               : health == table::Health::Warning ? 2
               : health == table::Health::Unknown ? 1
                                                  : 0;
    };
    for (const table::RowPtr& row : panel().dataTable()->model()->visibleRows()) {
        if (!worst || rank(row->health) > rank(worst->health))
            worst = row;
    }
    if (worst) {
        target.space = worst->space;
        target.name = worst->name;
    }
    return target;
}

void Shots::planOverview()
{
    m_steps.push_back({u"overview"_s,
                       tr("Overview: every platform"),
                       [this] { window().showPanel(u"overview"_s); },
                       [this]() -> QString {
                           int live = 0;
                           for (const widgets::OverviewTile* tile : window().overviewPanel()->tiles()) {
                               if (tile->entry().overview && !tile->entry().overview->freshness().isLive())
                                   return tr("%1 is not live").arg(tile->entry().title);
                               live += tile->entry().overview ? 1 : 0;
                           }
                           return live > 0 ? QString() : tr("no tile has a cluster");
                       },
                       [this] {
                           QStringList lines{window().overviewPanel()->headline()};
                           for (const widgets::OverviewTile* tile : window().overviewPanel()->tiles()) {
                               QStringList facts;
                               for (const auto& fact : tile->text().facts)
                                   facts.append(fact.content.text + u' ' + fact.content.figure);
                               lines.append(u"    %1: %2; %3"_s.arg(tile->entry().title,
                                                                    tile->entry().overview ? tile->text().verdict
                                                                                           : tile->entry().problem,
                                                                    facts.join(u", "_s)));
                           }
                           return lines.join(u'\n');
                       },
                       {},
                       {}});
}

/// A namespace in which that table has no row; empty where each has one.
QString Shots::emptySpace(const table::TableSource& source)
{
    QSet<QString> used;
    for (const table::RowPtr& row : source.rows())
        used.insert(row->space);
    if (const auto* spaces = window().currentSession()->tallies->tally(u"namespaces"_s)) {
        for (const table::RowPtr& row : spaces->source()->rows()) {
            if (!used.contains(row->name))
                return row->name;
        }
    }
    return {};
}

void Shots::planCluster()
{
    const QList<QPair<QString, QString>> kinds{{u"pods"_s, tr("Pods")},
                                               {u"nodes"_s, tr("Nodes")},
                                               {u"deployments.apps"_s, tr("Deployments")},
                                               {u"events"_s, tr("Events")},
                                               {u"secrets"_s, tr("Secrets")}};
    for (const auto& [id, title] : kinds) {
        m_steps.push_back({u"cluster-"_s + id.section(u'.', 0, 0),
                           tr("Cluster: %1").arg(title.toLower()),
                           [this, id] { openKind(id); },
                           [this]() -> QString {
                               if (!window().currentSession()->tallies->settled())
                                   return tr("not every kind has answered");
                               return tableMissing();
                           },
                           [this] { return tableWords(); },
                           {},
                           {}});
    }
    m_steps.push_back({u"cluster-filter"_s,
                       tr("Cluster: pods, filtered to those in trouble"),
                       [this] { openKind(u"pods"_s, u"is:trouble"_s); },
                       [this] { return tableMissing(); },
                       [this] { return tableWords() + tr(", filter \"%1\"").arg(panel().dataTable()->filterText()); },
                       {},
                       [this] { panel().dataTable()->setFilterText({}); }});
    m_steps.push_back({u"cluster-empty"_s,
                       tr("Cluster: a kind without objects"),
                       [this] {
                           const auto& session = window().currentSession();
                           for (const cluster::KindGroup& group : cluster::groupKinds(session->view->kinds())) {
                               for (const cluster::ResourceKind& kind : group.kinds) {
                                   const auto* tally = session->tallies->tally(kind.id());
                                   if (!tally || !tally->freshness().isLive())
                                       continue;
                                   const QString space = kind.namespaced ? emptySpace(*tally->source()) : QString();
                                   if (tally->count() == 0 || !space.isEmpty()) {
                                       openKind(kind.id());
                                       panel().open({.kindId = kind.id(),
                                                     .space = tally->count() == 0 ? QString() : space,
                                                     .name = {},
                                                     .filter = {}});
                                       return;
                                   }
                               }
                           }
                       },
                       [this]() -> QString {
                           const QString missing = tableMissing();
                           if (missing.isEmpty() && panel().dataTable()->model()->totalCount() > 0)
                               return tr("every kind has objects");
                           return missing;
                       },
                       [this] { return panel().currentKindId() + u": "_s + tableWords(); },
                       {},
                       {}});
}

void Shots::planDetail()
{
    using Page = widgets::ObjectDetail::Page;
    const auto detailReady = [this]() -> QString {
        if (!panel().isDetailOpen())
            return tr("the detail is not open");
        return panel().detail()->isLoaded() ? QString() : tr("the object has not been read");
    };
    const auto detailWords = [this] {
        const auto* detail = panel().detail();
        const auto* reason = detail->findChild<QLabel*>(u"detailReason"_s);
        return u"%1 %2/%3 %4"_s.arg(detail->kind().kind, detail->space(), detail->name(),
                                    reason ? reason->text() : QString());
    };
    const auto openWorst = [this](const QString& kindId, Page page) {
        return [this, kindId, page] {
            openKind(kindId);
            // The table may need a moment for its rows: the object is opened as soon as they are there.
            auto* timer = new QTimer(this);
            connect(timer, &QTimer::timeout, this, [this, timer, page] {
                if (!tableMissing().isEmpty() || panel().dataTable()->model()->rowCount() == 0)
                    return;
                timer->deleteLater();
                panel().open(worstRow());
                panel().detail()->showPage(page);
            });
            timer->start(pollMs);
        };
    };
    m_steps.push_back({u"detail-pod"_s,
                       tr("Detail: the worst pod, summary"),
                       openWorst(u"pods"_s, Page::Summary),
                       detailReady,
                       detailWords,
                       {},
                       {}});
    m_steps.push_back({u"detail-pod-yaml"_s,
                       tr("Detail: the same pod, YAML"),
                       [this] { panel().detail()->showPage(Page::Yaml); },
                       detailReady,
                       detailWords,
                       {},
                       {}});
    m_steps.push_back({u"detail-node"_s,
                       tr("Detail: a node"),
                       openWorst(u"nodes"_s, Page::Summary),
                       detailReady,
                       detailWords,
                       {},
                       {}});
    m_steps.push_back({u"detail-deployment"_s,
                       tr("Detail: a deployment"),
                       openWorst(u"deployments.apps"_s, Page::Summary),
                       detailReady,
                       detailWords,
                       {},
                       {}});
    m_steps.push_back({u"detail-secret"_s,
                       tr("Detail: a secret, its values hidden"),
                       openWorst(u"secrets"_s, Page::Summary),
                       detailReady,
                       detailWords,
                       {},
                       [this] { panel().closeDetail(); }});
}

QString Shots::writeContexts()
{
    const auto place = m_composition.platforms().place(m_home);
    const auto resolved = m_composition.clusters().resolve(place->context->id);
    if (!resolved)
        return resolved.error().text();
    m_silent = std::make_unique<SilentServer>();
    m_link = std::make_unique<CutLink>(resolved->server.host(), quint16(resolved->server.port(443)));
    const auto inlineOr = [](const QByteArray& data, const QString& file, const QString& key) {
        QJsonObject out;
        if (!data.isEmpty())
            out.insert(key + u"-data"_s, QString::fromLatin1(data.toBase64()));
        else if (!file.isEmpty())
            out.insert(key, file);
        return out;
    };
    const auto merged = [](QJsonObject a, const QJsonObject& b) {
        for (auto it = b.begin(); it != b.end(); ++it)
            a.insert(it.key(), it.value());
        return a;
    };
    const QJsonObject trust = inlineOr(resolved->caData, resolved->caFile, u"certificate-authority"_s);
    QJsonObject user =
        merged(inlineOr(resolved->clientCertificateData, resolved->clientCertificateFile, u"client-certificate"_s),
               inlineOr(resolved->clientKeyData, resolved->clientKeyFile, u"client-key"_s));
    if (!resolved->token.isEmpty())
        user.insert(u"token"_s, resolved->token);
    if (!resolved->tokenFile.isEmpty())
        user.insert(u"tokenFile"_s, resolved->tokenFile);
    const QString name = resolved->tlsServerName.isEmpty() ? resolved->server.host() : resolved->tlsServerName;
    const auto server = [&](quint16 port) {
        return merged(trust, {{u"server"_s, u"https://127.0.0.1:%1"_s.arg(port)}, {u"tls-server-name"_s, name}});
    };
    QTcpServer closed;
    closed.listen(QHostAddress::LocalHost);
    const quint16 refused = closed.serverPort();
    closed.close();
    const auto entry = [](const QString& key, const QString& called, const QJsonObject& value) {
        return QJsonObject{{u"name"_s, called}, {key, value}};
    };
    QJsonObject viewer = user;
    viewer.insert(u"as"_s, u"viewer"_s);
    QJsonArray clusters, contexts;
    const auto add = [&](const QString& called, const QJsonObject& at, const QString& who) {
        clusters.append(entry(u"cluster"_s, called, at));
        contexts.append(entry(u"context"_s, called, QJsonObject{{u"cluster"_s, called}, {u"user"_s, who}}));
    };
    add(u"refused"_s, server(refused), u"same"_s);
    add(u"silent"_s, server(m_silent->port()), u"same"_s);
    add(u"cut"_s, server(m_link->port()), u"same"_s);
    QJsonObject real = merged(trust, {{u"server"_s, resolved->server.toString()}, {u"tls-server-name"_s, name}});
    add(u"viewer"_s, real, u"viewer"_s);
    const QJsonObject config{
        {u"apiVersion"_s, u"v1"_s},
        {u"kind"_s, u"Config"_s},
        {u"clusters"_s, clusters},
        {u"contexts"_s, contexts},
        {u"users"_s, QJsonArray{entry(u"user"_s, u"same"_s, user), entry(u"user"_s, u"viewer"_s, viewer)}}};
    QFile file(m_scratch.filePath(u"states.yaml"_s));
    if (!file.open(QIODevice::WriteOnly) || file.write(QJsonDocument(config).toJson()) < 0)
        return file.errorString();
    file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    file.close();
    m_composition.settings().set(Settings::Key::KubeconfigFiles, QStringList{file.fileName()});
    return {};
}

void Shots::planTrouble()
{
    const auto state = [this](Freshness::State wanted) {
        return [this, wanted]() -> QString {
            const auto* model = panel().dataTable()->model();
            return model->freshness().state == wanted
                       ? QString()
                       : tr("the table is: %1")
                             .arg(widgets::FreshnessLabel::describe(model->freshness(), model->nowMs()));
        };
    };
    const auto words = [this] {
        const auto* view = panel().dataTable()->findChild<widgets::StateView*>(u"stateView"_s);
        return view && view->isVisible() ? view->title() + u": "_s + view->text() : tableWords();
    };
    m_steps.push_back({u"cluster-loading"_s,
                       tr("Cluster: loading (the server takes the connection and is silent)"),
                       [this] {
                           if (const QString problem = writeContexts(); !problem.isEmpty())
                               m_failures.append(problem);
                           openContext(u"silent"_s);
                           openKind(u"pods"_s);
                       },
                       state(Freshness::State::Loading),
                       words,
                       {},
                       {}});
    m_steps.push_back({u"cluster-failed"_s,
                       tr("Cluster: failed (the connection is refused)"),
                       [this] {
                           openContext(u"refused"_s);
                           openKind(u"pods"_s);
                       },
                       state(Freshness::State::Failed),
                       words,
                       {},
                       {}});
    m_steps.push_back({u"doctor"_s, tr("Doctor: why the connection fails"),
                       [this] { m_dialog = window().explain(window().currentPlace()); },
                       [this]() -> QString {
                           auto* doctor = qobject_cast<widgets::DoctorDialog*>(m_dialog.data());
                           return doctor && doctor->isFinished() ? QString() : tr("the doctor is still examining");
                       },
                       [this] { return qobject_cast<widgets::DoctorDialog*>(m_dialog.data())->report(); },
                       [this] { return m_dialog.data(); }, [this] { m_dialog->reject(); }});
    m_steps.push_back({u"cluster-forbidden"_s,
                       tr("Cluster: forbidden (a user who may not read secrets)"),
                       [this] {
                           openContext(u"viewer"_s);
                           openKind(u"secrets"_s);
                       },
                       state(Freshness::State::Unavailable),
                       words,
                       {},
                       {}});
    m_steps.push_back({u"overview-failed"_s,
                       tr("Overview: one cluster refuses"),
                       [this] {
                           openContext(u"refused"_s);
                           window().showPanel(u"overview"_s);
                       },
                       [this]() -> QString {
                           for (const widgets::OverviewTile* tile : window().overviewPanel()->tiles()) {
                               if (tile->entry().title == u"refused" &&
                                   tile->entry().overview->freshness().state == Freshness::State::Failed)
                                   return {};
                           }
                           return tr("the tile does not say yet that it failed");
                       },
                       [this] { return window().overviewPanel()->headline(); },
                       {},
                       {}});
    m_steps.push_back({u"cluster-live-link"_s,
                       {},
                       [this] {
                           openContext(u"cut"_s);
                           openKind(u"pods"_s);
                       },
                       [this] { return tableMissing(); },
                       {},
                       {},
                       [this] { m_link->cut(); }});
    m_steps.push_back({u"cluster-stale"_s,
                       tr("Cluster: stale (the link was cut a moment ago)"),
                       [] {},
                       state(Freshness::State::Stale),
                       words,
                       {},
                       {}});
}

void Shots::planRest()
{
    m_steps.push_back({u"settings"_s,
                       tr("Settings"),
                       [this] {
                           window().openPlace(m_home);
                           m_composition.settings().set(Settings::Key::KubeconfigFiles, QStringList());
                           window().showPanel(u"settings"_s);
                       },
                       [] { return QString(); },
                       [] { return QString(); },
                       {},
                       {}});
    m_steps.push_back({u"chooser"_s, tr("Choosing a platform or a context"),
                       [this] {
                           window().showPanel(u"overview"_s);
                           m_dialog = window().choosePlace();
                       },
                       [] { return QString(); },
                       [this] { return tr("%1 places").arg(m_composition.platforms().places().size()); },
                       [this] { return m_dialog.data(); }, [this] { m_dialog->reject(); }});
    m_steps.push_back({u"shortcuts"_s, tr("The list of keys"),
                       [this] {
                           window().showShortcuts();
                           m_dialog = window().findChild<QDialog*>(u"shortcutsDialog"_s);
                       },
                       [] { return QString(); }, [] { return QString(); }, [this] { return m_dialog.data(); },
                       [this] { m_dialog->reject(); }});
}

void Shots::next()
{
    if (m_steps.empty()) {
        finish();
        return;
    }
    m_steps.front().prepare();
    m_waited.start();
    await();
}

void Shots::await()
{
    Step& step = m_steps.front();
    const QString missing = step.missing();
    if (missing.isEmpty()) {
        if (step.title.isEmpty())
            finishStep();
        else
            QTimer::singleShot(calmMs, this, [this] { draw(0); });
        return;
    }
    if (m_waited.elapsed() > limitMs) {
        m_failures.append(tr("%1: could not be shown within %2 s: %3").arg(step.name).arg(limitMs / 1000).arg(missing));
        if (step.after)
            step.after();
        m_steps.pop_front();
        QTimer::singleShot(0, this, &Shots::next);
        return;
    }
    QTimer::singleShot(pollMs, this, &Shots::await);
}

void Shots::draw(int variant)
{
    const bool dark = variant & 1;
    const QSize size = sizes[(variant >> 1) & 1];
    if (variant == 4) {
        finishStep();
        return;
    }
    m_composition.settings().set(Settings::Key::Scheme, dark ? u"dark"_s : u"light"_s);
    window().resize(size);
    QTimer::singleShot(settleMs, this, [this, variant, dark, size] {
        Step& step = m_steps.front();
        save(u"%1-%2-%3x%4.png"_s.arg(step.name, dark ? u"dark"_s : u"light"_s).arg(size.width()).arg(size.height()),
             step.dialog ? step.dialog() : nullptr);
        draw(variant + 1);
    });
}

void Shots::save(const QString& name, QDialog* dialog)
{
    QPixmap picture = window().grab();
    if (dialog) {
        QPainter painter(&picture);
        painter.fillRect(picture.rect(), QColor(0, 0, 0, 90));
        const QPixmap above = dialog->grab();
        const QPoint corner((picture.width() - above.width()) / 2, (picture.height() - above.height()) / 2);
        painter.drawPixmap(corner, above);
    }
    if (picture.save(QDir(m_directory).filePath(name)))
        ++m_written;
    else
        m_failures.append(tr("%1 could not be written").arg(name));
}

void Shots::finishStep()
{
    const Step step = std::move(m_steps.front());
    m_steps.pop_front();
    if (!step.title.isEmpty()) {
        const QString words = step.describe();
        m_lines.append(
            u"%1 (%2-*.png)%3"_s.arg(step.title, step.name, words.isEmpty() ? QString() : u"\n    "_s + words));
    }
    if (step.after)
        step.after();
    QTimer::singleShot(0, this, &Shots::next);
}

void Shots::finish()
{
    QFile file(QDir(m_directory).filePath(u"shots.txt"_s));
    const QString head = tr("Watchkeeper %1: each state light and dark, 1440x900 and 1024x700; %2 pictures.")
                             .arg(QStringLiteral(WATCHKEEPER_VERSION))
                             .arg(m_written);
    const QString text = head + u"\n\n"_s + m_lines.join(u"\n"_s) + u'\n';
    if (!file.open(QIODevice::WriteOnly) || file.write(text.toUtf8()) < 0)
        m_failures.append(file.errorString());
    for (const QString& failure : std::as_const(m_failures))
        std::fprintf(stderr, "watchkeeper: %s\n", qPrintable(failure));
    std::printf("%d pictures in %s\n", m_written, qPrintable(m_directory));
    std::fflush(stdout);
    QCoreApplication::exit(m_failures.isEmpty() ? 0 : 1);
}

} // namespace wk::app
