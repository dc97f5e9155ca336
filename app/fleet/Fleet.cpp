// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/Fleet.h"

#include "fleet/metrics/History.h"
#include "fleet/metrics/Metrics.h"
#include "fleet/world/Json.h"

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QRandomGenerator>
#include <QtCore/QSaveFile>
#include <QtCore/QUrl>

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

Result<void> writeSecretFile(const QString& path, const QByteArray& content)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || !file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner) ||
        file.write(content) < 0 || !file.commit())
        return fail(Error::Kind::Io, u"%1 cannot be written: %2"_s.arg(path, file.errorString()));
    return {};
}

QByteArray quoted(const QString& text)
{
    QString t = text;
    return '"' + t.replace(u'\\', u"\\\\"_s).replace(u'"', u"\\\""_s).toUtf8() + '"';
}

} // namespace

Fleet::Fleet(Options options, QObject* parent)
    : QObject(parent), m_options(std::move(options)),
      m_admin([this](const HttpRequest& r, HttpConnection& c) { administer(r, c); })
{
    connect(&m_timer, &QTimer::timeout, this, &Fleet::tick);
}

Fleet::~Fleet()
{
    // Watches point into the stores: the servers go first.
    for (Member& m : m_members)
        m.api.reset();
}

Fleet::Member* Fleet::member(const QString& id)
{
    for (Member& m : m_members)
        if (m.engine->cluster().spec.id == id)
            return &m;
    return nullptr;
}

QStringList Fleet::complaints() const
{
    QStringList all;
    for (const Member& m : m_members)
        all += m.engine->complaints();
    return all;
}

