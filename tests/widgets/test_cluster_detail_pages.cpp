// SPDX-License-Identifier: GPL-3.0-or-later
#include "ClusterPanelFixture.h"

#include "widgets/cluster/DetailSections.h"
#include "widgets/cluster/ObjectDetail.h"
#include "widgets/cluster/detail/AccessView.h"
#include "widgets/cluster/detail/RelatedView.h"
#include "widgets/cluster/detail/RevisionView.h"
#include "widgets/common/CodeEdit.h"
#include "widgets/common/CodeView.h"
#include "widgets/common/FoldRegions.h"
#include "widgets/common/StateView.h"

#include <QtGui/QClipboard>
#include <QtGui/QTextBlock>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QLabel>
#include <QtWidgets/QPlainTextEdit>
#include <QtWidgets/QTabBar>
#include <QtWidgets/QTreeWidget>
#include <QtWidgets/QTreeWidgetItemIterator>

using namespace wk;
using namespace wk::test;
using namespace wk::widgets;
using table::Health;
using Page = ObjectDetail::Page;

/// The pages of a detail beside its summary: related objects, revisions, access, YAML.
class TestClusterDetailPages : public ClusterPanelFixture
{
    Q_OBJECT

private slots:
    void headSaysWhatAndSinceWhen();
    void foldRegions();
    void managedFieldsAreFoldedAway();
    void foldsSurviveAnotherReading();
    void whatIsLookedForIsUnfolded();
    void caretSkipsWhatIsFolded();
    void relatedObjectsAreATree();
    void relatedObjectIsOpened();
    void usersOfAConfigMap();
    void usersThatCannotBeReadAreSaid();
    void twoRevisionsAreCompared();
    void historyThatCannotBeRead();
    void accessOfMeAndOthers();
    void copies();

private:
    /// Opens the detail of an object and one of its pages.
    void openPage(const QString& kindId, const QString& name, Page page);
    void addDeployment();
    /// "Deployment api: rolling out", one line an item, indented.
    [[nodiscard]] QStringList treeText() const;
    [[nodiscard]] CodeEdit* yaml() const
    {
        return m_panel->findChild<CodeView*>(u"detailYaml"_s)->findChild<CodeEdit*>(u"codeEdit"_s);
    }
    [[nodiscard]] QString visibleYaml() const;
};

void TestClusterDetailPages::openPage(const QString& kindId, const QString& name, Page page)
{
    m_panel->open({.kindId = kindId, .space = u"shop"_s, .name = name, .filter = {}});
    QTRY_VERIFY(m_panel->detail()->isLoaded());
    m_panel->detail()->showPage(page);
    QCOMPARE(m_panel->detail()->page(), page);
}

void TestClusterDetailPages::addDeployment()
{
    m_cluster->objects["api"] =
        R"({"kind":"Deployment","apiVersion":"apps/v1","metadata":{"name":"api","namespace":"shop","uid":"u1",
        "managedFields":[{"manager":"kubectl","fieldsV1":{"f:spec":{}}}]},
        "spec":{"selector":{"matchLabels":{"app":"api"}},"template":{"metadata":{"labels":{"app":"api"}},
        "spec":{"containers":[{"name":"c","image":"r/api:v2"}]}}}})";
    m_cluster->table(u"deployments.apps"_s)->put(FakeCluster::row(u"shop"_s, u"api"_s));
    auto set = std::make_shared<table::Row>(*FakeCluster::revision(u"shop"_s, u"api"_s, 2, 1000, u"r/api:v2"_s));
    set->health = Health::Good;
    m_cluster->table(u"replicasets.apps"_s)->put(set);
    const auto kept = [](const QByteArray& number, const QByteArray& image) {
        return R"({"metadata":{"name":"api-)" + number + R"(","annotations":{"deployment.kubernetes.io/revision":")" +
               number +
               R"("},"ownerReferences":[{"uid":"u1"}]},"spec":{"template":{"metadata":{"labels":{"app":"api"}},)" +
               R"("spec":{"containers":[{"name":"c","image":")" + image + R"("}]}}}})";
    };
    m_cluster->lists["replicasets.apps"] =
        R"({"items":[)" + kept("1", "r/api:v0") + ',' + kept("2", "r/api:v1") + ',' + kept("3", "r/api:v2") + "]}";
}

