// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/unapproved/UnapprovedDesk.h"
#include "core/Clock.h"

namespace wk::test {

/// An UnapprovedDesk without a store, for tests and pictures: shows what it is given. Answers come from the event loop.
class MemoryUnapproved final : public changes::UnapprovedDesk
{
public:
    [[nodiscard]] const changes::DeskStatus& status() const override { return m_status; }
    [[nodiscard]] const QList<changes::UnapprovedItem>& items() const override { return m_items; }
    [[nodiscard]] const QStringList& watched() const override { return m_watched; }
    [[nodiscard]] QFuture<Result<void>> dismiss(qint64 id, const QString& reason) override;
    void refresh() override { ++refreshes; }

    void setStatus(const changes::DeskStatus& status);
    void setItems(const QList<changes::UnapprovedItem>& items);
    void setWatched(const QStringList& sentences);

    QStringList reasons;          ///< "7: because"
    std::optional<Error> refusal; ///< of the next dismissal
    int refreshes = 0;

private:
    changes::DeskStatus m_status;
    QList<changes::UnapprovedItem> m_items;
    QStringList m_watched;
};

namespace stories {

/// What an operator finds at night: an image that somebody set while this program looked on, a scale that only another
/// cockpit saw, a config map that a request accounts for, and what an autoscaler did.
void unapprovedNight(MemoryUnapproved& desk, Clock& clock);
/// As many as asked for, of as many config maps.
[[nodiscard]] QList<changes::UnapprovedItem> manyUnapproved(int count, Clock& clock);

} // namespace stories

} // namespace wk::test
