// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/checks/CheckWorld.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QEvent>
#include <QtCore/QJsonDocument>
#include <QtCore/QPromise>

#include <deque>
#include <map>

namespace wk::test {

inline changes::Answer answer(const QByteArray& body, int status = 200) { return {status, body, -1}; }

/// Futures that a test fulfils when it likes: each request is written down, and answered from a list, or later.
template <typename T>
class Script
{
public:
    /// The next request gets this.
    void then(Result<T> result) { m_results.push_back(std::move(result)); }
    /// Every request that has no answer of its own.
    void always(Result<T> result) { m_always = std::move(result); }
    [[nodiscard]] QFuture<Result<T>> next()
    {
        auto promise = std::make_shared<QPromise<Result<T>>>();
        promise->start();
        const auto future = promise->future();
        std::optional<Result<T>> result = m_always;
        if (!m_results.empty()) {
            result = std::move(m_results.front());
            m_results.pop_front();
        }
        if (result) {
            promise->addResult(*result);
            promise->finish();
        } else {
            open.push_back(promise);
        }
        return future;
    }

    /// Those that a test answers by itself, or never.
    std::vector<std::shared_ptr<QPromise<Result<T>>>> open;

private:
    std::deque<Result<T>> m_results;
    std::optional<Result<T>> m_always;
};

/// A cluster of a few objects, or of scripted answers; writes down what is asked of it.
class ScriptedCluster final : public changes::ClusterAccess
{
public:
    using Answers = Script<changes::Answer>;

    std::map<QByteArray, QJsonObject> objects; ///< by path; what is not here is answered with 404
    std::map<QByteArray, Answers> reads;       ///< by path, before `objects`
    Answers sends, dryRuns, reviews;
    QByteArrayList log; ///< "GET /api/v1/pods?limit=500", "PATCH /apis/…", "PATCH? /apis/…" for a dry run
    std::vector<changes::Call> sent;

    QFuture<Result<changes::Answer>> read(const changes::Read& read) override
    {
        log << "GET " + read.path + (read.query.isEmpty() ? QByteArray() : '?' + read.query);
        if (const auto it = reads.find(read.path); it != reads.end())
            return it->second.next();
        const auto it = objects.find(read.path);
        return QtFuture::makeReadyFuture(Result<changes::Answer>(
            it == objects.end() ? answer(R"({"kind":"Status","message":"not found"})", 404)
                                : answer(QJsonDocument(it->second).toJson(QJsonDocument::Compact))));
    }
    QFuture<Result<changes::Answer>> review(const QByteArray& body) override
    {
        log << "REVIEW " + body;
        return reviews.next();
    }
    QFuture<Result<changes::Answer>> send(const changes::Call& call, bool dryRun) override
    {
        log << call.verb() + (dryRun ? "? " : " ") + call.path;
        if (!dryRun)
            sent.push_back(call);
        return dryRun ? dryRuns.next() : sends.next();
    }
    Error error(const changes::Answer& answer, const QString& what) const override
    {
        using Kind = Error::Kind;
        const Kind kind = answer.status == 404   ? Kind::NotFound
                          : answer.status == 403 ? Kind::Forbidden
                          : answer.status == 409 ? Kind::Conflict
                          : answer.status == 429 ? Kind::Throttled
                                                 : Kind::Server;
        return {kind, QStringLiteral("%1: status %2").arg(what).arg(answer.status), {}, {}, answer.status};
    }
    QString user() const override { return QStringLiteral("operator"); }
};

/// Runs what is queued until nothing is.
inline void settle()
{
    for (int i = 0; i < 20; ++i) {
        QCoreApplication::sendPostedEvents();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete); // no event loop runs that would
        QCoreApplication::processEvents();
    }
}

} // namespace wk::test
