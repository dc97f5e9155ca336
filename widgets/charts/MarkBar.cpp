// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/MarkBar.h"

#include "widgets/charts/ChartMarks.h"
#include "widgets/common/FlowLayout.h"

#include <QtGui/QKeyEvent>
#include <QtGui/QPainter>
#include <QtWidgets/QToolButton>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using series::Mark;
using series::MarkSource;

MarkBar::MarkBar(series::TimeRangeModel& range, QWidget* parent) : QWidget(parent), m_range(range)
{
    setObjectName(u"markBar"_s);
    setAccessibleName(tr("Marks on the charts"));
    auto* layout = new FlowLayout(this);
    layout->setSpacings(4, 0);
    connect(&m_range, &series::TimeRangeModel::changed, this, &MarkBar::refresh);
    hide();
}

MarkBar::~MarkBar() = default;

void MarkBar::setBoard(std::shared_ptr<series::MarkBoard> board)
{
    if (m_board)
        m_board->disconnect(this);
    m_board = std::move(board);
    qDeleteAll(std::exchange(m_buttons, {}));
    for (const auto& source : m_board ? m_board->sources() : std::vector<std::shared_ptr<MarkSource>>()) {
        auto* button = new QToolButton(this);
        button->setObjectName(u"markKind-"_s + series::markKindName(source->kind()));
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setAutoRaise(true);
        button->setCheckable(true);
        button->setFocusPolicy(m_buttons.isEmpty() ? Qt::StrongFocus : Qt::ClickFocus);
        button->installEventFilter(this);
        connect(button, &QToolButton::clicked, this,
                [this, kind = source->kind()](bool on) { m_board->switches()->set(kind, on); });
        layout()->addWidget(button);
        m_buttons.append(button);
    }
    if (m_board)
        connect(m_board.get(), &series::MarkBoard::changed, this, &MarkBar::refresh);
    setVisible(!m_buttons.isEmpty());
    refresh();
}

QIcon MarkBar::signOf(Mark::Kind kind, bool on) const
{
    const Theme& theme = Theme::of(this);
    const qreal ratio = devicePixelRatioF();
    QPixmap pixmap(QSize(16, 16) * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    ChartMarks::sign(painter, QPointF(8, 8), kind, theme.color(on ? Theme::Token::Text : Theme::Token::Border));
    return pixmap;
}

void MarkBar::refresh()
{
    for (qsizetype i = 0; i < m_buttons.size(); ++i)
        restyle(*m_buttons[i], *m_board->sources()[size_t(i)]);
    updateGeometry();
}

void MarkBar::restyle(QToolButton& button, const MarkSource& source)
{
    using State = MarkSource::Standing::State;
    const Theme& theme = Theme::of(this);
    const bool on = m_board->switches()->isOn(source.kind());
    const QString kind = series::markKindWords(source.kind());
    const MarkSource::Standing standing = source.standing();
    const auto count = source.marks(m_range.fromMs(), m_range.toMs()).size();
    QString text = u"%1  %2"_s.arg(kind).arg(count), said = tr("%1: %2 in this range.").arg(kind).arg(count);
    if (!on)
        text = kind, said = tr("%1 are not shown.").arg(kind);
    else if (standing.state == State::Asking)
        text = tr("%1 …").arg(kind), said = tr("%1 are being asked.").arg(kind);
    else if (standing.state == State::Unknown)
        text = tr("%1: not known").arg(kind), said = tr("%1 are not known: %2").arg(kind, standing.words);
    else if (standing.state == State::Partial)
        text = tr("%1  %2, not all").arg(kind).arg(count), said += u' ' + standing.words;
    button.setChecked(on);
    button.setText(text);
    button.setIcon(signOf(source.kind(), on));
    button.setFont(theme.font(Theme::Role::Small));
    button.setToolTip(said + u'\n' + (on ? tr("Click to hide them on all charts.") : tr("Click to show them.")));
    button.setAccessibleName(said);
    QPalette palette = button.palette();
    const bool doubtful = on && (standing.state == State::Unknown || standing.state == State::Partial);
    palette.setColor(QPalette::ButtonText, theme.color(!on        ? Theme::Token::Muted
                                                       : doubtful ? Theme::Token::Warning
                                                                  : Theme::Token::Text));
    button.setPalette(palette);
}

bool MarkBar::eventFilter(QObject* watched, QEvent* event)
{
    const auto index = m_buttons.indexOf(qobject_cast<QToolButton*>(watched));
    if (index >= 0 && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Left || key == Qt::Key_Right) {
            const auto count = m_buttons.size();
            m_buttons[(index + (key == Qt::Key_Right ? 1 : count - 1)) % count]->setFocus(Qt::TabFocusReason);
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void MarkBar::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        refresh();
}

} // namespace wk::widgets
