// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/unapproved/ObjectChange.h"
#include "core/Clock.h"
#include "store/Store.h"

#include <QtCore/QQueue>

namespace wk::changes {

/// Files what was found into the store, where every cockpit sees it; the store keeps one record for all that saw it.
/// Filing the same again changes nothing, so what got lost with a connection is filed once more when there is one.
class UnapprovedFiler : public QObject
{
    Q_OBJECT
public:
    /// More than this many wait for no store; then the oldest are given up, and said so.
    static constexpr qsizetype maxWaiting = 500;

    /// `store` and `clock` outlive it.
    UnapprovedFiler(store::Store& store, Clock& clock, QString platform, QObject* parent = nullptr);

    void file(const ObjectChange& change);
    [[nodiscard]] qsizetype waiting() const { return m_waiting.size(); }

signals:
    /// `id`: of the record; `first`: nobody had filed it before.
    void filed(const wk::changes::ObjectChange& change, qint64 id, bool first);
    /// It cannot be filed: no role on the platform, too many in a day, too many waiting.
    void refused(const wk::changes::ObjectChange& change, const wk::Error& error);

private:
    void next();
    void onAnswer(const Result<QJsonValue>& answer);

    store::Store& m_store;
    Clock& m_clock;
    std::shared_ptr<void> m_again;
    QString m_platform;
    QQueue<ObjectChange> m_waiting;
    bool m_underWay = false;
};

} // namespace wk::changes
