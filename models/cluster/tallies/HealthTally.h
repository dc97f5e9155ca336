// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "table/TableSource.h"

#include <QtCore/QHash>
#include <QtCore/QObject>

#include <memory>

namespace wk::cluster {

/// How many rows a table has and how many of them are in trouble, kept up to date from its batches: the cost of a batch
/// is its own size, whatever the table's.
class HealthTally : public QObject
{
    Q_OBJECT
public:
    explicit HealthTally(std::shared_ptr<table::TableSource> source, QObject* parent = nullptr);

    [[nodiscard]] qsizetype count() const { return m_health.size(); }
    [[nodiscard]] int bad() const { return m_bad; }
    [[nodiscard]] int warning() const { return m_warning; }
    [[nodiscard]] table::Freshness freshness() const { return m_source->freshness(); }
    [[nodiscard]] const std::shared_ptr<table::TableSource>& source() const { return m_source; }

signals:
    /// A count or the freshness is different now.
    void changed();

private:
    void apply(const table::Batch& batch);
    void add(table::Health health, int n);

    std::shared_ptr<table::TableSource> m_source;
    QHash<QString, table::Health> m_health;
    int m_bad = 0;
    int m_warning = 0;
};

} // namespace wk::cluster
