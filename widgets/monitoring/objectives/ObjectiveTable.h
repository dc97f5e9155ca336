// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/objectives/ObjectiveFeed.h"
#include "table/TableSource.h"

namespace wk::widgets {

/// The objectives of a feed, or its targets, as rows. Row ids are their names.
class ObjectiveTable final : public table::TableSource
{
    Q_OBJECT
public:
    enum class Of { Objectives, Targets };

    /// `feed` outlives it.
    ObjectiveTable(monitoring::ObjectiveFeed& feed, Of of, QObject* parent = nullptr);

    [[nodiscard]] table::Columns columns() const override;
    [[nodiscard]] std::vector<table::RowPtr> rows() const override;
    [[nodiscard]] table::Freshness freshness() const override;

private:
    monitoring::ObjectiveFeed& m_feed;
    const Of m_of;
};

} // namespace wk::widgets
