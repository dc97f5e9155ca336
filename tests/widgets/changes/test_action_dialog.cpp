// SPDX-License-Identifier: GPL-3.0-or-later
#include "ChangesFixture.h"

#include "cluster/Decoder.h"
#include "platform/PlatformLoader.h"
#include "widgets/changes/ConfirmDialog.h"
#include "widgets/changes/plan/ActionDialog.h"
#include "widgets/changes/plan/ActionForm.h"
#include "widgets/changes/plan/ManifestEdit.h"
#include "widgets/changes/plan/PairRow.h"
#include "widgets/changes/requests/RequestForm.h"
#include "widgets/common/CodeEdit.h"

#include <QtCore/QJsonDocument>
#include <QtTest/QSignalSpy>
#include <QtWidgets/QCheckBox>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPlainTextEdit>
#include <QtWidgets/QToolButton>

using namespace wk;
using namespace wk::test;
using namespace wk::widgets;
using namespace Qt::StringLiterals;
using changes::Target;

namespace {

QJsonObject json(const QByteArray& text) { return QJsonDocument::fromJson(text).object(); }

QJsonObject gateway()
{
    return json(R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"api-gateway",
      "namespace":"streamgate","uid":"u"},"spec":{"replicas":3,"template":{"spec":{"containers":[
        {"name":"gateway","image":"registry/gateway:1","env":[{"name":"LEVEL","value":"info"},
          {"name":"KEY","valueFrom":{"secretKeyRef":{"name":"keys","key":"api"}}},
          {"name":"NODE","valueFrom":{"fieldRef":{"fieldPath":"spec.nodeName"}}}],
         "resources":{"limits":{"memory":"1Gi"}}},
        {"name":"side","image":"registry/side:4"}]}}}})");
}

Target named(const QString& kind, const QString& resource, const QString& name)
{
    return {u"production"_s, {}, u"v1"_s, kind, resource, u"streamgate"_s, name};
}

QStringList ids(const QList<OfferedAction>& offered)
{
    QStringList out;
    for (const OfferedAction& one : offered)
        out << one.id;
    return out;
}

} // namespace

class TestActionDialog : public QObject, private ChangesFixture
{
    Q_OBJECT

private slots:
    void init()
    {
        openPanel();
        means->known = platform::loadPlatforms({QString::fromUtf16(platform::builtinPlatforms)}).platforms;
    }
    void cleanup()
    {
        m_dialog.reset();
        closePanel();
    }
    void everyKindIsOfferedSomewhere();
    void scaleIsProposedOrDone();
    void dangerBeginsWithTheWayBack();
    void outsideDevelopmentTheNameIsTyped();
    void productionGoesByRequest();
    void imagesOfAllContainers();
    void variables();
    void limits();
    void configMap();
    void versionOfAService();
    void manifestIsJudgedWhileTyped();
    void newObjectIsWhatTheManifestSays();
    void severalObjectsAreOnePlan();
    void formWithoutAnAnswer();

private:
    void ask(const QString& action, const QList<Target>& targets)
    {
        m_dialog = std::make_unique<ActionDialog>(*means, askFor(action, u"streamgate"_s, targets));
        m_dialog->show();
        QTRY_VERIFY(m_dialog->isCalm());
    }
    template <typename T>
    T* field(const QString& name)
    {
        return m_dialog->findChild<T*>(u"action-"_s + name);
    }
    QPushButton* now() { return m_dialog->findChild<QPushButton*>(u"actionNow"_s); }
    QPushButton* propose() { return m_dialog->findChild<QPushButton*>(u"actionPropose"_s); }
    QJsonObject parameters() const
    {
        return m_dialog->plan() ? m_dialog->plan()->steps().first().parameters : QJsonObject();
    }
    PairRow* pair(const QString& name)
    {
        for (PairRow* row : m_dialog->findChildren<PairRow*>())
            if (row->name() == name)
                return row;
        return nullptr;
    }
    static Target target() { return stories::deployment(u"api-gateway"_s); }

    std::unique_ptr<ActionDialog> m_dialog;
};

