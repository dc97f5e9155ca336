// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/FilterBar.h"

#include "widgets/common/Icons.h"

#include <QtCore/QLocale>
#include <QtCore/QTimer>
#include <QtGui/QAction>
#include <QtGui/QKeyEvent>
#include <QtGui/QStandardItemModel>
#include <QtWidgets/QAbstractItemView>
#include <QtWidgets/QCompleter>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QStyle>
#include <QtWidgets/QVBoxLayout>

using namespace Qt::StringLiterals;

namespace wk::widgets {

FilterBar::FilterBar(QWidget* parent)
    : QWidget(parent), m_edit(new QLineEdit(this)), m_count(new QLabel(this)), m_errorLabel(new QLabel(this)),
      m_debounce(new QTimer(this)), m_completer(new QCompleter(this)), m_items(new QStandardItemModel(this))
{
    m_edit->setObjectName(u"filterEdit"_s);
    m_edit->setAccessibleName(tr("Filter"));
    m_edit->setToolTip(tr("Words, \"a phrase\", field:value, field=value, -not, restarts>5, age<1h, memory>1Gi,\n"
                          "ready<100%, is:trouble, label:app=shop, status:Running|Pending\n"
                          "Press / to come here and Esc to clear"));
    m_edit->addAction(icon(u"filter", Theme::Token::Muted), QLineEdit::LeadingPosition);
    m_clear = m_edit->addAction(icon(u"close", Theme::Token::Muted), QLineEdit::TrailingPosition);
    m_clear->setToolTip(tr("Clear the filter (Esc)"));
    m_clear->setVisible(false);
    m_count->setObjectName(u"filterCount"_s);
    m_count->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_errorLabel->setObjectName(u"filterError"_s);
    m_errorLabel->setWordWrap(true);
    m_errorLabel->hide();

    auto* line = new QHBoxLayout;
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(12);
    line->addWidget(m_edit, 1);
    line->addWidget(m_count);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addLayout(line);
    layout->addWidget(m_errorLabel);

    m_debounce->setSingleShot(true);
    m_debounce->setInterval(debounceMs);
    m_completer->setModel(m_items);
    m_completer->setWidget(m_edit);
    m_completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    m_completer->setMaxVisibleItems(12);
    m_completer->popup()->setObjectName(u"filterCompletions"_s);

    connect(m_debounce, &QTimer::timeout, this, &FilterBar::report);
    connect(m_clear, &QAction::triggered, this, [this] { setText({}); });
    connect(m_edit, &QLineEdit::textChanged, this, [this] {
        m_clear->setVisible(!m_edit->text().isEmpty());
        m_debounce->start();
    });
    connect(m_edit, &QLineEdit::textEdited, this, &FilterBar::complete);
    connect(m_completer, qOverload<const QModelIndex&>(&QCompleter::activated), this, &FilterBar::insertCompletion);
    m_edit->installEventFilter(this);
    setFocusProxy(m_edit);
    connect(&Theme::of(this), &Theme::changed, this, &FilterBar::restyle);
    restyle();
}

QString FilterBar::text() const { return m_edit->text(); }

void FilterBar::setText(const QString& text)
{
    m_edit->setText(text);
    report();
}

void FilterBar::report()
{
    m_debounce->stop();
    if (m_edit->text() == m_reported)
        return;
    m_reported = m_edit->text();
    emit filterChanged(m_reported);
}

void FilterBar::setError(const QString& sentence, int position, int length)
{
    m_error = sentence;
    m_errorLabel->setVisible(!sentence.isEmpty());
    QString text = sentence;
    const QString wrong = m_edit->text().mid(position, length);
    if (!wrong.isEmpty() && !sentence.contains(wrong))
        text = tr("%1: %2").arg(wrong, sentence);
    m_errorLabel->setText(text);
    m_edit->setAccessibleDescription(text);
    const bool invalid = !sentence.isEmpty();
    if (m_edit->property("invalid").toBool() != invalid) {
        m_edit->setProperty("invalid", invalid);
        m_edit->style()->unpolish(m_edit);
        m_edit->style()->polish(m_edit);
    }
}

void FilterBar::setCounts(int shown, int total, bool working)
{
    const QLocale locale;
    QString text =
        shown == total ? locale.toString(total) : tr("%1 of %2").arg(locale.toString(shown), locale.toString(total));
    if (working)
        text = tr("Working …");
    setCountText(text);
}

void FilterBar::setNoCounts() { setCountText({}); }

void FilterBar::setCountText(const QString& text)
{
    m_count->setVisible(!text.isEmpty());
    if (text == m_count->text())
        return;
    m_count->setText(text);
    m_count->setAccessibleName(text.isEmpty() ? QString() : tr("Rows shown: %1").arg(text));
}

QString FilterBar::countText() const { return m_count->text(); }

void FilterBar::complete()
{
    if (!m_source)
        return;
    m_completions = m_source(m_edit->text(), m_edit->cursorPosition());
    if (m_completions.items.isEmpty()) {
        m_completer->popup()->hide();
        return;
    }
    m_items->clear();
    int width = 0;
    for (const table::Completion& item : m_completions.items) {
        const QString text = item.description.isEmpty() ? item.text : item.text + u"   "_s + item.description;
        m_items->appendRow(new QStandardItem(text));
        width = std::max(width, m_edit->fontMetrics().horizontalAdvance(text));
    }
    const int left = m_edit->inputMethodQuery(Qt::ImCursorRectangle).toRect().left() - 8;
    m_completer->complete(QRect(left, 2, std::clamp(width + 40, 160, 480), m_edit->height()));
}

void FilterBar::insertCompletion(const QModelIndex& index)
{
    if (index.row() < 0 || index.row() >= m_completions.items.size())
        return;
    const QString item = m_completions.items[index.row()].text;
    QString text = m_edit->text();
    text.replace(m_completions.position, m_completions.length, item);
    const int cursor = m_completions.position + int(item.size());
    m_edit->setText(text);
    m_edit->setCursorPosition(cursor);
    if (item.endsWith(u':'))
        complete(); // a field wants a value
    else
        report();
}

void FilterBar::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    layout()->activate();
    chooseHint();
}

