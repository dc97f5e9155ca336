// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/common/PaletteProvider.h"

#include <QtCore/QAbstractListModel>
#include <QtCore/QPointer>

namespace wk::widgets {

/// What a palette has found, best first.
class PaletteModel : public QAbstractListModel
{
    Q_OBJECT
public:
    enum Role {
        DetailRole = Qt::UserRole + 1,
        SectionRole,
        ShortcutRole,
        WhyNotRole,
        MatchRole ///< QList<int>: the letters of the title that match
    };

    using QAbstractListModel::QAbstractListModel;

    void setProviders(const QList<PaletteProvider*>& providers);
    void setHits(const QString& query, const QList<search::Hit>& hits);
    void trigger(int row) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

private:
    [[nodiscard]] PaletteProvider* providerOf(const search::Hit& hit) const { return m_providers.value(hit.list); }

    QList<QPointer<PaletteProvider>> m_providers;
    QList<search::Hit> m_hits;
    search::FuzzyMatcher m_matcher{QString()};
};

} // namespace wk::widgets
