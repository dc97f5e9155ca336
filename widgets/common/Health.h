// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "table/Row.h"
#include "widgets/common/Theme.h"

#include <QtGui/QIcon>

namespace wk::widgets {

/// "Good", "Warning", "Bad", "Info", "Unknown"; empty for None.
[[nodiscard]] QString healthWord(table::Health health);
/// The icon's name; empty for None. Shapes differ, so that colour is never needed to tell them apart.
[[nodiscard]] QString healthIconName(table::Health health);
[[nodiscard]] Theme::Token healthToken(table::Health health);
[[nodiscard]] QIcon healthIcon(table::Health health);

} // namespace wk::widgets
