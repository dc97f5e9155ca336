// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtWidgets/QProxyStyle>

namespace wk::widgets {

class Theme;

/// Fusion with our measures: small icons, quick tooltips, no animated or shaded surfaces. What a style sheet says
/// better (borders, paddings, states) is in sheet().
class ThemeStyle : public QProxyStyle
{
    Q_OBJECT
public:
    ThemeStyle();

    [[nodiscard]] int pixelMetric(PixelMetric metric, const QStyleOption* option = nullptr,
                                  const QWidget* widget = nullptr) const override;
    [[nodiscard]] int styleHint(StyleHint hint, const QStyleOption* option = nullptr, const QWidget* widget = nullptr,
                                QStyleHintReturn* returnData = nullptr) const override;

    [[nodiscard]] static QString sheet(const Theme& theme);
};

} // namespace wk::widgets
