// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "AlertmanagerBench.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

namespace wk::test {

inline QStringList stringsOf(const QJsonValue& array)
{
    QStringList out;
    for (const QJsonValue& one : array.toArray())
        out << one.toString();
    return out;
}

/// An alert as a line: fingerprint, state, labels, then who silences or inhibits it and who is told.
inline QString alertRow(const QString& id, const QString& state, const QString& text, const QStringList& more)
{
    return id + u' ' + state + u' ' + text + u' ' + more.join(u',');
}

inline QStringList alertRows(const Alerts& alerts)
{
    QStringList out;
    for (const monitoring::ManagedAlert& one : alerts)
        out << alertRow(one.fingerprint, monitoring::managedStateName(one.state), monitoring::labelsText(one.labels),
                        one.silencedBy + one.inhibitedBy + one.receivers);
    out.sort();
    return out;
}

/// What `amtool alert query -o json` printed, as the same lines.
inline QStringList alertRows(const QJsonArray& printed)
{
    QStringList out;
    for (const QJsonValue& one : printed) {
        const QJsonObject status = one[QStringLiteral("status")].toObject();
        monitoring::Labels labels;
        const QJsonObject named = one[QStringLiteral("labels")].toObject();
        for (auto it = named.begin(); it != named.end(); ++it)
            labels.emplace_back(it.key(), it.value().toString());
        QStringList receivers;
        for (const QJsonValue& receiver : one[QStringLiteral("receivers")].toArray())
            receivers << receiver[QStringLiteral("name")].toString();
        out << alertRow(one[QStringLiteral("fingerprint")].toString(), status[QStringLiteral("state")].toString(),
                        monitoring::labelsText(labels),
                        stringsOf(status[QStringLiteral("silencedBy")]) +
                            stringsOf(status[QStringLiteral("inhibitedBy")]) + receivers);
    }
    out.sort();
    return out;
}

} // namespace wk::test
