// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/monitoring/rules/RulesPage.h"

#include "monitoring/rules/AlertRules.h"
#include "widgets/common/DataTable.h"
#include "widgets/common/FileDialogs.h"
#include "widgets/common/HealthBadge.h"
#include "widgets/common/Icons.h"
#include "widgets/monitoring/TableWithDetail.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonObject>
#include <QtGui/QAction>
#include <QtGui/QClipboard>
#include <QtWidgets/QApplication>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QMenu>
#include <QtWidgets/QStackedWidget>
#include <QtWidgets/QTabBar>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using monitoring::CoverItem;
using monitoring::CoverTable;
using monitoring::Rule;
using monitoring::RuleTable;

namespace {

constexpr qint64 tickMs = 15'000; ///< ages, and that the answer has become old

/// The server's rule by the name that the coverage gives it: "group / alert".
const Rule* ruleNamed(const std::vector<monitoring::RuleGroup>& groups, const QString& name)
{
    for (const monitoring::RuleGroup& group : groups) {
        for (const Rule& rule : group.rules) {
            if (rule.isAlerting && group.name + u" / "_s + rule.name == name)
                return &rule;
        }
    }
    return nullptr;
}

} // namespace

RulesPage::RulesPage(Parts parts, QWidget* parent)
    : MonitoringPage(parent), m_parts(std::move(parts)), m_feed(*m_parts.clock),
      m_rules(std::make_shared<RuleTable>(m_feed)), m_cover(std::make_shared<CoverTable>(m_feed)),
      m_tabs(new QTabBar(this)), m_counts(new HealthBadge(this)), m_stack(new QStackedWidget(this)),
      m_ask(new QAction(icon(u"refresh"), tr("Ask again (Shift+F5)"), this)),
      m_copyMissing(new QAction(icon(u"copy"), tr("Copy the missing rules"), this))
{
    build();
    buildActions();
    connect(&m_feed, &monitoring::RuleFeed::changed, this, &RulesPage::refresh);
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int tab) {
        m_stack->setCurrentIndex(tab);
        refresh();
    });
    connect(m_ruleList, &TableWithDetail::acted, this, &RulesPage::onRuleAct);
    connect(m_coverList, &TableWithDetail::acted, this, &RulesPage::onCoverAct);
}

RulesPage::~RulesPage()
{
    // The tables follow the feed, and the views the tables.
    for (const List each : {List::Rules, List::Coverage})
        table(each)->setSource(nullptr);
}

DataTable* RulesPage::buildTable(const QString& name, const QString& subject,
                                 std::shared_ptr<table::TableSource> source)
{
    auto* made = new DataTable(m_parts.clock, this);
    made->setObjectName(name);
    made->setSubject(subject);
    made->setLoadingText(tr("Asking for the rules"));
    made->setFileDialogs(m_parts.dialogs);
    made->setSource(std::move(source));
    // The worst first.
    made->restoreState({{u"sort"_s, QJsonArray{QJsonObject{{u"column"_s, u"rank"_s}, {u"descending"_s, true}}}}});
    connect(made, &DataTable::retryRequested, this, [this] { m_feed.ask(); });
    return made;
}

void RulesPage::build()
{
    m_tabs->setObjectName(u"rulesTabs"_s);
    m_tabs->setAccessibleName(tr("Lists"));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->addTab(tr("Rules of the server"));
    m_tabs->addTab(tr("Thresholds of the platform"));
    m_counts->setObjectName(u"rulesCounts"_s);
    DataTable* rules = buildTable(u"rulesTable"_s, tr("Rules"), m_rules);
    rules->setEmptyText(tr("The server has no rules"),
                        tr("Nothing fires by itself. The platform's thresholds can become rules: "
                           "watchkeeperctl platform rules, or the other list here."));
    DataTable* cover = buildTable(u"coverTable"_s, tr("Thresholds"), m_cover);
    cover->setEmptyText(tr("The platform file has no thresholds"),
                        tr("Its alerts, scaling triggers and SLOs would be compared with the server's rules here."));
    cover->addToolAction(m_copyMissing);
    m_ruleList = new TableWithDetail(
        rules,
        [this](const QString& rowId) -> std::optional<AlertDetail::Content> {
            const RuleTable::Found found = m_rules->find(rowId);
            if (!found.rule)
                return std::nullopt;
            return ruleContent(*found.rule, *found.group, m_place.source ? m_place.source->name() : QString(),
                               m_feed.askedMs(), m_parts.clock->nowMs());
        },
        this);
    m_coverList = new TableWithDetail(
        cover,
        [this](const QString& rowId) -> std::optional<AlertDetail::Content> {
            const CoverItem* item = m_cover->find(rowId);
            if (!item)
                return std::nullopt;
            return coverContent(*item, ruleNamed(m_feed.groups(), item->cover.rule));
        },
        this);
    for (TableWithDetail* each : {m_ruleList, m_coverList}) {
        each->table()->addToolAction(m_ask);
        m_stack->addWidget(each);
    }
    auto* head = new QHBoxLayout;
    head->setContentsMargins(8, 4, 16, 0);
    head->setSpacing(16);
    head->addWidget(m_tabs);
    head->addStretch(1);
    head->addWidget(m_counts);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addLayout(head);
    layout->addWidget(m_stack, 1);
    setFocusProxy(m_stack);
}