QStringList TestClusterDetailPages::treeText() const
{
    QStringList out;
    for (QTreeWidgetItemIterator it(m_panel->findChild<QTreeWidget*>(u"relatedTree"_s)); *it; ++it) {
        QString line;
        for (const QTreeWidgetItem* above = (*it)->parent(); above; above = above->parent())
            line += u"  "_s;
        line += (*it)->text(0);
        out << ((*it)->text(1).isEmpty() ? line : line + u": "_s + (*it)->text(1));
    }
    return out;
}

QString TestClusterDetailPages::visibleYaml() const
{
    QStringList lines;
    for (QTextBlock block = yaml()->document()->begin(); block.isValid(); block = block.next()) {
        if (block.isVisible())
            lines << block.text();
    }
    return lines.join(u'\n');
}

void TestClusterDetailPages::headSaysWhatAndSinceWhen()
{
    m_cluster->objects["api-1"] =
        R"({"kind":"Pod","apiVersion":"v1","metadata":{"name":"api-1","namespace":"shop","creationTimestamp":"2023-11-14T20:12:00Z"},
        "status":{"conditions":[{"type":"Ready","status":"False","lastTransitionTime":"2023-11-14T22:10:00Z"}]}})";
    openPage(u"pods"_s, u"api-1"_s, Page::Summary);
    QCOMPARE(m_panel->findChild<QLabel*>(u"detailSubtitle"_s)->text(), u"Pod in shop, made 2 h ago"_s);
    auto* reason = m_panel->findChild<QLabel*>(u"detailReason"_s);
    QCOMPARE(reason->text(), u"api: back-off restarting; not well for 3 m"_s);
    m_clock->advance(60'000);
    QCOMPARE(reason->text(), u"api: back-off restarting; not well for 4 m"_s);
}

void TestClusterDetailPages::foldRegions()
{
    const QString text = u"metadata:\n  labels:\n    a: b\n  name: x\nspec:\n  containers:\n  - name: c\n    image: i\n"
                         "  - name: d\n    args:\n    - one\n  note: |\n    list:\n      deep\nend: 1"_s;
    QStringList found;
    for (const FoldRegion& region : foldRegionsOf(text))
        found << u"%1-%2 %3"_s.arg(region.first).arg(region.last).arg(region.path);
    QCOMPARE(found, (QStringList{u"0-3 metadata"_s, u"1-2 metadata.labels"_s, u"4-13 spec"_s, u"5-10 spec.containers"_s,
                                 u"6-7 spec.containers.0"_s, u"8-10 spec.containers.1"_s,
                                 u"9-10 spec.containers.1.args"_s, u"11-13 spec.note"_s}));
    QVERIFY(foldRegionsOf({}).isEmpty());
    QVERIFY(foldRegionsOf(u"a: 1\n\n\nb: 2"_s).isEmpty());
}

