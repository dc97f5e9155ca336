// SPDX-License-Identifier: GPL-3.0-or-later
#include "CtlStage.h"

#include <QtCore/QFile>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtTest/QTest>

namespace wk::test {

using namespace Qt::StringLiterals;

CtlStage::CtlStage() : m_private(u"/tmp/watchkeeper-private-XXXXXX"_s)
{
    // As root the private server runs as another user, who passes through.
    QFile::setPermissions(m_private.path(),
                          QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner | QFile::ExeGroup | QFile::ExeOther);
}

CtlStage::~CtlStage()
{
    if (!m_fleet)
        return;
    m_fleet->terminate();
    if (!m_fleet->waitForFinished(10'000))
        m_fleet->kill();
}

Result<void> CtlStage::startStore()
{
    if (const auto started = m_postgres.start(); !started)
        return started;
    return freshDatabase();
}

Result<void> CtlStage::freshDatabase()
{
    const auto database = m_postgres.freshDatabase();
    if (!database)
        return fail(database.error());
    m_database = *database;
    const std::pair<QString, QString> people[] = {{u"anna"_s, u"operator"_s},
                                                  {u"carl"_s, u"operator"_s},
                                                  {u"bob"_s, u"tech-lead"_s},
                                                  {u"olga"_s, u"operations"_s},
                                                  {u"vera"_s, u"viewer"_s}};
    for (const auto& [person, role] : people) {
        if (const auto added = m_postgres.addPerson(m_database, person, {role}); !added)
            return added;
    }
    return {};
}

void CtlStage::setClass(const QString& platform, const QString& cluster, const QString& klass) const
{
    const auto set = superuser().run("SELECT watchkeeper.set_cluster($1, $2, $3)", {platform, cluster, klass});
    if (!set)
        qFatal("%s", qPrintable(set.error().sentence + set.error().detail));
}

bool CtlStage::startFleet()
{
    const QString directory = m_home.filePath(u"fleet"_s);
    m_fleet = std::make_unique<QProcess>();
    m_fleet->setStandardOutputFile(m_home.filePath(u"fleet.log"_s));
    m_fleet->setStandardErrorFile(m_home.filePath(u"fleet.log"_s), QIODevice::Append);
    m_fleet->start(program(u"watchkeeper-fleet"_s), {u"--state-dir"_s, directory, u"--port-base"_s, u"0"_s, u"--seed"_s,
                                                     u"7"_s, u"--faults"_s, u"none"_s, u"--only"_s, u"streamgate"_s});
    const QStringList files{directory + u"/kubeconfig"_s, directory + u"/kubeconfig-roles"_s};
    m_kubeconfig = m_home.filePath(u"kubeconfig"_s);
    return QTest::qWaitFor(
        [&] {
            if (!QFile::exists(files[0]) || !QFile::exists(files[1]))
                return false;
            const Ran merged = run(u"kubectl"_s, {u"config"_s, u"view"_s, u"--raw"_s, u"--flatten"_s}, 20'000,
                                   {u"KUBECONFIG="_s + files.join(u':')});
            file(u"kubeconfig"_s, merged.out);
            return kubectl(u"streamgate"_s, {u"get"_s, u"namespaces"_s}).code == 0;
        },
        60'000);
}

QStringList CtlStage::environment(const QString& person) const
{
    const QString home = m_home.filePath(person);
    return {u"HOME="_s + home, u"XDG_DATA_HOME="_s + home + u"/data"_s, u"XDG_CONFIG_HOME="_s + home + u"/config"_s,
            u"WATCHKEEPER_STORE="_s + m_postgres.address(person, m_database).text()};
}

QStringList CtlStage::withCluster(const QStringList& arguments) const
{
    return m_kubeconfig.isEmpty() ? arguments : arguments + QStringList{u"--kubeconfig"_s, m_kubeconfig};
}

Ran CtlStage::ctl(const QString& person, const QStringList& arguments, const QByteArray& input) const
{
    return run(program(u"watchkeeperctl"_s), withCluster(arguments), 180'000, environment(person), input);
}

Ran CtlStage::ctlAlone(const QStringList& arguments) const
{
    QStringList alone = environment(u"alone"_s);
    alone.last() = u"WATCHKEEPER_STORE="_s;
    return run(program(u"watchkeeperctl"_s), withCluster(arguments), 180'000,
               alone + QStringList{u"WATCHKEEPER_PRIVATE_STORE="_s + m_private.filePath(u"store"_s)});
}

std::unique_ptr<QProcess> CtlStage::begin(const QString& person, const QStringList& arguments) const
{
    auto process = std::make_unique<QProcess>();
    QProcessEnvironment env = QProcessEnvironment::systemEnvironment();
    for (const QString& entry : environment(person))
        env.insert(entry.section(u'=', 0, 0), entry.section(u'=', 1));
    process->setProcessEnvironment(env);
    process->start(program(u"watchkeeperctl"_s), withCluster(arguments));
    return process;
}

Ran CtlStage::kubectl(const QString& context, const QStringList& arguments) const
{
    return run(u"kubectl"_s, QStringList{u"--kubeconfig"_s, m_kubeconfig, u"--context"_s, context} + arguments, 60'000,
               {u"HOME="_s + m_home.path()});
}

QJsonObject CtlStage::json(const Ran& ran) { return QJsonDocument::fromJson(ran.out).object(); }

QString CtlStage::file(const QString& name, const QByteArray& content) const
{
    QFile out(m_home.filePath(name));
    if (!out.open(QIODevice::WriteOnly) || out.write(content) != content.size())
        qFatal("cannot write %s", qPrintable(out.fileName()));
    return out.fileName();
}

QJsonObject actionStep(const QString& action, const QString& cluster, const QString& kind, const QString& space,
                       const QString& name, const QJsonObject& parameters)
{
    const QJsonObject target{{u"cluster"_s, cluster}, {u"group"_s, u"apps"_s}, {u"version"_s, u"v1"_s},
                             {u"kind"_s, kind},       {u"name"_s, name},       {u"resource"_s, kind.toLower() + u's'},
                             {u"namespace"_s, space}};
    return {{u"action"_s, action}, {u"target"_s, target}, {u"parameters"_s, parameters}};
}

QByteArray planText(const QString& platform, const QString& title, const QList<QJsonObject>& steps)
{
    QJsonArray list;
    for (const QJsonObject& step : steps)
        list.append(step);
    return QJsonDocument(QJsonObject{{u"format"_s, u"watchkeeper/plan/v1"_s},
                                     {u"platform"_s, platform},
                                     {u"title"_s, title},
                                     {u"steps"_s, list}})
        .toJson();
}

QStringList formWords()
{
    return {u"--what"_s,   u"what is changed"_s, u"--why"_s,           u"why it is changed"_s,
            u"--impact"_s, u"none expected"_s,   u"--rollback-plan"_s, u"take it back"_s};
}

} // namespace wk::test
