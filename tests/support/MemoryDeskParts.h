// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/desk/Request.h"

#include <QtCore/QFuture>
#include <QtCore/QPromise>

namespace wk::test {

/// A future that has its answer; whoever waits for it hears from the event loop.
template <typename T>
QFuture<Result<T>> ready(Result<T> value)
{
    QPromise<Result<T>> promise;
    promise.start();
    promise.addResult(std::move(value));
    promise.finish();
    return promise.future();
}

inline Error refusal(Error::Kind kind, const QString& sentence, const QString& remedy = {})
{
    return {kind, sentence, {}, remedy};
}

inline Error wrongState(const changes::RequestSummary& s)
{
    return refusal(Error::Kind::Conflict,
                   QStringLiteral("Request %1 is %2.").arg(s.number).arg(changes::requestStateWords(s.state)));
}

inline bool isIn(changes::RequestState state, std::initializer_list<changes::RequestState> states)
{
    return std::ranges::find(states, state) != states.end();
}

} // namespace wk::test
