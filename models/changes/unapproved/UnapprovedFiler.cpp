// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/unapproved/UnapprovedFiler.h"

#include "core/Future.h"

#include <QtCore/QJsonDocument>

namespace wk::changes {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 againMs = 1'000;

} // namespace

UnapprovedFiler::UnapprovedFiler(store::Store& store, Clock& clock, QString platform, QObject* parent)
    : QObject(parent), m_store(store), m_clock(clock), m_platform(std::move(platform))
{
    connect(&m_store, &store::Store::resynchronise, this, &UnapprovedFiler::next);
}

void UnapprovedFiler::file(const ObjectChange& change)
{
    m_waiting.enqueue(change);
    // The first may be under way.
    if (m_waiting.size() > maxWaiting)
        emit refused(
            m_waiting.takeAt(1),
            {Error::Kind::Network, tr("There was no store for so long that a change could not be filed."), {}, {}});
    next();
}

void UnapprovedFiler::next()
{
    if (m_underWay || m_waiting.isEmpty())
        return;
    m_underWay = true;
    const QJsonObject record = m_waiting.head().record(m_platform);
    const auto answer =
        m_store.call(u"record_unapproved_change"_s, {QJsonDocument(record).toJson(QJsonDocument::Compact)});
    whenDone(answer, this, [this](const Result<QJsonValue>& value) { onAnswer(value); });
}

void UnapprovedFiler::onAnswer(const Result<QJsonValue>& answer)
{
    m_underWay = false;
    if (!answer && (answer.error().kind == Error::Kind::Network || answer.error().kind == Error::Kind::Cancelled)) {
        // Filed again with the next connection, which may be there already.
        if (m_store.state() == store::Store::State::Ready)
            m_again = m_clock.after(this, againMs, [this] { next(); });
        return;
    }
    const ObjectChange change = m_waiting.dequeue();
    if (answer)
        emit filed(change, answer->toObject().value("id"_L1).toInteger(), answer->toObject().value("new"_L1).toBool());
    else
        emit refused(change, answer.error());
    next();
}

} // namespace wk::changes
