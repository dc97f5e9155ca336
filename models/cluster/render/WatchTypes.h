// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/render/KindSpec.h"

namespace wk::cluster::render {

/// "ADDED", "MODIFIED", ... (k8s.io/apimachinery/pkg/watch).
[[nodiscard]] WatchEvent::Type eventType(std::string_view word);
/// A decoded metav1.Status.
[[nodiscard]] Status readStatus(const Value& object);
/// Fills a bookmark from an object decoded with metadataOnlySchema().
void readBookmark(const Value& object, WatchEvent& event);
/// A decoded metav1.ListMeta.
[[nodiscard]] ListEnd readListMeta(const Value& meta);

} // namespace wk::cluster::render
