// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/TabLine.h"

#include <QtWidgets/QComboBox>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QTabBar>

namespace wk::widgets {

TabLine::TabLine(QWidget* parent) : QWidget(parent), m_tabs(new QTabBar(this)), m_box(new QComboBox(this))
{
    m_tabs->setExpanding(false);
    m_tabs->setDrawBase(false);
    m_tabs->setUsesScrollButtons(false);
    m_tabs->setFocusPolicy(Qt::StrongFocus);
    m_box->hide();
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins({});
    row->setSpacing(0);
    row->setSizeConstraint(QLayout::SetNoConstraint); // it may be narrower than the tabs
    row->addWidget(m_tabs);
    row->addWidget(m_box);
    row->addStretch(1);
    connect(m_tabs, &QTabBar::currentChanged, m_box, &QComboBox::setCurrentIndex);
    connect(m_box, &QComboBox::activated, m_tabs, &QTabBar::setCurrentIndex);
    setFocusProxy(m_tabs);
}

void TabLine::setTabs(const QList<Tab>& tabs)
{
    const QString before = current();
    const QSignalBlocker quiet(m_tabs);
    while (m_tabs->count() > 0)
        m_tabs->removeTab(0);
    m_box->clear();
    for (const Tab& tab : tabs) {
        m_tabs->setTabData(m_tabs->addTab(tab.title), tab.data);
        m_box->addItem(tab.title);
    }
    setCurrent(before);
    m_box->setCurrentIndex(m_tabs->currentIndex());
    arrange();
}

QString TabLine::current() const { return m_tabs->tabData(m_tabs->currentIndex()).toString(); }

bool TabLine::setCurrent(const QString& data)
{
    for (int i = 0; i < m_tabs->count(); ++i) {
        if (m_tabs->tabData(i).toString() == data) {
            m_tabs->setCurrentIndex(i);
            return true;
        }
    }
    return false;
}

void TabLine::setName(const QString& name)
{
    m_tabs->setAccessibleName(name);
    m_box->setAccessibleName(name);
}

QSize TabLine::minimumSizeHint() const { return {m_box->minimumSizeHint().width(), m_tabs->sizeHint().height()}; }

void TabLine::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void TabLine::arrange()
{
    const bool fits = m_tabs->sizeHint().width() <= width();
    if (fits == m_box->isHidden())
        return;
    const bool had = m_tabs->hasFocus() || m_box->hasFocus();
    m_box->setVisible(!fits);
    m_tabs->setVisible(fits);
    setFocusProxy(fits ? static_cast<QWidget*>(m_tabs) : m_box);
    if (had)
        setFocus();
}

} // namespace wk::widgets
