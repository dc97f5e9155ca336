// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/monitoring/explore/QueryEdit.h"

#include "widgets/common/Theme.h"

#include <QtGui/QHelpEvent>
#include <QtGui/QPainter>
#include <QtGui/QStandardItemModel>
#include <QtGui/QTextBlock>
#include <QtWidgets/QAbstractItemView>
#include <QtWidgets/QCompleter>
#include <QtWidgets/QListView>
#include <QtWidgets/QStyledItemDelegate>
#include <QtWidgets/QToolTip>

using namespace Qt::StringLiterals;

namespace wk::widgets {

namespace {

constexpr int aboutRole = Qt::UserRole + 1;
constexpr int listWidth = 560;

/// The name, and at the right what it is.
class ProposalDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const Theme& theme = Theme::of(option.widget);
        const bool selected = option.state.testFlag(QStyle::State_Selected);
        painter->fillRect(option.rect, theme.color(selected ? Theme::Token::Selection : Theme::Token::Surface));
        const QRect rect = option.rect.adjusted(8, 0, -8, 0);
        painter->setFont(theme.font(Theme::Role::Mono));
        const QString name = index.data().toString();
        const int width = std::min(painter->fontMetrics().horizontalAdvance(name), rect.width());
        painter->setPen(theme.color(Theme::Token::Text));
        painter->drawText(rect, Qt::AlignLeft | Qt::AlignVCenter,
                          painter->fontMetrics().elidedText(name, Qt::ElideMiddle, rect.width()));
        const QRect rest = rect.adjusted(width + 16, 0, 0, 0);
        if (rest.width() < 40)
            return;
        painter->setFont(theme.font(Theme::Role::Small));
        painter->setPen(theme.color(Theme::Token::Muted));
        painter->drawText(
            rest, Qt::AlignRight | Qt::AlignVCenter,
            painter->fontMetrics().elidedText(index.data(aboutRole).toString(), Qt::ElideRight, rest.width()));
    }

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const override
    {
        return {0, Theme::of(option.widget).rowHeight()}; // as wide as the list
    }
};

} // namespace

QueryEdit::QueryEdit(QWidget* parent)
    : QPlainTextEdit(parent), m_completer(new QCompleter(this)), m_items(new QStandardItemModel(this))
{
    setAccessibleName(tr("Query"));
    setPlaceholderText(tr("A query in PromQL, such as sum by (job) (rate(http_requests_total[5m]))"));
    setProperty("field", true);
    setTabChangesFocus(true);
    setLineWrapMode(WidgetWidth);
    setWordWrapMode(QTextOption::WrapAnywhere);
    auto* list = new QListView(this);
    list->setMinimumWidth(listWidth);
    list->setUniformItemSizes(true);
    list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_completer->setPopup(list);
    m_completer->setModel(m_items);
    m_completer->setWidget(this);
    m_completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    m_completer->setMaxVisibleItems(10);
    list->setItemDelegate(new ProposalDelegate(list)); // QCompleter has put its own there
    list->setObjectName(u"queryProposals"_s);
    connect(m_completer, qOverload<const QModelIndex&>(&QCompleter::activated), this, &QueryEdit::insertProposal);
    connect(this, &QPlainTextEdit::textChanged, this, [this] { setProblem(std::nullopt); });
    connect(&Theme::of(this), &Theme::changed, this, &QueryEdit::restyle);
    restyle();
}

void QueryEdit::restyle()
{
    const QFont font = Theme::of(this).font(Theme::Role::Mono);
    if (this->font() == font)
        return;
    setFont(font);
    document()->setDefaultFont(font);
}

void QueryEdit::changeEvent(QEvent* event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_problem)
        viewport()->update();
}

void QueryEdit::setNames(monitoring::ServerNames* names)
{
    if (m_names)
        m_names->disconnect(this);
    m_names = names;
    if (names)
        connect(names, &monitoring::ServerNames::arrived, this, [this] {
            if (m_proposing)
                refreshProposals();
        });
}

void QueryEdit::setQuery(const QString& text)
{
    if (text == toPlainText())
        return;
    // As typing does, so that Undo brings back what stood there.
    QTextCursor cursor(document());
    cursor.select(QTextCursor::Document);
    cursor.insertText(text);
    setTextCursor(cursor);
}

void QueryEdit::setProblem(std::optional<monitoring::QueryPosition> at, const QString& sentence)
{
    m_problem.reset();
    m_problemText = sentence;
    QList<QTextEdit::ExtraSelection> marks;
    if (at) {
        const QTextBlock block = document()->findBlockByNumber(at->line - 1);
        const QTextBlock line = block.isValid() ? block : document()->lastBlock();
        m_problem = line.position() + std::clamp(at->column - 1, 0, std::max(0, line.length() - 1));
        QTextCursor cursor(document());
        cursor.setPosition(*m_problem);
        cursor.movePosition(QTextCursor::EndOfWord, QTextCursor::KeepAnchor);
        // At the end of the query, or at a bracket, there is no word: the character, else the one before.
        if (!cursor.hasSelection() && !cursor.movePosition(QTextCursor::NextCharacter, QTextCursor::KeepAnchor))
            cursor.movePosition(QTextCursor::PreviousCharacter, QTextCursor::KeepAnchor);
        QTextEdit::ExtraSelection mark;
        mark.cursor = cursor;
        mark.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        mark.format.setUnderlineColor(Theme::of(this).color(Theme::Token::Bad));
        marks << mark;
    }
    setExtraSelections(marks);
    setAccessibleDescription(sentence);
}

