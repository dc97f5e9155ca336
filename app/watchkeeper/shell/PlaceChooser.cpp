// SPDX-License-Identifier: GPL-3.0-or-later
#include "watchkeeper/shell/PlaceChooser.h"

#include "widgets/common/Icons.h"
#include "widgets/common/Theme.h"

#include <QtGui/QKeyEvent>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QStyledItemDelegate>
#include <QtWidgets/QTreeWidget>
#include <QtWidgets/QVBoxLayout>

namespace wk::app {

using namespace Qt::StringLiterals;
using widgets::Theme;

namespace {
enum Role { IdRole = Qt::UserRole + 1, OriginRole, ContextRole };

/// Rows as high as everywhere else.
class RowDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        QSize size = QStyledItemDelegate::sizeHint(option, index);
        size.setHeight(Theme::of(option.widget).rowHeight());
        return size;
    }
};

} // namespace

PlaceChooser::PlaceChooser(Platforms& platforms, Clusters& clusters, QWidget* parent)
    : QDialog(parent), m_platforms(platforms), m_clusters(clusters)
{
    setObjectName(u"placeChooser"_s);
    setWindowTitle(tr("Platforms and clusters"));
    resize(820, 440);
    m_heading = new QLabel(this);
    m_heading->setFont(Theme::of(this).font(Theme::Role::TitleStrong));
    m_heading->setWordWrap(true);
    m_filter = new QLineEdit(this);
    m_filter->setObjectName(u"placeFilter"_s);
    m_filter->setPlaceholderText(tr("Type to narrow the list"));
    m_filter->setAccessibleName(tr("Narrow the list"));
    m_filter->setClearButtonEnabled(true);
    m_filter->installEventFilter(this);
    m_list = new QTreeWidget(this);
    m_list->setObjectName(u"placeList"_s);
    m_list->setAccessibleName(tr("Platforms and contexts"));
    m_list->setHeaderLabels({tr("Name"), tr("Context"), tr("User"), tr("File")});
    m_list->setRootIsDecorated(false);
    m_list->setIndentation(12);
    m_list->setUniformRowHeights(true);
    m_list->setAllColumnsShowFocus(true);
    m_list->setItemDelegate(new RowDelegate(m_list));
    m_list->setTextElideMode(Qt::ElideMiddle);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_errors = new QLabel(this);
    m_errors->setWordWrap(true);
    m_errors->setTextInteractionFlags(Qt::TextSelectableByMouse);
    const auto button = [this](const QString& name, const QString& text) {
        auto* made = new QPushButton(text, this);
        made->setObjectName(name);
        made->setAutoDefault(false);
        return made;
    };
    auto* add = button(u"placeAddFile"_s, tr("Add a kubeconfig file"));
    m_bind = button(u"placeBind"_s, tr("Choose its context"));
    m_bind->setToolTip(tr("Reach this platform through another context"));
    auto* cancel = button(u"placeCancel"_s, tr("Cancel"));
    m_open = button(u"placeOpen"_s, tr("Open"));
    m_open->setDefault(true);
    // What prepares stands at the left, the way on at the right, as in the other dialogs.
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(add);
    buttons->addWidget(m_bind);
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_open);
    connect(add, &QPushButton::clicked, this, &PlaceChooser::addFileRequested);
    connect(m_open, &QPushButton::clicked, this, &PlaceChooser::accept);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_bind, &QPushButton::clicked, this, [this] {
        if (const auto place = m_platforms.place(m_list->currentItem()->data(0, IdRole).toString()))
            chooseContextFor(*place);
    });
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 12);
    layout->setSpacing(12);
    layout->addWidget(m_heading);
    layout->addWidget(m_filter);
    layout->addWidget(m_list, 1);
    layout->addWidget(m_errors);
    layout->addLayout(buttons);
    connect(m_filter, &QLineEdit::textChanged, this, &PlaceChooser::filter);
    connect(m_list, &QTreeWidget::itemActivated, this, &PlaceChooser::accept);
    connect(m_list, &QTreeWidget::currentItemChanged, this, &PlaceChooser::refreshButtons);
    connect(&m_platforms, &Platforms::changed, this, &PlaceChooser::refill);
    connect(&Theme::of(this), &Theme::changed, this, &PlaceChooser::restyle);
    restyle();
}

void PlaceChooser::restyle()
{
    m_list->header()->setFont(Theme::of(this).font(Theme::Role::SmallStrong));
    // Colours of single cells are kept in the items.
    refill();
}

void PlaceChooser::chooseAny(const QString& currentId)
{
    m_binding.reset();
    m_current = currentId;
    m_heading->setText(tr("Open a platform or a cluster"));
    m_open->setText(tr("Open"));
    m_filter->clear();
    refill();
    m_filter->setFocus();
}

void PlaceChooser::chooseContextFor(const Place& place)
{
    m_binding = place;
    m_current = place.context ? Clusters::keyOf(place.context->id) : QString();
    m_heading->setText(tr("Through which context is %1 reached?").arg(place.title));
    m_open->setText(tr("Use this context"));
    m_filter->clear();
    refill();
    m_filter->setFocus();
}

