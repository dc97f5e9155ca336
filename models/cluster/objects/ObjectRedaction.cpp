// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/objects/ObjectRedaction.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

namespace wk::cluster {

using namespace Qt::StringLiterals;

Result<QByteArray> redactObject(const QByteArray& json, const Redaction& redaction)
{
    QJsonParseError parseError;
    const QJsonDocument document = QJsonDocument::fromJson(json, &parseError);
    if (!document.isObject()) {
        return fail(Error::Kind::Protocol,
                    QCoreApplication::translate("wk::cluster", "The server's object cannot be read."),
                    parseError.errorString());
    }
    QJsonObject object = document.object();
    QJsonObject metadata = object.value("metadata"_L1).toObject();
    if (redaction.hideManagedFields)
        metadata.remove("managedFields"_L1);
    if (redaction.hideSecretData) {
        QJsonObject annotations = metadata.value("annotations"_L1).toObject();
        annotations.remove("kubectl.kubernetes.io/last-applied-configuration"_L1);
        if (annotations.isEmpty())
            metadata.remove("annotations"_L1);
        else
            metadata.insert("annotations"_L1, annotations);
        for (const auto field : {"data"_L1, "stringData"_L1}) {
            if (!object.contains(field))
                continue;
            QJsonObject sizes = object.value(field).toObject();
            for (auto it = sizes.begin(); it != sizes.end(); ++it) {
                const QByteArray text = it.value().toString().toUtf8();
                const qsizetype bytes = field == "data"_L1 ? QByteArray::fromBase64(text).size() : text.size();
                it.value() = u"%1 bytes"_s.arg(bytes);
            }
            object.insert(field, sizes);
        }
    }
    object.insert("metadata"_L1, metadata);
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

} // namespace wk::cluster
