// SPDX-License-Identifier: GPL-3.0-or-later
// What can be done with the objects of a cluster, as the shell offers it: on a simulated fleet, as two of its users.
#include "cluster/Decoder.h"
#include "cluster/KindCatalog.h"
#include "core/Future.h"
#include "fleet/Fleet.h"
#include "support/MemoryDesk.h"
#include "table/TableModel.h"
#include "watchkeeper/Composition.h"
#include "watchkeeper/changes/ClusterOffers.h"
#include "watchkeeper/shell/Palette.h"
#include "watchkeeper/shell/Settings.h"
#include "widgets/changes/plan/ActionDialog.h"
#include "widgets/changes/requests/RequestForm.h"
#include "widgets/cluster/ClusterPanel.h"
#include "widgets/common/DataTable.h"
#include "widgets/common/PaletteModel.h"

#include <QtTest/QtTest>
#include <QtWidgets/QApplication>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QListView>

using namespace wk;
using namespace wk::app;
using namespace Qt::StringLiterals;
using widgets::ObjectActions;

namespace {

/// A cluster for development that the operator works in, and the same one as production for who only looks.
const QByteArray drill = R"(name: drill
title: Drill
clusters:
  - {name: dev, class: development, context: streamgate-operator}
  - {name: shown, class: production, context: streamgate-viewer}
namespaces:
  - {name: streamgate, cluster: dev}
services:
  - {name: gateway, title: Gateway, kind: gateway, workloads: [{kind: Deployment, name: api-gateway, container: api-gateway}]}
)";

} // namespace

class TestClusterOffers : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void cleanup() { m_composition.reset(); }
    void viewerSeesWhyNot();
    void operatorIsAskedForWhatItNeeds();
    void answersAreAskedForOnce();
    void procedureReadsTheWorkload();
    void paletteHasEverything();
    void paletteActsOnTheSelection();

