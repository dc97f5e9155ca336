// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/plan/PlanText.h"

#include "changes/plan/WayBack.h"
#include "widgets/changes/plan/StepWords.h"

#include <QtCore/QCoreApplication>
#include <QtGui/QTextBlock>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using changes::Preview;
using changes::StepRecord;
using Role = Theme::Role;
using Token = Theme::Token;

namespace {

constexpr int contextLines = 3;

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::widgets::PlanView)
};

Token tokenOf(table::Health health)
{
    return health == table::Health::Good      ? Token::Good
           : health == table::Health::Bad     ? Token::Bad
           : health == table::Health::Warning ? Token::Warning
           : health == table::Health::Info    ? Token::Info
                                              : Token::Unknown;
}

} // namespace

void PlanText::paragraph(const QString& text, Role role, Token token, int indent, int above, int hang)
{
    QTextBlockFormat block;
    block.setLeftMargin(indent);
    block.setTextIndent(hang);
    block.setTopMargin(above);
    start(block);
    m_cursor.insertText(text, format(role, m_theme.color(token)));
}

void PlanText::link(const QString& text)
{
    paragraph({}, Role::Base, Token::Accent, 0, 12);
    QTextCharFormat anchor = format(Role::Base, m_theme.color(Token::Accent));
    anchor.setAnchor(true);
    anchor.setAnchorHref(u"more"_s);
    m_cursor.insertText(text, anchor);
}

void PlanText::step(int number, const changes::Step& step, const QString& loose)
{
    paragraph(u"%1\u2002%2"_s.arg(number).arg(step.words()), Role::BaseStrong, Token::Text, stepIndent, 16,
              -numberIndent);
    paragraph(stepPlaceWords(step), Role::Small, Token::Muted, stepIndent, 2);
    if (!loose.isEmpty())
        paragraph(Texts::tr("Not bound to a state: %1").arg(loose), Role::Small, Token::Warning, stepIndent, 4);
    const QString noWay = changes::noWayBack(step), unseen = changes::cannotBeSeen(step);
    m_saidNoWay = !noWay.isEmpty();
    if (m_saidNoWay)
        paragraph(Texts::tr("Cannot be taken back: %1").arg(noWay), Role::Small, Token::Warning, stepIndent, 4);
    if (!unseen.isEmpty())
        paragraph(unseen, Role::Small, Token::Warning, stepIndent, 4);
}

void PlanText::record(const StepRecord& record)
{
    const table::Health health = stepHealth(record.state);
    const QString said = record.sentence();
    paragraph(said.isEmpty() ? changes::stepStateWords(record.state)
                             : changes::stepStateWords(record.state) + u": "_s + said,
              Role::Base, health == table::Health::None ? Token::Muted : tokenOf(health), stepIndent, 4);
    for (const QString& line : sentLines(record))
        mono(line, stepIndent);
}

void PlanText::preview(const Result<Preview>& preview)
{
    if (!preview) {
        paragraph(Texts::tr("The difference cannot be shown: %1").arg(preview.error().text()), Role::Base,
                  Token::Warning, stepIndent, 4);
        return;
    }
    if (preview->changesNothing())
        paragraph(Texts::tr("Changes nothing: it is so already."), Role::Base, Token::Muted, stepIndent, 4);
    for (const changes::Difference& made : preview->differences) {
        if (made.isEmpty())
            continue;
        paragraph(made.title, Role::SmallStrong, Token::Muted, stepIndent, 6);
        difference(made.text(contextLines), stepIndent);
    }
    for (const QString& note : preview->notes)
        paragraph(note, Role::Base, Token::Text, stepIndent, 4);
    if (!m_saidNoWay)
        paragraph(preview->inverse.steps.isEmpty() ? Texts::tr("Cannot be taken back: %1").arg(preview->inverse.reason)
                                                   : Texts::tr("Can be taken back."),
                  Role::Small, preview->inverse.steps.isEmpty() ? Token::Warning : Token::Muted, stepIndent, 4);
}

void PlanText::difference(const QString& lines, int indent)
{
    for (const QString& line : lines.split(u'\n', Qt::SkipEmptyParts))
        mono(line, indent);
}

/// One line of a difference: its mark stands in the text, the tint is only for the eye.
void PlanText::mono(const QString& text, int indent)
{
    QTextBlockFormat block;
    block.setLeftMargin(indent);
    const bool added = text.startsWith(u'+'), removed = text.startsWith(u'-');
    if (added || removed) {
        QColor tint = m_theme.color(added ? Token::Good : Token::Bad);
        tint.setAlphaF(m_theme.isDark() ? 0.22F : 0.12F);
        block.setBackground(tint);
    }
    start(block);
    m_cursor.insertText(text, format(Role::Mono, m_theme.color(added || removed ? Token::Text : Token::Muted)));
}

void PlanText::start(const QTextBlockFormat& block)
{
    if (std::exchange(m_first, false))
        m_cursor.setBlockFormat(block);
    else
        m_cursor.insertBlock(block);
}

QTextCharFormat PlanText::format(Role role, const QColor& colour) const
{
    QTextCharFormat out;
    out.setFont(m_theme.font(role));
    out.setForeground(colour);
    return out;
}

} // namespace wk::widgets
