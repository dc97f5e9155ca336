// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QJsonObject>
#include <QtCore/QList>
#include <QtCore/QString>

namespace wk::changes {

/// One thing that the form of an action asks for: where it goes in the parameters, what it may be, what stands there
/// now.
struct ActionField
{
    enum class Kind {
        Number,
        Text,    ///< with `choices` as suggestions
        Flag,    ///< left out while it is off
        Choice,  ///< one of `choices`
        Pairs,   ///< names with texts; `choices` are whole sets to begin with
        Manifest ///< an object, written as YAML
    };
    /// A value that can be chosen; undefined: leaves the parameter out.
    struct Choice
    {
        QJsonValue value = QJsonValue::Undefined;
        QString title;
        bool operator==(const Choice&) const = default;
    };

    QString name; ///< of the parameter; "requests/cpu": the member cpu of the parameter requests
    QString label;
    Kind kind = Kind::Text;
    bool optional = false;
    QString hint{}; ///< stands in the empty field
    qint64 low = 0, high = 0;
    QList<Choice> choices{};
    /// As the cluster has it: what the form begins with. Undefined where it is not known, or not there.
    QJsonValue now = QJsonValue::Undefined;
    /// Sent only where it differs from `now`; emptied, it is sent as null. Else it is always sent.
    bool onlyChanges = false;
    QString removed{};       ///< of pairs: the parameter that lists names taken away; empty: they are sent as null
    bool references = false; ///< of pairs: a value may come from a secret or a config map
    bool decides = false;    ///< other fields depend on it: the form is made anew once it changes

    bool operator==(const ActionField&) const = default;
};

} // namespace wk::changes
