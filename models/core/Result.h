// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Error.h"

#include <expected>

namespace wk {

/// A value or the Error that took its place. Nothing in models/ throws across a function that returns one.
template <typename T>
using Result = std::expected<T, Error>;

/// `return fail(Error::Kind::Io, tr("..."))` from any function that returns a Result.
[[nodiscard]] inline std::unexpected<Error> fail(Error::Kind kind, QString sentence, QString detail = {},
                                                 QString remedy = {})
{
    return std::unexpected<Error>(Error{kind, std::move(sentence), std::move(detail), std::move(remedy)});
}

[[nodiscard]] inline std::unexpected<Error> fail(Error error) { return std::unexpected<Error>(std::move(error)); }

} // namespace wk
