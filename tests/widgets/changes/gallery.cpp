// SPDX-License-Identifier: GPL-3.0-or-later
// Draws the Changes panel in each of its states into PNG files, to be looked at: changes_gallery DIRECTORY.
#include "ChangeStories.h"
#include "UnapprovedStories.h"

#include "changes/templates/PlanTemplateLoader.h"
#include "platform/PlatformLoader.h"
#include "table/TableModel.h"
#include "widgets/changes/ChangesPanel.h"
#include "widgets/changes/audit/AuditView.h"
#include "widgets/changes/requests/RequestForm.h"
#include "widgets/changes/requests/RequestView.h"
#include "widgets/changes/requests/TotpDialog.h"
#include "widgets/changes/rules/CalendarView.h"
#include "widgets/changes/rules/PolicyDialog.h"
#include "widgets/changes/rules/PolicyView.h"
#include "widgets/changes/rules/WindowDialog.h"
#include "widgets/changes/unapproved/UnapprovedPage.h"
#include "widgets/common/DataTable.h"
#include "widgets/common/FileDialogs.h"
#include "widgets/common/Theme.h"

#include <QtCore/QDir>
#include <QtTest/QTest>
#include <QtWidgets/QApplication>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QListWidget>
#include <QtWidgets/QPushButton>

using namespace wk;
using namespace wk::test;
using namespace wk::widgets;
using namespace Qt::StringLiterals;
using changes::DeskStatus;

namespace {

class NoStates final : public TableStates
{
public:
    [[nodiscard]] QJsonObject load(const QString&) const override { return {}; }
    void save(const QString&, const QJsonObject&) override {}
};

/// A panel on a desk of its own, in one state after the other.
struct Scene
{
    std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>(stories::nightMs);
    MemoryDesk desk{*clock};
    StoryMeans means{desk, *clock};
    MemoryUnapproved unapproved;
    std::unique_ptr<ChangesPanel> panel;

