// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"

#include <QtCore/QByteArray>

#include <memory>

namespace wk::logs {

/// Where a log that is too long for memory is put. A seam, so that a test can have a disk that is full.
class SpillFile
{
public:
    virtual ~SpillFile() = default;
    [[nodiscard]] virtual Result<void> write(qint64 at, QByteArrayView bytes) = 0;
    [[nodiscard]] virtual Result<QByteArray> read(qint64 at, qsizetype size) const = 0;
    /// These bytes are not needed any more: gives their place on the disk back where the file system can.
    virtual void release(qint64 at, qint64 size) = 0;
};

/// A file that only its owner may read and that has no name: it is gone with the process, however that ends.
/// `directory` is made where it is missing.
[[nodiscard]] Result<std::unique_ptr<SpillFile>> openSpillFile(const QString& directory);

/// Below the person's cache: /tmp is memory on many machines.
[[nodiscard]] QString spillDirectory();

} // namespace wk::logs