void RulesPage::buildActions()
{
    m_ask->setObjectName(u"rulesAsk"_s);
    m_ask->setShortcut(Qt::SHIFT | Qt::Key_F5);
    m_ask->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    addAction(m_ask);
    connect(m_ask, &QAction::triggered, this, [this] { m_feed.ask(); });
    m_copyMissing->setObjectName(u"rulesCopyMissing"_s);
    connect(m_copyMissing, &QAction::triggered, this, &RulesPage::copyMissing);
    for (TableWithDetail* each : {m_ruleList, m_coverList}) {
        connect(each->table(), &DataTable::contextMenuRequested, this, [this, each](QMenu* menu, const QString& rowId) {
            const auto add = [&](const QString& title, const QString& act) {
                connect(menu->addAction(title), &QAction::triggered, this,
                        [each, rowId, act] { emit each->acted(rowId, act); });
            };
            if (each == m_ruleList) {
                add(tr("Open the query"), u"ruleQuery"_s);
                add(tr("Copy the expression"), u"ruleCopy"_s);
            } else {
                add(tr("Copy the rule"), u"coverCopy"_s);
            }
        });
    }
}

void RulesPage::setPlace(const MonitoringPlace& place)
{
    const bool another = place.platform != m_place.platform || place.catalog != m_place.catalog;
    if (place.source != m_place.source) {
        m_ruleList->close();
        m_coverList->close();
    }
    m_place = place;
    if (another)
        m_cover->setPlan(place.platform && place.catalog ? monitoring::rulesOf(*place.platform, *place.catalog)
                                                         : monitoring::RuleFile());
    m_feed.setSource(place.source);
    refresh();
}

void RulesPage::showList(List list) { m_tabs->setCurrentIndex(int(list)); }

DataTable* RulesPage::table(List which) const { return list(which)->table(); }

RulesPage::List RulesPage::shown() const { return List(m_tabs->currentIndex()); }

void RulesPage::showEvent(QShowEvent* event)
{
    MonitoringPage::showEvent(event);
    m_feed.setRunning(true);
    tick();
}

void RulesPage::hideEvent(QHideEvent* event)
{
    MonitoringPage::hideEvent(event);
    m_feed.setRunning(false);
    m_tick.reset();
}

void RulesPage::tick()
{
    refresh();
    emit m_rules->freshnessChanged();
    emit m_cover->freshnessChanged();
    m_tick = m_parts.clock->after(this, tickMs, [this] { tick(); });
}

void RulesPage::refresh()
{
    const bool known = m_feed.isKnown();
    const auto rules = monitoring::ruleCounts(m_feed.groups(), m_feed.askedMs());
    const auto cover = monitoring::coverWords(m_cover->coverage());
    const auto& [health, words] = shown() == List::Rules ? rules : cover;
    m_counts->setVisible(known);
    m_counts->setHealth(health, words);
    const auto missing = std::ranges::count_if(m_cover->items(), [](const CoverItem& item) {
        return item.kind == CoverItem::Kind::Planned && item.health() != table::Health::Good;
    });
    m_copyMissing->setEnabled(known && missing > 0);
    m_copyMissing->setToolTip(missing > 0 ? tr("%1 rules as YAML, for a rules file of the server").arg(missing)
                                          : tr("No rule is missing"));
    m_ruleList->refresh();
    m_coverList->refresh();
}

void RulesPage::copyMissing()
{
    QApplication::clipboard()->setText(
        monitoring::rulesYaml(monitoring::missingRules(m_cover->plan(), m_cover->items())));
}

void RulesPage::onRuleAct(const QString& rowId, const QString& act)
{
    const RuleTable::Found found = m_rules->find(rowId);
    if (!found.rule)
        return;
    if (act == "ruleQuery"_L1)
        emit queryRequested(found.rule->query);
    else
        QApplication::clipboard()->setText(found.rule->query);
}

void RulesPage::onCoverAct(const QString& rowId, const QString& act)
{
    const CoverItem* item = m_cover->find(rowId);
    if (!item || !item->planned)
        return;
    if (act == "coverQuery"_L1) {
        emit queryRequested(item->planned->expr);
        return;
    }
    monitoring::RuleFile file;
    file.platform = m_cover->plan().platform;
    file.add(item->cover.service.isEmpty() ? file.platform : file.platform + u'.' + item->cover.service,
             *item->planned);
    QApplication::clipboard()->setText(monitoring::rulesYaml(file));
}

} // namespace wk::widgets
