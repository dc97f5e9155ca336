// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/SectionHeader.h"

#include "widgets/common/Theme.h"

#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>

using namespace Qt::StringLiterals;

namespace wk::widgets {

SectionHeader::SectionHeader(const QString& title, QWidget* parent)
    : QWidget(parent), m_title(new QLabel(title, this)), m_detail(new QLabel(this)), m_layout(new QHBoxLayout(this))
{
    m_title->setObjectName(u"sectionTitle"_s);
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(8);
    m_layout->addWidget(m_title, 0, Qt::AlignBaseline);
    m_layout->addWidget(m_detail, 1, Qt::AlignBaseline);
    const auto restyle = [this] {
        const Theme& theme = Theme::of(this);
        m_title->setFont(theme.font(Theme::Role::BaseStrong));
        m_detail->setFont(theme.font(Theme::Role::Small));
        QPalette muted = palette();
        muted.setColor(QPalette::WindowText, theme.color(Theme::Token::Muted));
        m_detail->setPalette(muted);
    };
    connect(&Theme::of(this), &Theme::changed, this, restyle);
    restyle();
}

void SectionHeader::setTitle(const QString& title) { m_title->setText(title); }

QString SectionHeader::title() const { return m_title->text(); }

void SectionHeader::setDetail(const QString& detail)
{
    if (m_detail->text() != detail)
        m_detail->setText(detail);
}

void SectionHeader::addWidget(QWidget* widget) { m_layout->addWidget(widget); }

} // namespace wk::widgets
