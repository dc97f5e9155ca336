// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/cluster/ObjectActions.h"

class QAction;
class QObject;

namespace wk::widgets {

/// An action for each thing that can be done with the objects, owned by `owner` and named "action-<id>". Each is
/// disabled until the cluster has said that it may be done, and from then on where it may not, with the reason as its
/// tooltip. `offers` outlives them.
[[nodiscard]] QList<QAction*> offeredActions(ObjectActions& offers, const ObjectActions::Objects& objects,
                                             QObject* owner);
/// Whether it stands apart.
[[nodiscard]] bool isDanger(const QAction* action);

} // namespace wk::widgets