void TestClusterDetailPages::managedFieldsAreFoldedAway()
{
    addDeployment();
    openPage(u"deployments.apps"_s, u"api"_s, Page::Yaml);
    QVERIFY2(visibleYaml().contains(u"managedFields:\n  name: api"), qPrintable(visibleYaml()));
    QVERIFY(yaml()->toPlainText().contains(u"manager: kubectl"));
    // Enter on the line shows what is below.
    QTextCursor cursor = yaml()->document()->find(u"managedFields:"_s);
    yaml()->setTextCursor(cursor);
    QTest::keyClick(yaml(), Qt::Key_Return);
    QVERIFY(visibleYaml().contains(u"manager: kubectl"));
    QTest::keyClick(yaml(), Qt::Key_BraceLeft, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(visibleYaml(), u"apiVersion: apps/v1\nkind: Deployment\nmetadata:\nspec:\n"_s);
    QTest::keyClick(yaml(), Qt::Key_BraceRight, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(visibleYaml(), yaml()->toPlainText());
}

void TestClusterDetailPages::foldsSurviveAnotherReading()
{
    addDeployment();
    openPage(u"deployments.apps"_s, u"api"_s, Page::Yaml);
    m_cluster->objects["api"].replace("r/api:v2", "r/api:v7");
    m_clock->advance(ObjectDetail::refetchMs);
    m_cluster->table(u"deployments.apps"_s)->put(FakeCluster::row(u"shop"_s, u"api"_s, Health::Warning, u"rolling"_s));
    QTRY_VERIFY(visibleYaml().contains(u"r/api:v7"));
    QVERIFY(!visibleYaml().contains(u"manager: kubectl"));
}

void TestClusterDetailPages::whatIsLookedForIsUnfolded()
{
    addDeployment();
    openPage(u"deployments.apps"_s, u"api"_s, Page::Yaml);
    QVERIFY(!visibleYaml().contains(u"manager: kubectl"));
    yaml()->setFocus();
    QTest::keySequence(yaml(), QKeySequence::Find);
    QTRY_VERIFY(QApplication::focusWidget() != yaml());
    QTest::keyClicks(QApplication::focusWidget(), u"manager: kub"_s);
    QVERIFY2(visibleYaml().contains(u"manager: kubectl"), qPrintable(visibleYaml()));
    QCOMPARE(yaml()->textCursor().selectedText(), u"manager: kub"_s);
}

void TestClusterDetailPages::caretSkipsWhatIsFolded()
{
    addDeployment();
    openPage(u"deployments.apps"_s, u"api"_s, Page::Yaml);
    yaml()->setTextCursor(yaml()->document()->find(u"managedFields:"_s));
    QTest::keyClick(yaml(), Qt::Key_Down);
    QCOMPARE(yaml()->textCursor().block().text().trimmed(), u"name: api"_s);
    QTest::keyClick(yaml(), Qt::Key_Up);
    QCOMPARE(yaml()->textCursor().block().text().trimmed(), u"managedFields:"_s);
}

void TestClusterDetailPages::relatedObjectsAreATree()
{
    addDeployment();
    openPage(u"deployments.apps"_s, u"api"_s, Page::Related);
    QCOMPARE(treeText(), (QStringList{u"Made by, and makes"_s, u"  Deployment api: Running"_s,
                                      u"    ReplicaSet api-1000: Good"_s}));
    // A row that changes is seen at the next look.
    m_cluster->table(u"deployments.apps"_s)->put(FakeCluster::row(u"shop"_s, u"api"_s, Health::Warning, u"rolling"_s));
    m_clock->advance(ObjectDetail::tickMs);
    QTRY_VERIFY2(treeText().contains(u"  Deployment api: rolling"_s), qPrintable(treeText().join(u'\n')));
}

void TestClusterDetailPages::relatedObjectIsOpened()
{
    addDeployment();
    m_cluster->objects["api-1000"] =
        R"({"kind":"ReplicaSet","apiVersion":"apps/v1","metadata":{"name":"api-1000","namespace":"shop",
        "ownerReferences":[{"apiVersion":"apps/v1","kind":"Deployment","name":"api","controller":true}]}})";
    openPage(u"deployments.apps"_s, u"api"_s, Page::Related);
    auto* tree = m_panel->findChild<QTreeWidget*>(u"relatedTree"_s);
    tree->setFocus();
    tree->setCurrentItem(tree->topLevelItem(0)->child(0)->child(0));
    QTest::keyClick(tree, Qt::Key_Return);
    QTRY_COMPARE(m_panel->detail()->name(), u"api-1000"_s);
    QTRY_VERIFY(m_panel->detail()->isLoaded());
    // The page stays, and leads back up.
    QCOMPARE(m_panel->detail()->page(), Page::Related);
    QTRY_VERIFY2(treeText().contains(u"  Deployment api: Running"_s), qPrintable(treeText().join(u'\n')));
    QTest::keyClick(tree, Qt::Key_Escape);
    QVERIFY(!m_panel->isDetailOpen());
}

