// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/execution/ExecutionView.h"

#include "core/Duration.h"
#include "widgets/changes/execution/ExecutionActs.h"
#include "widgets/changes/execution/ExecutionBeside.h"
#include "widgets/changes/plan/StepDelegate.h"
#include "widgets/changes/plan/StepWords.h"
#include "widgets/changes/requests/DecisionBar.h"
#include "widgets/changes/requests/RequestWords.h"
#include "widgets/common/Health.h"
#include "widgets/common/HealthBadge.h"
#include "widgets/common/Theme.h"

#include <QtCore/QTimer>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QLabel>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QSplitter>
#include <QtWidgets/QTreeWidget>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using changes::Executor;
using changes::StepRecord;
using changes::StepState;
using table::Health;
using Phase = Executor::Phase;

namespace {

enum Column { WordsColumn, StateColumn, TimeColumn };
constexpr int stepRole = Qt::UserRole + 1;
/// Elapsed times move while a step runs, and only then.
constexpr int tickMs = 1000;
constexpr qint64 besideAfterMs = 30 * 60'000; ///< so long after the end what happens may still come of it

Health healthOf(Phase phase)
{
    switch (phase) {
    case Phase::Ready:
    case Phase::Claiming:
    case Phase::Working:
    case Phase::Verifying:
    case Phase::Finishing: return Health::Info;
    case Phase::RollingBack:
    case Phase::Deciding: return Health::Warning;
    case Phase::Ended: return Health::Good;
    case Phase::Refused:
    case Phase::Lost: return Health::Bad;
    }
    return Health::None;
}

} // namespace

ExecutionView::ExecutionView(std::shared_ptr<Clock> clock, ExecutionWorld* world, QWidget* parent)
    : QWidget(parent), m_clock(std::move(clock))
{
    setObjectName(u"executionView"_s);
    if (world)
        m_beside = new ExecutionBeside(*world, m_clock, this);
    build();
}

void ExecutionView::build()
{
    const auto label = [this](const QString& name) {
        auto* made = new QLabel(this);
        made->setObjectName(name);
        made->setTextFormat(Qt::PlainText);
        made->setWordWrap(true);
        made->setTextInteractionFlags(Qt::TextSelectableByMouse);
        return made;
    };
    m_phase = new HealthBadge(this);
    m_phase->setObjectName(u"executionPhase"_s);
    m_sentence = label(u"executionSentence"_s);
    m_waits = label(u"executionWaits"_s);
    m_waits->setFont(Theme::of(this).font(Theme::Role::BaseStrong));
    m_steps = new QTreeWidget(this);
    m_steps->setObjectName(u"executionSteps"_s);
    m_steps->setAccessibleName(tr("Steps"));
    m_steps->setRootIsDecorated(false);
    m_steps->setUniformRowHeights(false);
    m_steps->setItemDelegate(new StepDelegate(m_steps));
    m_steps->setFrameShape(QFrame::NoFrame);
    m_steps->setSelectionMode(QAbstractItemView::SingleSelection);
    m_steps->setHeaderLabels({tr("Step"), tr("State"), tr("Took")});
    m_steps->headerItem()->setTextAlignment(TimeColumn, Qt::AlignRight);
    m_steps->header()->setStretchLastSection(false);
    m_steps->header()->setSectionResizeMode(WordsColumn, QHeaderView::Stretch);
    m_steps->header()->setSectionResizeMode(StateColumn, QHeaderView::Fixed);
    m_steps->header()->setSectionResizeMode(TimeColumn, QHeaderView::Fixed);
    m_steps->header()->resizeSection(StateColumn, 136);
    m_steps->header()->resizeSection(TimeColumn, 72);
    m_bar = new QWidget(this);
    m_buttons = new QHBoxLayout(m_bar);
    m_buttons->setContentsMargins(16, 8, 16, 8);
    m_buttons->setSpacing(8);
    m_question = new DecisionBar(this);
    m_question->setObjectName(u"executionQuestion"_s);
    m_question->hide();
    m_tick = new QTimer(this);
    m_tick->setInterval(tickMs);

    auto* head = new QVBoxLayout;
    head->setContentsMargins(16, 12, 16, 8);
    head->setSpacing(4);
    head->addWidget(m_phase);
    head->addWidget(m_sentence);
    head->addWidget(m_waits);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(head);
    auto* both = new QSplitter(Qt::Vertical, this);
    both->setChildrenCollapsible(false);
    both->addWidget(m_steps);
    if (m_beside) {
        both->addWidget(m_beside);
        m_beside->hide();
    }
    both->setStretchFactor(0, 3);
    both->setStretchFactor(1, 2);
    layout->addWidget(both, 1);
    layout->addWidget(m_bar);
    layout->addWidget(m_question);
    connect(m_tick, &QTimer::timeout, this, &ExecutionView::showTimes);
    connect(m_question, &DecisionBar::cancelled, m_question, [this] {
        m_question->hide();
        m_bar->setVisible(!acts().isEmpty());
    });
    connect(m_question, &DecisionBar::confirmed, this, &ExecutionView::perform);
}

