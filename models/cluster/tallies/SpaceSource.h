// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "table/TableSource.h"

#include <memory>
#include <unordered_map>

namespace wk::cluster {

/// One namespace's part of a table that holds all namespaces: choosing a namespace costs no request.
class SpaceSource final : public table::TableSource
{
    Q_OBJECT
public:
    SpaceSource(std::shared_ptr<table::TableSource> all, QString space);

    [[nodiscard]] table::Columns columns() const override { return m_all->columns(); }
    [[nodiscard]] std::vector<table::RowPtr> rows() const override;
    [[nodiscard]] table::Freshness freshness() const override { return m_all->freshness(); }

private:
    void follow(const table::Batch& batch);

    std::shared_ptr<table::TableSource> m_all;
    QString m_space;
    std::unordered_map<QString, table::RowPtr> m_rows;
};

} // namespace wk::cluster
