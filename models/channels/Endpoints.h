// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"

#include <QtCore/QByteArray>
#include <QtCore/QString>

#include <vector>

namespace wk::channels {

/// Where a forward leads to.
struct ForwardTarget
{
    enum class Kind { Service, Pod };
    Kind kind = Kind::Service;
    QString space;
    QString name;
    QString port; ///< its number or, of a service, its name; empty: the service's only one

    [[nodiscard]] QString words() const; ///< "service shop/cart, port http"
};

/// A port of one pod.
struct PodPort
{
    QString pod;
    int port = 0;
    bool operator==(const PodPort&) const = default;
};

/// The name, among the ports of a Service (JSON), of that which a target means; a service's only port may have none.
/// Fails in words with those that there are. A service without a selector, or of type ExternalName, has no pods.
[[nodiscard]] Result<QString> servicePortName(const QByteArray& service, const ForwardTarget& target);

/// The ready pods behind an Endpoints object (JSON) and the number of that port on each, by the pods' names.
[[nodiscard]] std::vector<PodPort> readyPods(const QByteArray& endpoints, const QString& portName);

} // namespace wk::channels
