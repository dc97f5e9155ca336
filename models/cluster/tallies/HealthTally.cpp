// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/tallies/HealthTally.h"

namespace wk::cluster {

HealthTally::HealthTally(std::shared_ptr<table::TableSource> source, QObject* parent)
    : QObject(parent), m_source(std::move(source))
{
    connect(m_source.get(), &table::TableSource::changed, this, [this](const table::Batch& batch) {
        const auto before = std::tuple(count(), m_bad, m_warning);
        apply(batch);
        if (before != std::tuple(count(), m_bad, m_warning))
            emit changed();
    });
    connect(m_source.get(), &table::TableSource::freshnessChanged, this, &HealthTally::changed);
    apply({.reset = true, .upserts = m_source->rows(), .removed = {}});
}

void HealthTally::add(table::Health health, int n)
{
    if (health == table::Health::Bad)
        m_bad += n;
    else if (health == table::Health::Warning)
        m_warning += n;
}

void HealthTally::apply(const table::Batch& batch)
{
    if (batch.reset) {
        m_health.clear();
        m_bad = m_warning = 0;
    }
    for (const QString& id : batch.removed) {
        const auto it = m_health.constFind(id);
        if (it != m_health.constEnd()) {
            add(*it, -1);
            m_health.erase(it);
        }
    }
    for (const table::RowPtr& row : batch.upserts) {
        const auto it = m_health.find(row->id);
        if (it == m_health.end()) {
            m_health.insert(row->id, row->health);
        } else if (*it != row->health) {
            add(*it, -1);
            *it = row->health;
        } else {
            continue;
        }
        add(row->health, 1);
    }
}

} // namespace wk::cluster
