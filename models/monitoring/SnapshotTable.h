// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "table/TableSource.h"

#include <map>

namespace wk::monitoring {

/// A table whose rows are all worked out anew whenever something has changed; followers hear of what differs.
class SnapshotTable : public table::TableSource
{
    Q_OBJECT
public:
    using TableSource::TableSource;

    [[nodiscard]] std::vector<table::RowPtr> rows() const override;

protected:
    /// The rows there are now. `news`: what differs is a change in the world, and not the first answer or another
    /// place. Where ids repeat, the last row counts.
    void replace(std::vector<table::RowPtr> rows, bool news = true);

private:
    std::map<QString, table::RowPtr> m_rows;
};

/// What a table is sorted by where the worst comes first: 0 is well, 4 is bad.
[[nodiscard]] qint64 rankOf(table::Health health);

} // namespace wk::monitoring