    void open()
    {
        panel = std::make_unique<ChangesPanel>(ChangesPanel::Parts{desk, means, clock, std::make_shared<NoStates>(),
                                                                   std::make_shared<SystemFileDialogs>(), &unapproved});
    }
};

struct Picture
{
    const char16_t* name;
    void (*stage)(Scene& scene);
};

void settle() { QTest::qWait(60); }

void showRequest(Scene& scene, qint64 number, RequestView::Page page = RequestView::Page::Plan)
{
    scene.panel->openRequest(number);
    settle();
    scene.panel->requestView()->showPage(page);
}

void fill(Scene& scene)
{
    stories::nightShift(scene.desk, *scene.clock);
    scene.means.known = platform::loadPlatforms({QString::fromUtf16(platform::builtinPlatforms)}).platforms;
    scene.means.knownTemplates = changes::loadTemplates({QString::fromUtf16(changes::builtinTemplates)}).templates;
    scene.open();
}

void fillUnapproved(Scene& scene, qint64 open)
{
    fill(scene);
    stories::unapprovedNight(scene.unapproved, *scene.clock);
    scene.panel->openUnapproved();
    const auto& items = scene.unapproved.items();
    const auto it = std::ranges::find(items, open, &changes::UnapprovedItem::id);
    if (it != items.end())
        scene.panel->openUnapproved(it->key());
}

/// As an admin, with the day of the freeze chosen.
void fillRules(Scene& scene, const QString& part)
{
    fill(scene);
    scene.desk.become(u"adam"_s, {u"admin"_s}, changes::Person::Totp::Confirmed);
    scene.panel->showPart(part);
    scene.panel->calendar()->chooseDay(6);
    settle();
}

const std::vector<Picture>& pictures()
{
    static const std::vector<Picture> all{
        {u"waiting", [](Scene& s) { fill(s); }},
        {u"running", [](Scene& s) { fill(s), s.panel->showPart(u"running"_s); }},
        {u"scheduled", [](Scene& s) { fill(s), s.panel->showPart(u"scheduled"_s); }},
        {u"mine", [](Scene& s) { fill(s), s.panel->showPart(u"mine"_s); }},
        {u"history", [](Scene& s) { fill(s), s.panel->showPart(u"history"_s); }},
        {u"request", [](Scene& s) { fill(s), showRequest(s, 1); }},
        {u"request-approvals", [](Scene& s) { fill(s), showRequest(s, 1, RequestView::Page::Approvals); }},
        {u"request-form", [](Scene& s) { fill(s), showRequest(s, 1, RequestView::Page::Form); }},
        {u"request-running", [](Scene& s) { fill(s), showRequest(s, 4); }},
        {u"request-glass", [](Scene& s) { fill(s), showRequest(s, 6, RequestView::Page::Approvals); }},
        {u"approve",
         [](Scene& s) {
             fill(s), showRequest(s, 2);
             s.panel->requestView()->trigger(RequestAct::Approve);
         }},
        {u"break-glass",
         [](Scene& s) {
             fill(s), showRequest(s, 2);
             s.panel->requestView()->trigger(RequestAct::BreakGlass);
         }},
        {u"no-difference",
         [](Scene& s) {
             fill(s);
             s.means.previewError =
                 Error{Error::Kind::Network, u"Cluster production is not connected."_s, {}, u"Open it first."_s};
             showRequest(s, 1);
         }},
        {u"form", [](Scene& s) { fill(s), s.panel->newRequest(u"streamgate"_s); }},
        {u"form-mistake",
         [](Scene& s) {
             fill(s), s.panel->newRequest(u"streamgate"_s);
             s.panel->form()->findChild<QLineEdit*>(u"fieldTitle"_s)->setText(u"x"_s);
             s.panel->form()->findChild<QComboBox*>(u"formTemplate"_s)->setCurrentIndex(0);
             emit s.panel->form()->findChild<QComboBox*>(u"formTemplate"_s)->activated(0);
         }},
        {u"calendar",
         [](Scene& s) {
             fill(s), s.panel->showPart(u"calendar"_s);
             s.panel->calendar()->chooseDay(5);
         }},
        {u"calendar-window",
         [](Scene& s) {
             fillRules(s, u"calendar"_s);
             s.panel->calendar()->newWindow();
         }},
        {u"calendar-weekly",
         [](Scene& s) {
             fillRules(s, u"calendar"_s);
             s.panel->calendar()->chooseDay(0);
             s.panel->findChild<QListWidget*>(u"calendarDay"_s)->setCurrentRow(0);
             s.panel->calendar()->changeWindow();
         }},
        {u"calendar-end",
         [](Scene& s) {
             fillRules(s, u"calendar"_s);
             s.panel->findChild<QListWidget*>(u"calendarDay"_s)->setCurrentRow(0);
             s.panel->calendar()->endWindow();
         }},
        {u"policies", [](Scene& s) { fill(s), s.panel->showPart(u"policies"_s); }},
        {u"policy-change",
         [](Scene& s) {
             fillRules(s, u"policies"_s);
             s.panel->policies()->change();
         }},
        {u"audit",
         [](Scene& s) {
             fill(s);
             for (const auto& [number, person] : {std::pair{1, u"chen"_s}, std::pair{2, u"eva"_s}}) {
                 s.desk.become(person, {u"operations"_s, u"security"_s}, changes::Person::Totp::Confirmed);
                 const auto& r = s.desk.at(number).summary;
                 auto done = s.desk.approve(number, r.revision, r.sha256, u"Seen."_s, s.desk.code);
                 Q_ASSERT(done.isFinished());
                 s.clock->advance(70'000);
             }
             s.panel->showPart(u"audit"_s);
             settle();
             s.panel->audit()->verify();
             s.panel->audit()->dataTable()->setCurrentId(u"3"_s);
         }},
        {u"execution-other", [](Scene& s) { fill(s), showRequest(s, 4, RequestView::Page::Execution); }},
        {u"execution-decide",
         [](Scene& s) {
             fill(s);
             s.desk.at(5).summary.notBefore.reset();
             s.desk.touch(5);
             s.means.runner.fails = [](const QString&) {
                 return Error{Error::Kind::Conflict,
                              u"Deployment edge-cache was changed meanwhile: /spec/replicas is 12, not 8."_s,
                              {},
                              {}};
             };
             showRequest(s, 5);
             s.panel->requestView()->trigger(RequestAct::Run);
             s.panel->requestView()
                 ->findChild<QWidget*>(u"decisionBar"_s)
                 ->findChild<QPushButton*>(u"decisionConfirm"_s)
                 ->click();
             for (int i = 0; i < 20; ++i)
                 settle();
         }},
        {u"unapproved", [](Scene& s) { fillUnapproved(s, -1); }},
        {u"unapproved-one", [](Scene& s) { fillUnapproved(s, 7); }},
        {u"unapproved-others", [](Scene& s) { fillUnapproved(s, 6); }},
        {u"unapproved-request", [](Scene& s) { fillUnapproved(s, 5); }},
        {u"unapproved-dismiss",
         [](Scene& s) {
             fillUnapproved(s, 7);
             s.panel->unapproved()->view()->trigger(UnapprovedAct::Dismiss);
         }},
        {u"unapproved-empty",
         [](Scene& s) {
             fillUnapproved(s, -1);
             s.unapproved.setItems({s.unapproved.items().first()});
         }},
        {u"unapproved-failed",
         [](Scene& s) {
             fillUnapproved(s, -1);
             s.unapproved.setItems({});
             s.unapproved.setStatus({.state = DeskStatus::State::Failed,
                                     .asOf = {},
                                     .error = Error{Error::Kind::Unauthorized,
                                                    u"The store at db1.example:5432 refused the password of anna."_s,
                                                    {},
                                                    u"Enter it again in the settings."_s},
                                     .record = {},
                                     .server = {}});
         }},
        {u"unapproved-stale",
         [](Scene& s) {
             fillUnapproved(s, 7);
             DeskStatus status = s.unapproved.status();
             status.state = DeskStatus::State::Stale;
             status.asOf = QDateTime::fromMSecsSinceEpoch(s.clock->nowMs() - 95'000, Qt::UTC);
             status.error = Error{Error::Kind::Network, u"The store at db1.example:5432 does not answer."_s, {}, {}};
             s.unapproved.setStatus(status);
             s.desk.setStatus(status);
         }},
        {u"unapproved-record",
         [](Scene& s) {
             fillUnapproved(s, 6);
             s.panel->unapproved()->view()->trigger(UnapprovedAct::Account);
         }},
        {u"empty",
         [](Scene& s) {
             s.desk.become(u"anna"_s, {u"tech-lead"_s}, changes::Person::Totp::None);
             s.open();
         }},
        {u"loading",
         [](Scene& s) {
             s.desk.setStatus(
                 {.state = DeskStatus::State::Loading, .asOf = {}, .error = {}, .record = {}, .server = {}});
             s.open();
         }},
        {u"failed",
         [](Scene& s) {
             s.desk.setStatus({.state = DeskStatus::State::Failed,
                               .asOf = {},
                               .error = Error{Error::Kind::Unauthorized,
                                              u"The store at db1.example:5432 refused the password of anna."_s,
                                              {},
                                              u"Enter it again in the settings."_s},
                               .record = {},
                               .server = {}});
             s.open();
         }},
        {u"stale",
         [](Scene& s) {
             fill(s), showRequest(s, 1);
             DeskStatus status = s.desk.status();
             status.state = DeskStatus::State::Stale;
             status.error = Error{Error::Kind::Network, u"The store at db1.example:5432 does not answer."_s, {}, {}};
             s.clock->advance(95'000);
             s.desk.setStatus(status);
         }},
        {u"record-rewritten", [](Scene& s) {
             fill(s);
             DeskStatus status = s.desk.status();
             status.record = Error{Error::Kind::Conflict,
                                   u"The store's record was rewritten: row 1,204 of the audit is another one than this "
                                   u"workstation saw on 20 November."_s,
                                   {},
                                   u"Ask who runs the store, and keep a copy of this sentence."_s};
             s.desk.setStatus(status);
             s.desk.notice(u"glass"_s, 6,
                           u"dmitri broke the glass for request 6 ([redis] - Raise maxmemory), incident INC-4711."_s);
         }}};
    return all;
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    if (argc < 2) {
        qWarning("usage: changes_gallery DIRECTORY [PICTURE...]");
        return 2;
    }
    const QDir directory(QString::fromLocal8Bit(argv[1]));
    if (!directory.mkpath(u"."_s))
        return 1;
    const QStringList wanted = application.arguments().mid(2);
    Theme theme;
    theme.apply(application);
    for (const Theme::Scheme scheme : {Theme::Scheme::Light, Theme::Scheme::Dark}) {
        theme.setScheme(scheme);
        for (const QSize size : {QSize(1356, 870), QSize(940, 670)}) {
            for (const Picture& picture : pictures()) {
                const QString name = QString::fromUtf16(picture.name);
                if (!wanted.isEmpty() && !wanted.contains(name))
                    continue;
                Scene scene;
                picture.stage(scene);
                scene.panel->resize(size);
                scene.panel->show();
                settle();
                const QString file = u"%1-%2-%3%4.png"_s.arg(
                    name, scheme == Theme::Scheme::Dark ? u"dark"_s : u"light"_s, QString::number(size.width()));
                scene.panel->grab().save(directory.filePath(file.arg(QString())));
                for (auto* dialog : scene.panel->findChildren<QDialog*>())
                    if (dialog->isVisible())
                        dialog->grab().save(directory.filePath(file.arg(u"-dialog"_s)));
            }
        }
        Scene scene;
        scene.desk.become(u"anna"_s, {u"tech-lead"_s}, changes::Person::Totp::None);
        TotpDialog dialog(scene.desk);
        dialog.begin();
        dialog.show();
        settle();
        dialog.grab().save(
            directory.filePath(scheme == Theme::Scheme::Dark ? u"totp-dark.png"_s : u"totp-light.png"_s));
    }
    return 0;
}
