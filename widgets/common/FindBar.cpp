// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/FindBar.h"

#include "widgets/common/Icons.h"

#include <QtGui/QKeyEvent>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QToolButton>

using namespace Qt::StringLiterals;

namespace wk::widgets {

FindBar::FindBar(QWidget* parent) : QWidget(parent), m_edit(new QLineEdit(this)), m_result(new QLabel(this))
{
    setObjectName(u"findBar"_s);
    m_edit->setObjectName(u"findEdit"_s);
    m_edit->setPlaceholderText(tr("Find"));
    m_edit->setAccessibleName(tr("Find in the text"));
    m_edit->addAction(icon(u"search", Theme::Token::Muted), QLineEdit::LeadingPosition);
    m_edit->setMaximumWidth(360);
    m_edit->installEventFilter(this);
    m_result->setObjectName(u"findResult"_s);
    m_result->setMinimumWidth(80);
    const auto button = [this](QStringView iconName, const QString& text, void (FindBar::*signal)()) {
        auto* result = new QToolButton(this);
        result->setIcon(icon(iconName));
        result->setToolTip(text);
        result->setAccessibleName(text);
        connect(result, &QToolButton::clicked, this, signal);
        return result;
    };
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 4, 8, 4);
    layout->setSpacing(4);
    layout->addWidget(m_edit, 1);
    layout->addSpacing(4);
    layout->addWidget(m_result);
    layout->addWidget(button(u"chevron-up", tr("Previous (Shift+F3)"), &FindBar::previous));
    layout->addWidget(button(u"chevron-down", tr("Next (F3)"), &FindBar::next));
    layout->addStretch();
    layout->addWidget(button(u"close", tr("Close (Esc)"), &FindBar::closed));
    connect(m_edit, &QLineEdit::textChanged, this, &FindBar::needleChanged);
    hide();
}

void FindBar::open(const QString& selected)
{
    if (!selected.isEmpty() && !selected.contains(QChar::ParagraphSeparator))
        m_edit->setText(selected);
    show();
    m_edit->setFocus(Qt::ShortcutFocusReason);
    m_edit->selectAll();
}

QString FindBar::needle() const { return m_edit->text(); }

void FindBar::setResult(int current, int count)
{
    const QString text = m_edit->text().isEmpty() ? QString()
                         : count == 0             ? tr("Not found")
                                                  : tr("%1 of %2").arg(current).arg(count);
    m_result->setText(text);
    m_edit->setAccessibleDescription(text);
}

bool FindBar::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_edit && (event->type() == QEvent::KeyPress || event->type() == QEvent::ShortcutOverride)) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const bool pressed = event->type() == QEvent::KeyPress;
        if (key->key() == Qt::Key_Escape) {
            event->accept();
            if (pressed)
                emit closed();
            return true;
        }
        if (pressed && (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter)) {
            if (key->modifiers() & Qt::ShiftModifier)
                emit previous();
            else
                emit next();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace wk::widgets
