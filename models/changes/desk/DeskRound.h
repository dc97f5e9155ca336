// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/desk/ChangeDesk.h"
#include "changes/runners/Jobs.h"
#include "store/Store.h"

#include <set>

namespace wk::changes {

/// What of a desk has to be read.
struct DeskParts
{
    enum Part { List = 1, Me = 2, Windows = 4, Policies = 8, Reviews = 16, Notices = 32, Templates = 64, All = 127 };

    int parts = 0;
    std::set<qint64> numbers; ///< single requests; meaningless together with List

    [[nodiscard]] bool isEmpty() const { return parts == 0 && numbers.empty(); }
    void add(const DeskParts& other);
    /// By what a notice says: {"what", "number", …}.
    [[nodiscard]] static DeskParts of(const QJsonObject& notice);
};

/// What was read: what was not asked for is not there.
struct DeskFound
{
    std::optional<QList<RequestSummary>> list; ///< of all
    QList<RequestSummary> some;                ///< of DeskParts::numbers
    std::optional<Person> me;
    std::optional<QList<TimeWindow>> windows;
    std::optional<QList<Policy>> policies;
    std::optional<QList<StoredTemplate>> templates;
    std::optional<RoleBook> book;
    std::optional<QList<Review>> reviews;
    std::optional<QList<Notice>> notices;
};

/// Reads some parts of a desk in one go; ends with the first error.
class DeskRound final : public Promising<DeskFound>
{
public:
    DeskRound(store::Store& store, DeskParts parts) : m_store(store), m_parts(std::move(parts)) {}
    void start() override;

private:
    template <typename T>
    void read(const QByteArray& sql, const store::Parameters& parameters, Result<T> (*reader)(const store::Rows&),
              std::function<void(T)> keep);
    void readMe();
    template <typename T>
    void onRead(Result<T> value, const std::function<void(T)>& keep);

    store::Store& m_store;
    const DeskParts m_parts;
    DeskFound m_found;
    int m_open = 0;
};

} // namespace wk::changes