void TestActionDialog::everyKindIsOfferedSomewhere()
{
    const auto deployment = ids(offeredActions({target()}));
    QSet<QString> all(deployment.begin(), deployment.end());
    for (const Target& one :
         {named(u"Pod"_s, u"pods"_s, u"p"_s), named(u"Pod"_s, u"pods"_s, {}),
          named(u"Service"_s, u"services"_s, u"s"_s), named(u"ConfigMap"_s, u"configmaps"_s, u"c"_s),
          Target{u"production"_s, {}, u"v1"_s, u"Node"_s, u"nodes"_s, {}, u"n"_s}})
        for (const QString& id : ids(offeredActions({one})))
            all << id;
    for (const changes::ActionKind* kind : changes::actionKinds())
        if (kind->place() == changes::ActionKind::Place::Cluster)
            QVERIFY2(all.contains(kind->name()), qPrintable(kind->name()));
    QVERIFY(all.contains(u"deletePodsBySelector"_s));
    QVERIFY(!deployment.contains(u"drain"_s));
    // Danger comes last, and no key means two things.
    for (const Target& one : {target(), named(u"Pod"_s, u"pods"_s, u"p"_s)}) {
        QStringList keys;
        bool danger = false;
        for (const OfferedAction& offered : offeredActions({one})) {
            QVERIFY(!danger || offered.danger);
            danger = offered.danger;
            QVERIFY2(offered.shortcut.isEmpty() || !keys.contains(offered.shortcut), qPrintable(offered.id));
            keys << offered.shortcut;
        }
    }
}

void TestActionDialog::scaleIsProposedOrDone()
{
    means->answers = {gateway()};
    means->forbidden = u"User “anna” is not allowed to patch deployments/scale in streamgate."_s;
    ask(u"scale"_s, {target()});
    auto* replicas = field<QLineEdit>(u"replicas"_s);
    QVERIFY(replicas);
    QCOMPARE(replicas->text(), u"3"_s); // as it is
    QVERIFY(!m_dialog->plan() && !now()->isEnabled() && !propose()->isEnabled());
    QCOMPARE(now()->toolTip(), u"Nothing is different yet."_s);
    replicas->selectAll();
    QTest::keyClicks(replicas, u"5"_s);
    QVERIFY(m_dialog->plan());
    QCOMPARE(m_dialog->plan()->steps().size(), 2); // and waits for the rollout
    QTRY_COMPARE(now()->toolTip(), means->forbidden);
    QVERIFY(propose()->isEnabled()); // somebody else may carry it out
    // A number that is none says so below its field.
    replicas->setText(u"1000000"_s);
    QVERIFY(!m_dialog->plan());
    QVERIFY(m_dialog->findChild<QLabel*>(u"mistake-replicas"_s)->text().contains(u"100000"_s));
    // Where the cluster and the Gate allow it, it is asked about once more, and done.
    means->forbidden.clear();
    means->klass = platform::ClusterClass::Development;
    replicas->setText(u"6"_s);
    QTRY_VERIFY(now()->isEnabled());
    QTest::mouseClick(now(), Qt::LeftButton);
    QVERIFY(means->done.isEmpty());
    QVERIFY(m_dialog->question());
    auto* what = m_dialog->question()->findChild<QLabel*>(u"confirmWhat"_s);
    QVERIFY2(what->text().contains(u"6 replicas"_s), qPrintable(what->text()));
    QVERIFY(m_dialog->question()->findChild<QLabel*>(u"confirmWhere"_s)->text().contains(u"production"_s));
    QCOMPARE(m_dialog->question()->findChild<QLabel*>(u"confirmObjects"_s)->text(), u"one object: api-gateway"_s);
    m_dialog->question()->reject();
    QVERIFY(means->done.isEmpty());
    QVERIFY(m_dialog->isVisible());
}

