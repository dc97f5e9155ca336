// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/logs/LogView.h"

#include "logs/LogFields.h"
#include "widgets/common/Theme.h"
#include "widgets/logs/LogHeader.h"
#include "widgets/logs/LogWords.h"

#include <QtGui/QClipboard>
#include <QtGui/QKeyEvent>
#include <QtWidgets/QApplication>
#include <QtWidgets/QScrollBar>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using logs::Level;

namespace {

constexpr qsizetype paintedChars = 4'000; ///< nobody reads more of a line in one row; the whole is a key away
constexpr qsizetype mostCopied = 100'000; ///< lines
constexpr qsizetype linesAround = 200;    ///< whose fields are offered
constexpr int mostFieldChars = 32;

} // namespace

LogView::LogView(QWidget* parent) : QAbstractScrollArea(parent), m_cache(2'000)
{
    setObjectName(u"logView"_s);
    setAccessibleName(tr("Log lines"));
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, [this] { onScrolled(); });
    m_header = new LogHeader([this](QPainter& painter) { paintHeader(painter); }, this);
    connect(horizontalScrollBar(), &QScrollBar::valueChanged, viewport(), qOverload<>(&QWidget::update));
    layOut();
}

void LogView::setSession(logs::LogSession* session)
{
    if (m_session)
        m_session->disconnect(this);
    m_session = session;
    m_cache.clear();
    m_current.reset();
    m_begin.reset();
    m_anchor.reset();
    m_following = true;
    if (session) {
        connect(session, &logs::LogSession::linesChanged, this, &LogView::onLinesChanged);
        connect(session, &logs::LogSession::stateChanged, this, [this] {
            m_cache.clear(); // names of sources
            layOut();
        });
    }
    layOut();
}

qsizetype LogView::rows()
{
    return m_wrap ? qMax<qsizetype>(1, bottomFrom(top()) - top()) : qMax(1, viewport()->height() / rowHeight());
}
qsizetype LogView::top() const { return verticalScrollBar()->value(); }

qsizetype LogView::current() const { return m_session && m_current ? m_session->positionOf(*m_current) : -1; }

/// The font's measures, the scroll bars' ranges, and what is seen after a change.
void LogView::layOut()
{
    const QFontMetrics metrics(Theme::of(this).font(Theme::Role::Mono));
    m_rowHeight = qMax(metrics.height() + 2, Theme::of(this).rowHeight() - 6);
    m_charWidth = qMax(1.0, QFontMetricsF(Theme::of(this).font(Theme::Role::Mono)).horizontalAdvance(u'0'));
    const qsizetype size = m_session ? m_session->size() : 0;
    m_sourceChars = 0;
    if (m_session)
        for (const logs::LogSource& source : m_session->state().sources)
            m_sourceChars = qMax(m_sourceChars, int(qMin<qsizetype>(40, m_session->sourceName(source.number).size())));
    m_moving = true;
    placeHeader();
    verticalScrollBar()->setPageStep(qMax(1, viewport()->height() / rowHeight()));
    verticalScrollBar()->setRange(0, int(size > 0 ? topFor(size - 1) : 0));
    if (m_following)
        verticalScrollBar()->setValue(verticalScrollBar()->maximum());
    else if (m_anchor && m_session)
        verticalScrollBar()->setValue(int(m_session->positionOf(*m_anchor)));
    m_moving = false;
    horizontalScrollBar()->setPageStep(viewport()->width());
    horizontalScrollBar()->setSingleStep(int(m_charWidth * 4));
    horizontalScrollBar()->setRange(0, m_wrap ? 0 : int(300 * m_charWidth));
    viewport()->update();
}

void LogView::onLinesChanged(qsizetype from, qsizetype gone)
{
    Q_UNUSED(gone);
    layOut();
    if (from <= top() + rows())
        viewport()->update();
}

void LogView::onScrolled()
{
    viewport()->update();
    if (m_moving || !m_session)
        return;
    const bool end = verticalScrollBar()->value() >= verticalScrollBar()->maximum();
    m_anchor = m_session->size() > top() ? std::optional(m_session->placeAt(top())) : std::nullopt;
    if (m_following != end) {
        m_following = end;
        emit followingChanged(end);
    }
}

