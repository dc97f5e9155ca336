// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/SummaryView.h"

#include "widgets/common/HealthBadge.h"
#include "widgets/common/SectionHeader.h"
#include "widgets/common/Theme.h"

#include <QtCore/QEvent>
#include <QtWidgets/QGridLayout>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QScrollBar>

using namespace Qt::StringLiterals;

namespace wk::widgets {

namespace {

constexpr int keyWidth = 144; ///< longer names take a second line

} // namespace

SummaryView::SummaryView(QWidget* parent) : QScrollArea(parent)
{
    setObjectName(u"summaryView"_s);
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Summary"));
    connect(&Theme::of(this), &Theme::changed, this, &SummaryView::rebuild);
    rebuild();
}

void SummaryView::setSections(const QList<SummarySection>& sections)
{
    if (sections == m_sections)
        return;
    m_sections = sections;
    rebuild();
}

QWidget* SummaryView::makeValue(const SummaryItem& item)
{
    const Theme& theme = Theme::of(this);
    auto* label = new QLabel;
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    label->setFont(theme.font(item.monospace ? Theme::Role::Mono : Theme::Role::Base));
    label->setAccessibleName(u"%1: %2"_s.arg(item.key, item.value));
    // A word that is longer than the line is cut: the tooltip has it whole.
    label->setToolTip(item.tooltip.isEmpty() ? item.value : item.tooltip);
    label->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    label->setMinimumWidth(40);
    if (!item.link.isEmpty()) {
        label->setTextFormat(Qt::RichText);
        label->setTextInteractionFlags(Qt::TextBrowserInteraction);
        label->setText(u"<a href=\"%1\" style=\"color:%2\">%3</a>"_s.arg(
            item.link.toHtmlEscaped(), theme.color(Theme::Token::Accent).name(), item.value.toHtmlEscaped()));
        connect(label, &QLabel::linkActivated, this, &SummaryView::linkActivated);
    } else {
        label->setText(item.value);
    }
    if (item.health == table::Health::None)
        return label;
    QPalette colored = label->palette();
    colored.setColor(QPalette::WindowText, theme.color(item.health));
    label->setPalette(colored);
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    auto* badge = new HealthBadge;
    badge->setHealth(item.health, u" "_s);
    badge->setFixedSize(18, std::max(16, label->fontMetrics().height()));
    layout->addWidget(badge, 0, Qt::AlignTop);
    layout->addWidget(label, 1);
    return row;
}

void SummaryView::rebuild()
{
    const int scrolled = verticalScrollBar()->value();
    const Theme& theme = Theme::of(this);
    auto* body = new QWidget;
    body->setObjectName(u"summaryBody"_s);
    auto* grid = new QGridLayout(body);
    grid->setContentsMargins(16, 12, 16, 16);
    grid->setHorizontalSpacing(16);
    grid->setVerticalSpacing(6);
    grid->setColumnStretch(1, 1);
    QPalette muted;
    muted.setColor(QPalette::WindowText, theme.color(Theme::Token::Muted));
    int row = 0;
    for (const SummarySection& section : std::as_const(m_sections)) {
        if (!section.title.isEmpty()) {
            if (row > 0)
                grid->setRowMinimumHeight(row++, 8);
            grid->addWidget(new SectionHeader(section.title), row++, 0, 1, 2);
        }
        for (const SummaryItem& item : section.items) {
            auto* key = new QLabel(item.key);
            key->setTextFormat(Qt::PlainText);
            key->setPalette(muted);
            key->setWordWrap(true);
            key->setFixedWidth(keyWidth);
            key->setToolTip(item.tooltip);
            QWidget* value = makeValue(item);
            grid->addWidget(key, row, 0, Qt::AlignTop | Qt::AlignLeft);
            grid->addWidget(value, row++, 1, Qt::AlignTop);
        }
    }
    grid->setRowStretch(row, 1);
    setWidget(body); // deletes the previous one
    verticalScrollBar()->setValue(scrolled);
}

void SummaryView::changeEvent(QEvent* event)
{
    QScrollArea::changeEvent(event);
    if (event->type() == QEvent::LanguageChange)
        rebuild();
}

} // namespace wk::widgets
