// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/ClusterView.h"
#include "cluster/KindCatalog.h"
#include "cluster/objects/AccessReader.h"
#include "cluster/objects/Relations.h"
#include "cluster/objects/Revisions.h"
#include "cluster/objects/UsedBy.h"
#include "fleet/Fleet.h"
#include "platform/KubeConfig.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

using namespace Qt::StringLiterals;
using namespace wk;
using namespace wk::cluster;

/// What a detail tells of the fleet's objects, over TLS: the trees of its workloads, their revisions, who uses what,
/// who may do what, compared with what the fleet itself knows.
class TestObjectFleet : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void treesHaveThePodsThatRun();
    void revisionsAreThoseOfTheFleet();
    void usersOfWhatAWorkloadNames();
    void ownRightsAndThoseOfOthers();
    void secretsAreNotListed();

private:
    [[nodiscard]] const fleet::Cluster& world() { return m_fleet->member(u"tchat"_s)->engine->cluster(); }
    [[nodiscard]] ResourceKind kind(const QString& id) { return kindById(m_view->kinds(), id); }
    /// An object as the server has it now; empty where it cannot be read.
    [[nodiscard]] QJsonObject read(const QString& kindId, const QString& space, const QString& name);
    [[nodiscard]] static QString kindIdOf(const fleet::Workload& workload);
    /// The rows of a kind, once they are there.
    [[nodiscard]] std::shared_ptr<table::TableSource> rows(const QString& kindId);
    /// What is wrong; empty where nothing is.
    [[nodiscard]] QString wrongTree(const fleet::Workload& workload, const QJsonObject& object);
    [[nodiscard]] QString wrongHistory(const fleet::Workload& workload);

    QTemporaryDir m_dir;
    std::unique_ptr<fleet::Fleet> m_fleet;
    std::shared_ptr<ClusterView> m_view;
    QHash<QString, std::shared_ptr<table::TableSource>> m_rows;
};

