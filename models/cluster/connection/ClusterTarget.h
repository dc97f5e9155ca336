// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QString>

namespace wk::cluster {

/// A place in the cluster panel that something else leads to: a kind, perhaps narrowed down, perhaps one object.
struct ClusterTarget
{
    QString kindId; ///< "pods", "deployments.apps"
    QString space;  ///< empty: all namespaces
    QString name;   ///< not empty: open this object's detail
    QString filter; ///< in the table's filter language
    bool operator==(const ClusterTarget&) const = default;
};

} // namespace wk::cluster
