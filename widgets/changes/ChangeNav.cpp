// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/ChangeNav.h"

#include "widgets/common/Health.h"
#include "widgets/common/Theme.h"

#include <QtCore/QLocale>
#include <QtGui/QKeyEvent>
#include <QtGui/QPainter>
#include <QtWidgets/QStyledItemDelegate>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using table::Health;

namespace {

enum Role { IdRole = Qt::UserRole + 1, CountRole, HealthRole, ApartRole };

constexpr int apartBy = 12;

class PartDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        return {120, Theme::of(option.widget).rowHeight() + 4 + (index.data(ApartRole).toBool() ? apartBy : 0)};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const Theme& theme = Theme::of(option.widget);
        const QRect row = option.rect.adjusted(0, index.data(ApartRole).toBool() ? apartBy : 0, 0, 0);
        painter->save();
        if (option.state & QStyle::State_Selected)
            painter->fillRect(row, theme.color(Theme::Token::Selection));
        else if (option.state & QStyle::State_MouseOver)
            painter->fillRect(row, theme.color(Theme::Token::Hover));
        if ((option.state & QStyle::State_Selected) && option.widget->hasFocus())
            painter->fillRect(QRect(row.left(), row.top(), 3, row.height()), theme.color(Theme::Token::Accent));
        const Health health = Health(index.data(HealthRole).toInt());
        const int count = index.data(CountRole).toInt();
        QRect rest = row.adjusted(16, 0, -12, 0);
        painter->setFont(theme.font(Theme::Role::Digits));
        painter->setPen(theme.color(health == Health::None ? Theme::Token::Muted : healthToken(health)));
        if (count >= 0) {
            const QString text = QLocale().toString(count);
            painter->drawText(rest, Qt::AlignRight | Qt::AlignVCenter, text);
            rest.setRight(rest.right() - painter->fontMetrics().horizontalAdvance(text) - 6);
        }
        if (health != Health::None) {
            healthIcon(health).paint(painter, QRect(rest.right() - 14, rest.center().y() - 6, 14, 14));
            rest.setRight(rest.right() - 20);
        }
        painter->setFont(theme.font(health == Health::None ? Theme::Role::Base : Theme::Role::BaseStrong));
        painter->setPen(theme.color(Theme::Token::Text));
        const QString title = index.data(Qt::DisplayRole).toString();
        painter->drawText(rest, Qt::AlignLeft | Qt::AlignVCenter,
                          painter->fontMetrics().elidedText(title, Qt::ElideRight, rest.width()));
        painter->restore();
    }
};

} // namespace

ChangeNav::ChangeNav(QWidget* parent) : QListWidget(parent)
{
    setObjectName(u"changeNav"_s);
    setAccessibleName(tr("Parts of the changes"));
    setFrameShape(QFrame::NoFrame);
    setMouseTracking(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setItemDelegate(new PartDelegate(this));
    connect(this, &QListWidget::currentItemChanged, this, [this](QListWidgetItem* item) {
        if (item)
            emit partChosen(item->data(IdRole).toString());
    });
}

void ChangeNav::addPart(const QString& id, const QString& title, bool apart)
{
    auto* item = new QListWidgetItem(title);
    item->setData(IdRole, id);
    item->setData(CountRole, -1);
    item->setData(ApartRole, apart);
    const QSignalBlocker blocker(this);
    addItem(item);
}

QListWidgetItem* ChangeNav::itemOf(const QString& id) const
{
    for (int row = 0; row < QListWidget::count(); ++row)
        if (item(row)->data(IdRole).toString() == id)
            return item(row);
    return nullptr;
}

void ChangeNav::setCount(const QString& id, int count, Health health, const QString& tip)
{
    QListWidgetItem* item = itemOf(id);
    item->setData(CountRole, count);
    item->setData(HealthRole, int(health));
    item->setToolTip(tip);
    item->setData(Qt::AccessibleTextRole, count < 0 ? item->text() : u"%1, %2"_s.arg(item->text()).arg(count));
}

int ChangeNav::count(const QString& id) const { return itemOf(id)->data(CountRole).toInt(); }

QString ChangeNav::currentPart() const { return currentItem() ? currentItem()->data(IdRole).toString() : QString(); }

void ChangeNav::setCurrentPart(const QString& id)
{
    const QSignalBlocker blocker(this);
    setCurrentItem(itemOf(id));
    viewport()->update();
}

QStringList ChangeNav::parts() const
{
    QStringList out;
    for (int row = 0; row < QListWidget::count(); ++row)
        out << item(row)->data(IdRole).toString();
    return out;
}

void ChangeNav::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        emit partActivated(currentPart());
    else
        QListWidget::keyPressEvent(event);
}

} // namespace wk::widgets