Result<void> Fleet::start()
{
    m_elapsed.start();
    auto pki = Pki::open(m_options.stateDirectory);
    if (!pki)
        return fail(pki.error());
    m_pki = std::make_unique<Pki>(std::move(*pki));
    if (auto loaded = loadTokens(); !loaded)
        return loaded;
    int index = 0;
    for (PlatformSpec spec : platforms()) {
        const int position = index++;
        if (!m_options.only.isEmpty() && !m_options.only.contains(spec.id))
            continue;
        if (auto started = startMember(std::move(spec), position); !started)
            return started;
    }
    if (m_members.empty())
        return fail(Error::Kind::BadInput, u"There is no platform named %1."_s.arg(m_options.only.join(u", ")));
    if (auto opened = m_admin.listen(quint16(m_options.portBase > 0 ? m_options.portBase + 20 : 0)); !opened)
        return opened;
    if (auto written = writeFiles(); !written)
        return written;
    m_setupMs = m_elapsed.elapsed();
    // Ten times a second is finer than anything a person sees and keeps an idle fleet idle.
    m_timer.start(m_options.churn > 0 ? 20 : 100);
    if (m_options.pastDays > 0) {
        connect(&m_recorder, &QTimer::timeout, this, &Fleet::record);
        m_recorder.start(15'000);
        tick();
        record();
    }
    return {};
}

Result<void> Fleet::startMember(PlatformSpec spec, int index)
{
    const bool loaded = spec.id == m_options.loadCluster || (m_options.loadCluster.isEmpty() && m_members.empty());
    if (loaded)
        addLoad(spec, m_options.pods);
    Engine::Options o;
    o.seed = m_options.seed;
    o.startMs = m_options.startMs;
    o.faults = m_options.faults;
    o.background = m_options.background;
    o.history = m_options.history;
    Member m;
    m.engine = std::make_unique<Engine>(std::move(spec), o);
    m.engine->bootstrap();
    if (m_options.pastDays > 0) {
        QDir(m_options.stateDirectory).mkpath(u"past"_s);
        const QString path = u"%1/past/%2.om"_s.arg(m_options.stateDirectory, m.engine->cluster().spec.id);
        m.recorded = true;
        if (auto written = writeHistory(*m.engine, m_options.startMs - m_options.pastDays * 86'400'000LL, path);
            !written)
            return written;
    }
    if (loaded && m_options.churn > 0)
        m.engine->setChurn(m_options.churn);
    m.api = std::make_unique<ApiServer>(*m.engine, Access(*m_pki, m_tokens));
    const auto tls = m_pki->serverConfiguration();
    if (!tls)
        return fail(tls.error());
    m.api->http().setTls(*tls);
    const bool fixed = m_options.portBase > 0;
    if (auto opened = m.api->http().listen(quint16(fixed ? m_options.portBase + index : 0)); !opened)
        return opened;
    m.port = m.api->http().port();
    m.exporter = std::make_unique<HttpServer>([this, engine = m.engine.get()](const HttpRequest& r, HttpConnection& c) {
        serveExporter(*engine, member(engine->cluster().spec.id)->exporterPort, r, c);
    });
    if (auto opened = m.exporter->listen(quint16(fixed ? m_options.portBase + 10 + index : 0)); !opened)
        return opened;
    m.exporterPort = m.exporter->port();
    m_members.push_back(std::move(m));
    return {};
}

Result<void> Fleet::loadTokens()
{
    const QString path = m_options.stateDirectory + u"/tokens.csv"_s;
    QFile file(path);
    if (file.open(QIODevice::ReadOnly))
        for (const QByteArray& line : file.readAll().split('\n'))
            if (const QList<QByteArray> parts = line.split(','); parts.size() == 2 && parts[0].size() >= 16)
                m_tokens.insert(parts[0], QString::fromUtf8(parts[1]));
    QByteArray text;
    for (const QString& user : {u"operator"_s, u"viewer"_s}) {
        if (m_tokens.key(user).isEmpty()) {
            QByteArray bytes(16, Qt::Uninitialized);
            for (char& c : bytes)
                c = char(QRandomGenerator::system()->bounded(256));
            m_tokens.insert(bytes.toHex(), user);
        }
        text += m_tokens.key(user) + ',' + user.toUtf8() + '\n';
    }
    return writeSecretFile(path, text);
}

Result<void> Fleet::writeFiles()
{
    const auto admin = m_pki->clientPair(u"admin"_s, u"system:masters"_s);
    if (!admin)
        return fail(admin.error());
    QByteArray head = "apiVersion: v1\nkind: Config\npreferences: {}\nclusters:\n";
    for (const Member& m : m_members)
        head += "- name: " + quoted(m.engine->cluster().spec.id) +
                "\n  cluster:\n    server: https://127.0.0.1:" + QByteArray::number(m.port) +
                "\n    certificate-authority-data: " + m_pki->authority().toBase64() + '\n';
    QByteArray users = "users:\n- name: admin\n  user:\n    client-certificate-data: " + admin->certificate.toBase64() +
                       "\n    client-key-data: " + admin->key.toBase64() + '\n';
    for (const QString& user : {u"operator"_s, u"viewer"_s})
        users +=
            "- name: " + user.toUtf8() + "\n  user:\n    token: " + quoted(QString::fromLatin1(token(user))) + '\n';
    const auto context = [](const QString& name, const PlatformSpec& spec, const QByteArray& user) {
        return "- name: " + quoted(name) + "\n  context: {cluster: " + quoted(spec.id) + ", user: " + user +
               ", namespace: " + quoted(spec.mainSpace) + "}\n";
    };
    QByteArray contexts = "contexts:\n", roles = "contexts:\n";
    QJsonArray targets, clusters;
    for (const Member& m : m_members) {
        const PlatformSpec& spec = m.engine->cluster().spec;
        contexts += context(spec.id, spec, "admin");
        roles += context(spec.id + u"-operator"_s, spec, "operator") + context(spec.id + u"-viewer"_s, spec, "viewer");
        targets.append(
            QJsonObject{{u"targets"_s, QJsonArray{u"127.0.0.1:%1"_s.arg(m.exporterPort)}},
                        {u"labels"_s, QJsonObject{{u"platform"_s, spec.id}, {u"job"_s, spec.id + u"-services"_s}}}});
        clusters.append(QJsonObject{{u"id"_s, spec.id}, {u"api"_s, m.port}, {u"metrics"_s, m.exporterPort}});
    }
    const QString first = m_members.front().engine->cluster().spec.id;
    if (auto w =
            writeSecretFile(kubeconfigPath(), head + users + contexts + "current-context: " + quoted(first) + '\n');
        !w)
        return w;
    if (auto w = writeSecretFile(rolesKubeconfigPath(),
                                 head + users + roles + "current-context: " + quoted(first + u"-viewer"_s) + '\n');
        !w)
        return w;
    if (auto w =
            writeSecretFile(m_options.stateDirectory + u"/prometheus-targets.json"_s, QJsonDocument(targets).toJson());
        !w)
        return w;
    return writeSecretFile(
        m_options.stateDirectory + u"/fleet.json"_s,
        QJsonDocument(QJsonObject{{u"clusters"_s, clusters}, {u"admin"_s, m_admin.port()}}).toJson());
}

void Fleet::tick()
{
    // Making certificates and the history takes a while on a busy machine, and the fleet's clock must not fall behind
    // the clients' by that: ages would differ.
    const qint64 now =
        m_options.startMs + m_setupMs + qint64(double(m_elapsed.elapsed() - m_setupMs) * m_options.speed);
    for (Member& m : m_members)
        m.engine->advanceTo(now);
}

/// Until somebody scrapes, so that what is known has no hole.
void Fleet::record()
{
    for (const Member& m : m_members) {
        const Cluster& cluster = m.engine->cluster();
        QFile file(u"%1/past/%2-since.om"_s.arg(m_options.stateDirectory, cluster.spec.id));
        const QByteArray page = m.recorded ? expositionAt(cluster) : QByteArray();
        if (m.recorded && (!file.open(QIODevice::Append) || file.write(page) != page.size()))
            qWarning("%s cannot be written: %s", qPrintable(file.fileName()), qPrintable(file.errorString()));
    }
}

void Fleet::serveExporter(const Engine& engine, quint16 port, const HttpRequest& request, HttpConnection& connection)
{
    if (request.method != "GET") {
        connection.respond(405, "text/plain; charset=utf-8", "only GET\n");
        return;
    }
    constexpr char text[] = "text/plain; version=0.0.4; charset=utf-8";
    if (request.path == "/metrics") {
        connection.respond(200, text, expositionText(engine.cluster()));
        return;
    }
    if (request.path == "/sd") {
        connection.respond(200, "application/json",
                           QJsonDocument(serviceDiscovery(engine.cluster(), port)).toJson(QJsonDocument::Compact));
        return;
    }
    if (request.path.startsWith("/targets/")) {
        const QString path = QUrl::fromPercentEncoding(request.path);
        const std::vector<ScrapeTarget> targets = scrapeTargets(engine.cluster());
        const auto target = std::ranges::find(targets, path, &ScrapeTarget::path);
        Exposition out;
        if (target != targets.end() && target->up)
            expose(out, engine.cluster(), *target);
        const bool there = target != targets.end();
        connection.respond(!there       ? 404
                           : target->up ? 200
                                        : 503,
                           text, there && !target->up ? "it does not answer\n" : out.text());
        return;
    }
    // The health of one service: /health/<namespace>/<service>; of the platform as a whole: /health.
    const QStringList parts = QString::fromUtf8(request.path).split(u'/', Qt::SkipEmptyParts);
    if (parts.value(0) != u"health" || (parts.size() != 1 && parts.size() != 3)) {
        connection.respond(404, "text/plain; charset=utf-8", "/metrics, /sd, /health, /health/<namespace>/<service>\n");
        return;
    }
    QJsonObject services;
    bool healthy = true, found = parts.size() == 1;
    for (const Workload& w : engine.cluster().workloads) {
        if (!w.spec.hasService || (parts.size() == 3 && (w.spec.space != parts[1] || w.spec.name != parts[2])))
            continue;
        bool up = false;
        for (const qint64 id : w.pods)
            up |= engine.cluster().pods.at(id)->ready;
        services[w.spec.space + u'/' + w.spec.name] = up ? u"up"_s : u"down"_s;
        healthy = healthy && up;
        found = true;
    }
    const QJsonObject body{{u"status"_s, healthy ? u"ok"_s : u"degraded"_s}, {u"services"_s, services}};
    connection.respond(!found ? 404 : healthy ? 200 : 503, "application/json", compact(body) + '\n');
}

} // namespace wk::fleet
