// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtWidgets/QFormLayout>
#include <QtWidgets/QLabel>

namespace wk::widgets {

/// Width of the labels of a form that fills a page, so that all its parts share an edge.
inline constexpr int pageLabelWidth = 216;

/// Puts the label of a row level with the first line of what stands beside it.
inline void levelLabel(QFormLayout* form, QWidget* field, int width = 0)
{
    constexpr int lineHeight = 28; ///< of a line edit, which most rows begin with
    if (auto* label = qobject_cast<QLabel*>(form->labelForField(field))) {
        label->setMinimumHeight(lineHeight);
        label->setMaximumHeight(lineHeight);
        label->setMinimumWidth(width);
        label->setAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    }
}

} // namespace wk::widgets
