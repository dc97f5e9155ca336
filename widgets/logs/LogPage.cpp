// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/logs/LogPage.h"

#include "core/Future.h"
#include "widgets/common/Icons.h"
#include "widgets/common/StaleBanner.h"
#include "widgets/logs/LogPanel.h"
#include "widgets/logs/LogView.h"

#include <QtGui/QKeyEvent>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QToolButton>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using logs::ReaderState;
using table::Freshness;

namespace {

constexpr int byDefault = 1; ///< of LogPage::beginnings()
constexpr qint64 minuteMs = 60'000;
constexpr qint64 agesMs = 10'000; ///< how often what is stale grows older

} // namespace

LogPage::LogPage(LogAsk ask, std::shared_ptr<Clock> clock, FileDialogs& files, QWidget* parent)
    : QWidget(parent), m_ask(std::move(ask)), m_clock(std::move(clock)), m_panel(new LogPanel(files, this)),
      m_banner(new StaleBanner(this)), m_container(new QComboBox(this)), m_since(new QComboBox(this)),
      m_previous(new QToolButton(this)), m_anew(new QToolButton(this))
{
    setObjectName(u"logPage"_s);
    build();
    setFocusProxy(m_panel->view());
}

LogPage::~LogPage() = default;

QList<LogPage::Beginning> LogPage::beginnings()
{
    return {{tr("Last 100 lines"), 100, {}},
            {tr("Last 1,000 lines"), 1'000, {}},
            {tr("Last 10,000 lines"), 10'000, {}},
            {tr("Last 5 minutes"), {}, 5 * minuteMs},
            {tr("Last 15 minutes"), {}, 15 * minuteMs},
            {tr("Last hour"), {}, 60 * minuteMs},
            {tr("Last day"), {}, 24 * 60 * minuteMs},
            {tr("All there is"), {}, {}}};
}

void LogPage::build()
{
    m_container->setObjectName(u"logContainer"_s);
    m_container->setAccessibleName(tr("Containers"));
    m_container->setToolTip(tr("Which containers are read"));
    m_container->addItem(tr("All containers"), QString());
    m_container->setMinimumContentsLength(14);
    m_container->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_since->setObjectName(u"logSince"_s);
    m_since->setAccessibleName(tr("Beginning"));
    m_since->setToolTip(tr("How much of what was written before is read, of each container"));
    for (const Beginning& beginning : beginnings())
        m_since->addItem(beginning.title);
    m_since->setCurrentIndex(byDefault);
    m_previous->setObjectName(u"logPrevious"_s);
    m_previous->setText(tr("Run before"));
    m_previous->setToolTip(tr("The run before the present one of each container, as it ended (P)"));
    m_previous->setCheckable(true);
    m_previous->setChecked(m_ask.previous);
    m_anew->setObjectName(u"logAnew"_s);
    m_anew->setIcon(icon(u"refresh"));
    m_anew->setText(tr("Read anew"));
    m_anew->setAccessibleName(tr("Read anew"));
    m_anew->setToolTip(tr("Read the log anew, over the cluster's connection as it is now (R)"));
    m_panel->addLeadingWidget(m_container);
    m_panel->addLeadingWidget(m_since);
    m_panel->addLeadingWidget(m_previous);
    m_panel->addLeadingWidget(m_anew);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_banner);
    layout->addWidget(m_panel, 1);
    connect(m_container, &QComboBox::activated, this, &LogPage::begin);
    connect(m_since, &QComboBox::activated, this, &LogPage::begin);
    connect(m_previous, &QToolButton::clicked, this, &LogPage::begin);
    connect(m_anew, &QToolButton::clicked, this, &LogPage::begin);
    connect(m_panel, &LogPanel::retryRequested, this, &LogPage::begin);
}

logs::LogWish LogPage::wish() const
{
    logs::LogWish wish;
    const Beginning beginning = beginnings().at(m_since->currentIndex());
    wish.container = m_container->currentData().toString();
    wish.previous = m_previous->isChecked();
    wish.follow = !wish.previous;
    wish.tail = beginning.lines;
    if (beginning.ms)
        wish.sinceNs = (m_clock->nowMs() - *beginning.ms) * 1'000'000;
    return wish;
}

void LogPage::begin()
{
    ++m_round;
    m_panel->setSession(nullptr);
    refresh();
    whenDone(m_ask.find(), this, [this, round = m_round](const Result<logs::LogTarget>& target) {
        if (round == m_round)
            onFound(target);
    });
}

void LogPage::setPrevious(bool previous)
{
    if (m_previous->isChecked() == previous)
        return;
    m_previous->setChecked(previous);
    begin();
}

void LogPage::onFound(const Result<logs::LogTarget>& target)
{
    const auto host = target ? m_ask.host() : Result<logs::LogSession::Host>(fail(target.error()));
    if (!host) {
        m_panel->showFailed(host.error());
        return;
    }
    auto session = std::make_unique<logs::LogSession>(*host, *target, wish(), m_ask.options);
    connect(session.get(), &logs::LogSession::stateChanged, this, &LogPage::refresh);
    m_panel->setSession(std::move(session));
    refresh();
}

std::optional<Error> LogPage::trouble() const
{
    const logs::LogSession* session = m_panel->session();
    if (!session)
        return std::nullopt;
    const logs::LogState& state = session->state();
    qsizetype waiting = 0;
    std::optional<Error> why;
    for (const logs::LogSource& source : state.sources) {
        if (source.reader.phase != ReaderState::Phase::Waiting || !source.reader.error)
            continue;
        ++waiting;
        why = source.reader.error;
    }
    if (why && waiting < qsizetype(state.sources.size()))
        why->sentence =
            tr("%1 of %2 runs cannot be read now. %3").arg(waiting).arg(state.sources.size()).arg(why->sentence);
    if (!why && state.error)
        why = state.error;
    return why;
}

Freshness LogPage::freshness() const
{
    Freshness out;
    const logs::LogSession* session = m_panel->session();
    const auto why = trouble();
    if (!session || !session->state().listed) {
        out.state = why ? Freshness::State::Failed : Freshness::State::Loading;
    } else if (!why || m_troubleMs == 0) {
        out.state = Freshness::State::Live;
        out.asOfMs = m_clock->nowMs();
    } else {
        const bool lasting = m_clock->nowMs() - m_troubleMs >= staleAfterMs;
        out.state = lasting ? Freshness::State::Stale : Freshness::State::Reconnecting;
        out.asOfMs = m_troubleMs;
    }
    out.error = why;
    return out;
}

void LogPage::refresh()
{
    refreshContainers();
    const bool troubled = trouble().has_value();
    if (!troubled) {
        m_troubleMs = 0;
        m_timer.reset();
    } else if (m_troubleMs == 0) {
        m_troubleMs = m_clock->nowMs();
    }
    const Freshness now = freshness();
    const bool waiting = now.state == Freshness::State::Reconnecting;
    if ((waiting || now.state == Freshness::State::Stale) && !m_timer)
        m_timer = m_clock->after(this, waiting ? staleAfterMs : agesMs, [this] {
            m_timer.reset();
            refresh();
        });
    // Without lines the panel itself says what is wrong.
    const bool shown = m_panel->session() && m_panel->session()->size() > 0;
    m_banner->setFreshness(shown ? now : Freshness{}, m_clock->nowMs());
}

void LogPage::refreshContainers()
{
    if (!m_panel->session())
        return;
    for (const QString& name : m_panel->session()->state().containers)
        if (m_container->findData(name) < 0)
            m_container->addItem(name, name);
}

void LogPage::keyPressEvent(QKeyEvent* event)
{
    const bool plain = !(event->modifiers() & ~Qt::KeypadModifier);
    if (plain && event->key() == Qt::Key_Escape)
        emit leaveRequested();
    else if (plain && event->key() == Qt::Key_P)
        setPrevious(!m_previous->isChecked());
    else if (plain && event->key() == Qt::Key_R)
        begin();
    else
        QWidget::keyPressEvent(event);
}

} // namespace wk::widgets
