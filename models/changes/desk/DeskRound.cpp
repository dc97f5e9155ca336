// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/desk/DeskRound.h"

#include "changes/desk/DeskReader.h"
#include "changes/desk/RequestReader.h"

namespace wk::changes {

using namespace Qt::StringLiterals;

namespace {

/// What is open or owes something first, so that it is there however long the past is.
constexpr char liveCondition[] =
    "WHERE l.state NOT IN ('closed', 'cancelled') OR l.review_open OR l.ended_at > statement_timestamp() - interval "
    "'30 "
    "days' ORDER BY l.state IN ('closed', 'cancelled') AND NOT l.review_open, l.number DESC LIMIT 2000";
constexpr size_t manyNumbers = 200;

Result<RoleBook> readBook(const store::Rows& rows)
{
    RoleBook book;
    for (int row = 0; row < rows.size(); ++row)
        book.people[rows.text(row, 0)] << Person::Role{rows.text(row, 1), rows.text(row, 2)};
    return book;
}

store::Value numberList(const std::set<qint64>& numbers)
{
    QStringList texts;
    for (const qint64 number : numbers)
        texts << QString::number(number);
    return store::Value::texts(texts);
}

} // namespace

void DeskParts::add(const DeskParts& other)
{
    parts |= other.parts;
    numbers.insert(other.numbers.begin(), other.numbers.end());
    if (numbers.size() > manyNumbers)
        parts |= List;
}

DeskParts DeskParts::of(const QJsonObject& notice)
{
    const QString what = notice.value("what"_L1).toString();
    const qint64 number = notice.value("number"_L1).toInteger();
    if (what == "step"_L1)
        return {}; // the list does not show steps
    if (what == "request"_L1 || what == "execution"_L1)
        return {Me, {number}};
    if (what == "review"_L1)
        return {Me | Reviews, {number}};
    if (what == "window"_L1)
        return {Me | Windows, {}};
    if (what == "notice"_L1)
        return {Me | Notices, {}};
    if (what == "policy"_L1)
        return {All, {}};
    return {}; // whoever may connect may notify: a word that the store does not use asks for nothing
}

template <typename T>
void DeskRound::onRead(Result<T> value, const std::function<void(T)>& keep)
{
    if (!value)
        return end(fail(value.error()));
    keep(std::move(*value));
    if (--m_open == 0)
        end(std::move(m_found));
}

template <typename T>
void DeskRound::read(const QByteArray& sql, const store::Parameters& parameters,
                     Result<T> (*reader)(const store::Rows&), std::function<void(T)> keep)
{
    ++m_open;
    await(m_store.query(sql, parameters), [this, reader, keep = std::move(keep)](const Result<store::Rows>& rows) {
        onRead<T>(rows ? reader(*rows) : Result<T>(fail(rows.error())), keep);
    });
}

void DeskRound::readMe()
{
    ++m_open;
    await(m_store.call(u"whoami"_s, {}, store::Statement::Read), [this](const Result<QJsonValue>& answer) {
        onRead<Person>(answer ? readPerson(*answer) : Result<Person>(fail(answer.error())),
                       [this](Person me) { m_found.me = std::move(me); });
    });
}

void DeskRound::start()
{
    const auto wanted = [this](DeskParts::Part part) { return (m_parts.parts & part) != 0; };
    if (wanted(DeskParts::List))
        read<QList<RequestSummary>>(requestListSql() + liveCondition, {}, readRequests,
                                    [this](auto list) { m_found.list = std::move(list); });
    else if (!m_parts.numbers.empty())
        read<QList<RequestSummary>>(requestListSql() + "WHERE l.number = ANY ($1::text[]::bigint[])",
                                    {numberList(m_parts.numbers)}, readRequests,
                                    [this](auto list) { m_found.some = std::move(list); });
    if (wanted(DeskParts::Windows))
        read<QList<TimeWindow>>(windowSql(), {}, readWindows, [this](auto list) { m_found.windows = std::move(list); });
    if (wanted(DeskParts::Policies)) {
        read<QList<Policy>>(policySql(), {}, readPolicies, [this](auto list) { m_found.policies = std::move(list); });
        read<RoleBook>("SELECT person, role, platform FROM watchkeeper.person_role", {}, readBook,
                       [this](auto book) { m_found.book = std::move(book); });
    }
    if (wanted(DeskParts::Templates))
        read<QList<StoredTemplate>>(templateSql(), {}, readTemplates,
                                    [this](auto list) { m_found.templates = std::move(list); });
    if (wanted(DeskParts::Reviews))
        read<QList<Review>>(reviewSql(), {}, readReviews, [this](auto list) { m_found.reviews = std::move(list); });
    if (wanted(DeskParts::Notices))
        read<QList<Notice>>(noticeSql(), {}, readNotices, [this](auto list) { m_found.notices = std::move(list); });
    if (wanted(DeskParts::Me))
        readMe();
}

} // namespace wk::changes
