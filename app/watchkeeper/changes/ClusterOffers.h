// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "watchkeeper/changes/ChangeWork.h"
#include "widgets/changes/plan/ActionSteps.h"
#include "widgets/cluster/ObjectActions.h"

#include <QtCore/QObject>

namespace wk::app {

/// Offers on objects of a platform's cluster what can be planned: every kind of action that supports them, and the
/// procedures for a workload that the platform file lists. Asks the cluster whether an action may be done; an answer
/// stands for `answerMs`.
class ClusterOffers final : public QObject, public widgets::ObjectActions
{
    Q_OBJECT
public:
    static constexpr qint64 answerMs = 30'000;

    /// All outlive it.
    ClusterOffers(widgets::ChangeMeans& work, const Clock& clock, QObject* parent = nullptr)
        : QObject(parent), m_work(work), m_clock(clock)
    {
    }

    /// Where the objects are; a plain context, without a platform, offers nothing.
    void setPlace(const std::optional<Place>& place);

    [[nodiscard]] QList<Action> actionsFor(const Objects& objects) const override;
    [[nodiscard]] QFuture<QString> whyNot(const QString& id, const Objects& objects) override;
    void trigger(const QString& id, const Objects& objects) override;

signals:
    /// The person wants that: ask for what it needs.
    void wanted(const wk::widgets::ActionAsk& ask);
    /// A request that follows a procedure; `given`: the workload.
    void procedureWanted(const QString& platform, const QString& name, const QJsonObject& given);

private:
    struct Answer
    {
        QFuture<QString> why;
        qint64 askedMs = 0;
    };
    [[nodiscard]] QList<changes::Target> targetsOf(const Objects& objects) const;
    [[nodiscard]] QList<Action> proceduresFor(const changes::Target& target) const;
    [[nodiscard]] QFuture<QString> ask(const changes::Step& step);

    widgets::ChangeMeans& m_work;
    const Clock& m_clock;
    std::optional<Place> m_place;
    QHash<QByteArray, Answer> m_answers; ///< by what is asked of the cluster
};

} // namespace wk::app