void TestActionDialog::dangerBeginsWithTheWayBack()
{
    ConfirmDialog safe({u"Restart now?"_s, u"Restart"_s, u"dev"_s, u"one object: a"_s, {}, u"Restart now"_s, false});
    safe.show();
    QVERIFY(safe.findChild<QPushButton*>(u"confirmDo"_s)->isDefault());
    ConfirmDialog danger({u"Delete now?"_s, u"Delete"_s, u"dev"_s, u"one object: a"_s, {}, u"Delete now"_s, true});
    danger.show();
    QVERIFY(QTest::qWaitForWindowActive(&danger));
    auto* cancel = danger.findChild<QPushButton*>(u"confirmCancel"_s);
    QVERIFY(cancel->isDefault() && cancel->hasFocus());
    QSignalSpy accepted(&danger, &QDialog::accepted);
    QTest::keyClick(&danger, Qt::Key_Return);
    QCOMPARE(accepted.size(), 0);
    QVERIFY(!danger.isVisible());
}

/// A private store lets its one person act on production; the cluster's name has to be typed.
void TestActionDialog::outsideDevelopmentTheNameIsTyped()
{
    means->klass = platform::ClusterClass::Development; // the Gate lets it; the platform file says production
    ask(u"restart"_s, {target()});
    QTRY_VERIFY(now()->isEnabled());
    QTest::mouseClick(now(), Qt::LeftButton);
    auto* confirm = m_dialog->question()->findChild<QPushButton*>(u"confirmDo"_s);
    auto* typed = m_dialog->question()->findChild<QLineEdit*>(u"confirmTyped"_s);
    QVERIFY(typed && !confirm->isEnabled());
    QTest::keyClicks(typed, u"produktion"_s);
    QVERIFY(!confirm->isEnabled());
    typed->setText(u"production"_s);
    QVERIFY(confirm->isEnabled());
    QTest::mouseClick(confirm, Qt::LeftButton);
    QCOMPARE(means->done.size(), 1);
    // What runs is bound to what the difference was worked out from; the check after it is not.
    const auto steps = means->done.first().steps();
    QCOMPARE(steps.size(), 2);
    QCOMPARE(steps[0].precondition.toJson(), json(R"({"fields":{"/metadata/generation":7}})"));
    QVERIFY(steps[1].precondition.isEmpty());
    QVERIFY(!m_dialog->isVisible());
}

void TestActionDialog::productionGoesByRequest()
{
    means->answers = {gateway()};
    ask(u"restart"_s, {target()});
    QTRY_VERIFY2(now()->toolTip().contains(u"needs an approval"_s), qPrintable(now()->toolTip()));
    QVERIFY(!now()->isEnabled());
    QCOMPARE(m_dialog->findChild<QLabel*>(u"actionReason"_s)->text(), now()->toolTip());
    connect(m_dialog.get(), &ActionDialog::proposed, panel.get(), &ChangesPanel::propose);
    QTest::mouseClick(propose(), Qt::LeftButton);
    QVERIFY(panel->form()->isVisible());
    QVERIFY(panel->form()->plan());
    QVERIFY2(part<QLineEdit>(u"fieldTitle"_s)->text().startsWith(u"[api-gateway] - Restart"_s),
             qPrintable(part<QLineEdit>(u"fieldTitle"_s)->text()));
}

void TestActionDialog::imagesOfAllContainers()
{
    means->answers = {gateway()};
    ask(u"setImage"_s, {target()});
    auto* side = field<QLineEdit>(u"images/side"_s);
    QVERIFY(side && field<QLineEdit>(u"images/gateway"_s));
    QCOMPARE(side->text(), u"registry/side:4"_s);
    side->setText(u"registry/side:5"_s);
    QCOMPARE(parameters(), json(R"({"images":{"side":"registry/side:5"}})")); // and nothing else
    side->setText(u"registry/ side"_s);
    QVERIFY(!m_dialog->plan());
    QVERIFY(!m_dialog->findChild<QLabel*>(u"mistake-images/side"_s)->text().isEmpty());
}