void TestObjectFleet::initTestCase()
{
    fleet::Fleet::Options options;
    options.seed = 5;
    options.startMs = 1'795'428'000'000; // 2026-11-23T10:00:00Z, a Monday
    options.portBase = 0;
    options.stateDirectory = m_dir.filePath(u"fleet"_s);
    options.only = {u"tchat"_s};
    options.background = false;
    m_fleet = std::make_unique<fleet::Fleet>(options);
    const auto started = m_fleet->start();
    QVERIFY2(started.has_value(), started ? "" : qPrintable(started.error().text()));
    const auto config = platform::KubeConfig::loadFile(m_fleet->kubeconfigPath());
    QVERIFY(config.has_value());
    const auto context = config->resolve(u"tchat"_s);
    QVERIFY2(context.has_value(), context ? "" : qPrintable(context.error().text()));
    m_view = std::make_shared<LiveClusterView>(std::make_shared<ClusterConnection>(*context));
    QTRY_VERIFY_WITH_TIMEOUT(m_view->discovered(), 30'000);
}

QJsonObject TestObjectFleet::read(const QString& kindId, const QString& space, const QString& name)
{
    const auto answer = m_view->fetchObject(kind(kindId), space, name);
    if (!QTest::qWaitFor([&] { return answer.isFinished(); }, 30'000) || !answer.result())
        return {};
    return QJsonDocument::fromJson(*answer.result()).object();
}

QString TestObjectFleet::kindIdOf(const fleet::Workload& workload)
{
    using Kind = fleet::WorkloadSpec::Kind;
    return workload.spec.kind == Kind::Deployment    ? u"deployments.apps"_s
           : workload.spec.kind == Kind::StatefulSet ? u"statefulsets.apps"_s
                                                     : u"daemonsets.apps"_s;
}

std::shared_ptr<table::TableSource> TestObjectFleet::rows(const QString& kindId)
{
    std::shared_ptr<table::TableSource>& source = m_rows[kindId];
    if (!source && !kind(kindId).resource.isEmpty()) {
        source = m_view->open(kind(kindId));
        if (!QTest::qWaitFor([&] { return source->freshness().isLive(); }, 30'000))
            return nullptr;
    }
    return source;
}

QString TestObjectFleet::wrongTree(const fleet::Workload& workload, const QJsonObject& object)
{
    QSet<QString> expected, found;
    const auto groups = relationsOf(object, m_view->kinds(), [this](const QString& id) { return rows(id); });
    for (const qint64 id : workload.pods)
        expected.insert(world().pods.at(id)->name);
    const std::function<void(const QList<Relation>&)> collect = [&](const QList<Relation>& relations) {
        for (const Relation& relation : relations) {
            if (relation.kindId == u"pods")
                found.insert(relation.name);
            collect(relation.parts);
        }
    };
    for (const RelationGroup& group : groups) {
        if (group.title == u"Made by, and makes")
            collect(group.roots);
        for (const Relation& root : group.roots) {
            if (root.words.contains(u"does not exist"))
                return root.kind + u' ' + root.name + u' ' + root.words;
        }
    }
    return found == expected ? QString()
                             : u"%1 instead of %2"_s.arg(QStringList(found.values()).join(u' '),
                                                         QStringList(expected.values()).join(u' '));
}

void TestObjectFleet::treesHaveThePodsThatRun()
{
    QVERIFY(!world().workloads.empty());
    for (const fleet::Workload& workload : world().workloads) {
        if (workload.gone)
            continue;
        const QString name = workload.spec.space + u'/' + workload.spec.name;
        const QJsonObject object = read(kindIdOf(workload), workload.spec.space, workload.spec.name);
        QVERIFY2(!object.isEmpty(), qPrintable(name));
        // The world goes on while the rows come.
        QTRY_VERIFY2(wrongTree(workload, object).isEmpty(), qPrintable(name + u": "_s + wrongTree(workload, object)));
    }
}

QString TestObjectFleet::wrongHistory(const fleet::Workload& workload)
{
    const QJsonObject object = read(kindIdOf(workload), workload.spec.space, workload.spec.name);
    const RevisionQuery query = revisionQueryOf(object);
    const auto list = m_view->fetchList(kind(query.kindId), workload.spec.space, query.query);
    if (!QTest::qWaitFor([&] { return list.isFinished(); }, 30'000) || !list.result())
        return u"the list could not be read"_s;
    const auto revisions = revisionsOf(object, *list.result());
    if (!revisions)
        return revisions.error().text();
    const fleet::Revision& wanted = workload.revisions.at(size_t(workload.current));
    const auto current = std::ranges::find_if(*revisions, &Revision::current);
    if (current == revisions->end() || current->number != wanted.number)
        return u"the current revision is not %1"_s.arg(wanted.number);
    QStringList images;
    for (const fleet::ContainerSpec& container : wanted.containers)
        images << container.image;
    if (!current->text.contains(u"containers:") || current->images.size() != images.size())
        return u"the current revision runs %1"_s.arg(current->images.join(u' '));
    return revisions->size() == qsizetype(workload.revisions.size())
               ? QString()
               : u"%1 revisions, not %2"_s.arg(revisions->size()).arg(workload.revisions.size());
}

void TestObjectFleet::revisionsAreThoseOfTheFleet()
{
    for (const fleet::Workload& workload : world().workloads) {
        const QString wrong = workload.gone ? QString() : wrongHistory(workload);
        QVERIFY2(wrong.isEmpty(), qPrintable(workload.spec.space + u'/' + workload.spec.name + u": "_s + wrong));
    }
}

void TestObjectFleet::usersOfWhatAWorkloadNames()
{
    int asked = 0;
    for (const fleet::Workload& workload : world().workloads) {
        if (workload.gone || asked >= 6)
            continue;
        const QJsonObject object = read(kindIdOf(workload), workload.spec.space, workload.spec.name);
        const QList<Reference> references = referencesOf(object);
        const auto named = std::ranges::find_if(
            references, [](const Reference& r) { return r.kindId == u"configmaps" || r.kindId == u"secrets"; });
        if (named == references.end())
            continue;
        ++asked;
        UsedBy usedBy(m_view);
        std::optional<UsedBy::Answer> answer;
        usedBy.ask(named->kindId, workload.spec.space, named->name, [&](const UsedBy::Answer& a) { answer = a; });
        QTRY_VERIFY_WITH_TIMEOUT(answer, 30'000);
        QVERIFY2(answer->missing.isEmpty(), qPrintable(answer->missing.join(u' ')));
        const bool told = std::ranges::any_of(answer->users, [&](const Referrer& user) {
            return user.kindId == kindIdOf(workload) && user.name == workload.spec.name && user.how == named->how;
        });
        QVERIFY2(told, qPrintable(named->name + u" is used by "_s + workload.spec.name));
    }
    QVERIFY(asked > 0);
}

void TestObjectFleet::ownRightsAndThoseOfOthers()
{
    const fleet::Workload& workload = world().workloads.front();
    AccessReader reader(m_view);
    std::optional<AccessReader::Answer> answer;
    reader.ask(kind(kindIdOf(workload)), workload.spec.space, workload.spec.name,
               [&](const AccessReader::Answer& a) { answer = a; });
    QTRY_VERIFY_WITH_TIMEOUT(answer, 30'000);
    QVERIFY2(answer->missing.isEmpty(), qPrintable(answer->missing.join(u' ')));
    QVERIFY(answer->own && *answer->own);
    QVERIFY(!(*answer->own)->rights.isEmpty());
    QVERIFY((*answer->own)->rights.first().allowed);
    // Whoever the fleet lets change things stands among those who may.
    QVERIFY(std::ranges::any_of(answer->grants, &Grant::changes));
}

void TestObjectFleet::secretsAreNotListed()
{
    const auto list = m_view->fetchList(kind(u"secrets"_s), {});
    QTRY_VERIFY(list.isFinished());
    QVERIFY(!list.result());
    QCOMPARE(list.result().error().kind, Error::Kind::Unsupported);
}

QTEST_GUILESS_MAIN(TestObjectFleet)
#include "test_object_fleet.moc"
