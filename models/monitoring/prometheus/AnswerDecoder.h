// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"
#include "monitoring/prometheus/Answer.h"

#include <QtCore/QByteArray>

#include <memory>

namespace wk::monitoring {

/// Decodes the body of /api/v1/query and /api/v1/query_range while it arrives, straight into columns. Source of the
/// format: https://prometheus.io/docs/prometheus/latest/querying/api/#expression-query-result-formats. Never keeps more
/// than one series' bytes; what a body may come to as a whole is the caller's business.
///
/// Garbage is an Error of kind Protocol; so are a body that breaks off, columns that do not belong to each other and
/// times that do not ascend. Not thread-safe; any thread.
class AnswerDecoder
{
    Q_DISABLE_COPY_MOVE(AnswerDecoder)
public:
    AnswerDecoder();
    ~AnswerDecoder();

    [[nodiscard]] Result<void> feed(QByteArrayView bytes);
    /// To be called at the end of the body. A body of {"status":"error"} gives its error (see serverError()).
    [[nodiscard]] Result<AnswerPtr> finish();

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace wk::monitoring
