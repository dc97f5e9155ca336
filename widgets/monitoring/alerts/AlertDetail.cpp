// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/monitoring/alerts/AlertDetail.h"

#include "widgets/common/HealthBadge.h"
#include "widgets/common/Icons.h"
#include "widgets/common/Theme.h"

#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QToolButton>

namespace wk::widgets {

using namespace Qt::StringLiterals;

AlertDetail::AlertDetail(QWidget* parent)
    : QWidget(parent), m_title(new QLabel(this)), m_reason(new QLabel(this)), m_state(new HealthBadge(this)),
      m_facts(new SummaryView(this)), m_acts(new QHBoxLayout)
{
    m_title->setObjectName(u"detailTitle"_s);
    m_title->setFont(Theme::of(this).font(Theme::Role::TitleStrong));
    m_title->setTextFormat(Qt::PlainText);
    m_title->setWordWrap(true);
    m_title->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_state->setObjectName(u"detailState"_s);
    auto* close = new QToolButton(this);
    close->setObjectName(u"detailClose"_s);
    close->setIcon(icon(u"close"));
    close->setAutoRaise(true);
    close->setToolTip(tr("Close (Esc)"));
    close->setAccessibleName(close->toolTip());
    connect(close, &QToolButton::clicked, this, &AlertDetail::closeRequested);
    m_reason->setObjectName(u"detailReason"_s);
    m_reason->setTextFormat(Qt::PlainText);
    m_reason->setWordWrap(true);
    m_reason->setForegroundRole(QPalette::PlaceholderText);
    connect(m_facts, &SummaryView::linkActivated, this, &AlertDetail::linkActivated);
    auto* top = new QHBoxLayout;
    top->addWidget(m_title, 1);
    top->addWidget(close, 0, Qt::AlignTop);
    auto* head = new QVBoxLayout;
    head->setContentsMargins(16, 8, 8, 8);
    head->setSpacing(4);
    head->addLayout(top);
    head->addWidget(m_state, 0, Qt::AlignLeft);
    m_acts->setSpacing(8);
    m_acts->addStretch(1);
    auto* foot = new QVBoxLayout;
    foot->setContentsMargins(16, 8, 16, 8);
    foot->setSpacing(8);
    foot->addWidget(m_reason);
    foot->addLayout(m_acts);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addLayout(head);
    layout->addWidget(m_facts, 1);
    layout->addLayout(foot);
}

void AlertDetail::setContent(const Content& content)
{
    m_content = content;
    m_title->setText(content.title);
    m_state->setHealth(content.health, content.state);
    m_facts->setSections(content.sections);
    fillActs();
}

/// The buttons stay the same ones while only what can be done changes: the focus stays, too.
void AlertDetail::fillActs()
{
    const auto same = [this](const Act& act) {
        return std::ranges::any_of(m_buttons, [&](const QPushButton* one) { return one->objectName() == act.id; });
    };
    if (m_buttons.size() != m_content.acts.size() || !std::ranges::all_of(m_content.acts, same)) {
        qDeleteAll(std::exchange(m_buttons, {}));
        for (const Act& act : m_content.acts) {
            auto* button = new QPushButton(this);
            button->setObjectName(act.id);
            connect(button, &QPushButton::clicked, this, [this, id = act.id] { emit acted(id); });
            m_acts->insertWidget(int(m_buttons.size()), button);
            m_buttons << button;
        }
    }
    QString reason;
    for (qsizetype i = 0; i < m_buttons.size(); ++i) {
        const Act& act = m_content.acts[i];
        const QString tip = act.whyNot.isEmpty() ? act.tip : act.whyNot;
        m_buttons[i]->setText(act.title);
        m_buttons[i]->setEnabled(act.whyNot.isEmpty());
        m_buttons[i]->setToolTip(tip);
        m_buttons[i]->setAccessibleDescription(tip);
        if (reason.isEmpty())
            reason = act.whyNot;
    }
    m_reason->setText(reason);
    m_reason->setVisible(!reason.isEmpty());
}

} // namespace wk::widgets
