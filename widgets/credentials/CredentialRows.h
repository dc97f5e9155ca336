// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "secrets/Credentials.h"
#include "table/Column.h"
#include "widgets/common/RowsBetween.h"

namespace wk::widgets {

[[nodiscard]] table::Columns credentialColumns();
/// Row ids are the secrets' names.
[[nodiscard]] RowsById credentialRows(const secrets::Credentials& credentials);
/// "in keychain", "missing".
[[nodiscard]] QString placeWords(const secrets::Credential& one, const secrets::Credentials::Keychain& keychain);
/// What it is for, where it is, since when and what follows from that, in sentences.
[[nodiscard]] QString credentialWords(const secrets::Credential& one, const secrets::Credentials::Keychain& keychain);
/// "The keychain is locked", and how that looks.
[[nodiscard]] std::pair<table::Health, QString> keychainWords(const secrets::Credentials::Keychain& keychain);

} // namespace wk::widgets
