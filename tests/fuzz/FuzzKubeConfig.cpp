// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/KubeConfig.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

/// Reads a kubeconfig and resolves every context in it, as a person opening each would. Whatever is refused is refused
/// in words.
int fuzzKubeConfig(const uint8_t* data, size_t size)
{
    const QByteArray text(reinterpret_cast<const char*>(data), qsizetype(size));
    const auto config = wk::platform::KubeConfig::parse(text, QStringLiteral("/fuzz/config"));
    if (!config) {
        if (config.error().sentence.isEmpty())
            std::abort();
        return 0;
    }
    const auto contexts = config->contexts().mid(0, 100);
    for (const auto& entry : contexts) {
        const auto context = config->resolve(entry.id.context);
        if (!context && context.error().sentence.isEmpty())
            std::abort();
    }
    return 0;
}
