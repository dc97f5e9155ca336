// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/monitoring/explore/QueryNotes.h"

#include "widgets/common/Health.h"

#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>

using namespace Qt::StringLiterals;

namespace wk::widgets {

namespace {
constexpr int iconSide = 16;
} // namespace

QueryNotes::QueryNotes(QWidget* parent) : QWidget(parent), m_lines(new QVBoxLayout(this))
{
    m_lines->setContentsMargins({});
    m_lines->setSpacing(4);
    setAccessibleName(tr("Remarks on the query"));
    hide();
}

void QueryNotes::setNotes(const QList<Note>& notes)
{
    if (notes == m_notes)
        return;
    m_notes = notes;
    while (QLayoutItem* item = m_lines->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater(); // a click in it may have led here
        delete item;
    }
    for (const Note& note : notes)
        add(note);
    setVisible(!notes.isEmpty());
}

void QueryNotes::add(const Note& note)
{
    auto* line = new QWidget(this);
    auto* icon = new QLabel(line);
    if (note.health != table::Health::None)
        icon->setPixmap(healthIcon(note.health).pixmap(iconSide, iconSide));
    icon->setFixedWidth(iconSide); // sentences without one stand below those with one
    icon->setAccessibleName(healthWord(note.health));
    auto* words = new QLabel(line);
    words->setTextFormat(Qt::RichText);
    words->setWordWrap(true);
    words->setTextInteractionFlags(Qt::TextBrowserInteraction);
    words->setText(note.text.toHtmlEscaped() +
                   (note.link.isEmpty() ? QString() : u" <a href=\"#\">%1</a>"_s.arg(note.link.toHtmlEscaped())));
    words->setAccessibleName(note.text);
    connect(words, &QLabel::linkActivated, this, &QueryNotes::linkActivated);
    auto* row = new QHBoxLayout(line);
    row->setContentsMargins({});
    row->setSpacing(6);
    row->addWidget(icon, 0, Qt::AlignTop);
    row->addWidget(words, 1);
    m_lines->addWidget(line);
}

} // namespace wk::widgets
