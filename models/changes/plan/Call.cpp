// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/plan/Call.h"

#include "changes/plan/JsonTree.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QUrl>

namespace wk::changes {

using namespace Qt::StringLiterals;

namespace {

struct FormText
{
    Call::Form form;
    QLatin1StringView name;
    const char* verb;
    const char* contentType;
};

constexpr FormText forms[] = {
    {Call::Form::Merge, "merge"_L1, "PATCH", "application/merge-patch+json"},
    {Call::Form::Apply, "apply"_L1, "PATCH", "application/apply-patch+yaml"}, // JSON is YAML
    {Call::Form::Create, "create"_L1, "POST", "application/json"},
    {Call::Form::Replace, "replace"_L1, "PUT", "application/json"},
    {Call::Form::Delete, "delete"_L1, "DELETE", "application/json"},
    {Call::Form::Evict, "evict"_L1, "POST", "application/json"},
};

const FormText& textOf(Call::Form form)
{
    return *std::ranges::find_if(forms, [form](const FormText& f) { return f.form == form; });
}

} // namespace

QByteArray Call::verb() const { return textOf(form).verb; }
QByteArray Call::contentType() const { return textOf(form).contentType; }

QByteArray Call::queryFor(bool dryRun) const
{
    QByteArrayList parts;
    if (!query.isEmpty())
        parts << query;
    if (form != Form::Delete && form != Form::Evict)
        parts << "fieldManager=watchkeeper";
    // DeleteOptions in a body make a server ignore those in the query:
    // k8s.io/apiserver/pkg/endpoints/handlers/delete.go
    if (dryRun && form != Form::Delete)
        parts << "dryRun=All";
    return parts.join('&');
}

QByteArray Call::bodyFor(bool dryRun) const
{
    QJsonObject out = body;
    if (dryRun && form == Form::Delete)
        out.insert(u"dryRun"_s, QJsonArray{u"All"_s});
    return QJsonDocument(out).toJson(QJsonDocument::Compact);
}

QString Call::goingUid() const
{
    const bool evicts = form == Form::Evict;
    return valueAt(body, evicts ? u"/deleteOptions/preconditions/uid" : u"/preconditions/uid").toString();
}

QByteArray Call::objectPath() const
{
    if (form == Form::Create)
        return path + '/' + QUrl::toPercentEncoding(valueAt(body, u"/metadata/name").toString());
    if (form == Form::Evict || path.endsWith("/scale"))
        return path.first(path.lastIndexOf('/'));
    return path;
}

QJsonObject Call::toJson() const
{
    return {{u"form"_s, QString(textOf(form).name)},
            {u"path"_s, QString::fromLatin1(path)},
            {u"query"_s, QString::fromLatin1(query)},
            {u"body"_s, body},
            {u"words"_s, words}};
}

Call Call::fromJson(const QJsonObject& json)
{
    Call out;
    const QString name = json.value("form"_L1).toString();
    for (const FormText& form : forms) {
        if (form.name == name)
            out.form = form.form;
    }
    out.path = json.value("path"_L1).toString().toLatin1();
    out.query = json.value("query"_L1).toString().toLatin1();
    out.body = json.value("body"_L1).toObject();
    out.words = json.value("words"_L1).toString();
    return out;
}

} // namespace wk::changes
