// SPDX-License-Identifier: GPL-3.0-or-later
// How the lines of a log are laid out and painted: columns, wrapping, what was found.
#include "logs/LogLevel.h"
#include "widgets/common/Icons.h"
#include "widgets/common/Theme.h"
#include "widgets/logs/LogHeader.h"
#include "widgets/logs/LogView.h"
#include "widgets/logs/LogWords.h"

#include <QtCore/QtMath>
#include <QtWidgets/QScrollBar>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using logs::Level;
using logs::LineKind;

namespace {

constexpr int margin = 8;
constexpr int signWidth = 16; ///< of a mark, a gap
constexpr int levelChars = 7;
constexpr int leastTextChars = 20; ///< however many columns there are

Theme::Token colorOf(Level level)
{
    switch (level) {
    case Level::Error:
    case Level::Fatal: return Theme::Token::Bad;
    case Level::Warning: return Theme::Token::Warning;
    case Level::Trace:
    case Level::Debug: return Theme::Token::Muted;
    default: return Theme::Token::Text;
    }
}

} // namespace

QList<LogView::Column> LogView::columns() const
{
    QList<Column> out;
    if (m_times)
        out.append({tr("Time"), int(lineTime(0).size())});
    if (m_sources && m_sourceChars > 0)
        out.append({tr("Source"), m_sourceChars});
    out.append({tr("Level"), levelChars});
    for (qsizetype i = 0; i < m_fields.size(); ++i)
        out.append({m_fields[i], m_fieldChars[i]});
    return out;
}

int LogView::textLeft() const
{
    int x = margin + signWidth;
    for (const Column& column : columns())
        x += qCeil(column.chars * m_charWidth) + 1 + int(m_charWidth);
    return x;
}

int LogView::textChars() const
{
    return qMax(leastTextChars, int((viewport()->width() - textLeft() - margin) / m_charWidth));
}

int LogView::heightOf(qsizetype position)
{
    return m_wrap ? rowHeight() * int(wrapped(shown(position).text, textChars()).size()) : rowHeight();
}

qsizetype LogView::topFor(qsizetype position)
{
    if (!m_wrap)
        return qMax<qsizetype>(0, position - rows() + 1);
    int room = viewport()->height() - heightOf(position);
    while (position > 0 && (room -= heightOf(position - 1)) >= 0)
        --position;
    return position;
}

/// One past the last line that is seen in full where that one is on top.
qsizetype LogView::bottomFrom(qsizetype top)
{
    const qsizetype size = m_session ? m_session->size() : 0;
    int room = viewport()->height();
    while (top < size && (room -= heightOf(top)) >= 0)
        ++top;
    return top;
}

void LogView::placeHeader()
{
    const int height = m_fields.isEmpty() ? 0 : rowHeight();
    if (viewportMargins().top() != height)
        setViewportMargins(0, height, 0, 0);
    m_header->setVisible(height > 0);
    m_header->setGeometry(viewport()->x(), viewport()->y() - height, viewport()->width(), height);
    m_header->setAccessibleName(tr("Columns: %1").arg(m_fields.join(u", "_s)));
    m_header->update();
}

void LogView::paintHeader(QPainter& painter)
{
    const Theme& theme = Theme::of(this);
    const QRect row = m_header->rect();
    painter.fillRect(row, theme.color(Theme::Token::Raised));
    painter.setFont(theme.font(Theme::Role::Mono));
    painter.setPen(theme.color(Theme::Token::Muted));
    int x = margin + signWidth;
    for (const Column& column : columns()) {
        const int width = qCeil(column.chars * m_charWidth) + 1;
        painter.drawText(QRect(x, row.y(), width, row.height()), Qt::AlignVCenter | Qt::AlignLeft,
                         painter.fontMetrics().elidedText(column.name, Qt::ElideMiddle, width));
        x += width + int(m_charWidth);
    }
    painter.drawText(row.adjusted(x, 0, -margin, 0), Qt::AlignVCenter | Qt::AlignLeft, tr("Line"));
    painter.setPen(theme.color(Theme::Token::Border));
    painter.drawLine(row.bottomLeft(), row.bottomRight());
}

