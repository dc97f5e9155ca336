// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QCoreApplication>

namespace wk::platform {

/// The translation context of everything that is said about kubeconfigs.
class KubeConfigWords
{
    Q_DECLARE_TR_FUNCTIONS(wk::platform::KubeConfig)
};

} // namespace wk::platform
