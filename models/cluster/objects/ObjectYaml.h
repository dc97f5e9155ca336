// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"

#include <QtCore/QByteArray>
#include <QtCore/QJsonValue>
#include <QtCore/QString>

namespace wk::cluster {

/// What is left out of, or hidden in, the text of an object.
struct YamlOptions
{
    bool hideManagedFields = true; ///< leave metadata.managedFields out, as kubectl does since 1.21
    bool hideSecretValues =
        true; ///< print "(12 bytes hidden)" in place of a Secret's data, stringData and last-applied text
};

/// An object's JSON as `kubectl get -o yaml` prints it: keys in kubectl's order, lists not indented below their key,
/// strings quoted only where YAML would read them as something else, lines of text as literal blocks. Long plain texts
/// are not folded (kubectl breaks them after 80 columns), so that they can be searched; the meaning is the same. Fails
/// with Protocol where `json` is no JSON object. Source of the quoting rules: gopkg.in/yaml.v2, resolve and emitterc.
[[nodiscard]] Result<QString> yamlFromJson(const QByteArray& json, const YamlOptions& options = {});

/// The same for a value that has been read already.
[[nodiscard]] QString yamlFromValue(const QJsonValue& value);

/// The object with the values of a Secret replaced by their sizes. Anything that is no Secret is returned as it is.
[[nodiscard]] QJsonObject withoutSecretValues(QJsonObject object);

/// yaml.v2's order of map keys: letters after other characters, runs of digits as numbers.
[[nodiscard]] bool yamlKeyLess(QStringView a, QStringView b);

/// One scalar as it would stand after "key: "; multi-line text is double-quoted here.
[[nodiscard]] QString yamlScalar(const QString& text);

} // namespace wk::cluster
