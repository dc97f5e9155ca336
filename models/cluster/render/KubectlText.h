// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "table/Column.h"
#include "table/Row.h"

namespace wk::cluster::render {

/// A cell as `kubectl get -o wide` prints it: "<none>", "2/3", "5m31s". Ages are relative to `nowMs`.
/// Source: k8s.io/cli-runtime/pkg/printers/tableprinter.go and the placeholders of printers.go.
[[nodiscard]] QString kubectlText(const table::Column& column, const table::Cell& cell, qint64 nowMs);

/// The same for a cell of a row, which knows one thing more: restarts of pods of servers from 1.22 on, "3 (5m ago)".
/// `serverMinor` as in RenderOptions.
[[nodiscard]] QString kubectlText(const table::Columns& columns, const table::Row& row, int column, qint64 nowMs,
                                  int serverMinor = 0);

/// The header that kubectl prints above a column.
[[nodiscard]] QString kubectlHeader(const table::Column& column);

} // namespace wk::cluster::render
