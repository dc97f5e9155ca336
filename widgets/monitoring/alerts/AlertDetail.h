// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/common/SummaryView.h"

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace wk::widgets {

class HealthBadge;

/// One thing in full beside its list: title, how it stands, facts, and what can be done with it.
///
/// objectNames inside: "detailTitle", "detailState", "detailReason", "detailClose"; a button is called by the id of its
/// act.
class AlertDetail : public QWidget
{
    Q_OBJECT
public:
    struct Act
    {
        QString id, title;
        QString whyNot = {}; ///< empty: it can be done
        QString tip = {};
    };
    struct Content
    {
        QString title;
        table::Health health = table::Health::None;
        QString state;
        QList<SummarySection> sections;
        QList<Act> acts;
    };

    explicit AlertDetail(QWidget* parent = nullptr);

    void setContent(const Content& content);
    [[nodiscard]] const Content& content() const { return m_content; }

signals:
    void acted(const QString& id);
    void linkActivated(const QString& link);
    void closeRequested();

private:
    void fillActs();

    Content m_content;
    QLabel *m_title, *m_reason;
    HealthBadge* m_state;
    SummaryView* m_facts;
    QHBoxLayout* m_acts;
    QList<QPushButton*> m_buttons;
};

} // namespace wk::widgets
