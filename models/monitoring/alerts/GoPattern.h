// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"

#include <QtCore/QRegularExpression>

namespace wk::monitoring {

/// `pattern` as Prometheus and Alertmanager understand it in a matcher: Go's RE2
/// (https://github.com/google/re2/wiki/Syntax), anchored at both ends as ^(?:pattern)$ (alertmanager/pkg/labels).
/// Written anew for PCRE, so that what the two read differently ($ before a last line break, \s, \v, octal numbers,
/// flags) means what it means there. Fails in words where Go would refuse it: look-around, references, possessive
/// repetition.
[[nodiscard]] Result<QRegularExpression> anchoredGoPattern(const QString& pattern);

} // namespace wk::monitoring