void LogView::setFollowing(bool follow)
{
    if (m_following == follow)
        return;
    m_following = follow;
    m_anchor = m_session && m_session->size() > top() ? std::optional(m_session->placeAt(top())) : std::nullopt;
    layOut();
    emit followingChanged(follow);
}

void LogView::setShowTimes(bool show)
{
    m_times = show;
    viewport()->update();
    emit columnsChanged();
}

void LogView::setShowSources(bool show)
{
    m_sources = show;
    viewport()->update();
    emit columnsChanged();
}

void LogView::setWrapping(bool wrap)
{
    m_wrap = wrap;
    horizontalScrollBar()->setValue(0);
    layOut();
    emit columnsChanged();
}

void LogView::setFields(const QStringList& names)
{
    m_fields = names;
    m_fieldChars.clear();
    for (const QString& name : names)
        m_fieldChars.append(int(qMin<qsizetype>(name.size(), mostFieldChars)));
    m_cache.clear();
    layOut();
    emit columnsChanged();
}

QList<QPair<QString, int>> LogView::fieldsAround() const
{
    QList<QByteArray> lines;
    const qsizetype size = m_session ? m_session->size() : 0;
    const qsizetype from = qMax<qsizetype>(0, qMin(top(), size - linesAround));
    for (qsizetype i = from; i < qMin(size, from + linesAround); ++i)
        if (const auto line = m_session->lineAt(i))
            lines.append(line->text);
    return logs::commonFields(lines);
}

void LogView::scrollTo(qsizetype position)
{
    if (position < top())
        verticalScrollBar()->setValue(int(position));
    else if (const qsizetype least = topFor(position); least > top())
        verticalScrollBar()->setValue(int(least));
}

void LogView::setCurrent(qsizetype position, bool extend)
{
    if (!m_session || m_session->size() == 0)
        return;
    position = qBound<qsizetype>(0, position, m_session->size() - 1);
    const logs::LineKey place = m_session->placeAt(position);
    if (!extend)
        m_begin = place;
    else if (!m_begin)
        m_begin = m_current ? *m_current : place;
    m_current = place;
    if (m_following && position < m_session->size() - 1)
        setFollowing(false); // what is looked at stays
    scrollTo(position);
    viewport()->update();
    setAccessibleDescription(shown(position).text);
    emit currentChanged();
}

std::pair<qsizetype, qsizetype> LogView::selection() const
{
    if (!m_session || !m_current)
        return {0, 0};
    const qsizetype a = m_session->positionOf(*m_current);
    const qsizetype b = m_begin ? m_session->positionOf(*m_begin) : a;
    return {qMin(a, b), qMin(qMax(a, b) + 1, m_session->size())};
}

void LogView::nextError(bool backwards)
{
    if (!m_session)
        return;
    const qsizetype from = current() < 0 ? 0 : backwards ? current() : current() + 1;
    const qsizetype found = m_session->findLevel(Level::Error, from, backwards);
    if (found < 0)
        emit notice(backwards ? tr("No error before this line") : tr("No error after this line"));
    else
        setCurrent(found);
}

void LogView::nextMark(bool backwards)
{
    if (!m_session)
        return;
    const qsizetype found = m_session->findMark(current() < 0 ? 0 : backwards ? current() : current() + 1, backwards);
    if (found < 0)
        emit notice(backwards ? tr("No mark before this line") : tr("No mark after this line"));
    else
        setCurrent(found);
}

void LogView::toggleMark()
{
    if (!m_session || !m_current)
        return;
    m_session->setMarked(*m_current, !m_session->isMarked(*m_current));
    viewport()->update();
}

void LogView::copySelection()
{
    const auto [from, to] = selection();
    QString text;
    for (qsizetype i = from; i < qMin(to, from + mostCopied); ++i)
        if (const auto line = m_session->lineAt(i))
            text += QString::fromUtf8(line->text) + u'\n';
    if (text.isEmpty())
        return;
    QApplication::clipboard()->setText(text);
    emit notice(tr("Lines copied: %1").arg(qMin(to - from, mostCopied)));
}

