// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/desk/StoreWrite.h"

#include <QtCore/QCoreApplication>

namespace wk::changes {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::StoreWrite)
};

/// Of what a function returns: the request as an object, a bare number, or nothing.
qint64 numberOf(const QJsonValue& answer)
{
    return answer.isObject() ? answer.toObject().value(QLatin1String("number")).toInteger() : answer.toInteger();
}

} // namespace

void WriteJob::start()
{
    await(m_store.call(m_write.function, m_write.arguments), [this](const Result<QJsonValue>& answer) {
        if (answer)
            end(numberOf(*answer));
        else if (store::isOutcomeUnknown(answer.error()))
            lookUp();
        else
            end(fail(answer.error()));
    });
}

void WriteJob::lookUp()
{
    await(m_store.query(m_write.onRecord, m_write.onRecordArguments),
          [this](const Result<store::Rows>& rows) { onLookedUp(rows); });
}

void WriteJob::onLookedUp(const Result<store::Rows>& rows)
{
    if (!rows && rows.error().kind == Error::Kind::Network)
        return lookUp(); // each try waits for the connection by itself
    if (!rows)
        return end(fail(rows.error()));
    if (!rows->isEmpty() && !rows->isNull(0, 0))
        return end(rows->number(0, 0));
    end(fail(Error::Kind::Network,
             Texts::tr("The connection to the store broke, and what was asked of it is not on record."), {},
             Texts::tr("Look at what is there now, then do it again.")));
}

} // namespace wk::changes
