// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/PaletteModel.h"

namespace wk::widgets {

using namespace Qt::StringLiterals;

void PaletteModel::setProviders(const QList<PaletteProvider*>& providers)
{
    for (const auto& provider : std::as_const(m_providers))
        if (provider)
            provider->disconnect(this);
    beginResetModel();
    m_hits.clear();
    m_providers = {providers.begin(), providers.end()};
    endResetModel();
    for (PaletteProvider* provider : providers)
        connect(provider, &PaletteProvider::changed, this, [this] {
            if (!m_hits.isEmpty())
                emit dataChanged(index(0), index(rowCount() - 1));
        });
}

void PaletteModel::setHits(const QString& query, const QList<search::Hit>& hits)
{
    beginResetModel();
    m_matcher = search::FuzzyMatcher(query);
    m_hits = hits;
    endResetModel();
}

void PaletteModel::trigger(int row) const
{
    const search::Hit hit = m_hits.at(row);
    if (PaletteProvider* provider = providerOf(hit))
        provider->trigger(hit.index);
}

int PaletteModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : int(m_hits.size()); }

QVariant PaletteModel::data(const QModelIndex& index, int role) const
{
    const search::Hit hit = m_hits.value(index.row());
    const PaletteProvider* provider = providerOf(hit);
    if (!provider)
        return {};
    if (role == SectionRole)
        return provider->section();
    const PaletteEntry entry = provider->entry(hit.index);
    switch (role) {
    case Qt::DisplayRole: return entry.title;
    case DetailRole: return entry.detail;
    case ShortcutRole: return entry.shortcut;
    case WhyNotRole:
    case Qt::ToolTipRole: return entry.whyNot;
    case MatchRole: {
        QList<int> positions;
        (void)m_matcher.match(entry.title, positions);
        return QVariant::fromValue(positions);
    }
    case Qt::AccessibleTextRole: {
        QStringList parts{provider->section(), entry.title, entry.detail, entry.shortcut, entry.whyNot};
        parts.removeAll(QString());
        return parts.join(u", "_s);
    }
    default: return {};
    }
}

} // namespace wk::widgets