void TestActionDialog::variables()
{
    means->answers = {gateway()};
    ask(u"setEnv"_s, {target()});
    QVERIFY(!m_dialog->plan());
    auto* key = pair(u"KEY"_s);
    QCOMPARE(key->findChild<QComboBox*>(u"pairSource"_s)->currentText(), u"secret"_s);
    QCOMPARE(key->findChild<QPlainTextEdit*>()->toPlainText(), u"keys/api"_s);
    pair(u"LEVEL"_s)->setText(u"debug"_s);
    QTest::mouseClick(pair(u"NODE"_s)->findChild<QToolButton*>(u"pairRemove"_s), Qt::LeftButton);
    QTest::mouseClick(m_dialog->findChild<QPushButton*>(u"pairsAdd"_s), Qt::LeftButton);
    auto* added = pair({});
    QVERIFY(added);
    added->findChild<QLineEdit*>(u"pairName"_s)->setText(u"LIMIT"_s);
    added->setText(u"10"_s);
    QCOMPARE(parameters(), json(R"({"container":"gateway","set":{"LEVEL":"debug","LIMIT":"10"},"remove":["NODE"]})"));
    // A password does not belong into a plan; from a secret it does.
    added->findChild<QLineEdit*>(u"pairName"_s)->setText(u"DB_PASSWORD"_s);
    QVERIFY(!m_dialog->plan());
    QVERIFY(m_dialog->findChild<QLabel*>(u"mistake-set"_s)->text().contains(u"DB_PASSWORD: looks like a password"_s));
    added->findChild<QComboBox*>(u"pairSource"_s)->setCurrentIndex(1);
    added->setText(u"db/password"_s);
    QCOMPARE(parameters().value(u"set"_s).toObject().value(u"DB_PASSWORD"_s).toObject(),
             json(R"({"secretKeyRef":{"name":"db","key":"password"}})"));
    // Another container has others.
    field<QComboBox>(u"container"_s)->setCurrentIndex(1);
    QVERIFY(!pair(u"LEVEL"_s));
    QVERIFY(!m_dialog->plan());
}

void TestActionDialog::limits()
{
    means->answers = {gateway()};
    ask(u"setResources"_s, {target()});
    QCOMPARE(field<QLineEdit>(u"limits/memory"_s)->text(), u"1Gi"_s);
    field<QLineEdit>(u"requests/cpu"_s)->setText(u"250m"_s);
    field<QLineEdit>(u"limits/memory"_s)->clear();
    QCOMPARE(parameters(), json(R"({"container":"gateway","requests":{"cpu":"250m"},"limits":{"memory":null}})"));
    field<QLineEdit>(u"requests/cpu"_s)->setText(u"much"_s);
    QVERIFY(!m_dialog->plan());
    QVERIFY(m_dialog->findChild<QLabel*>(u"mistake-requests/cpu"_s)->text().contains(u"quantity"_s));
}

void TestActionDialog::configMap()
{
    means->answers = {json(R"({"kind":"ConfigMap","data":{"a.conf":"x=1\ny=2\n","mode":"fast"}})")};
    ask(u"patchConfigMap"_s, {named(u"ConfigMap"_s, u"configmaps"_s, u"settings"_s)});
    pair(u"a.conf"_s)->setText(u"x=1\ny=3\n"_s);
    pair(u"mode"_s)->setRemoved(true);
    QCOMPARE(parameters(), json(R"({"data":{"a.conf":"x=1\ny=3\n","mode":null}})"));
    pair(u"mode"_s)->setRemoved(false);
    pair(u"a.conf"_s)->setText(u"x=1\ny=2\n"_s);
    QVERIFY(!m_dialog->plan()); // as it was
}

void TestActionDialog::versionOfAService()
{
    means->answers = {json(R"({"kind":"Service","spec":{"selector":{"app":"api","version":"blue"}}})"),
                      json(R"({"items":[{"metadata":{"name":"api-green"},"spec":{"template":{"metadata":
                          {"labels":{"app":"api","version":"green"}}}}}]})")};
    ask(u"switchVersion"_s, {named(u"Service"_s, u"services"_s, u"api"_s)});
    auto* presets = m_dialog->findChild<QComboBox*>(u"pairsPreset"_s);
    QVERIFY(presets);
    presets->setCurrentIndex(0);
    emit presets->activated(0);
    QCOMPARE(parameters(), json(R"({"selector":{"version":"green"}})"));
}

