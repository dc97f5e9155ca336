// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/actions/ClusterActions.h"
#include "changes/desk/DeskReader.h"
#include "changes/desk/RequestReader.h"

#include <QtCore/QJsonDocument>

#include <cstdint>

using namespace wk;
using namespace wk::changes;

namespace {

template <typename T>
void expectReason(const Result<T>& result)
{
    if (!result && (result.error().sentence.isEmpty() || result.error().kind != Error::Kind::Protocol))
        __builtin_trap();
}

} // namespace

/// What a store answers, of which nothing has to be true: values as they have to be, or an error that names what is
/// not.
int fuzzAnswers(const uint8_t* data, size_t size)
{
    const auto text = QByteArray::fromRawData(reinterpret_cast<const char*>(data), qsizetype(size));
    const QJsonObject json = QJsonDocument::fromJson(text).object();
    const auto person = readPerson(json);
    expectReason(person);
    if (person && (person->name.isNull() || person->head.seq < 0 || person->head.hash.size() != 64))
        __builtin_trap();
    const auto claim = readClaim(json);
    expectReason(claim);
    if (claim)
        for (const StepRecord& record : claim->steps)
            if (record.step == 0 || record.attempt < 1 || !record.startedAt ||
                Before::fromJson(record.before).calls.size() < 0)
                __builtin_trap();
    expectReason(readVerdict(json));
    const auto fields = RequestFields::fromJson(json);
    expectReason(fields);
    if (fields) {
        // Written again it reads the same.
        const auto again = RequestFields::fromJson(fields->toJson());
        if (!again || *again != *fields)
            __builtin_trap();
    }
    return 0;
}
