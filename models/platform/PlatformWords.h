// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QCoreApplication>

namespace wk::platform {

/// The translation context of everything that the platform loader says.
class Words
{
    Q_DECLARE_TR_FUNCTIONS(wk::Platform)
};

} // namespace wk::platform
