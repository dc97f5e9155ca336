// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "table/Row.h"

#include <QtWidgets/QWidget>

class QVBoxLayout;

namespace wk::widgets {

/// What there is to say, in sentences, a line each, with an icon where it matters: why a query could not be answered,
/// what it does instead of what is meant. Hides itself where there is nothing.
class QueryNotes : public QWidget
{
    Q_OBJECT
public:
    struct Note
    {
        table::Health health = table::Health::None;
        QString text;
        QString link; ///< words at the end that lead somewhere; empty for none
        bool operator==(const Note&) const = default;
    };

    explicit QueryNotes(QWidget* parent = nullptr);

    /// The same again changes nothing.
    void setNotes(const QList<Note>& notes);
    [[nodiscard]] const QList<Note>& notes() const { return m_notes; }

signals:
    void linkActivated();

private:
    void add(const Note& note);

    QVBoxLayout* m_lines;
    QList<Note> m_notes;
};

} // namespace wk::widgets
