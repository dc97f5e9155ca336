// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/api/Selector.h"

#include "fleet/world/Json.h"

#include <QtCore/QRegularExpression>

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

/// Splits at commas outside parentheses.
QStringList terms(const QString& text)
{
    QStringList out;
    int depth = 0;
    qsizetype start = 0;
    for (qsizetype i = 0; i <= text.size(); ++i) {
        if (i < text.size() && text[i] == u'(')
            ++depth;
        else if (i < text.size() && text[i] == u')')
            --depth;
        if (i == text.size() || (text[i] == u',' && depth == 0)) {
            out.append(text.mid(start, i - start).trimmed());
            start = i + 1;
        }
    }
    return out;
}

bool fieldKnown(const QString& resource, const QString& field)
{
    if (field == u"metadata.name" || field == u"metadata.namespace")
        return true;
    if (resource == u"pods")
        return QStringList{u"spec.nodeName"_s,           u"spec.restartPolicy"_s, u"spec.schedulerName"_s,
                           u"spec.serviceAccountName"_s, u"status.phase"_s,       u"status.podIP"_s,
                           u"status.nominatedNodeName"_s}
            .contains(field);
    if (resource == u"events")
        return field.startsWith(u"involvedObject.") ||
               QStringList{u"reason"_s, u"type"_s, u"source"_s, u"reportingComponent"_s}.contains(field);
    if (resource == u"nodes")
        return field == u"spec.unschedulable";
    if (resource == u"namespaces")
        return field == u"status.phase";
    if (resource == u"secrets")
        return field == u"type";
    if (resource == u"replicasets.apps")
        return field == u"status.replicas";
    return resource == u"jobs.batch" && field == u"status.successful";
}

QJsonValue fieldOf(const QJsonObject& object, const QString& path)
{
    if (path == u"source")
        return at(object, u"source", u"component");
    QJsonValue v = object;
    for (const QString& key : path.split(u'.'))
        v = v.toObject().value(key);
    return v;
}

} // namespace

Result<QList<Selector::Term>> Selector::parseLabels(const QString& text)
{
    static const QRegularExpression set(u"^([^\\s!=(),]+)\\s+(in|notin)\\s*\\(([^()]*)\\)$"_s);
    static const QRegularExpression compare(u"^([^\\s!=(),]+)\\s*(==|=|!=)\\s*([A-Za-z0-9._-]*)$"_s);
    static const QRegularExpression exists(u"^(!?)\\s*([A-Za-z0-9][A-Za-z0-9._/-]*)$"_s);
    QList<Term> out;
    if (text.trimmed().isEmpty())
        return out;
    for (const QString& part : terms(text)) {
        if (const auto m = set.match(part); m.hasMatch()) {
            QStringList values;
            for (const QString& v : m.captured(3).split(u','))
                values.append(v.trimmed());
            out.append({m.captured(1), m.captured(2) == u"in" ? Op::In : Op::NotIn, values});
        } else if (const auto c = compare.match(part); c.hasMatch()) {
            out.append({c.captured(1), c.captured(2) == u"!=" ? Op::NotEquals : Op::Equals, {c.captured(3)}});
        } else if (const auto e = exists.match(part); e.hasMatch()) {
            out.append({e.captured(2), e.captured(1).isEmpty() ? Op::Exists : Op::Missing, {}});
        } else {
            return fail(Error::Kind::BadInput,
                        u"unable to parse requirement: couldn't parse the selector string \"%1\""_s.arg(text));
        }
    }
    return out;
}

Result<Selector> Selector::parse(const QString& labels, const QString& fields, const QString& resource)
{
    Selector s;
    auto parsed = parseLabels(labels);
    if (!parsed)
        return fail(parsed.error());
    s.m_labels = *parsed;
    for (const QString& part : fields.split(u',', Qt::SkipEmptyParts)) {
        const bool negative = part.contains(u"!=");
        const qsizetype position = part.indexOf(negative ? u"!="_s : part.contains(u"==") ? u"=="_s : u"="_s);
        if (position < 1)
            return fail(Error::Kind::BadInput, u"invalid selector: '%1'; can't understand '%2'"_s.arg(fields, part));
        const QString key = part.left(position);
        if (!fieldKnown(resource, key))
            return fail(Error::Kind::BadInput, u"field label not supported: "_s + key);
        QString value = part.mid(position + (negative || part.contains(u"==") ? 2 : 1));
        value.replace(u"\\,"_s, u","_s);
        s.m_fields.append({key, negative ? Op::NotEquals : Op::Equals, {value}});
    }
    return s;
}

bool Selector::matches(const Term& t, const QJsonValue& value)
{
    const bool there = !value.isUndefined();
    const QString text = value.isDouble() ? QString::number(value.toInteger())
                         : value.isBool() ? (value.toBool() ? u"true"_s : u"false"_s)
                                          : value.toString();
    switch (t.op) {
    case Op::Equals: return there && text == t.values.first();
    case Op::NotEquals: return !there || text != t.values.first();
    case Op::In: return there && t.values.contains(text);
    case Op::NotIn: return !there || !t.values.contains(text);
    case Op::Exists: return there;
    case Op::Missing: return !there;
    }
    return false;
}

bool Selector::matches(const Object& object) const
{
    if (!m_labels.isEmpty()) {
        const QJsonObject labels = at(object.json, u"metadata", u"labels").toObject();
        for (const Term& t : m_labels)
            if (!matches(t, labels.value(t.key)))
                return false;
    }
    for (const Term& t : m_fields) {
        QJsonValue v = t.key == u"metadata.name"        ? QJsonValue(object.name)
                       : t.key == u"metadata.namespace" ? QJsonValue(object.space)
                                                        : fieldOf(object.json, t.key);
        // A selectable field always exists; unset it is empty.
        if (v.isUndefined())
            v = QString();
        if (!matches(t, v))
            return false;
    }
    return true;
}

} // namespace wk::fleet