private:
    [[nodiscard]] static ObjectActions::Object gateway(const QString& name = u"api-gateway"_s)
    {
        return {cluster::kindById(cluster::builtInKinds(), u"deployments.apps"_s), u"streamgate"_s, name};
    }
    [[nodiscard]] MainWindow& window() { return m_composition->window(); }
    void at(ClusterOffers& offers, const QString& place)
    {
        QVERIFY(m_composition->platforms().place(place));
        offers.setPlace(m_composition->platforms().place(place));
    }
    QString whyNot(ClusterOffers& offers, const QString& id, const ObjectActions::Objects& objects)
    {
        const auto why = offers.whyNot(id, objects);
        [&] { QTRY_VERIFY_WITH_TIMEOUT(why.isFinished(), 20'000); }();
        return why.isFinished() ? why.result() : u"no answer"_s;
    }
    widgets::CommandPalette* openPalette();
    void type(const QString& text);

    SystemClock m_clock;
    QTemporaryDir m_dir;
    std::unique_ptr<fleet::Fleet> m_fleet;
    std::unique_ptr<Composition> m_composition;
};

void TestClusterOffers::initTestCase()
{
    fleet::Fleet::Options options;
    options.seed = 5;
    options.startMs = 1'795'428'000'000;
    options.portBase = 0;
    options.stateDirectory = m_dir.filePath(u"fleet"_s);
    options.only = {u"streamgate"_s};
    QVERIFY(QDir().mkpath(options.stateDirectory));
    m_fleet = std::make_unique<fleet::Fleet>(options);
    const auto started = m_fleet->start();
    QVERIFY2(started.has_value(), started ? "" : qPrintable(started.error().text()));
    QVERIFY(QDir(m_dir.path()).mkdir(u"platforms"_s));
    QFile file(m_dir.filePath(u"platforms/drill.yaml"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(drill), drill.size());
}

void TestClusterOffers::init()
{
    CommandLine line;
    line.kubeconfig = m_fleet->rolesKubeconfigPath();
    line.platformDirs = {m_dir.filePath(u"platforms"_s)};
    QTemporaryDir settings;
    m_composition = std::make_unique<Composition>(*qApp, line, Settings::inDirectory(settings.path()));
    QSignalSpy ready(m_composition.get(), &Composition::ready);
    m_composition->start();
    QVERIFY(ready.wait(20'000));
    QVERIFY(QTest::qWaitForWindowActive(&window()));
}

void TestClusterOffers::viewerSeesWhyNot()
{
    ClusterOffers offers(m_composition->changes(), m_clock);
    at(offers, u"drill/shown"_s);
    const auto offered = offers.actionsFor({gateway()});
    QVERIFY(offered.size() > 10);
    int asked = 0;
    for (const auto& action : offered) {
        const QString why = whyNot(offers, action.id, {gateway()});
        if (action.id.startsWith(u"procedure:"_s))
            continue; // a request may be filed by who may not carry it out
        ++asked;
        QVERIFY2(why.contains(u"viewer"_s) && why.contains(u"not allowed"_s), qPrintable(action.id + u": "_s + why));
    }
    QVERIFY(asked > 10);
    QVERIFY2(whyNot(offers, u"createObject"_s, {gateway({})}).contains(u"not allowed"_s), "a viewer may create");
    at(offers, u"drill/dev"_s);
    for (const QString& id : {u"scale"_s, u"restart"_s, u"setEnv"_s, u"setAutoscaler"_s, u"applyObject"_s})
        QCOMPARE(whyNot(offers, id, {gateway()}), QString());
}

void TestClusterOffers::operatorIsAskedForWhatItNeeds()
{
    ClusterOffers offers(m_composition->changes(), m_clock);
    at(offers, u"drill/dev"_s);
    QStringList ids;
    for (const auto& action : offers.actionsFor({gateway()}))
        ids << action.id;
    for (const QString& id : {u"setEnv"_s, u"setResources"_s, u"removeAutoscaler"_s, u"deleteObject"_s,
                              u"procedure:canary"_s, u"procedure:rolling-deployment"_s, u"procedure:blue-green"_s})
        QVERIFY2(ids.contains(id), qPrintable(ids.join(u' ')));
    QVERIFY(offers.actionsFor({gateway(u"unlisted"_s)}).size() < ids.size()); // procedures need the platform file
    std::optional<widgets::ActionAsk> wanted;
    connect(&offers, &ClusterOffers::wanted, this, [&](const widgets::ActionAsk& ask) { wanted = ask; });
    offers.trigger(u"setEnv"_s, {gateway()});
    QVERIFY(wanted);
    QCOMPARE(wanted->platform, u"drill"_s);
    QCOMPARE(wanted->targets.first().cluster, u"dev"_s);
    // The form begins with what the cluster has.
    const auto look = m_composition->changes().look(wanted->platform, wanted->example());
    QTRY_VERIFY_WITH_TIMEOUT(look.isFinished(), 20'000);
    QVERIFY2(look.result(), look.result() ? "" : qPrintable(look.result().error().text()));
    const auto fields = wanted->kind()->fields(wanted->example(), *look.result());
    QCOMPARE(fields.first().name, u"container"_s);
    QVERIFY(!fields.first().choices.isEmpty());
    offers.setPlace(std::nullopt);
    QVERIFY(offers.actionsFor({gateway()}).isEmpty());
}

void TestClusterOffers::answersAreAskedForOnce()
{
    ManualClock clock(1'795'428'000'000);
    ClusterOffers offers(m_composition->changes(), clock);
    at(offers, u"drill/dev"_s);
    QCOMPARE(whyNot(offers, u"restart"_s, {gateway()}), QString());
    QVERIFY(offers.whyNot(u"pause"_s, {gateway()}).isFinished()); // the same permission
    QVERIFY(!offers.whyNot(u"restart"_s, {gateway(u"auth-service"_s)}).isFinished());
    clock.advance(ClusterOffers::answerMs + 1);
    QVERIFY(!offers.whyNot(u"restart"_s, {gateway()}).isFinished());
}

/// A canary is a copy of the workload that runs: it is read from its cluster before there is a plan.
void TestClusterOffers::procedureReadsTheWorkload()
{
    ClusterOffers offers(m_composition->changes(), m_clock);
    at(offers, u"drill/dev"_s);
    QString procedure;
    QJsonObject given;
    connect(&offers, &ClusterOffers::procedureWanted, this,
            [&](const QString&, const QString& name, const QJsonObject& values) {
                procedure = name;
                given = values;
            });
    offers.trigger(u"procedure:canary"_s, {gateway()});
    QCOMPARE(procedure, u"canary"_s);
    QCOMPARE(given, (QJsonObject{{u"workload"_s, u"streamgate/Deployment/api-gateway"_s}}));
    const auto clock = std::make_shared<ManualClock>(1'795'428'000'000);
    test::MemoryDesk desk(*clock);
    for (const QString& name : {u"canary"_s, u"blue-green"_s}) {
        widgets::RequestForm form(desk, m_composition->changes(), clock);
        form.beginTemplate(u"drill"_s, name, given);
        form.show();
        auto* image = form.findChild<QLineEdit*>(u"parameter-image"_s);
        QVERIFY(image);
        QTest::keyClicks(image, u"registry/streamgate:v9"_s);
        QTRY_VERIFY2_WITH_TIMEOUT(form.plan(), qPrintable(form.findChild<QLabel*>(u"formMistakes"_s)->text()), 20'000);
        bool copied = false;
        for (const changes::Step& step : form.plan()->steps()) {
            const QJsonObject manifest = step.parameters.value(u"manifest"_s).toObject();
            if (manifest.isEmpty())
                continue;
            copied = true;
            QVERIFY(manifest.value(u"spec"_s).toObject().value(u"template"_s).toObject().contains(u"spec"_s));
            QVERIFY(!manifest.value(u"metadata"_s).toObject().contains(u"uid"_s));
        }
        QVERIFY2(copied, qPrintable(form.plan()->words().join(u'\n')));
    }
    // What cannot be read says so, and there is no plan.
    widgets::RequestForm form(desk, m_composition->changes(), clock);
    m_composition->clusters().load({m_dir.filePath(u"nothing"_s)}, {});
    form.beginTemplate(u"drill"_s, u"canary"_s, given);
    form.show();
    auto* mistakes = form.findChild<QLabel*>(u"formMistakes"_s);
    QTRY_VERIFY2(mistakes->text().contains(u"kubeconfig"_s), qPrintable(mistakes->text()));
    QVERIFY(!form.plan());
}

widgets::CommandPalette* TestClusterOffers::openPalette()
{
    QTest::keyClick(&window(), Qt::Key_K, Qt::ControlModifier);
    auto* palette = window().findChild<widgets::CommandPalette*>(u"commandPalette"_s);
    [&] { QTRY_VERIFY(palette && palette->isVisible() && palette->isComplete()); }();
    return palette;
}

void TestClusterOffers::type(const QString& text)
{
    auto* palette = window().findChild<widgets::CommandPalette*>(u"commandPalette"_s);
    auto* edit = palette->findChild<QLineEdit*>(u"paletteEdit"_s);
    edit->clear();
    QTest::keyClicks(edit, text);
    QTRY_VERIFY(palette->isComplete());
}

void TestClusterOffers::paletteHasEverything()
{
    window().openPlace(u"drill/dev"_s);
    window().showPanel(u"cluster"_s);
    auto* panel = window().clusterPanel();
    panel->open({.kindId = u"deployments.apps"_s, .space = u"streamgate"_s, .name = {}, .filter = {}});
    QTRY_VERIFY_WITH_TIMEOUT(panel->dataTable()->model()->rowCount() > 3, 20'000);
    auto* palette = openPalette();
    QVERIFY(palette);
    QTRY_VERIFY_WITH_TIMEOUT(window().currentSession()->tallies->tally(u"namespaces"_s), 20'000);
    for (const auto& [text, section, title] :
         {std::tuple(u"settings"_s, u"Go"_s, u"Settings"_s), std::tuple(u"drill"_s, u"Cluster"_s, u"Drill"_s),
          std::tuple(u"config maps"_s, u"Kind"_s, u"Config maps"_s),
          std::tuple(u"api-gate"_s, u"Deployment"_s, u"api-gateway"_s),
          std::tuple(u"create from"_s, u"Action"_s, u"Create from a manifest"_s)}) {
        type(text);
        const QModelIndex first = palette->model()->index(0);
        QVERIFY2(first.data().toString().startsWith(title), qPrintable(text + u" gives "_s + first.data().toString()));
        QCOMPARE(first.data(widgets::PaletteModel::SectionRole).toString(), section);
    }
    type(u"api-gate"_s);
    QTest::keyClick(palette->findChild<QLineEdit*>(), Qt::Key_Return);
    QTRY_VERIFY(panel->isDetailOpen());
    // With a colon, too.
    QTest::keyClick(&window(), ':');
    QTRY_VERIFY(palette->isVisible());
    type(u"overview"_s);
    QTest::keyClick(palette->findChild<QLineEdit*>(), Qt::Key_Return);
    QCOMPARE(window().currentPanel(), u"overview"_s);
}

void TestClusterOffers::paletteActsOnTheSelection()
{
    for (const auto& [place, allowed] : {std::pair(u"drill/dev"_s, true), std::pair(u"drill/shown"_s, false)}) {
        window().openPlace(place);
        window().showPanel(u"cluster"_s);
        auto* panel = window().clusterPanel();
        panel->open(
            {.kindId = u"deployments.apps"_s, .space = u"streamgate"_s, .name = u"api-gateway"_s, .filter = {}});
        QTRY_COMPARE_WITH_TIMEOUT(panel->selectedObjects().size(), 1, 20'000);
        auto* palette = openPalette();
        QVERIFY(palette);
        type(u"scale"_s);
        const QModelIndex first = palette->model()->index(0);
        QCOMPARE(first.data().toString(), u"Scale"_s);
        QCOMPARE(first.data(widgets::PaletteModel::DetailRole).toString(), u"deployment api-gateway"_s);
        QCOMPARE(first.data(widgets::PaletteModel::ShortcutRole).toString(), u"S"_s);
        const auto why = [palette] {
            return palette->model()->index(0).data(widgets::PaletteModel::WhyNotRole).toString();
        };
        QTRY_VERIFY_WITH_TIMEOUT(!why().startsWith(u"The cluster is asked"_s), 20'000);
        QVERIFY2(why().isEmpty() == allowed, qPrintable(why()));
        palette->leave();
    }
}

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    TestClusterOffers test;
    return QTest::qExec(&test, argc, argv);
}

#include "test_cluster_offers.moc"
