// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Mutator.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace wk::fuzz {

/// One parser under test: what it is fed and where real inputs for it stand, relative to the repository.
struct Parser
{
    const char* name;
    Grammar grammar;
    int (*feed)(const uint8_t*, size_t);
    std::vector<const char*> folders;
    std::vector<const char*> endings; ///< of the file names
};

[[nodiscard]] const std::vector<Parser>& parsers();

} // namespace wk::fuzz
