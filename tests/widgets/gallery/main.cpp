// SPDX-License-Identifier: GPL-3.0-or-later
// Draws the common widgets in each of their states into PNG files, to be looked at.
#include "../../table/TableFixture.h"

#include "table/TableModel.h"
#include "widgets/common/CodeView.h"
#include "widgets/common/ColumnChooser.h"
#include "widgets/common/DataTable.h"
#include "widgets/common/FrozenTableView.h"
#include "widgets/common/HealthBadge.h"
#include "widgets/common/Icons.h"
#include "widgets/common/SectionHeader.h"
#include "widgets/common/Sparkline.h"
#include "widgets/common/StateView.h"
#include "widgets/common/SummaryView.h"

#include <QtWidgets/QApplication>
#include <QtWidgets/QCheckBox>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QGridLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QScrollBar>
#include <QtWidgets/QTabWidget>
#include <QtWidgets/QVBoxLayout>

using namespace wk;
using namespace wk::widgets;
using namespace wk::table::fixture;
using table::Freshness;
using table::Health;

namespace {

std::vector<table::RowPtr> examplePods()
{
    QRandomGenerator random(4);
    const QStringList services{u"checkout"_s, u"payment-gateway"_s, u"catalogue"_s, u"search-indexer"_s,
                               u"session-store"_s};
    std::vector<table::RowPtr> rows;
    for (int i = 0; i < 220; ++i) {
        const QString service = services[random.bounded(services.size())];
        PodValues v;
        v.id = u"uid-%1"_s.arg(i);
        v.space = i % 7 == 0 ? u"kube-system"_s : i % 3 ? u"shop-production"_s : u"shop-staging"_s;
        v.name = u"%1-%2-%3"_s.arg(service, QString::number(random.generate(), 16).left(9),
                                   QString::number(i, 36).rightJustified(5, u'x'));
        v.ageMs = qint64(random.bounded(40'000)) * 60'000 / (1 + i % 40);
        v.cpu = qint64(random.bounded(2400));
        v.memory = qint64(random.bounded(4000)) << 20;
        v.load = random.bounded(100.0);
        v.labels = u"app=%1,tier=web,version=v%2"_s.arg(service).arg(i);
        if (i % 23 == 3) {
            v.status = u"CrashLoopBackOff"_s;
            v.ready = {0, 1};
            v.restarts = 17 + i;
            v.health = Health::Bad;
            v.reason = u"exits with code 137 (out of memory) every 40 s"_s;
        } else if (i % 17 == 2) {
            v.status = u"ImagePullBackOff"_s;
            v.ready = {0, 2};
            v.health = Health::Bad;
        } else if (i % 11 == 5) {
            v.status = u"Pending"_s;
            v.ready = {0, 1};
            v.health = Health::Warning;
        } else if (i % 19 == 7) {
            v.status = u"Completed"_s;
            v.ready = {0, 1};
            v.health = Health::Info;
        } else if (i % 31 == 9) {
            v.status = u"Unknown"_s;
            v.health = Health::Unknown;
        }
        rows.push_back(pod(v));
    }
    return rows;
}

struct Shooter
{
    QString directory;
    Theme& theme;

    void shoot(QWidget& widget, const QString& name, QSize size = {1440, 900}) const
    {
        widget.resize(size);
        widget.show();
        for (int i = 0; i < 5; ++i)
            QApplication::processEvents();
        const QString file =
            u"%1/%2-%3-%4.png"_s.arg(directory, name, theme.isDark() ? u"dark"_s : u"light"_s).arg(size.width());
        if (!widget.grab().save(file))
            qFatal("could not write %s", qPrintable(file));
        widget.hide();
    }
};

void shootTable(const Shooter& shooter)
{
    auto clock = std::make_shared<ManualClock>(nowMs);
    auto source = std::make_shared<HandSource>();
    source->reset(examplePods());
    DataTable table(clock);
    table.setSubject(u"Pods"_s);
    table.setSource(source);
    table.resize(1440, 900);
    table.show();
    QApplication::processEvents();
    table.setCurrentId(u"uid-26"_s);
    table.focusTable();
    table.restoreState({{u"sort"_s, QJsonArray{QJsonObject{{u"column"_s, u"restarts"_s}, {u"descending"_s, true}}}}});
    auto changed = std::make_shared<table::Row>(*source->all().at(u"uid-3"_s));
    changed->cells[4] = qint64(41);
    changed->cells[3] = u"Running"_s;
    changed->health = Health::Good;
    source->put({changed});
    shooter.shoot(table, u"table"_s);
    shooter.shoot(table, u"table"_s, {1024, 700});
    table::ColumnLayout wide;
    for (const table::Column& column : podColumns())
        wide.shown.insert(column.id, true);
    table.setColumnLayout(wide);
    table.view()->horizontalScrollBar()->setValue(200);
    shooter.shoot(table, u"table-wide"_s, {1024, 700});
    table.setColumnLayout({});
    table.setFilterText(u"is:trouble ns:production"_s);
    shooter.shoot(table, u"table-filtered"_s, {1024, 700});
    table.setFilterText(u"statsu:Running"_s);
    shooter.shoot(table, u"table-filter-error"_s, {1024, 700});
    table.setFilterText(u"nothing-like-this"_s);
    shooter.shoot(table, u"table-filtered-empty"_s, {1024, 700});
    table.setFilterText({});
    const Error error{Error::Kind::Network, u"The API server at https://10.0.0.1:6443 refused the connection"_s,
                      u"QNetworkReply::ConnectionRefusedError"_s,
                      u"Check that the server runs and that a firewall lets port 6443 through"_s};
    source->setFreshness({Freshness::State::Stale, nowMs - 130'000, nowMs - 125'000, error});
    shooter.shoot(table, u"table-stale"_s);
    source->setFreshness({Freshness::State::Reconnecting, nowMs - 3'000, nowMs - 3'000, error});
    shooter.shoot(table, u"table-reconnecting"_s, {1024, 700});
}

void shootStates(const Shooter& shooter)
{
    auto clock = std::make_shared<ManualClock>(nowMs);
    const auto withState = [&](const QString& name, const Freshness& freshness) {
        auto source = std::make_shared<HandSource>();
        source->setFreshness(freshness);
        DataTable table(clock);
        table.setSubject(u"Pods"_s);
        table.setLoadingText(u"Listing pods in all namespaces"_s);
        table.setEmptyText(u"No pods in shop-staging"_s,
                           u"A deployment, a job or a bare pod in this namespace would appear here"_s);
        table.setSource(source);
        shooter.shoot(table, name, {1024, 700});
    };
    const Error forbidden{
        Error::Kind::Forbidden, u"user \"viewer\" may not list secrets in any namespace"_s,
        u"secrets is forbidden: User \"viewer\" cannot list resource \"secrets\" in API group \"\" at the cluster scope"_s,
        u"Ask a cluster administrator for the verb list on secrets"_s, 403};
    withState(u"state-loading"_s, {Freshness::State::Loading, 0, nowMs, std::nullopt});
    withState(u"state-empty"_s, {Freshness::State::Live, nowMs, nowMs, std::nullopt});
    withState(u"state-failed"_s, {Freshness::State::Failed, 0, nowMs, forbidden});
    withState(u"state-unavailable"_s, {Freshness::State::Unavailable, 0, nowMs, forbidden});
}

void shootParts(const Shooter& shooter)
{
    QWidget page;
    auto* grid = new QGridLayout(&page);
    grid->setContentsMargins(16, 16, 16, 16);
    grid->setSpacing(12);
    auto* icons = new QWidget;
    auto* iconGrid = new QGridLayout(icons);
    iconGrid->setSpacing(6);
    const QStringList names = iconNames();
    for (int i = 0; i < names.size(); ++i) {
        auto* cell = new QLabel;
        cell->setPixmap(icon(names[i]).pixmap(24, 24));
        auto* label = new QLabel(names[i]);
        label->setFont(shooter.theme.font(Theme::Role::Small));
        iconGrid->addWidget(cell, i / 8 * 2, i % 8, Qt::AlignHCenter);
        iconGrid->addWidget(label, i / 8 * 2 + 1, i % 8, Qt::AlignHCenter);
    }
    grid->addWidget(new SectionHeader(u"Icons"_s), 0, 0);
    grid->addWidget(icons, 1, 0, 6, 1);
    auto* right = new QVBoxLayout;
    right->setSpacing(8);
    auto* header = new SectionHeader(u"Health"_s);
    header->setDetail(u"icon, word, colour"_s);
    right->addWidget(header);
    for (int i = 1; i <= int(Health::Unknown); ++i) {
        auto* badge = new HealthBadge;
        badge->setHealth(Health(i));
        right->addWidget(badge);
    }
    right->addWidget(new SectionHeader(u"Controls"_s));
    auto* primary = new QPushButton(u"Scale to 5"_s);
    primary->setDefault(true);
    right->addWidget(primary);
    right->addWidget(new QPushButton(icon(u"refresh"), u"Try again"_s));
    auto* disabled = new QPushButton(icon(u"delete"), u"Delete pod"_s);
    disabled->setEnabled(false);
    right->addWidget(disabled);
    auto* combo = new QComboBox;
    combo->addItems({u"All namespaces"_s, u"shop"_s});
    right->addWidget(combo);
    auto* edit = new QLineEdit;
    edit->setPlaceholderText(u"Placeholder"_s);
    right->addWidget(edit);
    auto* check = new QCheckBox(u"Compact rows"_s);
    check->setChecked(true);
    right->addWidget(check);
    right->addWidget(new QCheckBox(u"Follow"_s));
    auto* line = new Sparkline;
    line->setValues({3, 4, 4, 6, 5, qQNaN(), 7, 8, 4, 3, 6, 9}, u"Requests a second"_s);
    right->addWidget(line);
    auto* tabs = new QTabWidget;
    tabs->addTab(new QLabel(u"Content of the tab"_s), u"Summary"_s);
    tabs->addTab(new QLabel, u"YAML"_s);
    tabs->addTab(new QLabel, u"Events"_s);
    right->addWidget(tabs);
    auto* appIcon = new QLabel;
    appIcon->setPixmap(applicationIcon().pixmap(96, 96));
    right->addWidget(appIcon);
    right->addStretch();
    grid->addLayout(right, 0, 1, 7, 1);
    shooter.shoot(page, u"parts"_s, {1440, 900});
}

void shootDetail(const Shooter& shooter)
{
    QWidget page;
    auto* layout = new QHBoxLayout(&page);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* summary = new SummaryView;
    summary->setSections(
        {{u"Pod"_s,
          {{u"Name"_s, u"checkout-7d9f6c5b8-x2x4q"_s},
           {u"Namespace"_s, u"shop-production"_s},
           {u"Status"_s,
            u"CrashLoopBackOff: exits with code 137 (out of memory) every 40 s; 17 restarts in the last hour"_s,
            Health::Bad},
           {u"Node"_s, u"node-17"_s, Health::None, {}, false, u"node:node-17"_s},
           {u"Ready"_s, u"0 of 1 containers"_s, Health::Warning},
           {u"UID"_s, u"6f1c2a9e-51cc-4f2b-9d67-2a5a0c8e9d11"_s, Health::None, {}, true}}},
         {u"Conditions"_s,
          {{u"Initialized"_s, u"True, 3 h"_s, Health::Good},
           {u"ContainersReady"_s, u"False: containers with unready status: [checkout]"_s, Health::Bad}}}});
    auto* code = new CodeView;
    code->setText(uR"(# Source: kubectl get pod -o yaml
apiVersion: v1
kind: Pod
metadata:
  name: checkout-7d9f6c5b8-x2x4q
  namespace: shop-production
  annotations:
    note: |
      several lines: are text
      - not a list
  labels: {app: checkout}
spec:
  containers:
  - name: checkout
    image: "registry.example/shop/checkout:v2"
    ports:
    - containerPort: 8080
    resources:
      limits: {memory: 512Mi}
  hostNetwork: false   # never
status:
  restartCount: 17
)"_s,
                  CodeView::Language::Yaml);
    layout->addWidget(summary, 2);
    layout->addWidget(code, 3);
    shooter.shoot(page, u"detail"_s, {1024, 700});
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    if (argc < 2) {
        qWarning("usage: gallery DIRECTORY");
        return 2;
    }
    const QString directory = QString::fromLocal8Bit(argv[1]);
    if (!QDir().mkpath(directory)) {
        qWarning("cannot make %s", argv[1]);
        return 1;
    }
    Theme theme;
    theme.apply(application);
    for (const Theme::Scheme scheme : {Theme::Scheme::Light, Theme::Scheme::Dark}) {
        theme.setScheme(scheme);
        const Shooter shooter{directory, theme};
        shootTable(shooter);
        shootStates(shooter);
        shootParts(shooter);
        shootDetail(shooter);
    }
    return 0;
}