void QueryEdit::goToProblem()
{
    if (!m_problem)
        return;
    QTextCursor cursor = textCursor();
    cursor.setPosition(*m_problem);
    setTextCursor(cursor);
    setFocus();
}

QStringList QueryEdit::proposed() const
{
    QStringList texts;
    for (int i = 0; m_completer->popup()->isVisible() && i < m_items->rowCount(); ++i)
        texts << m_items->item(i)->text();
    return texts;
}

void QueryEdit::propose()
{
    m_proposing = true;
    refreshProposals();
}

void QueryEdit::refreshProposals()
{
    if (!m_names)
        return;
    m_spot = monitoring::promqlSpotAt(toPlainText(), textCursor().position());
    m_offers = monitoring::offersAt(m_spot, *m_names);
    // The word as it stands is no proposal.
    std::erase_if(m_offers, [this](const monitoring::PromqlOffer& offer) { return offer.write == m_spot.prefix; });
    m_items->clear();
    for (const monitoring::PromqlOffer& offer : m_offers) {
        auto* item = new QStandardItem(offer.text);
        item->setData(offer.about, aboutRole);
        item->setToolTip(offer.about);
        item->setAccessibleText(offer.about.isEmpty() ? offer.text : offer.text + u", "_s + offer.about);
        m_items->appendRow(item);
    }
    if (m_offers.empty()) {
        m_completer->popup()->hide();
        return;
    }
    QTextCursor word = textCursor();
    word.setPosition(int(m_spot.at));
    QRect place = cursorRect(word);
    place.setWidth(listWidth);
    m_completer->complete(place);
    m_completer->popup()->setCurrentIndex(m_completer->completionModel()->index(0, 0));
}

void QueryEdit::insertProposal(const QModelIndex& index)
{
    if (index.row() < 0 || size_t(index.row()) >= m_offers.size())
        return;
    const monitoring::PromqlOffer offer = m_offers[size_t(index.row())];
    m_completer->popup()->hide();
    m_proposing = false;
    QTextCursor cursor = textCursor();
    cursor.setPosition(int(m_spot.at));
    cursor.setPosition(int(m_spot.at + m_spot.prefix.size()), QTextCursor::KeepAnchor);
    cursor.insertText(offer.write);
    setTextCursor(cursor);
}

bool QueryEdit::takesKey(QKeyEvent* event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    const bool control = event->modifiers().testFlag(Qt::ControlModifier);
    if (m_completer->popup()->isVisible() && (enter || event->key() == Qt::Key_Escape)) {
        event->ignore(); // the list's own
        return true;
    }
    if (enter && !event->modifiers().testFlag(Qt::ShiftModifier)) {
        emit askRequested();
    } else if (control && (event->key() == Qt::Key_Up || event->key() == Qt::Key_Down)) {
        emit historyRequested(event->key() == Qt::Key_Up ? -1 : 1);
    } else if (control && event->key() == Qt::Key_Space) {
        propose();
    } else {
        return false;
    }
    return true;
}

void QueryEdit::keyPressEvent(QKeyEvent* event)
{
    if (takesKey(event))
        return;
    QPlainTextEdit::keyPressEvent(event);
    const QString typed = event->text();
    const bool writes = !typed.isEmpty() && typed.front().isPrint();
    if (event->key() == Qt::Key_Backspace ? m_proposing : writes) {
        const auto spot = monitoring::promqlSpotAt(toPlainText(), textCursor().position());
        const bool begins = spot.kind == monitoring::PromqlSpot::Kind::Label ||
                            spot.kind == monitoring::PromqlSpot::Kind::Value ||
                            spot.kind == monitoring::PromqlSpot::Kind::Duration;
        m_proposing = begins || !spot.prefix.isEmpty();
        if (m_proposing) {
            refreshProposals();
            return;
        }
    }
    if (!typed.isEmpty() || event->key() == Qt::Key_Left || event->key() == Qt::Key_Right) {
        m_proposing = false;
        m_completer->popup()->hide();
    }
}

bool QueryEdit::event(QEvent* event)
{
    // Before Tab leads on to the next widget.
    if (event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Tab &&
        m_completer->popup()->isVisible()) {
        insertProposal(m_completer->popup()->currentIndex());
        event->accept();
        return true;
    }
    if (event->type() == QEvent::ToolTip && m_problem && !m_problemText.isEmpty()) {
        QToolTip::showText(static_cast<QHelpEvent*>(event)->globalPos(), m_problemText, this);
        return true;
    }
    return QPlainTextEdit::event(event);
}

} // namespace wk::widgets