/// The longest hint that is not cut.
void FilterBar::chooseHint()
{
    // Both icons and the margins of the line take room from the words.
    const int room = m_edit->width() - 64;
    const QStringList hints{tr("Filter: words, field:value, -not, age<1h"), tr("Filter: words, field:value"),
                            tr("Filter: words"), tr("Filter")};
    const auto fits = std::find_if(hints.begin(), hints.end(), [&](const QString& hint) {
        return m_edit->fontMetrics().horizontalAdvance(hint) <= room;
    });
    m_edit->setPlaceholderText(fits == hints.end() ? hints.last() : *fits);
}

bool FilterBar::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_edit)
        return QWidget::eventFilter(watched, event);
    if (event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        event->accept(); // Esc clears here; the panel's own Esc comes after
        return true;
    }
    if (event->type() != QEvent::KeyPress)
        return false;
    switch (static_cast<QKeyEvent*>(event)->key()) {
    case Qt::Key_Escape:
        if (m_edit->text().isEmpty())
            emit left();
        else
            setText({});
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        report();
        emit left();
        return true;
    case Qt::Key_Down:
        report();
        emit left();
        return true;
    default: return false;
    }
}

void FilterBar::restyle()
{
    const Theme& theme = Theme::of(this);
    QPalette bad = palette();
    bad.setColor(QPalette::WindowText, theme.color(Theme::Token::Bad));
    m_errorLabel->setPalette(bad);
    m_errorLabel->setFont(theme.font(Theme::Role::Small));
    QPalette muted = palette();
    muted.setColor(QPalette::WindowText, theme.color(Theme::Token::Muted));
    m_count->setPalette(muted);
    m_count->setFont(theme.font(Theme::Role::Digits));
}

} // namespace wk::widgets
