// SPDX-License-Identifier: GPL-3.0-or-later
#include "watchkeeper/shell/CloseGuard.h"

#include <QtWidgets/QMessageBox>
#include <QtWidgets/QPushButton>

namespace wk::app {

using namespace Qt::StringLiterals;
using Phase = changes::Executor::Phase;

namespace {

/// Nothing of it is being sent, and nothing is about to be by itself.
bool standsStill(const changes::Executor& executor)
{
    switch (executor.phase()) {
    case Phase::Ready:
    case Phase::Deciding:
    case Phase::Ended:
    case Phase::Refused:
    case Phase::Lost: return true;
    case Phase::Claiming:
    case Phase::Working:
    case Phase::RollingBack:
    case Phase::Verifying:
    case Phase::Finishing: return false;
    }
    return true;
}

bool over(const changes::Executor& executor)
{
    return executor.phase() == Phase::Ended || executor.phase() == Phase::Refused || executor.phase() == Phase::Lost;
}

} // namespace

QString underWayWords(const QList<changes::Executor*>& running)
{
    QStringList lines;
    for (const changes::Executor* executor : running) {
        const QString which =
            executor->number() > 0 ? CloseGuard::tr("Change %1").arg(executor->number()) : CloseGuard::tr("A change");
        const auto done = std::ranges::count_if(executor->records(), [](const changes::StepRecord& record) {
            return record.step > 0 && record.state == changes::StepState::Done;
        });
        lines += CloseGuard::tr("%1: %2 of %3 steps are done. %4")
                     .arg(which)
                     .arg(done)
                     .arg(executor->plan().steps().size())
                     .arg(executor->sentence());
    }
    return lines.join(u'\n');
}

CloseGuard::CloseGuard(UnderWay underWay, QWidget& window)
    : QObject(&window), m_underWay(std::move(underWay)), m_window(window)
{
}

bool CloseGuard::mayClose()
{
    QList<changes::Executor*> running = m_underWay();
    running.removeIf([](const changes::Executor* executor) { return over(*executor); });
    if (m_decided || running.isEmpty())
        return true;
    ask(running);
    return false;
}

void CloseGuard::ask(const QList<changes::Executor*>& running)
{
    if (m_question) {
        m_question->raise();
        return;
    }
    m_question = new QMessageBox(QMessageBox::Warning, tr("A change is being carried out"),
                                 tr("A change is being carried out by this program"), QMessageBox::NoButton, &m_window);
    m_question->setObjectName(u"closeQuestion"_s);
    m_question->setAttribute(Qt::WA_DeleteOnClose);
    m_question->setInformativeText(underWayWords(running) + u"\n\n"_s +
                                   tr("If the program ends now, nothing more is sent. What is under way counts as "
                                      "unknown, and somebody has to take the "
                                      "change over and decide about it."));
    auto* keep = m_question->addButton(tr("Keep it open"), QMessageBox::RejectRole);
    auto* after = m_question->addButton(tr("Stop after this step, then close"), QMessageBox::AcceptRole);
    auto* now = m_question->addButton(tr("Close now"), QMessageBox::DestructiveRole);
    keep->setObjectName(u"closeKeep"_s);
    after->setObjectName(u"closeAfterStep"_s);
    now->setObjectName(u"closeNow"_s);
    m_question->setDefaultButton(keep);
    m_question->setEscapeButton(keep);
    connect(after, &QPushButton::clicked, this, &CloseGuard::closeAfterStep);
    connect(now, &QPushButton::clicked, this, [this] {
        m_decided = true;
        QMetaObject::invokeMethod(&m_window, &QWidget::close, Qt::QueuedConnection);
    });
    m_question->open();
}

void CloseGuard::closeAfterStep()
{
    m_waiting = true;
    for (changes::Executor* executor : m_underWay()) {
        if (standsStill(*executor))
            continue;
        executor->stopAfterThisStep();
        connect(executor, &changes::Executor::changed, this, &CloseGuard::closeWhenStill, Qt::UniqueConnection);
        connect(executor, &changes::Executor::finished, this, &CloseGuard::closeWhenStill, Qt::UniqueConnection);
    }
    closeWhenStill();
}

void CloseGuard::closeWhenStill()
{
    const auto running = m_underWay();
    if (!m_waiting || !std::ranges::all_of(running, [](const auto* executor) { return standsStill(*executor); }))
        return;
    m_waiting = false;
    m_decided = true;
    QMetaObject::invokeMethod(&m_window, &QWidget::close, Qt::QueuedConnection);
}

} // namespace wk::app