void LogView::paintEvent(QPaintEvent*)
{
    QPainter painter(viewport());
    const Theme& theme = Theme::of(this);
    painter.fillRect(viewport()->rect(), theme.color(Theme::Token::Surface));
    if (!m_session)
        return;
    painter.setFont(theme.font(Theme::Role::Mono));
    int y = 0;
    for (qsizetype i = top(); i < m_session->size() && y < viewport()->height(); ++i) {
        const int height = heightOf(i);
        paintRow(painter, i, QRect(0, y, viewport()->width(), height));
        y += height;
    }
    if (std::exchange(m_grown, false)) // a column has become wider on the way
        QMetaObject::invokeMethod(
            this, [this] { layOut(); }, Qt::QueuedConnection);
}

void LogView::paintRow(QPainter& painter, qsizetype position, const QRect& row)
{
    const Theme& theme = Theme::of(this);
    const Shown& line = shown(position);
    const auto [from, to] = selection();
    if (m_current && position >= from && position < to)
        painter.fillRect(row, theme.color(Theme::Token::Selection));
    if (m_current == line.place && hasFocus()) {
        painter.setPen(theme.color(Theme::Token::Accent));
        painter.drawRect(row.adjusted(0, 0, -1, -1));
    }
    const QRect sign(4, row.y() + (rowHeight() - 14) / 2, 14, 14);
    if (line.place.kind == LineKind::Gap) {
        icon(u"warning", Theme::Token::Warning).paint(&painter, sign);
        painter.setPen(theme.color(Theme::Token::Warning));
        painter.drawText(row.adjusted(margin + signWidth, 0, -margin, 0), Qt::AlignVCenter | Qt::AlignLeft, line.text);
        return;
    }
    if (m_session->isMarked(line.place))
        icon(u"star", Theme::Token::Accent).paint(&painter, sign);
    paintColumns(painter, line, row);
    paintText(painter, line, row.adjusted(textLeft(), 0, -margin, 0));
}

void LogView::paintColumns(QPainter& painter, const Shown& line, const QRect& row)
{
    const Theme& theme = Theme::of(this);
    int x = margin + signWidth;
    const auto paint = [&](const QString& text, int chars, Theme::Token color) {
        painter.setPen(theme.color(color));
        const int width = qCeil(chars * m_charWidth) + 1;
        painter.drawText(QRect(x, row.y(), width, rowHeight()), Qt::AlignVCenter | Qt::AlignLeft,
                         painter.fontMetrics().elidedText(text, Qt::ElideMiddle, width));
        x += width + int(m_charWidth);
    };
    if (m_times)
        paint(line.time, int(line.time.size()), Theme::Token::Muted);
    if (m_sources && m_sourceChars > 0)
        paint(line.source, m_sourceChars, Theme::Token::Muted);
    paint(logs::levelWord(line.place.level), levelChars, colorOf(line.place.level));
    for (qsizetype i = 0; i < line.fields.size() && i < m_fieldChars.size(); ++i)
        paint(line.fields[i], m_fieldChars[i], Theme::Token::Text);
}

void LogView::paintText(QPainter& painter, const Shown& line, QRect area)
{
    painter.save();
    painter.setClipRect(area);
    painter.setPen(Theme::of(this).color(colorOf(line.place.level)));
    const QColor found = Theme::of(this).color(Theme::Token::Glow);
    const auto hits = m_session->filter().hits(line.text);
    const QFontMetrics metrics = painter.fontMetrics();
    const QString& text = line.text;
    area.setHeight(rowHeight());
    if (!m_wrap) {
        area.translate(-horizontalScrollBar()->value(), 0);
        area.setWidth(qMax(area.width(), metrics.horizontalAdvance(text) + 1));
    }
    for (const QStringView part : m_wrap ? wrapped(text, textChars()) : std::vector<QStringView>{text}) {
        const qsizetype begin = part.data() - QStringView(text).data(), end = begin + part.size();
        for (const auto& [at, length] : hits) { // what was found may go over an end
            const qsizetype from = qMax(at, begin), to = qMin(at + length, end);
            if (from >= to)
                continue;
            const int x = metrics.horizontalAdvance(text.sliced(begin, from - begin));
            const int width = metrics.horizontalAdvance(text.sliced(from, to - from));
            painter.fillRect(QRect(area.x() + x, area.y() + 1, width, area.height() - 2), found);
        }
        painter.drawText(area, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, part.toString());
        area.translate(0, rowHeight());
    }
    painter.restore();
}

} // namespace wk::widgets
