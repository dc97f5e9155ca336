// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/PlanView.h"

#include "widgets/changes/StepWords.h"
#include "widgets/common/Theme.h"

#include <QtGui/QTextBlock>
#include <QtGui/QTextCursor>
#include <QtWidgets/QScrollBar>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using changes::Preview;
using changes::StepRecord;
using Role = Theme::Role;
using Token = Theme::Token;

namespace {

constexpr int contextLines = 3;
constexpr int stepIndent = 18;   ///< of what belongs to a step, below its words
constexpr int numberIndent = 14; ///< of its number before them

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::widgets::PlanView)
};

/// Paragraphs of a plan, in the theme's fonts and colours.
class PlanText
{
public:
    PlanText(QTextCursor& cursor, const Theme& theme) : m_cursor(cursor), m_theme(theme) {}

    void paragraph(const QString& text, Role role, Token token, int indent, int above, int hang = 0)
    {
        QTextBlockFormat block;
        block.setLeftMargin(indent);
        block.setTextIndent(hang);
        block.setTopMargin(above);
        start(block);
        m_cursor.insertText(text, format(role, m_theme.color(token)));
    }

    void link(const QString& text)
    {
        paragraph({}, Role::Base, Token::Accent, 0, 12);
        QTextCharFormat anchor = format(Role::Base, m_theme.color(Token::Accent));
        anchor.setAnchor(true);
        anchor.setAnchorHref(u"more"_s);
        m_cursor.insertText(text, anchor);
    }

    void step(int number, const changes::Step& step)
    {
        paragraph(u"%1\u2002%2"_s.arg(number).arg(step.words()), Role::BaseStrong, Token::Text, stepIndent, 16,
                  -numberIndent);
        paragraph(stepPlaceWords(step), Role::Small, Token::Muted, stepIndent, 2);
    }

    void record(const StepRecord& record)
    {
        const table::Health health = stepHealth(record.state);
        const QString said = record.sentence();
        paragraph(said.isEmpty() ? changes::stepStateWords(record.state)
                                 : changes::stepStateWords(record.state) + u": "_s + said,
                  Role::Base, health == table::Health::None ? Token::Muted : tokenOf(health), stepIndent, 4);
        for (const QString& line : sentLines(record))
            mono(line);
    }

    void preview(const Result<Preview>& preview)
    {
        if (!preview) {
            paragraph(Texts::tr("The difference cannot be shown: %1").arg(preview.error().text()), Role::Base,
                      Token::Warning, stepIndent, 4);
            return;
        }
        if (preview->changesNothing())
            paragraph(Texts::tr("Changes nothing: it is so already."), Role::Base, Token::Muted, stepIndent, 4);
        for (const changes::Difference& difference : preview->differences) {
            if (difference.isEmpty())
                continue;
            paragraph(difference.title, Role::SmallStrong, Token::Muted, stepIndent, 6);
            const QString text = difference.text(contextLines);
            for (const QString& line : text.split(u'\n', Qt::SkipEmptyParts))
                mono(line);
        }
        for (const QString& note : preview->notes)
            paragraph(note, Role::Base, Token::Text, stepIndent, 4);
        paragraph(preview->inverse.steps.isEmpty() ? Texts::tr("Cannot be taken back: %1").arg(preview->inverse.reason)
                                                   : Texts::tr("Can be taken back."),
                  Role::Small, preview->inverse.steps.isEmpty() ? Token::Warning : Token::Muted, stepIndent, 4);
    }

private:
    static Token tokenOf(table::Health health)
    {
        return health == table::Health::Good      ? Token::Good
               : health == table::Health::Bad     ? Token::Bad
               : health == table::Health::Warning ? Token::Warning
               : health == table::Health::Info    ? Token::Info
                                                  : Token::Unknown;
    }

    /// One line of a difference: its mark stands in the text, the tint is only for the eye.
    void mono(const QString& text)
    {
        QTextBlockFormat block;
        block.setLeftMargin(stepIndent);
        const bool added = text.startsWith(u'+'), removed = text.startsWith(u'-');
        if (added || removed) {
            QColor tint = m_theme.color(added ? Token::Good : Token::Bad);
            tint.setAlphaF(m_theme.isDark() ? 0.22F : 0.12F);
            block.setBackground(tint);
        }
        start(block);
        m_cursor.insertText(text, format(Role::Mono, m_theme.color(added || removed ? Token::Text : Token::Muted)));
    }

    void start(const QTextBlockFormat& block)
    {
        if (std::exchange(m_first, false))
            m_cursor.setBlockFormat(block);
        else
            m_cursor.insertBlock(block);
    }

    [[nodiscard]] QTextCharFormat format(Role role, const QColor& colour) const
    {
        QTextCharFormat out;
        out.setFont(m_theme.font(role));
        out.setForeground(colour);
        return out;
    }

    QTextCursor& m_cursor;
    const Theme& m_theme;
    bool m_first = true;
};

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
    for (int number = 1; number <= steps.size(); ++number) {
        out.step(number, steps[number - 1]);
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
