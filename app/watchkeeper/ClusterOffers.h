// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ChangeWork.h"
#include "widgets/cluster/ObjectActions.h"

#include <QtCore/QObject>

namespace wk::app {

/// Offers on an object of a platform's cluster what can be planned, and asks the cluster whether it may be done.
class ClusterOffers final : public QObject, public widgets::ObjectActions
{
    Q_OBJECT
public:
    /// `work` outlives it.
    explicit ClusterOffers(ChangeWork& work, QObject* parent = nullptr) : QObject(parent), m_work(work) {}

    /// Where the objects are; a plain context, without a platform, offers nothing.
    void setPlace(const std::optional<Place>& place) { m_place = place; }

    [[nodiscard]] QList<Action> actionsFor(const Object& object) const override;
    [[nodiscard]] QFuture<QString> whyNot(const QString& id, const Object& object) override;
    void trigger(const QString& id, const Object& object) override;

signals:
    /// The person wants that action: ask for what it needs.
    void wanted(const QString& platform, const QString& action, const wk::changes::Target& target);

private:
    [[nodiscard]] std::optional<changes::Target> targetOf(const Object& object) const;

    ChangeWork& m_work;
    std::optional<Place> m_place;
};

} // namespace wk::app
