// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/ThemeStyle.h"

#include "widgets/common/Theme.h"

#include <QtWidgets/QStyleFactory>

using namespace Qt::StringLiterals;

namespace wk::widgets {

ThemeStyle::ThemeStyle() : QProxyStyle(QStyleFactory::create(u"Fusion"_s)) {}

int ThemeStyle::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const
{
    switch (metric) {
    case PM_SmallIconSize:
    case PM_ButtonIconSize:
    case PM_ToolBarIconSize:
    case PM_ListViewIconSize:
    case PM_TabBarIconSize: return 16;
    case PM_HeaderMarkSize: return 10;
    case PM_SplitterWidth: return 5;
    default: return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int ThemeStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                          QStyleHintReturn* returnData) const
{
    switch (hint) {
    case SH_ToolTip_WakeUpDelay: return 400;
    case SH_Widget_Animate:
    case SH_Widget_Animation_Duration: return 0;
    case SH_ItemView_ActivateItemOnSingleClick: return 0;
    case SH_Menu_SupportsSections: return 1;
    default: return QProxyStyle::styleHint(hint, option, widget, returnData);
    }
}

QString ThemeStyle::sheet(const Theme& theme)
{
    QString sheet = uR"(
QMainWindow, QDialog { background: @window; }
QToolTip { background: @raised; color: @text; border: 1px solid @border; padding: 4px 6px; }
QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox, QDateTimeEdit {
    background: @surface; border: 1px solid @border; border-radius: 4px; padding: 3px 8px; min-height: 20px;
    selection-background-color: @accent; selection-color: @onaccent; }
QLineEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus, QDateTimeEdit:focus { border-color: @accent; }
QLineEdit[invalid="true"] { border-color: @bad; }
QLineEdit:disabled, QComboBox:disabled { background: @window; color: @muted; }
QComboBox::drop-down { border: 0; width: 20px; }
QComboBox::down-arrow { image: url(@chevrondown); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: @surface; border: 1px solid @border; outline: 0; padding: 4px; }
QPushButton { background: @surface; color: @text; border: 1px solid @border; border-radius: 4px; padding: 4px 12px; min-height: 18px; }
QPushButton:hover { background: @raised; }
QPushButton:pressed { background: @border; }
QPushButton:focus { border-color: @accent; }
QPushButton:default { background: @accent; color: @onaccent; border-color: @accent; }
QPushButton:default:focus { border: 2px solid @text; padding: 3px 11px; }
QPushButton:disabled { color: @muted; background: @window; }
QPushButton:flat { border: 1px solid transparent; background: transparent; }
QPushButton:flat:focus { border-color: @accent; }
QToolButton { background: transparent; color: @text; border: 1px solid transparent; border-radius: 4px; padding: 4px; }
QToolButton:hover { background: @raised; }
QToolButton:pressed, QToolButton:checked { background: @selection; }
QToolButton:focus { border-color: @accent; }
QToolButton:disabled { color: @muted; }
QToolButton::menu-indicator { image: none; }
QHeaderView { background: @window; border: 0; }
QHeaderView::section { background: @window; color: @muted; border: 0; border-bottom: 1px solid @border; padding: 0 8px; }
QHeaderView::section:hover { color: @text; background: @raised; }
QTableView, QTreeView, QListView, QPlainTextEdit, QTextEdit {
    background: @surface; border: 0; color: @text; gridline-color: @border;
    selection-background-color: @selection; selection-color: @text; }
QPlainTextEdit, QTextEdit { selection-background-color: @accent; selection-color: @onaccent; }
QTextEdit#longText { background: transparent; }
QPlainTextEdit[field="true"] { border: 1px solid @border; border-radius: 4px; padding: 2px 4px; }
QPlainTextEdit[field="true"]:focus { border-color: @accent; }
QTreeView#placeList QHeaderView::section { padding: 0 3px; }
QListView#settingFiles { border: 1px solid @border; border-radius: 4px; padding: 4px; }
QTableCornerButton::section { background: @window; border: 0; border-bottom: 1px solid @border; }
QMenu { background: @surface; border: 1px solid @border; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 8px; border-radius: 4px; }
QMenu::item:selected { background: @selection; color: @text; }
QMenu::item:disabled { color: @muted; }
QMenu::icon { padding-left: 6px; }
QMenu::separator { height: 1px; background: @border; margin: 4px 6px; }
QMenuBar { background: @window; border-bottom: 1px solid @border; }
QMenuBar::item { padding: 4px 8px; background: transparent; border-radius: 4px; }
QMenuBar::item:selected { background: @raised; }
QTabWidget::pane { border: 0; border-top: 1px solid @border; }
QTabBar { qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: @muted; padding: 6px 12px; border: 0; border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: @text; }
QTabBar::tab:selected { color: @text; border-bottom-color: @accent; }
QTabBar::tab:focus { background: @raised; }
QScrollBar { background: transparent; border: 0; }
QScrollBar:vertical { width: 12px; }
QScrollBar:horizontal { height: 12px; }
QScrollBar::handle { background: @handle; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: @muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: @window; }
QSplitter::handle:horizontal { border-left: 1px solid @border; margin-left: 2px; }
QSplitter::handle:vertical { border-top: 1px solid @border; margin-top: 2px; }
QStatusBar { background: @window; border-top: 1px solid @border; }
QStatusBar::item { border: 0; }
QProgressBar { background: @raised; border: 0; border-radius: 2px; max-height: 4px; min-height: 4px; }
QProgressBar::chunk { background: @accent; }
QScrollArea { border: 0; background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: 0; }
QCheckBox { spacing: 8px; }
QCheckBox::indicator, QListView::indicator, QTreeView::indicator, QTableView::indicator, QMenu::indicator {
    width: 14px; height: 14px; border: 1px solid @muted; border-radius: 3px; background: @surface; }
QMenu::indicator { margin-left: 6px; }
QCheckBox::indicator:checked, QListView::indicator:checked, QTreeView::indicator:checked, QTableView::indicator:checked,
QMenu::indicator:checked { background: @accent; border-color: @accent; image: url(@check); }
QCheckBox::indicator:focus { border: 2px solid @accent; width: 12px; height: 12px; }
QCheckBox::indicator:checked:focus { border-color: @text; }
QCheckBox::indicator:disabled { border-color: @border; }
QRadioButton::indicator { width: 12px; height: 12px; border: 1px solid @muted; border-radius: 7px; background: @surface; }
QRadioButton::indicator:checked { border: 4px solid @accent; width: 6px; height: 6px; background: @onaccent; }
QGroupBox { border: 0; border-top: 1px solid @border; margin-top: 20px; padding-top: 8px; }
QGroupBox::title { subcontrol-origin: margin; left: 0; color: @muted; }
)"_s;
    // Longer names first: @text is the beginning of none, but @surface and @selection must not meet a shorter one.
    const auto put = [&](QLatin1StringView name, const QColor& color) {
        sheet.replace(name, color.name(QColor::HexRgb));
    };
    // Quieter than any word, and still seen: a table has two of them.
    QColor handle = theme.color(Theme::Token::Border);
    handle = theme.isDark() ? handle.lighter(160) : handle.darker(125);
    put("@onaccent"_L1, theme.color(Theme::Token::OnAccent));
    put("@window"_L1, theme.color(Theme::Token::Window));
    put("@surface"_L1, theme.color(Theme::Token::Surface));
    put("@raised"_L1, theme.color(Theme::Token::Raised));
    put("@border"_L1, theme.color(Theme::Token::Border));
    put("@selection"_L1, theme.color(Theme::Token::Selection));
    put("@text"_L1, theme.color(Theme::Token::Text));
    put("@muted"_L1, theme.color(Theme::Token::Muted));
    put("@accent"_L1, theme.color(Theme::Token::Accent));
    put("@handle"_L1, handle);
    put("@bad"_L1, theme.color(Theme::Token::Bad));
    sheet.replace("@check)"_L1, theme.isDark() ? ":/wk/icons/check-dark.svg)"_L1 : ":/wk/icons/check-light.svg)"_L1);
    sheet.replace("@chevrondown"_L1,
                  theme.isDark() ? ":/wk/icons/chevron-down-dark.svg"_L1 : ":/wk/icons/chevron-down-light.svg"_L1);
    return sheet;
}

} // namespace wk::widgets
