// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/CommandPalette.h"

#include "widgets/common/PaletteDelegate.h"
#include "widgets/common/PaletteModel.h"
#include "widgets/common/Theme.h"

#include <QtGui/QKeyEvent>
#include <QtGui/QPainter>
#include <QtWidgets/QApplication>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QListView>
#include <QtWidgets/QVBoxLayout>

namespace wk::widgets {

using namespace Qt::StringLiterals;

namespace {

constexpr int widest = 720, tallest = 460, fromTop = 56, edge = 1;

} // namespace

CommandPalette::CommandPalette(QWidget* parent) : QFrame(parent), m_model(new PaletteModel(this))
{
    setObjectName(u"commandPalette"_s);
    setAccessibleName(tr("Command palette"));
    build();
    parent->installEventFilter(this);
    connect(&m_search, &search::NameSearch::found, this, &CommandPalette::show);
    hide();
}

CommandPalette::~CommandPalette() = default;

void CommandPalette::build()
{
    m_edit = new QLineEdit(this);
    m_edit->setObjectName(u"paletteEdit"_s);
    m_edit->setAccessibleName(tr("What to do or open"));
    m_edit->setPlaceholderText(tr("Type a few letters of an action, a panel, a cluster, a kind or a name"));
    m_edit->setFrame(false);
    m_edit->setFont(Theme::of(this).font(Theme::Role::Title));
    m_edit->setMinimumHeight(36);
    m_edit->installEventFilter(this);
    m_list = new QListView(this);
    m_list->setObjectName(u"paletteList"_s);
    m_list->setAccessibleName(tr("What fits"));
    m_list->setModel(m_model);
    m_list->setItemDelegate(new PaletteDelegate(m_list));
    m_list->setUniformItemSizes(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setFocusPolicy(Qt::NoFocus); // the keys stay in the line
    m_list->setMouseTracking(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_foot = new QLabel(this);
    m_foot->setObjectName(u"paletteFoot"_s);
    m_foot->setTextFormat(Qt::PlainText);
    m_foot->setForegroundRole(QPalette::PlaceholderText);
    m_foot->setFont(Theme::of(this).font(Theme::Role::Small));
    m_foot->setContentsMargins(12, 6, 12, 8);
    m_foot->setWordWrap(true);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(edge, edge + 4, edge, edge);
    layout->setSpacing(4);
    layout->addWidget(m_edit);
    layout->addWidget(m_list, 1);
    layout->addWidget(m_foot);
    connect(m_edit, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_complete = false;
        m_search.search(text);
    });
    connect(m_list, &QListView::clicked, this, &CommandPalette::choose);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, &CommandPalette::refreshFoot);
    connect(m_model, &PaletteModel::dataChanged, this, &CommandPalette::refreshFoot);
}

void CommandPalette::open(const QList<PaletteProvider*>& providers)
{
    QList<search::NameSearch::Source> sources;
    for (PaletteProvider* provider : providers)
        sources << provider->names();
    m_model->setProviders(providers);
    m_search.setSources(sources);
    m_focusBefore = QApplication::focusWidget();
    {
        const QSignalBlocker quiet(m_edit);
        m_edit->clear();
    }
    m_complete = false;
    m_search.search({});
    place();
    QFrame::show();
    raise();
    m_edit->setFocus(Qt::PopupFocusReason);
}

void CommandPalette::leave()
{
    if (isHidden())
        return;
    m_search.cancel();
    const bool hadFocus = m_edit->hasFocus();
    hide();
    if (hadFocus && m_focusBefore)
        m_focusBefore->setFocus(Qt::PopupFocusReason);
    emit left();
}

QString CommandPalette::query() const { return m_edit->text(); }

void CommandPalette::show(const QString& query, const QList<search::Hit>& hits, bool complete)
{
    m_model->setHits(query, hits);
    m_complete = complete;
    m_list->setCurrentIndex(m_model->index(0));
    m_list->scrollToTop();
    refreshFoot();
    if (complete)
        place();
    emit resultsChanged();
}

void CommandPalette::refreshFoot()
{
    const QModelIndex at = m_list->currentIndex();
    const QString whyNot = at.data(PaletteModel::WhyNotRole).toString();
    m_foot->setText(!whyNot.isEmpty() ? whyNot
                    : at.isValid()    ? tr("Enter does it · Esc leaves")
                    : m_complete      ? tr("Nothing is called like this here.")
                                      : QString());
    m_foot->setForegroundRole(whyNot.isEmpty() ? QPalette::PlaceholderText : QPalette::WindowText);
}

void CommandPalette::place()
{
    const QWidget* over = parentWidget();
    const int width = std::min(widest, over->width() - 32);
    // As high as what it shows, once that is known.
    const int rows = m_list->sizeHintForRow(0) * m_model->rowCount();
    const int wanted = m_complete ? m_edit->height() + rows + m_foot->sizeHint().height() + 24 : tallest;
    const int height = std::min({wanted, tallest, over->height() - 2 * fromTop});
    setGeometry((over->width() - width) / 2, std::min(fromTop, over->height() / 8), width, height);
}

void CommandPalette::move(int by)
{
    const int rows = m_model->rowCount();
    if (rows == 0)
        return;
    const int at = m_list->currentIndex().row();
    // One step goes round, a page stops at the end.
    const int to = std::abs(by) == 1 ? (at + by + rows) % rows : std::clamp(at + by, 0, rows - 1);
    m_list->setCurrentIndex(m_model->index(to));
}

void CommandPalette::choose()
{
    const QModelIndex at = m_list->currentIndex();
    if (!at.isValid() || !at.data(PaletteModel::WhyNotRole).toString().isEmpty())
        return; // the foot says why
    const int row = at.row();
    leave();
    m_model->trigger(row);
}

bool CommandPalette::takeKey(int key, Qt::KeyboardModifiers modifiers)
{
    const int page = std::max(1, m_list->viewport()->height() / std::max(1, m_list->sizeHintForRow(0)) - 1);
    const bool control = modifiers & Qt::ControlModifier;
    switch (key) {
    case Qt::Key_Down: move(1); return true;
    case Qt::Key_Up: move(-1); return true;
    case Qt::Key_PageDown: move(page + 1); return true;
    case Qt::Key_PageUp: move(-page - 1); return true;
    case Qt::Key_Return:
    case Qt::Key_Enter: choose(); return true;
    case Qt::Key_Escape: leave(); return true;
    case Qt::Key_Tab: move(1); return true;
    case Qt::Key_Backtab: move(-1); return true;
    case Qt::Key_Home:
        if (control)
            move(-m_model->rowCount() - 1);
        return control;
    case Qt::Key_End:
        if (control)
            move(m_model->rowCount() + 1);
        return control;
    default: return false;
    }
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == parent() && event->type() == QEvent::Resize && isVisible())
        place();
    if (watched != m_edit)
        return QFrame::eventFilter(watched, event);
    if (event->type() == QEvent::KeyPress) {
        const auto* press = static_cast<QKeyEvent*>(event);
        return takeKey(press->key(), press->modifiers());
    }
    if (event->type() == QEvent::ShortcutOverride) {
        // Esc and Enter belong to the palette while it is open.
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Escape || key == Qt::Key_Return || key == Qt::Key_Enter) {
            event->accept();
            return true;
        }
    }
    if (event->type() == QEvent::FocusOut &&
        static_cast<QFocusEvent*>(event)->reason() != Qt::ActiveWindowFocusReason &&
        static_cast<QFocusEvent*>(event)->reason() != Qt::PopupFocusReason)
        leave();
    return QFrame::eventFilter(watched, event);
}

void CommandPalette::paintEvent(QPaintEvent*)
{
    const Theme& theme = Theme::of(this);
    QPainter painter(this);
    painter.setPen(theme.color(Theme::Token::Border));
    painter.setBrush(theme.color(Theme::Token::Surface));
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
    const int line = m_list->y() - 3;
    painter.drawLine(0, line, width(), line);
}

} // namespace wk::widgets