const LogView::Shown& LogView::shown(qsizetype position)
{
    const logs::LineKey place = m_session->placeAt(position);
    if (const Shown* known = m_cache.object(place.id))
        return *known;
    auto* line = new Shown{place, {}, lineTime(place.key), m_session->sourceName(place.source), {}};
    if (const auto read = m_session->lineAt(position)) {
        line->place = read->place;
        line->text = paintable(read->text.first(qMin(read->text.size(), paintedChars)));
        const logs::LogFields all = m_fields.isEmpty() ? logs::LogFields() : logs::fieldsOf(read->text);
        for (qsizetype i = 0; i < m_fields.size(); ++i) {
            line->fields.append(paintable(all.value(m_fields[i]).toUtf8()));
            const int chars = int(qMin<qsizetype>(line->fields.last().size(), mostFieldChars));
            m_grown = m_grown || chars > m_fieldChars[i];
            m_fieldChars[i] = qMax(m_fieldChars[i], chars);
        }
    }
    m_cache.insert(place.id, line);
    return *line;
}

void LogView::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    layOut();
}

bool LogView::act(const QKeyEvent& event)
{
    if (event.matches(QKeySequence::Copy)) {
        copySelection();
        return true;
    }
    if (event.modifiers() & ~(Qt::ShiftModifier | Qt::KeypadModifier))
        return false;
    const bool shift = event.modifiers() & Qt::ShiftModifier;
    const qsizetype at = current() < 0 ? top() : current();
    switch (event.key()) {
    case Qt::Key_Up: setCurrent(current() < 0 ? top() + rows() - 1 : at - 1, shift); return true;
    case Qt::Key_Down: setCurrent(current() < 0 ? at : at + 1, shift); return true;
    case Qt::Key_PageUp: setCurrent(at - rows(), shift); return true;
    case Qt::Key_PageDown: setCurrent(at + rows(), shift); return true;
    case Qt::Key_Home: setCurrent(0, shift); return true;
    case Qt::Key_End:
        if (m_session)
            setCurrent(m_session->size() - 1, shift);
        setFollowing(true);
        return true;
    case Qt::Key_E: nextError(shift); return true;
    case Qt::Key_N: nextMark(shift); return true;
    case Qt::Key_M: toggleMark(); return true;
    case Qt::Key_F: setFollowing(!m_following); return true;
    case Qt::Key_T: setShowTimes(!m_times); return true;
    case Qt::Key_S: setShowSources(!m_sources); return true;
    case Qt::Key_W: setWrapping(!m_wrap); return true;
    case Qt::Key_C: emit fieldsWanted(); return true;
    case Qt::Key_Return:
    case Qt::Key_Enter: emit lineOpened(); return true;
    default: return false;
    }
}

void LogView::keyPressEvent(QKeyEvent* event)
{
    if (!act(*event))
        QAbstractScrollArea::keyPressEvent(event);
}

qsizetype LogView::positionAt(int y)
{
    if (!m_wrap || !m_session)
        return top() + y / rowHeight();
    qsizetype position = top();
    for (; position < m_session->size() && y >= 0; ++position)
        y -= heightOf(position);
    return y < 0 ? position - 1 : position;
}

void LogView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && m_session && positionAt(int(event->position().y())) < m_session->size())
        setCurrent(positionAt(int(event->position().y())), event->modifiers() & Qt::ShiftModifier);
}

void LogView::mouseMoveEvent(QMouseEvent* event)
{
    if ((event->buttons() & Qt::LeftButton) && m_session)
        setCurrent(positionAt(int(event->position().y())), true);
}

void LogView::mouseDoubleClickEvent(QMouseEvent*) { emit lineOpened(); }

void LogView::focusInEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void LogView::focusOutEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

void LogView::changeEvent(QEvent* event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::PaletteChange ||
        event->type() == QEvent::StyleChange)
        layOut();
}

} // namespace wk::widgets
