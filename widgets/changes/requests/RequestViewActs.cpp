// SPDX-License-Identifier: GPL-3.0-or-later
// What a person does with the request that is shown.
#include "core/Future.h"
#include "widgets/changes/ChangeMeans.h"
#include "widgets/changes/requests/OfferBar.h"
#include "widgets/changes/requests/RequestView.h"

namespace wk::widgets {

using namespace Qt::StringLiterals;
using Written = changes::ChangeDesk::Written;

namespace {

/// From the next full quarter of an hour, for two hours, inside what was asked for.
std::pair<QDateTime, QDateTime> firstTimes(const changes::RequestSummary& request, qint64 nowMs)
{
    constexpr qint64 quarter = 15 * 60'000, length = 2 * 60 * 60'000;
    QDateTime from = QDateTime::fromMSecsSinceEpoch((nowMs / quarter + 1) * quarter, Qt::UTC);
    if (request.notBefore && *request.notBefore > from)
        from = *request.notBefore;
    QDateTime until = from.addMSecs(length);
    if (request.notAfter && *request.notAfter < until)
        until = *request.notAfter;
    return {from, until};
}

} // namespace

void RequestView::trigger(RequestAct act)
{
    if (!m_detail || m_question->isVisible())
        return;
    const RequestOffer* offer = offerOf(m_offers, act);
    if (!offer)
        return;
    if (!offer->enabled()) {
        emit notice(offer->whyNot);
        return;
    }
    if (act == RequestAct::Edit) {
        emit editRequested(m_number);
        return;
    }
    m_act = act;
    const auto [from, until] = firstTimes(m_detail->summary, m_clock->nowMs());
    m_bar->hide();
    m_question->show();
    m_question->ask(questionFor(act, *m_detail, m_desk), from, until);
}

bool RequestView::leaveQuestion()
{
    if (m_question->isHidden() || m_sending)
        return !m_question->isHidden();
    closeQuestion();
    return true;
}

void RequestView::closeQuestion()
{
    if (m_question->isHidden())
        return;
    m_question->hide();
    m_bar->setVisible(m_detail.has_value());
    setFocus();
}

Written RequestView::send(const ActAnswer& a)
{
    const auto& s = m_detail->summary;
    switch (m_act) {
    case RequestAct::Submit: return m_desk.submit(s.number, s.revision, s.sha256);
    case RequestAct::Approve: return m_desk.approve(s.number, s.revision, s.sha256, a.text, a.code);
    case RequestAct::Reject: return m_desk.reject(s.number, s.revision, s.sha256, a.text);
    case RequestAct::Schedule: return m_desk.schedule(s.number, s.revision, a.from, a.until);
    case RequestAct::Review: return m_desk.review(s.number, a.accepted, a.text);
    case RequestAct::Close: return m_desk.close(s.number, a.text);
    case RequestAct::Cancel: return m_desk.cancel(s.number, a.text);
    case RequestAct::BreakGlass:
        return m_desk.breakGlass(s.number, s.revision, s.sha256, a.text, a.incident, a.typed, a.code);
    case RequestAct::Run:
    case RequestAct::TakeOver:
    case RequestAct::Edit: break; // not the desk's
    }
    return {};
}

void RequestView::perform(const ActAnswer& answer)
{
    if (m_act == RequestAct::Run || m_act == RequestAct::TakeOver) {
        const auto started =
            m_act == RequestAct::Run ? m_means.run(*m_detail) : m_means.takeOver(*m_detail, answer.text);
        if (!started) {
            m_question->showError(started.error().text());
            return;
        }
        closeQuestion();
        showPage(Page::Execution);
        return;
    }
    m_question->setBusy(true);
    m_sending = true;
    whenDone(send(answer), this, [this, generation = m_generation, act = m_act](const Result<qint64>& done) {
        m_sending = false;
        if (generation != m_generation || m_question->isHidden())
            return;
        m_question->setBusy(false);
        if (!done) {
            m_question->showError(done.error().text());
            return;
        }
        closeQuestion();
        const RequestOffer* offer = offerOf(m_offers, act);
        emit notice(tr("Request %1: %2 is on record").arg(m_number).arg(offer ? offer->title.toLower() : QString()));
        read();
    });
}

void RequestView::onLink(const QString& link)
{
    if (link.startsWith(u"request:"_s))
        emit requestLinked(link.section(u':', 1).toLongLong());
}

} // namespace wk::widgets
