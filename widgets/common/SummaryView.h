// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "table/Row.h"

#include <QtWidgets/QScrollArea>

namespace wk::widgets {

/// One line of a summary. A health other than None is drawn with its icon and, unless it is good, with its colour.
struct SummaryItem
{
    QString key;
    QString value;
    table::Health health = table::Health::None;
    QString tooltip = {};
    bool monospace = false;
    QString link = {}; ///< not empty: the value is a link, and linkActivated() is emitted with this
    bool operator==(const SummaryItem&) const = default;
};

struct SummarySection
{
    QString title;
    QList<SummaryItem> items;
    bool operator==(const SummarySection&) const = default;
};

/// An object at a glance: titled sections of keys and values, selectable and copyable. Setting the same content again
/// changes nothing on the screen; where only words of values differ (an age), only those are written anew, so that what
/// a person has selected elsewhere stays selected; setting a changed value keeps the scroll position.
class SummaryView : public QScrollArea
{
    Q_OBJECT
public:
    explicit SummaryView(QWidget* parent = nullptr);

    void setSections(const QList<SummarySection>& sections);
    [[nodiscard]] const QList<SummarySection>& sections() const { return m_sections; }

signals:
    void linkActivated(const QString& link);

protected:
    void changeEvent(QEvent* event) override;

private:
    void rebuild();
    /// False where more differs than the words of plain values.
    [[nodiscard]] bool updateWords(const QList<SummarySection>& sections);
    QWidget* makeValue(const SummaryItem& item);
    QWidget* withIcon(const SummaryItem& item, QWidget* value);
    [[nodiscard]] QColor valueColour(const SummaryItem& item) const;

    QList<SummarySection> m_sections;
    QList<QWidget*> m_values; ///< a label or a LongText for each item, in order
};

} // namespace wk::widgets
