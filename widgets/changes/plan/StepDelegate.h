// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtWidgets/QStyledItemDelegate>

class QTreeView;

namespace wk::widgets {

/// Draws a step as its words and, below, what became of it, both as long as they are; other columns stand level with
/// the first line.
class StepDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    static constexpr int sentenceRole = Qt::UserRole + 2;

    explicit StepDelegate(QTreeView* view);

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    [[nodiscard]] int heightOf(const QString& text, const QFont& font, int width) const;

    QTreeView* m_view;
};

} // namespace wk::widgets