void TestClusterDetailPages::usersOfAConfigMap()
{
    m_cluster->lists["deployments.apps"] =
        R"({"items":[{"metadata":{"name":"api","namespace":"shop"},"spec":{"template":{"spec":
        {"containers":[{"name":"c","envFrom":[{"secretRef":{"name":"key"}}]}]}}}}]})";
    for (const char* kind : {"statefulsets.apps", "daemonsets.apps", "replicasets.apps", "pods"})
        m_cluster->lists[kind] = R"({"items":[]})";
    m_cluster->table(u"deployments.apps"_s)->put(FakeCluster::row(u"shop"_s, u"api"_s));
    m_cluster->objects["key"].replace(R"("name":"key")", R"("name":"key","namespace":"shop")");
    m_cluster->table(u"secrets"_s)->put(FakeCluster::row(u"shop"_s, u"key"_s));
    openPage(u"secrets"_s, u"key"_s, Page::Related);
    QTRY_VERIFY2(treeText().contains(u"  Deployment api: environment of c: Running"_s),
                 qPrintable(treeText().join(u'\n')));
    QVERIFY(m_cluster->queries.contains("deployments.apps|shop|limit=1000"));
    const qsizetype asked = m_cluster->queries.size();
    m_clock->advance(ObjectDetail::tickMs);
    QCOMPARE(m_cluster->queries.size(), asked); // once for an object
}

void TestClusterDetailPages::usersThatCannotBeReadAreSaid()
{
    m_cluster->table(u"secrets"_s)->put(FakeCluster::row(u"shop"_s, u"key"_s));
    openPage(u"secrets"_s, u"key"_s, Page::Related);
    auto* note = m_panel->findChild<QLabel*>(u"relatedNote"_s);
    QTRY_VERIFY2(note->text().contains(u"There is no such object."), qPrintable(note->text()));
}

void TestClusterDetailPages::twoRevisionsAreCompared()
{
    addDeployment();
    openPage(u"deployments.apps"_s, u"api"_s, Page::Revisions);
    auto* list = m_panel->findChild<QTreeWidget*>(u"revisionList"_s);
    QTRY_COMPARE(list->topLevelItemCount(), 3);
    QVERIFY(m_cluster->queries.contains("replicasets.apps|shop|labelSelector=app%3Dapi"));
    QCOMPARE(list->topLevelItem(0)->text(0), u"3, current"_s);
    QCOMPARE(list->topLevelItem(0)->text(3), u"api:v2"_s);
    auto* difference = m_panel->findChild<CodeView*>(u"revisionDifference"_s);
    QVERIFY2(difference->text().contains(u"-   - image: r/api:v1\n+   - image: r/api:v2"),
             qPrintable(difference->text()));
    // Any two: the first against the last.
    auto* from = m_panel->findChild<QComboBox*>(u"revisionFrom"_s);
    from->setCurrentIndex(2);
    emit from->activated(2);
    QVERIFY2(difference->text().contains(u"-   - image: r/api:v0\n+   - image: r/api:v2"),
             qPrintable(difference->text()));
    list->setFocus();
    QTest::keyClick(list, Qt::Key_Down);
    QVERIFY2(difference->text().contains(u"-   - image: r/api:v0\n+   - image: r/api:v1"),
             qPrintable(difference->text()));
    QTest::keyClick(list, Qt::Key_Down);
    QCOMPARE(difference->text(), u"There is no revision before this one."_s);
    // Other kinds have no such page.
    openPage(u"pods"_s, u"api-0"_s, Page::Summary);
    m_panel->detail()->showPage(Page::Revisions);
    QCOMPARE(m_panel->detail()->page(), Page::Summary);
}