void ExecutionView::show(const changes::RequestDetail& detail, Executor* executor)
{
    const bool another = !m_detail || m_detail->summary.number != detail.summary.number ||
                         m_detail->summary.sha256 != detail.summary.sha256;
    m_detail = detail;
    if (another) {
        m_progress.clear();
        m_steps->clear();
        m_question->hide();
    }
    follow(executor);
    refresh();
}

void ExecutionView::follow(Executor* executor)
{
    if (m_executor == executor)
        return;
    if (m_executor)
        m_executor->disconnect(this);
    m_executor = executor;
    m_progress.clear();
    m_question->hide();
    if (!executor)
        return;
    connect(executor, &Executor::changed, this, &ExecutionView::refresh);
    connect(executor, &Executor::stepChanged, this, &ExecutionView::refresh);
    connect(executor, &Executor::finished, this, &ExecutionView::refresh);
    connect(executor, &Executor::progress, this, [this](int step, const QString& sentence) {
        m_progress.insert(step, sentence);
        refreshSteps();
    });
    connect(executor, &QObject::destroyed, this, &ExecutionView::refresh);
}

const QList<StepRecord>& ExecutionView::records() const
{
    static const QList<StepRecord> none;
    if (m_executor && m_executor->phase() != Phase::Refused)
        return m_executor->records();
    const auto* execution = m_detail ? m_detail->execution() : nullptr;
    return execution ? execution->steps : none;
}

const StepRecord* ExecutionView::recordOf(int step) const
{
    const auto& all = records();
    const auto it = std::ranges::find(all, step, &StepRecord::step);
    return it == all.end() ? nullptr : &*it;
}

QString ExecutionView::phase() const { return m_phase->text(); }

void ExecutionView::refresh()
{
    if (!m_detail)
        return;
    refreshHead();
    refreshSteps();
    refreshButtons();
    refreshBeside();
}

/// While it runs, and for a while after: what the clusters say to it.
void ExecutionView::refreshBeside()
{
    if (!m_beside)
        return;
    const auto& all = records();
    const auto begun = std::ranges::find_if(all, [](const StepRecord& record) { return record.startedAt.has_value(); });
    const auto* execution = m_detail->execution();
    const bool lately =
        !execution || !execution->endedAt || m_clock->nowMs() - execution->endedAt->toMSecsSinceEpoch() < besideAfterMs;
    const bool worth = m_detail->plan && begun != all.end() && lately;
    if (worth)
        m_beside->follow(m_detail->summary.platform, *m_detail->plan, begun->startedAt->toMSecsSinceEpoch());
    m_beside->setVisible(worth);
}

void ExecutionView::refreshHead()
{
    QString waits;
    if (m_executor) {
        m_phase->setHealth(m_executor->outcome() == changes::RequestState::Failed ? Health::Bad
                                                                                  : healthOf(m_executor->phase()),
                           changes::phaseWords(m_executor->phase()));
        m_sentence->setText(m_executor->error() ? m_executor->error()->text() : m_executor->sentence());
        waits = m_executor->waitingFor();
    } else if (const auto* e = m_detail->execution()) {
        const Standing standing = standingOf(m_detail->summary);
        m_phase->setHealth(standing.health, standing.words);
        const qint64 now = m_clock->nowMs();
        if (e->outcome)
            m_sentence->setText(tr("%1, %2. %3").arg(e->executor, agoWords(e->endedAt, now), e->note).trimmed());
        else if (e->leaseDead)
            m_sentence->setText(tr("%1 began it %2 and has given no sign of life since %3.")
                                    .arg(e->executor, agoWords(e->claimedAt, now), momentWords(e->leaseUntil, now)));
        else
            m_sentence->setText(tr("%1 carries it out since %2.").arg(e->executor, agoWords(e->claimedAt, now)));
    } else {
        m_phase->setHealth(Health::None, tr("Not carried out yet"));
        m_sentence->setText(tr("What happens to each step is written down here, before and after it is sent."));
    }
    m_waits->setText(waits);
    m_waits->setVisible(!waits.isEmpty());
}

