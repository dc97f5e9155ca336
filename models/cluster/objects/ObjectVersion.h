// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QString>

namespace wk::cluster {

/// An object as a list or a watch saw it last, for whoever looks at more of it than its row.
struct ObjectVersion
{
    QString uid, space, name;
    QString resourceVersion; ///< opaque
};

} // namespace wk::cluster
