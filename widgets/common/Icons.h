// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/common/Theme.h"

#include <QtCore/QStringList>
#include <QtGui/QIcon>

namespace wk::widgets {

/// An icon of the program's own set (resources/icons/<name>.svg), drawn with the palette's text colour at the moment of
/// painting: it follows the scheme, the disabled and the selected state by itself. An unknown name gives a null icon.
[[nodiscard]] QIcon icon(QStringView name);
/// The same in one of the theme's colours.
[[nodiscard]] QIcon icon(QStringView name, Theme::Token token);

/// The program's icon, in its own colours.
[[nodiscard]] QIcon applicationIcon();

/// Names that icon() knows.
[[nodiscard]] QStringList iconNames();

} // namespace wk::widgets
