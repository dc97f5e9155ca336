// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "table/Row.h"

#include <QtCore/QObject>
#include <QtGui/QColor>
#include <QtGui/QFont>
#include <QtGui/QPalette>

class QApplication;
class QWidget;

namespace wk::widgets {

/// Colours, type and measures of the whole program, light and dark.
///
/// The composition root makes one Theme and calls apply(); from then on the application carries it as a property, and
/// widgets reach it with Theme::of(this). Icons and delegates ask for colours when they paint, so a change of scheme
/// needs no more than a repaint, which changed() and Qt's own palette change bring about.
class Theme : public QObject
{
    Q_OBJECT
public:
    enum class Scheme { System, Light, Dark };
    Q_ENUM(Scheme)

    enum class Token {
        Window,  ///< behind panels
        Surface, ///< tables, inputs, cards
        Raised,  ///< headers, hovered controls
        Border,  ///< one-pixel lines
        Text,
        Muted,     ///< secondary text, icons at rest
        Accent,    ///< focus, and the way on
        OnAccent,  ///< text on accent
        Selection, ///< a selected row
        Hover,     ///< a row under the pointer
        Glow,      ///< a cell that has just changed
        Good,
        Warning,
        Bad,
        Info,
        Unknown,
    };
    Q_ENUM(Token)

    enum class Role {
        Small,
        Base,
        Title,
        SmallStrong,
        BaseStrong,
        TitleStrong,
        Digits, ///< base size with digits of equal width, for columns of numbers
        Mono,   ///< YAML, logs, queries, hashes
    };
    Q_ENUM(Role)

    explicit Theme(QObject* parent = nullptr);

    /// Takes over the application's style, palette and font, and follows the system's scheme from then on.
    void apply(QApplication& application);

    void setScheme(Scheme scheme);
    [[nodiscard]] Scheme scheme() const { return m_scheme; }
    /// What is shown now, whichever way it was chosen.
    [[nodiscard]] bool isDark() const { return m_dark; }

    void setCompact(bool compact);
    [[nodiscard]] bool isCompact() const { return m_compact; }
    /// Empty takes the first of a list of good ones that is installed.
    void setMonospaceFamily(const QString& family);

    [[nodiscard]] QColor color(Token token) const;
    [[nodiscard]] QColor color(table::Health health) const;
    /// Chart series colours, distinguishable with any colour vision; repeats after eight.
    [[nodiscard]] QColor series(int index) const;
    [[nodiscard]] QFont font(Role role) const;
    /// Height of a table row in device-independent pixels.
    [[nodiscard]] int rowHeight() const { return m_compact ? 22 : 26; }

    /// The theme that was applied; before any was, a light one that belongs to the application.
    [[nodiscard]] static const Theme& of(const QWidget* widget);

    /// WCAG 2.1 contrast ratio, 1 to 21.
    [[nodiscard]] static double contrast(const QColor& a, const QColor& b);

signals:
    /// Colours, fonts or measures are different now.
    void changed();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void readSystem();
    void refresh();
    void chooseFonts();
    [[nodiscard]] QPalette palette() const;
    [[nodiscard]] QString styleSheet() const;

    Scheme m_scheme = Scheme::System;
    bool m_dark = false;
    bool m_systemDark = false;
    bool m_compact = false;
    bool m_refreshing = false;
    QString m_monoFamily;
    QFont m_base, m_digits, m_mono;
    QApplication* m_application = nullptr;
};

} // namespace wk::widgets