QString ExecutionView::stepWords(int number) const
{
    const changes::Step& step = m_detail->plan->steps().at(std::abs(number) - 1);
    return number > 0 ? u"%1\u2002%2"_s.arg(number).arg(step.words())
                      : tr("Take back %1: %2").arg(-number).arg(step.words());
}

QTreeWidgetItem* ExecutionView::itemOf(int step) const
{
    for (int i = 0; i < m_steps->topLevelItemCount(); ++i)
        if (m_steps->topLevelItem(i)->data(WordsColumn, stepRole).toInt() == step)
            return m_steps->topLevelItem(i);
    return nullptr;
}

void ExecutionView::showStep(int number, const QString& words)
{
    QTreeWidgetItem* item = itemOf(number);
    if (!item) {
        item = new QTreeWidgetItem(m_steps);
        item->setData(WordsColumn, stepRole, number);
        item->setTextAlignment(TimeColumn, Qt::AlignRight | Qt::AlignTop);
    }
    const StepRecord* record = recordOf(number);
    const QString sentence = record && !record->sentence().isEmpty() ? record->sentence() : m_progress.value(number);
    item->setText(WordsColumn, words);
    item->setData(WordsColumn, StepDelegate::sentenceRole, sentence);
    const Health health = record ? stepHealth(record->state) : Health::None;
    item->setIcon(StateColumn, healthIcon(health));
    item->setText(StateColumn, record ? changes::stepStateWords(record->state) : tr("to come"));
    item->setForeground(StateColumn, Theme::of(this).color(record ? healthToken(health) : Theme::Token::Muted));
}

void ExecutionView::refreshSteps()
{
    if (!m_detail->plan)
        return;
    for (int number = 1; number <= m_detail->plan->steps().size(); ++number)
        showStep(number, stepWords(number));
    for (const StepRecord& record : records())
        if (record.step < 0 && -record.step <= m_detail->plan->steps().size())
            showStep(record.step, stepWords(record.step));
    showTimes();
}

void ExecutionView::showTimes()
{
    bool running = false;
    for (const StepRecord& record : records()) {
        QTreeWidgetItem* item = itemOf(record.step);
        if (!item || !record.startedAt)
            continue;
        const bool open = !record.endedAt && record.state == StepState::Running;
        running |= open;
        const qint64 until = record.endedAt ? record.endedAt->toMSecsSinceEpoch() : m_clock->nowMs();
        item->setText(TimeColumn, record.endedAt || open ? humanDuration(until - record.startedAt->toMSecsSinceEpoch())
                                                         : QString());
    }
    if (running && !m_tick->isActive())
        m_tick->start();
    else if (!running)
        m_tick->stop();
}

QList<ExecutionView::Act> ExecutionView::acts() const { return m_executor ? executionActs(*m_executor) : QList<Act>(); }

void ExecutionView::refreshButtons()
{
    const QList<Act> now = acts();
    if (m_question->isVisible() && !now.contains(m_act))
        m_question->hide(); // what it asked about is over
    while (QLayoutItem* item = m_buttons->takeAt(0)) {
        if (item->widget()) {
            item->widget()->hide();
            item->widget()->deleteLater();
        }
        delete item;
    }
    for (const Act act : now)
        addButton(act);
    m_buttons->addStretch(1);
    m_bar->setVisible(!now.isEmpty() && m_question->isHidden());
}

void ExecutionView::addButton(Act act)
{
    const ExecutionActWords words = executionActWords(act, m_executor ? m_executor->step() : 0);
    auto* button = new QPushButton(words.title, m_bar);
    button->setObjectName(u"execution-"_s + QString::fromLatin1(QMetaEnum::fromType<Act>().valueToKey(int(act))));
    button->setToolTip(words.sentence);
    button->setDefault(words.wayOn);
    connect(button, &QPushButton::clicked, this, [this, act] { trigger(act); });
    m_buttons->addWidget(button);
}

void ExecutionView::trigger(Act act)
{
    m_act = act;
    const ExecutionActWords words = executionActWords(act, m_executor ? m_executor->step() : 0);
    if (words.atOnce) {
        perform({});
        return;
    }
    ActQuestion question;
    question.sentence = words.sentence;
    question.textLabel = words.textLabel;
    question.leastText = words.leastText;
    question.confirm = words.title;
    question.danger = words.danger;
    m_bar->hide();
    m_question->show();
    const QDateTime unused = QDateTime::fromMSecsSinceEpoch(0, Qt::UTC);
    m_question->ask(question, unused, unused);
}

void ExecutionView::perform(const ActAnswer& answer)
{
    m_question->hide();
    if (m_executor)
        carryOut(*m_executor, m_act, answer.text);
    refresh();
}

} // namespace wk::widgets
