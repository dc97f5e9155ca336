// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QJsonObject>
#include <QtCore/QString>

namespace wk::fleet {

/// OpenAPI v3 as far as clients ask it whether a kind takes a parameter (dryRun, fieldValidation): the index for an
/// empty path, the document of one group version for "/apis/apps/v1"; empty where there is none. No schemas.
[[nodiscard]] QJsonObject openApiDocument(const QString& path);

} // namespace wk::fleet