void PlaceChooser::refill()
{
    m_list->clear();
    const auto group = [this](const QString& title) {
        auto* item = new QTreeWidgetItem(m_list, {title});
        item->setFlags(Qt::ItemIsEnabled);
        item->setFont(0, Theme::of(this).font(Theme::Role::SmallStrong));
        item->setFirstColumnSpanned(true);
        item->setExpanded(true);
        return item;
    };
    const auto fill = [this](QTreeWidgetItem* item, const platform::ContextEntry& entry) {
        item->setText(1, entry.id.context);
        item->setText(2, entry.userName);
        item->setText(3, entry.file);
        item->setToolTip(3, entry.file);
        item->setData(0, OriginRole, entry.id.origin);
        item->setData(0, ContextRole, entry.id.context);
    };
    if (!m_binding) {
        QTreeWidgetItem* platforms = nullptr;
        QTreeWidgetItem* plain = nullptr;
        for (const Place& place : m_platforms.places()) {
            QTreeWidgetItem*& top = place.platform ? platforms : plain;
            if (!top)
                top = group(place.platform ? tr("Platforms") : tr("Other contexts"));
            auto* item = new QTreeWidgetItem(top, {place.title});
            item->setData(0, IdRole, place.id);
            item->setIcon(0, widgets::icon(place.platform ? u"platform" : u"cluster"));
            if (place.context) {
                fill(item, *place.context);
            } else {
                item->setText(1, place.wantedContext.isEmpty()
                                     ? tr("none chosen yet")
                                     : tr("none; \"%1\" is not in your kubeconfig").arg(place.wantedContext));
                item->setForeground(1, Theme::of(this).color(Theme::Token::Muted));
            }
            if (place.id == m_current)
                m_list->setCurrentItem(item);
        }
    } else {
        for (const platform::ContextEntry& entry : m_clusters.contexts()) {
            auto* item = new QTreeWidgetItem(m_list, {entry.id.context});
            item->setIcon(0, widgets::icon(u"cluster"));
            fill(item, entry);
            if (Clusters::keyOf(entry.id) == m_current)
                m_list->setCurrentItem(item);
        }
    }
    QStringList errors;
    for (const Error& error : m_clusters.errors())
        errors.append(error.text());
    for (const platform::PlatformProblem& problem : m_platforms.problems())
        errors.append(problem.text());
    if (m_clusters.contexts().isEmpty() && errors.isEmpty())
        errors.append(
            tr("No kubeconfig with a context was found; looked for %1.").arg(m_clusters.files().join(u", "_s)));
    m_errors->setText(errors.join(u'\n'));
    m_errors->setVisible(!errors.isEmpty());
    for (int c = 0; c < 3; ++c) {
        m_list->resizeColumnToContents(c);
        m_list->setColumnWidth(c, std::min(m_list->columnWidth(c) + 16, 280));
    }
    filter(m_filter->text());
}

void PlaceChooser::filter(const QString& text)
{
    const QStringList words = text.split(u' ', Qt::SkipEmptyParts);
    QTreeWidgetItem* firstShown = nullptr;
    for (QTreeWidgetItemIterator it(m_list); *it; ++it) {
        QTreeWidgetItem* item = *it;
        if (!(item->flags() & Qt::ItemIsSelectable))
            continue;
        const QString all = item->text(0) + u' ' + item->text(1) + u' ' + item->text(2) + u' ' + item->text(3);
        const bool shown = std::all_of(words.begin(), words.end(),
                                       [&](const QString& word) { return all.contains(word, Qt::CaseInsensitive); });
        item->setHidden(!shown);
        if (shown && !firstShown)
            firstShown = item;
    }
    QTreeWidgetItem* current = m_list->currentItem();
    if (!current || current->isHidden() || !(current->flags() & Qt::ItemIsSelectable))
        m_list->setCurrentItem(firstShown);
    refreshButtons();
}

void PlaceChooser::refreshButtons()
{
    const QTreeWidgetItem* item = m_list->currentItem();
    const bool real = item && (item->flags() & Qt::ItemIsSelectable) && !item->isHidden();
    const bool hasContext = real && !item->data(0, ContextRole).toString().isEmpty();
    m_open->setEnabled(hasContext);
    m_open->setToolTip(real && !hasContext ? tr("This platform has no context yet") : QString());
    const auto place = real && !m_binding ? m_platforms.place(item->data(0, IdRole).toString()) : std::nullopt;
    m_bind->setVisible(!m_binding);
    m_bind->setEnabled(place && place->platform);
}

void PlaceChooser::accept()
{
    QTreeWidgetItem* item = m_list->currentItem();
    if (!item || !m_open->isEnabled()) {
        if (m_bind->isEnabled() && !m_binding)
            m_bind->click();
        return;
    }
    if (m_binding)
        emit bindingChosen(m_binding->id,
                           {item->data(0, OriginRole).toString(), item->data(0, ContextRole).toString()});
    else
        emit chosen(item->data(0, IdRole).toString());
    QDialog::accept();
}

bool PlaceChooser::eventFilter(QObject* watched, QEvent* event)
{
    // Arrows move in the list while the words are typed.
    if (watched == m_filter && event->type() == QEvent::KeyPress) {
        auto* key = static_cast<QKeyEvent*>(event);
        if (key->key() == Qt::Key_Down || key->key() == Qt::Key_Up || key->key() == Qt::Key_PageDown ||
            key->key() == Qt::Key_PageUp) {
            QCoreApplication::sendEvent(m_list, event);
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

} // namespace wk::app
