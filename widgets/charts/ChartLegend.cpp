// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/ChartLegend.h"

#include "widgets/common/FlowLayout.h"
#include "widgets/common/Theme.h"

#include <QtGui/QKeyEvent>
#include <QtGui/QPainter>
#include <QtWidgets/QApplication>
#include <QtWidgets/QToolButton>

#include <cmath>

namespace wk::widgets {

using namespace Qt::StringLiterals;

namespace {

/// The newest value that is one.
double newest(const ChartSeries& series)
{
    if (!series.data)
        return std::numeric_limits<double>::quiet_NaN();
    const auto& values = series.data->value;
    const auto found = std::find_if(values.rbegin(), values.rend(), [](double value) { return !std::isnan(value); });
    return found == values.rend() ? std::numeric_limits<double>::quiet_NaN() : *found;
}

} // namespace

ChartLegend::ChartLegend(QWidget* parent) : QWidget(parent), m_layout(new FlowLayout(this))
{
    m_layout->setSpacings(4, 0);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void ChartLegend::setContent(const ChartContent& content)
{
    m_series = content.series;
    m_unit = content.unit;
    while (m_buttons.size() < qsizetype(m_series.size())) {
        auto* button = new QToolButton(this);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setFocusPolicy(m_buttons.isEmpty() ? Qt::StrongFocus : Qt::ClickFocus);
        button->setObjectName(u"chartSeries"_s);
        button->installEventFilter(this);
        const auto index = size_t(m_buttons.size());
        connect(button, &QToolButton::clicked, this, [this, index] {
            if (index < m_series.size())
                toggle(m_series[index].id, QApplication::keyboardModifiers().testFlag(Qt::ShiftModifier));
        });
        m_layout->addWidget(button);
        m_buttons.append(button);
    }
    restyle();
}

void ChartLegend::setHiddenIds(const QSet<QString>& ids)
{
    if (ids == m_hidden)
        return;
    m_hidden = ids;
    restyle();
    emit hiddenChanged();
}

void ChartLegend::toggle(const QString& id, bool alone)
{
    QSet<QString> hidden = m_hidden;
    if (alone) {
        hidden.clear();
        for (const ChartSeries& series : m_series) {
            if (series.id != id)
                hidden.insert(series.id);
        }
        if (hidden == m_hidden)
            hidden.clear(); // it was alone already
    } else if (!hidden.remove(id)) {
        hidden.insert(id);
    }
    setHiddenIds(hidden);
}

QIcon ChartLegend::iconOf(int index, bool shown, bool dashed) const
{
    const Theme& theme = Theme::of(this);
    const qreal ratio = devicePixelRatioF();
    QPixmap pixmap(QSize(16, 16) * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    if (shown) {
        painter.setPen(QPen(theme.series(index), 3, dashed ? Qt::DotLine : Qt::SolidLine));
        painter.drawLine(QPointF(1, 8), QPointF(15, 8));
    } else {
        painter.setPen(QPen(theme.color(Theme::Token::Muted), 1));
        painter.drawRect(QRectF(1.5, 6.5, 13, 3));
    }
    return pixmap;
}

void ChartLegend::restyle()
{
    const Theme& theme = Theme::of(this);
    for (qsizetype i = 0; i < m_buttons.size(); ++i) {
        QToolButton* button = m_buttons[i];
        button->setVisible(size_t(i) < m_series.size());
        if (size_t(i) >= m_series.size())
            continue;
        const ChartSeries& series = m_series[size_t(i)];
        const bool shown = !m_hidden.contains(series.id);
        const QString value = series::valueText(newest(series), m_unit);
        button->setFont(theme.font(Theme::Role::Small));
        button->setIcon(iconOf(int(i), shown, series.dashed));
        button->setText(fontMetrics().elidedText(series.name, Qt::ElideMiddle, 260) + u"  "_s + value);
        button->setToolTip(
            shown ? tr("%1: now %2. Click to hide it, Shift and click to show it alone.").arg(series.name, value)
                  : tr("%1 is hidden. Click to show it.").arg(series.name));
        button->setAccessibleName(shown ? tr("%1, %2, shown").arg(series.name, value)
                                        : tr("%1, hidden").arg(series.name));
        QPalette palette = button->palette();
        palette.setColor(QPalette::ButtonText, theme.color(shown ? Theme::Token::Text : Theme::Token::Muted));
        button->setPalette(palette);
    }
    updateGeometry();
}

bool ChartLegend::eventFilter(QObject* watched, QEvent* event)
{
    const auto index = m_buttons.indexOf(qobject_cast<QToolButton*>(watched));
    if (index < 0 || size_t(index) >= m_series.size())
        return QWidget::eventFilter(watched, event);
    const QString& id = m_series[size_t(index)].id;
    if (event->type() == QEvent::Enter || event->type() == QEvent::FocusIn) {
        emit highlighted(m_hidden.contains(id) ? QString() : id);
        if (event->type() == QEvent::FocusIn)
            emit entered(m_buttons[index]);
    } else if (event->type() == QEvent::Leave || event->type() == QEvent::FocusOut) {
        emit highlighted({});
    } else if (event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const int step = key->key() == Qt::Key_Right || key->key() == Qt::Key_Down ? 1
                         : key->key() == Qt::Key_Left || key->key() == Qt::Key_Up  ? -1
                                                                                   : 0;
        if (step != 0) {
            const auto count = qsizetype(m_series.size());
            m_buttons[(index + step + count) % count]->setFocus(Qt::TabFocusReason);
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void ChartLegend::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        restyle();
}

} // namespace wk::widgets
