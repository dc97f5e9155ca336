// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/unapproved/UnapprovedChanges.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QPromise>

namespace wk::test {

using namespace Qt::StringLiterals;
using namespace changes;

/// A cluster of objects that are written by hand. Reads are answered when the test says so.
class ScriptedWatch final : public ObjectWatch
{
public:
    struct Asked
    {
        QByteArray path, query;
        std::shared_ptr<QPromise<Result<QByteArray>>> promise;
    };

    bool isReady() const override { return known; }
    std::optional<cluster::ResourceKind> kind(const QString& id) const override
    {
        cluster::ResourceKind out;
        out.resource = id.section(u'.', 0, 0);
        out.group = id.contains(u'.') ? id.section(u'.', 1) : QString();
        out.version = u"v1"_s;
        return id == absent ? std::nullopt : std::optional(out);
    }
    void follow(const cluster::ResourceKind& kind, const QString& space) override
    {
        followed << kind.id() + u' ' + space;
    }
    QFuture<Result<QByteArray>> get(const QByteArray& path, const QByteArray& query) override
    {
        asked.push_back({path, query, std::make_shared<QPromise<Result<QByteArray>>>()});
        asked.back().promise->start();
        return asked.back().promise->future();
    }

    /// Answers the first question for that path; false where none was asked.
    bool answer(const QByteArray& path, const Result<QByteArray>& body)
    {
        const auto it = std::ranges::find(asked, path, &Asked::path);
        if (it == asked.end())
            return false;
        const auto promise = it->promise;
        asked.erase(it);
        promise->addResult(body);
        promise->finish();
        QCoreApplication::processEvents();
        return true;
    }
    int count(const QByteArray& path) const { return int(std::ranges::count(asked, path, &Asked::path)); }

    bool known = true;
    QString absent;
    QStringList followed;
    std::vector<Asked> asked;
};

} // namespace wk::test
