// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "logs/LogSession.h"

#include <QtCore/QCache>
#include <QtWidgets/QAbstractScrollArea>

#include <optional>

namespace wk::widgets {

class LogHeader;

/// The lines of a log, as many as there are: only those that are seen are read and painted. Follows the end until the
/// person scrolls up, and again once they are back there; what they look at stays where it is while lines come.
///
/// Keys: arrows, Page, Home and End move; Shift selects; Ctrl+C copies; E and Shift+E go to the next and previous
/// error, M marks, N and Shift+N go to the next and previous mark, F follows, T shows times, S sources, W wraps, C asks
/// for columns, Enter opens the line.
class LogView : public QAbstractScrollArea
{
    Q_OBJECT
public:
    explicit LogView(QWidget* parent = nullptr);

    /// Null shows nothing. Outlives the view, or is taken away before.
    void setSession(logs::LogSession* session);
    [[nodiscard]] bool isFollowing() const { return m_following; }
    void setFollowing(bool follow);
    [[nodiscard]] bool showsTimes() const { return m_times; }
    void setShowTimes(bool show);
    [[nodiscard]] bool showsSources() const { return m_sources; }
    void setShowSources(bool show);
    /// Lines that are too long go on below; otherwise they are scrolled sideways.
    [[nodiscard]] bool isWrapping() const { return m_wrap; }
    void setWrapping(bool wrap);
    /// Fields of structured lines (JSON, logfmt) that have a column of their own, before the line itself.
    [[nodiscard]] const QStringList& fields() const { return m_fields; }
    void setFields(const QStringList& names);
    /// Fields that the lines around have, those of most lines first, with the number of lines that have it.
    [[nodiscard]] QList<QPair<QString, int>> fieldsAround() const;

    /// The current line; -1 where there is none.
    [[nodiscard]] qsizetype current() const;
    void setCurrent(qsizetype position, bool extend = false);
    void nextError(bool backwards = false);
    void nextMark(bool backwards = false);
    void toggleMark();
    void copySelection();
    /// First line that is seen, and how many are at most; of those that wrap, as many as there is room for from the
    /// first on.
    [[nodiscard]] qsizetype top() const;
    [[nodiscard]] qsizetype rows();

signals:
    void currentChanged();
    void followingChanged(bool following);
    void columnsChanged();
    void lineOpened();
    /// The person wants to choose fields.
    void fieldsWanted();
    /// Nothing was found, or something was done that is not seen.
    void notice(const QString& text);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    /// A line as it is painted.
    struct Shown
    {
        logs::LineKey place;
        QString text;
        QString time;
        QString source;
        QStringList fields; ///< values, as fields()
    };
    /// One column before the lines themselves.
    struct Column
    {
        QString name;
        int chars = 0;
    };
    [[nodiscard]] const Shown& shown(qsizetype position);
    void onLinesChanged(qsizetype from, qsizetype gone);
    void onScrolled();
    void layOut();
    void scrollTo(qsizetype position);
    [[nodiscard]] QList<Column> columns() const;
    /// Where the lines themselves begin, and how many characters fit from there on.
    [[nodiscard]] int textLeft() const;
    [[nodiscard]] int textChars() const;
    [[nodiscard]] int heightOf(qsizetype position);
    /// The first line that may stand on top so that this one is seen in full.
    [[nodiscard]] qsizetype topFor(qsizetype position);
    [[nodiscard]] qsizetype bottomFrom(qsizetype top);
    void placeHeader();
    void paintHeader(QPainter& painter);
    void paintRow(QPainter& painter, qsizetype position, const QRect& row);
    void paintColumns(QPainter& painter, const Shown& line, const QRect& row);
    void paintText(QPainter& painter, const Shown& line, QRect area);
    [[nodiscard]] std::pair<qsizetype, qsizetype> selection() const;
    [[nodiscard]] qsizetype positionAt(int y);
    [[nodiscard]] bool act(const QKeyEvent& event);
    [[nodiscard]] int rowHeight() const { return m_rowHeight; }

    logs::LogSession* m_session = nullptr;
    QCache<quint32, Shown> m_cache;
    std::optional<logs::LineKey> m_current;
    std::optional<logs::LineKey> m_begin;  ///< of the selection, which ends at the current line
    std::optional<logs::LineKey> m_anchor; ///< first line that is seen, while the end is not followed
    bool m_following = true;
    bool m_times = true;
    bool m_sources = true;
    bool m_wrap = false;
    QStringList m_fields;
    QList<int> m_fieldChars; ///< as wide as the widest value that was seen, within reason
    bool m_grown = false;    ///< one has become wider while lines were painted
    LogHeader* m_header = nullptr;
    bool m_moving = false; ///< the scroll bar moves because of us
    int m_rowHeight = 18;
    qreal m_charWidth = 8; ///< of the monospaced font; seldom whole pixels
    int m_sourceChars = 12;
};

} // namespace wk::widgets
