// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/api/RequestBody.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>

#include <yaml-cpp/yaml.h>

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

constexpr int maxDepth = 64;

QJsonValue scalar(const YAML::Node& node)
{
    const QString text = QString::fromStdString(node.Scalar());
    if (node.Tag() == "!") // quoted
        return text;
    if (text.isEmpty() || text == u"null" || text == u"~")
        return QJsonValue::Null;
    if (text == u"true" || text == u"false")
        return text == u"true";
    bool ok = false;
    if (const qint64 n = text.toLongLong(&ok); ok)
        return n;
    if (const double d = text.toDouble(&ok); ok)
        return d;
    return text;
}

Result<QJsonValue> converted(const YAML::Node& node, int depth)
{
    if (depth > maxDepth)
        return fail(Error::Kind::BadInput, u"the document is nested too deeply"_s);
    if (node.IsSequence()) {
        QJsonArray list;
        for (const YAML::Node& item : node) {
            auto v = converted(item, depth + 1);
            if (!v)
                return v;
            list.append(*v);
        }
        return list;
    }
    if (node.IsMap()) {
        QJsonObject object;
        for (const auto& entry : node) {
            auto v = converted(entry.second, depth + 1);
            if (!v)
                return v;
            object[QString::fromStdString(entry.first.Scalar())] = *v;
        }
        return object;
    }
    return node.IsScalar() ? scalar(node) : QJsonValue(QJsonValue::Null);
}

} // namespace

Result<QJsonValue> jsonFromYaml(const QByteArray& text)
{
    QJsonParseError error;
    if (const QJsonDocument doc = QJsonDocument::fromJson(text, &error); error.error == QJsonParseError::NoError)
        return doc.isArray() ? QJsonValue(doc.array()) : QJsonValue(doc.object());
    try {
        return converted(YAML::Load(text.toStdString()), 0);
    } catch (const YAML::Exception& e) {
        return fail(Error::Kind::BadInput,
                    u"error converting YAML to JSON: yaml: %1"_s.arg(QString::fromUtf8(e.what())));
    }
}

Result<QJsonObject> objectInBody(const QByteArray& contentType, const QByteArray& body)
{
    const QByteArray type = contentType.split(';').first().trimmed().toLower();
    if (type == "application/vnd.kubernetes.protobuf")
        return objectFromProtobuf(body);
    if (type == "application/yaml") {
        const auto value = jsonFromYaml(body);
        if (!value)
            return fail(value.error());
        return value->toObject();
    }
    if (!type.isEmpty() && type != "application/json")
        return fail(Error::Kind::Unsupported,
                    u"the body of the request was in an unknown format - accepted media types include: "
                    "application/json, application/yaml, application/vnd.kubernetes.protobuf"_s);
    QJsonParseError error;
    const QJsonDocument doc = QJsonDocument::fromJson(body, &error);
    if (!doc.isObject())
        return fail(Error::Kind::BadInput, u"couldn't get version/kind; json parse error: "_s + error.errorString());
    return doc.object();
}

} // namespace wk::fleet
