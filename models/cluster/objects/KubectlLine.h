// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/ResourceKind.h"

namespace wk::cluster {

/// The command that prints an object, to be pasted into a shell: "kubectl --context=demo -n shop get deployments.apps
/// api -o yaml". What a shell would read as something else is quoted.
[[nodiscard]] QString kubectlGet(const QString& context, const ResourceKind& kind, const QString& space,
                                 const QString& name);

} // namespace wk::cluster
