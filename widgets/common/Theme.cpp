// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/Theme.h"

#include "widgets/common/ThemeStyle.h"

#include <QtGui/QFontDatabase>
#include <QtGui/QFontMetricsF>
#include <QtWidgets/QApplication>
#include <QtWidgets/QToolTip>
#include <QtWidgets/QWidget>

#include <cmath>

using namespace Qt::StringLiterals;

namespace wk::widgets {

namespace {

constexpr char propertyName[] = "wk.theme";

struct Pair
{
    QRgb light;
    QRgb dark;
};

/// The tokens of the design page. Good, warning, bad, info and unknown are a shade darker (light), bad and unknown
/// lighter (dark) than written there: the plain values missed 4.5:1 on a selected row. test_common_widgets measures
/// every pair.
Pair pairOf(Theme::Token token)
{
    using T = Theme::Token;
    switch (token) {
    case T::Window: return {0xffF6F7F9, 0xff0F1319};
    case T::Surface: return {0xffFFFFFF, 0xff171C24};
    case T::Raised: return {0xffEEF0F4, 0xff1F2630};
    case T::Border: return {0xffDFE3E8, 0xff2B323D};
    case T::Text: return {0xff1B1F27, 0xffE6EAF0};
    case T::Muted: return {0xff59626F, 0xff9AA4B2};
    case T::Accent: return {0xff2A66D9, 0xff6C9BF2};
    case T::OnAccent: return {0xffFFFFFF, 0xff0B1220};
    case T::Selection: return {0xffDCE8FC, 0xff22344F};
    case T::Hover: return {0xffF1F4F8, 0xff1C222C};
    case T::Glow: return {0xffFFF4D1, 0xff342E1A};
    case T::Good: return {0xff15742F, 0xff3FB950};
    case T::Warning: return {0xff8A5D00, 0xffD29922};
    case T::Bad: return {0xffC9202D, 0xffFF7870};
    case T::Info: return {0xff0860C4, 0xff58A6FF};
    case T::Unknown: return {0xff5F6873, 0xff98A1AC};
    }
    return {0xff000000, 0xffffffff};
}

double luminance(const QColor& color)
{
    const auto channel = [](double c) { return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
    return 0.2126 * channel(color.redF()) + 0.7152 * channel(color.greenF()) + 0.0722 * channel(color.blueF());
}

bool hasEqualDigits(const QFont& font)
{
    const QFontMetricsF metrics(font);
    const double width = metrics.horizontalAdvance(u'0');
    for (char16_t digit = u'1'; digit <= u'9'; ++digit) {
        if (std::abs(metrics.horizontalAdvance(QChar(digit)) - width) > 0.01)
            return false;
    }
    return true;
}

QFont scaled(QFont font, double factor, int weight)
{
    if (font.pointSizeF() > 0)
        font.setPointSizeF(std::round(font.pointSizeF() * factor * 4) / 4);
    else
        font.setPixelSize(int(std::lround(font.pixelSize() * factor)));
    font.setWeight(QFont::Weight(weight));
    return font;
}

} // namespace

Theme::Theme(QObject* parent) : QObject(parent) {}

const Theme& Theme::of(const QWidget*)
{
    const QVariant carried = qApp->property(propertyName);
    if (const auto* theme = qobject_cast<const Theme*>(carried.value<QObject*>()))
        return *theme;
    // A widget on its own, in a test: the light scheme, owned by the application like any theme that is applied.
    auto* theme = new Theme(qApp);
    theme->chooseFonts();
    qApp->setProperty(propertyName, QVariant::fromValue<QObject*>(theme));
    return *theme;
}

void Theme::apply(QApplication& application)
{
    m_application = &application;
    application.setProperty(propertyName, QVariant::fromValue<QObject*>(this));
    application.setStyle(new ThemeStyle);
    readSystem();
    chooseFonts();
    application.installEventFilter(this);
    refresh();
}

void Theme::setScheme(Scheme scheme)
{
    m_scheme = scheme;
    refresh();
}

void Theme::setCompact(bool compact)
{
    if (m_compact == compact)
        return;
    m_compact = compact;
    emit changed();
}

void Theme::setMonospaceFamily(const QString& family)
{
    m_monoFamily = family;
    chooseFonts();
    emit changed();
}

void Theme::readSystem()
{
    // Qt 6.4 has no colour scheme of its own; the platform's palette, before ours covers it, tells.
    m_refreshing = true;
    m_application->setPalette(QPalette());
    const QPalette system = m_application->palette();
    m_systemDark = system.color(QPalette::Window).lightness() < system.color(QPalette::WindowText).lightness();
    m_refreshing = false;
}

void Theme::refresh()
{
    m_dark = m_scheme == Scheme::System ? m_systemDark : m_scheme == Scheme::Dark;
    if (m_application) {
        m_refreshing = true;
        m_application->setFont(font(Role::Base));
        m_application->setPalette(palette());
        QToolTip::setPalette(palette());
        QToolTip::setFont(font(Role::Base));
        m_application->setStyleSheet(styleSheet());
        m_refreshing = false;
    }
    emit changed();
}

bool Theme::eventFilter(QObject* watched, QEvent* event)
{
    // The platform changed its theme. Our own setPalette() also sends palette changes, hence the guard.
    if (event->type() == QEvent::ThemeChange && !m_refreshing && watched->isWindowType()) {
        QMetaObject::invokeMethod(
            this,
            [this] {
                const bool before = m_systemDark;
                readSystem();
                if (before != m_systemDark && m_scheme == Scheme::System)
                    refresh();
                else
                    m_application->setPalette(palette());
            },
            Qt::QueuedConnection);
    }
    return QObject::eventFilter(watched, event);
}

void Theme::chooseFonts()
{
    m_base = QFontDatabase::systemFont(QFontDatabase::GeneralFont);
    if (m_base.pointSizeF() > 0)
        m_base.setPointSizeF(std::clamp(m_base.pointSizeF(), 9.0, 16.0));
    m_digits = m_base;
    // QFont cannot ask for tabular figures before Qt 6.7. Where the interface font's digits differ in width, columns of
    // numbers take the nearest face whose digits do not.
    if (!hasEqualDigits(m_base)) {
        for (const QString& family :
             {u"Noto Sans"_s, u"Open Sans"_s, u"Liberation Sans"_s, u"DejaVu Sans"_s, u"Arial"_s}) {
            QFont candidate = m_base;
            candidate.setFamilies({family});
            if (QFontDatabase::hasFamily(family) && hasEqualDigits(candidate)) {
                m_digits = candidate;
                break;
            }
        }
    }
    QStringList families{u"JetBrains Mono"_s, u"Cascadia Mono"_s,    u"SF Mono"_s,
                         u"Menlo"_s,          u"DejaVu Sans Mono"_s, u"Consolas"_s};
    if (!m_monoFamily.isEmpty())
        families.prepend(m_monoFamily);
    m_mono = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    for (const QString& family : families) {
        if (QFontDatabase::hasFamily(family)) {
            m_mono.setFamilies({family});
            break;
        }
    }
    m_mono.setStyleHint(QFont::Monospace);
    m_mono.setFixedPitch(true);
    if (m_base.pointSizeF() > 0)
        m_mono.setPointSizeF(m_base.pointSizeF());
}

QColor Theme::color(Token token) const
{
    const Pair pair = pairOf(token);
    return QColor::fromRgb(m_dark ? pair.dark : pair.light);
}

QColor Theme::color(table::Health health) const
{
    switch (health) {
    case table::Health::None: return color(Token::Text);
    case table::Health::Good: return color(Token::Good);
    case table::Health::Info: return color(Token::Info);
    case table::Health::Warning: return color(Token::Warning);
    case table::Health::Bad: return color(Token::Bad);
    case table::Health::Unknown: return color(Token::Unknown);
    }
    return color(Token::Text);
}

QColor Theme::series(int index) const
{
    // Okabe and Ito's palette, the light ones darkened and the dark ones lightened until 3:1 on the surface.
    static constexpr std::array<Pair, 8> colors{{{0xff0072B2, 0xff3C9AD6},
                                                 {0xffD55E00, 0xffE8792B},
                                                 {0xff009E73, 0xff1FBF93},
                                                 {0xffB65C8F, 0xffD98FBA},
                                                 {0xffB37A00, 0xffE69F00},
                                                 {0xff2E8FC4, 0xff56B4E9},
                                                 {0xff6F4EA3, 0xffA98AD8},
                                                 {0xff7F7F7F, 0xff9A9A9A}}};
    const Pair pair = colors[size_t(((index % 8) + 8) % 8)];
    return QColor::fromRgb(m_dark ? pair.dark : pair.light);
}

QFont Theme::font(Role role) const
{
    switch (role) {
    case Role::Small: return scaled(m_base, 0.88, QFont::Normal);
    case Role::Base: return scaled(m_base, 1, QFont::Normal);
    case Role::Title: return scaled(m_base, 1.35, QFont::Normal);
    case Role::SmallStrong: return scaled(m_base, 0.88, QFont::DemiBold);
    case Role::BaseStrong: return scaled(m_base, 1, QFont::DemiBold);
    case Role::TitleStrong: return scaled(m_base, 1.35, QFont::DemiBold);
    case Role::Digits: return m_digits;
    case Role::Mono: return m_mono;
    }
    return m_base;
}

double Theme::contrast(const QColor& a, const QColor& b)
{
    const double x = luminance(a), y = luminance(b);
    return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

QPalette Theme::palette() const
{
    QPalette p;
    p.setColor(QPalette::Window, color(Token::Window));
    p.setColor(QPalette::WindowText, color(Token::Text));
    p.setColor(QPalette::Base, color(Token::Surface));
    p.setColor(QPalette::AlternateBase, color(Token::Window));
    p.setColor(QPalette::Text, color(Token::Text));
    p.setColor(QPalette::PlaceholderText, color(Token::Muted));
    p.setColor(QPalette::Button, color(Token::Surface));
    p.setColor(QPalette::ButtonText, color(Token::Text));
    p.setColor(QPalette::BrightText, color(Token::Bad));
    p.setColor(QPalette::Highlight, color(Token::Selection));
    p.setColor(QPalette::HighlightedText, color(Token::Text));
    p.setColor(QPalette::Link, color(Token::Accent));
    p.setColor(QPalette::LinkVisited, color(Token::Accent));
    p.setColor(QPalette::ToolTipBase, color(Token::Raised));
    p.setColor(QPalette::ToolTipText, color(Token::Text));
    p.setColor(QPalette::Light, color(Token::Surface));
    p.setColor(QPalette::Midlight, color(Token::Raised));
    p.setColor(QPalette::Mid, color(Token::Border));
    p.setColor(QPalette::Dark, color(Token::Border).darker(115));
    p.setColor(QPalette::Shadow, QColor(0, 0, 0, m_dark ? 160 : 60));
    QColor disabled = color(Token::Muted);
    disabled.setAlphaF(0.6F);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        p.setColor(QPalette::Disabled, role, disabled);
    return p;
}

QString Theme::styleSheet() const { return ThemeStyle::sheet(*this); }

} // namespace wk::widgets
