// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/StateView.h"

#include "widgets/common/Icons.h"

#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QProgressBar>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QVBoxLayout>

using namespace Qt::StringLiterals;

namespace wk::widgets {

StateView::StateView(QWidget* parent)
    : QWidget(parent), m_icon(new QLabel(this)), m_title(new QLabel(this)), m_text(new QLabel(this)),
      m_detail(new QLabel(this)), m_progress(new QProgressBar(this)), m_action(new QPushButton(this)),
      m_help(new QPushButton(this)), m_detailButton(new QPushButton(this))
{
    setObjectName(u"stateView"_s);
    m_title->setObjectName(u"stateTitle"_s);
    m_text->setObjectName(u"stateText"_s);
    m_detail->setObjectName(u"stateDetail"_s);
    m_action->setObjectName(u"stateAction"_s);
    m_help->setObjectName(u"stateHelp"_s);
    m_detailButton->setObjectName(u"stateDetailButton"_s);
    for (QLabel* label : {m_title, m_text, m_detail}) {
        label->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    m_icon->setAlignment(Qt::AlignCenter);
    m_progress->setRange(0, 0);
    m_progress->setTextVisible(false);
    m_progress->setFixedWidth(160);
    m_progress->setAccessibleName(tr("Loading"));
    m_detailButton->setFlat(true);
    m_detailButton->setText(tr("Show details"));

    // A column of readable width in the middle; the labels fill it, so that the layout knows how high their texts
    // become.
    auto* column = new QWidget(this);
    column->setMaximumWidth(520);
    auto* texts = new QVBoxLayout(column);
    texts->setContentsMargins(0, 0, 0, 0);
    texts->setSpacing(8);
    texts->addWidget(m_icon, 0, Qt::AlignHCenter);
    texts->addSpacing(4);
    texts->addWidget(m_title);
    texts->addWidget(m_text);
    texts->addWidget(m_progress, 0, Qt::AlignHCenter);
    texts->addSpacing(4);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addStretch();
    buttons->addWidget(m_action);
    buttons->addWidget(m_help);
    buttons->addWidget(m_detailButton);
    buttons->addStretch();
    texts->addLayout(buttons);
    texts->addWidget(m_detail);
    auto* middle = new QHBoxLayout;
    middle->addStretch(1);
    middle->addWidget(column, 1000);
    middle->addStretch(1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(24, 24, 24, 24);
    layout->addStretch(2);
    layout->addLayout(middle);
    layout->addStretch(3);

    connect(m_action, &QPushButton::clicked, this, &StateView::actionTriggered);
    connect(m_help, &QPushButton::clicked, this, &StateView::helpTriggered);
    connect(m_detailButton, &QPushButton::clicked, this, [this] {
        m_detail->setVisible(!m_detail->isVisible());
        m_detailButton->setText(m_detail->isVisible() ? tr("Hide details") : tr("Show details"));
    });
    connect(&Theme::of(this), &Theme::changed, this, &StateView::restyle);
    showLoading({});
}

QString StateView::title() const { return m_title->text(); }

QString StateView::text() const { return m_text->text(); }

void StateView::set(State state, const QString& iconName, const QString& title, const QString& text,
                    const QString& action, const QString& help)
{
    const bool same = m_state == state && m_iconName == iconName && m_title->text() == title &&
                      m_text->text() == text && m_action->text() == action && m_help->text() == help;
    if (same)
        return;
    m_state = state;
    m_iconName = iconName;
    m_title->setText(title);
    m_text->setText(text);
    m_text->setVisible(!text.isEmpty());
    m_action->setText(action);
    m_action->setVisible(!action.isEmpty());
    m_help->setText(help);
    m_help->setVisible(!help.isEmpty());
    m_progress->setVisible(state == State::Loading);
    m_icon->setVisible(!iconName.isEmpty());
    setAccessibleName(title);
    setAccessibleDescription(text);
    setDetail({});
    restyle();
}

void StateView::setDetail(const QString& detail)
{
    m_detail->setText(detail);
    m_detail->hide();
    m_detailButton->setVisible(!detail.isEmpty());
    m_detailButton->setText(tr("Show details"));
}

void StateView::restyle()
{
    const Theme& theme = Theme::of(this);
    const Theme::Token token = m_state == State::Failed        ? Theme::Token::Bad
                               : m_state == State::Unavailable ? Theme::Token::Unknown
                                                               : Theme::Token::Muted;
    m_title->setFont(theme.font(Theme::Role::TitleStrong));
    m_detail->setFont(theme.font(Theme::Role::Mono));
    QPalette muted = palette();
    muted.setColor(QPalette::WindowText, theme.color(Theme::Token::Muted));
    m_detail->setPalette(muted);
    m_text->setPalette(m_state == State::Failed ? palette() : muted);
    if (m_iconName.isEmpty())
        m_icon->clear();
    else
        m_icon->setPixmap(icon(m_iconName, token).pixmap(QSize(40, 40), devicePixelRatioF()));
}

void StateView::showLoading(const QString& step)
{
    set(State::Loading, {}, step.isEmpty() ? tr("Loading") : step, {}, {});
}

void StateView::showEmpty(const QString& title, const QString& hint, const QString& action)
{
    set(State::Empty, u"search"_s, title, hint, action);
}

void StateView::showFilteredEmpty(const QString& title, const QString& hint, const QString& action)
{
    set(State::FilteredEmpty, u"filter"_s, title, hint, action);
}

void StateView::showFailed(const QString& title, const Error& error, const QString& action, const QString& help)
{
    set(State::Failed, u"bad"_s, title, error.text(), action, help);
    if (m_detail->text() != error.detail)
        setDetail(error.detail);
}

void StateView::showUnavailable(const QString& title, const Error& error, const QString& help)
{
    set(State::Unavailable, u"lock"_s, title, error.text(), {}, help);
    if (m_detail->text() != error.detail)
        setDetail(error.detail);
}

} // namespace wk::widgets