void TestActionDialog::manifestIsJudgedWhileTyped()
{
    means->answers = {gateway()};
    ask(u"applyObject"_s, {target()});
    auto* edit = m_dialog->findChild<ManifestEdit*>();
    auto* mistake = m_dialog->findChild<QLabel*>(u"manifestMistake"_s);
    QVERIFY(edit && !m_dialog->plan());
    QVERIFY(edit->editor()->toPlainText().contains(u"\n  replicas: 3\n"_s));
    QVERIFY(!edit->editor()->toPlainText().contains(u"uid:"_s));
    QString text = edit->editor()->toPlainText();
    edit->editor()->setPlainText(text + u"\n  broken: ["_s);
    QVERIFY(!mistake->text().isEmpty());
    QVERIFY(!propose()->isEnabled());
    edit->editor()->setPlainText(QString(text).replace(u"replicas: 3"_s, u"replicas: 4"_s));
    QVERIFY(mistake->text().isEmpty());
    QVERIFY(m_dialog->plan());
    field<QCheckBox>(u"force"_s)->setChecked(true);
    QVERIFY(parameters().value(u"force"_s).toBool());
    edit->editor()->setPlainText(QString(text).replace(u"name: api-gateway"_s, u"name: other"_s));
    QVERIFY(!m_dialog->plan());
    QVERIFY2(m_dialog->findChild<QLabel*>(u"mistake-manifest"_s)->text().contains(u"not the target"_s),
             qPrintable(m_dialog->findChild<QLabel*>(u"mistake-manifest"_s)->text()));
}

void TestActionDialog::newObjectIsWhatTheManifestSays()
{
    ask(u"createObject"_s, {named(u"Pod"_s, u"pods"_s, {})});
    auto* edit = m_dialog->findChild<ManifestEdit*>();
    QVERIFY(edit && !m_dialog->plan());
    edit->editor()->setPlainText(u"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: fresh\ndata:\n  a: \"1\"\n"_s);
    QVERIFY(m_dialog->plan());
    const changes::Step step = m_dialog->plan()->steps().first();
    QCOMPARE(step.target.resource, u"configmaps"_s);
    QCOMPARE(step.target.space, u"streamgate"_s); // where the table was
    QCOMPARE(step.target.name, u"fresh"_s);
    edit->editor()->setPlainText(u"apiVersion: v1\nkind: Unheard\nmetadata:\n  name: fresh\n"_s);
    QVERIFY(!m_dialog->plan());
    QVERIFY2(propose()->toolTip().contains(u"knows no Unheard"_s), qPrintable(propose()->toolTip()));
}

void TestActionDialog::severalObjectsAreOnePlan()
{
    const QList<Target> two{target(), stories::deployment(u"auth-service"_s)};
    QVERIFY(ids(offeredActions(two)).contains(u"restart"_s));
    QVERIFY(!ids(offeredActions(two)).contains(u"setImage"_s)); // each has its own containers
    ask(u"restart"_s, two);
    QVERIFY(m_dialog->plan());
    QCOMPARE(m_dialog->plan()->steps().size(), 4); // one after the other, each until it has rolled out
    QCOMPARE(m_dialog->plan()->steps().at(2).target.name, u"auth-service"_s);
    QVERIFY2(m_dialog->plan()->title().contains(u"2 deployments in streamgate"_s),
             qPrintable(m_dialog->plan()->title()));
    const QList<Target> pods{named(u"Pod"_s, u"pods"_s, u"a"_s), named(u"Pod"_s, u"pods"_s, u"b"_s)};
    ask(u"deletePods"_s, pods);
    QVERIFY(m_dialog->plan());
    QCOMPARE(m_dialog->plan()->steps().size(), 1);
    QCOMPARE(parameters(), json(R"({"names":["a","b"]})"));
    Target other = pods.first();
    other.space = u"elsewhere"_s;
    ask(u"deletePods"_s, pods + QList<Target>{other});
    QCOMPARE(m_dialog->plan()->steps().size(), 2);
}

void TestActionDialog::formWithoutAnAnswer()
{
    ask(u"scale"_s, {target()}); // nothing is known of it
    QVERIFY(field<QLineEdit>(u"replicas"_s)->text().isEmpty());
    QCOMPARE(m_dialog->findChild<QLabel*>(u"actionReason"_s)->text(), u"Not there."_s);
    field<QLineEdit>(u"replicas"_s)->setText(u"2"_s);
    QVERIFY(m_dialog->plan());
}

QTEST_MAIN(TestActionDialog)
#include "test_action_dialog.moc"