void TestClusterDetailPages::historyThatCannotBeRead()
{
    addDeployment();
    m_cluster->lists.remove("replicasets.apps");
    openPage(u"deployments.apps"_s, u"api"_s, Page::Revisions);
    auto* state = m_panel->findChild<StateView*>(u"revisionState"_s);
    QTRY_COMPARE(state->state(), StateView::State::Failed);
    QVERIFY(state->text().contains(u"There is no such object."));
    addDeployment();
    emit state->actionTriggered();
    QTRY_COMPARE(m_panel->findChild<QTreeWidget*>(u"revisionList"_s)->topLevelItemCount(), 3);
}

void TestClusterDetailPages::accessOfMeAndOthers()
{
    m_cluster->rules["shop"] = R"({"status":{"resourceRules":[
        {"verbs":["get","list"],"apiGroups":[""],"resources":["pods"]}]}})";
    for (const char* kind : {"roles", "rolebindings", "clusterroles"})
        m_cluster->lists[QByteArray(kind) + ".rbac.authorization.k8s.io"] = R"({"items":[]})";
    for (const char16_t* kind : {u"roles", u"clusterroles", u"rolebindings", u"clusterrolebindings"})
        m_cluster->serve(
            cluster::kindById(cluster::builtInKinds(), QString::fromUtf16(kind) + u".rbac.authorization.k8s.io"_s));
    m_cluster->lists["clusterroles.rbac.authorization.k8s.io"] =
        R"({"items":[{"metadata":{"name":"admin"},"rules":[{"verbs":["*"],"apiGroups":["*"],"resources":["*"]}]}]})";
    m_cluster->lists["clusterrolebindings.rbac.authorization.k8s.io"] =
        R"({"items":[{"metadata":{"name":"root"},"roleRef":{"kind":"ClusterRole","name":"admin"},
        "subjects":[{"kind":"User","name":"boss"}]}]})";
    openPage(u"pods"_s, u"api-0"_s, Page::Access);
    auto* view = m_panel->findChild<AccessView*>(u"accessView"_s);
    const auto text = [view] {
        QString all;
        for (const SummarySection& section : view->summary()->sections()) {
            all += section.title + u'\n';
            for (const SummaryItem& item : section.items)
                all += item.key + u'=' + item.value + u'\n';
        }
        return all;
    };
    QTRY_VERIFY2(text().contains(u"What you may do, as tester\n"), qPrintable(text()));
    QVERIFY2(text().contains(u"read it=yes\n"), qPrintable(text()));
    QVERIFY2(text().contains(u"delete it=no\n"), qPrintable(text()));
    QVERIFY2(text().contains(u"read its logs=no\n"), qPrintable(text()));
    QVERIFY2(text().contains(u"Who may change it\nboss=everything · ClusterRole admin, by root\n"), qPrintable(text()));
    // What is refused is said, and hides nothing else.
    m_cluster->lists.remove("clusterroles.rbac.authorization.k8s.io");
    openPage(u"pods"_s, u"api-1"_s, Page::Access);
    QTRY_VERIFY2(text().contains(u"Roles=There is no such object."), qPrintable(text()));
    QVERIFY(text().contains(u"read it=yes\n"));
}

void TestClusterDetailPages::copies()
{
    addDeployment();
    openPage(u"deployments.apps"_s, u"api"_s, Page::Summary);
    QSignalSpy notices(m_panel.get(), &ClusterPanel::notice);
    m_panel->detail()->copy(ObjectDetail::CopyAs::Yaml);
    QCOMPARE(notices.size(), 1);
    const QString yamlText = QApplication::clipboard()->text();
    QVERIFY2(yamlText.startsWith(u"apiVersion: apps/v1\n") && !yamlText.contains(u"managedFields"),
             qPrintable(yamlText));
    m_panel->detail()->copy(ObjectDetail::CopyAs::Json);
    QVERIFY(QApplication::clipboard()->text().contains(u"\"kind\": \"Deployment\""));
    m_panel->detail()->copy(ObjectDetail::CopyAs::Kubectl);
    QCOMPARE(QApplication::clipboard()->text(), u"kubectl --context=fake -n shop get deployments.apps api -o yaml"_s);
}

QTEST_MAIN(TestClusterDetailPages)
#include "test_cluster_detail_pages.moc"
