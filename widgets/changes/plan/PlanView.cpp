// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/plan/PlanView.h"

#include "changes/plan/PlanBinding.h"
#include "widgets/changes/plan/PlanText.h"
#include "widgets/common/Theme.h"

#include <QtGui/QTextCursor>
#include <QtWidgets/QScrollBar>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using changes::Preview;
using changes::StepRecord;
using Role = Theme::Role;
using Token = Theme::Token;

namespace {

constexpr int stepIndent = PlanText::stepIndent;

} // namespace

PlanView::PlanView(QWidget* parent) : QTextBrowser(parent)
{
    setObjectName(u"planView"_s);
    setAccessibleName(tr("Plan and difference"));
    setOpenLinks(false);
    setFrameShape(QFrame::NoFrame);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    document()->setDocumentMargin(16);
    connect(this, &QTextBrowser::anchorClicked, this, &PlanView::moreWanted);
    connect(&Theme::of(this), &Theme::changed, this, &PlanView::rebuildSoon);
}

void PlanView::setPlan(const changes::Plan& plan)
{
    if (m_plan && *m_plan == plan)
        return;
    m_plan = plan;
    m_records.clear();
    m_previews.clear();
    m_asking = m_unasked = 0;
    rebuild();
    verticalScrollBar()->setValue(0);
}

void PlanView::setSaysLoose(bool says)
{
    if (std::exchange(m_saysLoose, says) != says)
        rebuildSoon();
}

void PlanView::setNoPlan(const QString& title, const QString& why)
{
    m_plan.reset();
    m_title = title;
    m_why = why;
    rebuild();
}

void PlanView::setRecords(const QList<StepRecord>& records)
{
    if (m_records == records)
        return;
    m_records = records;
    rebuildSoon();
}

void PlanView::setAsking(int step)
{
    m_asking = step;
    rebuildSoon();
}

void PlanView::setPreview(int step, const Result<Preview>& preview)
{
    m_previews.insert_or_assign(step, preview);
    m_asking = m_asking == step ? 0 : m_asking;
    rebuildSoon();
}

void PlanView::setUnasked(int firstStep)
{
    m_unasked = firstStep;
    rebuildSoon();
}

void PlanView::rebuildSoon()
{
    if (!std::exchange(m_pending, true))
        QMetaObject::invokeMethod(this, &PlanView::rebuild, Qt::QueuedConnection);
}

void PlanView::rebuild()
{
    m_pending = false;
    const int scrolled = verticalScrollBar()->value();
    clear();
    QTextCursor cursor(document());
    cursor.beginEditBlock();
    PlanText out(cursor, Theme::of(this));
    if (!m_plan) {
        out.paragraph(m_title, Role::BaseStrong, Token::Text, 0, 0);
        out.paragraph(m_why, Role::Base, Token::Muted, 0, 4);
    }
    const auto steps = m_plan ? m_plan->steps() : QList<changes::Step>();
    if (steps.size() > 1)
        out.paragraph(tr("%1 steps; each difference is against the cluster as it is now.").arg(steps.size()),
                      Role::Small, Token::Muted, 0, 0);
    const auto loose = m_plan && m_saysLoose ? changes::looseSteps(*m_plan) : QList<changes::LooseStep>();
    for (int number = 1; number <= steps.size(); ++number) {
        const auto free = std::ranges::find(loose, number, &changes::LooseStep::number);
        out.step(number, steps[number - 1], free == loose.end() ? QString() : free->why);
        const auto preview = m_previews.find(number);
        const auto record = std::ranges::find(m_records, number, &StepRecord::step);
        if (record != m_records.end())
            out.record(*record);
        else if (preview != m_previews.end())
            out.preview(preview->second);
        else if (m_asking == number)
            out.paragraph(tr("Asking the cluster what it would change"), Role::Base, Token::Muted, stepIndent, 4);
    }
    if (m_unasked > 0)
        out.link(tr("Show the difference of steps %1 to %2").arg(m_unasked).arg(steps.size()));
    cursor.endEditBlock();
    verticalScrollBar()->setValue(scrolled);
}

} // namespace wk::widgets
