// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/api/Patches.h"

#include "fleet/api/Encoding.h"
#include "fleet/api/Lists.h"

#include <QtCore/QJsonDocument>

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

std::unexpected<Error> refused(const QString& why) { return fail(Error::Kind::BadInput, why); }

/// "/spec/template/metadata~1x" as its steps (RFC 6901).
Result<QStringList> pointerSteps(const QString& pointer)
{
    if (pointer.isEmpty())
        return QStringList();
    if (!pointer.startsWith(u'/'))
        return refused(u"the path %1 does not begin with /"_s.arg(pointer));
    QStringList steps = pointer.mid(1).split(u'/');
    for (QString& s : steps)
        s.replace(u"~1"_s, u"/"_s).replace(u"~0"_s, u"~"_s);
    return steps;
}

Result<qsizetype> listIndex(const QString& step, qsizetype size, bool adding)
{
    if (adding && step == u"-")
        return size;
    bool ok = false;
    const qsizetype i = step.toLongLong(&ok);
    if (!ok || i < 0 || i >= size + (adding ? 1 : 0))
        return refused(u"there is no element %1"_s.arg(step));
    return i;
}

Result<QJsonValue> valueAt(const QJsonValue& in, const QStringList& steps)
{
    QJsonValue v = in;
    for (const QString& step : steps) {
        if (v.isArray()) {
            const auto i = listIndex(step, v.toArray().size(), false);
            if (!i)
                return fail(i.error());
            v = v.toArray().at(*i);
        } else {
            v = v.toObject().value(step);
        }
        if (v.isUndefined())
            return refused(u"there is nothing at "_s + step);
    }
    return v;
}

enum class Edit { Add, Replace, Remove };

/// The document with one place changed. Recursion is as deep as the pointer, which is as long as the request.
Result<QJsonValue> edited(const QJsonValue& in, const QStringList& steps, qsizetype at, Edit edit,
                          const QJsonValue& value)
{
    if (at == steps.size())
        return edit == Edit::Remove ? refused(u"the whole document cannot be removed"_s) : Result<QJsonValue>(value);
    const QString& step = steps.at(at);
    const bool last = at + 1 == steps.size();
    if (in.isArray()) {
        QJsonArray list = in.toArray();
        const auto i = listIndex(step, list.size(), last && edit == Edit::Add);
        if (!i)
            return fail(i.error());
        if (last && edit == Edit::Add) {
            list.insert(*i, value);
        } else if (last && edit == Edit::Remove) {
            list.removeAt(*i);
        } else {
            auto inner = edited(list.at(*i), steps, at + 1, edit, value);
            if (!inner)
                return inner;
            list[*i] = *inner;
        }
        return list;
    }
    if (!in.isObject())
        return refused(u"%1 is in something that has no fields"_s.arg(step));
    QJsonObject object = in.toObject();
    const QJsonValue old = object.value(step);
    if (old.isUndefined() && !(last && edit == Edit::Add))
        return refused(u"there is no field "_s + step);
    if (last && edit == Edit::Remove) {
        object.remove(step);
        return object;
    }
    auto inner = edited(old, steps, at + 1, edit, value);
    if (!inner)
        return inner;
    object[step] = *inner;
    return object;
}

Result<QJsonValue> operate(const QJsonValue& document, const QJsonObject& operation)
{
    const QString op = operation.value(u"op").toString();
    const auto steps = pointerSteps(operation.value(u"path").toString());
    if (!steps || !operation.contains(u"path"_s))
        return refused(u"an operation has no path"_s);
    const QJsonValue value = operation.value(u"value");
    if (op == u"remove")
        return edited(document, *steps, 0, Edit::Remove, {});
    if (op == u"add" || op == u"replace")
        return edited(document, *steps, 0, op == u"add" ? Edit::Add : Edit::Replace, value);
    if (op == u"test") {
        const auto found = valueAt(document, *steps);
        if (!found || *found != value)
            return refused(u"testing value %1 failed"_s.arg(operation.value(u"path").toString()));
        return document;
    }
    if (op != u"move" && op != u"copy")
        return refused(u"unexpected kind: "_s + op);
    const auto from = pointerSteps(operation.value(u"from").toString());
    if (!from)
        return fail(from.error());
    const auto moved = valueAt(document, *from);
    if (!moved)
        return fail(moved.error());
    QJsonValue rest = document;
    if (op == u"move") {
        auto without = edited(document, *from, 0, Edit::Remove, {});
        if (!without)
            return without;
        rest = *without;
    }
    return edited(rest, *steps, 0, Edit::Add, *moved);
}

bool isDirective(const QString& key) { return key.startsWith(u'$'); }

QJsonObject strategic(QJsonObject object, const QJsonObject& patch, QStringList& path);

QJsonValue withoutDirectives(const QJsonValue& value)
{
    if (value.isArray()) {
        QJsonArray out;
        for (const QJsonArray values = value.toArray(); const QJsonValue& v : values)
            if (v.toObject().value(u"$patch") != u"delete"_s)
                out.append(withoutDirectives(v));
        return out;
    }
    if (!value.isObject())
        return value;
    QJsonObject out;
    const QJsonObject in = value.toObject();
    for (auto it = in.begin(); it != in.end(); ++it)
        if (!isDirective(it.key()) && !it->isNull())
            out[it.key()] = withoutDirectives(*it);
    return out;
}

QJsonArray mergedList(QJsonArray list, const QJsonArray& patch, const ListType& type, QStringList& path)
{
    const QStringList keys{type.mergeKey};
    for (const QJsonValue& p : patch)
        if (p.toObject().value(u"$patch") == u"replace"_s)
            return withoutDirectives(patch).toArray();
    for (const QJsonValue& p : patch) {
        const QJsonObject change = p.toObject();
        const qsizetype i = findElement(list, change, type, keys);
        if (change.value(u"$patch") == u"delete"_s) {
            if (i >= 0)
                list.removeAt(i);
        } else if (i >= 0) {
            list[i] = strategic(list.at(i).toObject(), change, path);
        } else {
            list.append(withoutDirectives(change));
        }
    }
    return list;
}

/// Puts a list in the order of $setElementOrder; elements that it does not name keep their place behind them.
QJsonArray ordered(const QJsonArray& list, const QJsonArray& order, const ListType& type)
{
    QJsonArray out, rest = list;
    for (const QJsonValue& o : order) {
        const qsizetype i = type.mergeKey.isEmpty() ? std::ranges::find(rest, o) - rest.begin()
                                                    : findElement(rest, o.toObject(), type, {type.mergeKey});
        if (i < 0 || i >= rest.size())
            continue;
        out.append(rest.at(i));
        rest.removeAt(i);
    }
    for (const QJsonValue& r : std::as_const(rest))
        out.append(r);
    return out;
}

void direct(QJsonObject& object, const QString& key, const QJsonValue& value, const QStringList& path)
{
    const QString field = key.section(u'/', 1);
    if (key.startsWith(u"$deleteFromPrimitiveList/")) {
        QJsonArray kept;
        const QJsonArray gone = value.toArray();
        for (const QJsonArray values = object.value(field).toArray(); const QJsonValue& v : values)
            if (!gone.contains(v))
                kept.append(v);
        object[field] = kept;
    } else if (key.startsWith(u"$setElementOrder/") && object.value(field).isArray()) {
        object[field] = ordered(object.value(field).toArray(), value.toArray(), listTypeAt(path + QStringList{field}));
    } else if (key == u"$retainKeys") {
        const QJsonArray retained = value.toArray();
        for (const QString& k : object.keys())
            if (!retained.contains(k))
                object.remove(k);
    }
}

QJsonObject strategic(QJsonObject object, const QJsonObject& patch, QStringList& path)
{
    const QString directive = patch.value(u"$patch").toString();
    if (directive == u"replace")
        return withoutDirectives(patch).toObject();
    if (directive == u"delete")
        return {};
    for (auto it = patch.begin(); it != patch.end(); ++it) {
        if (isDirective(it.key()))
            continue;
        if (it->isNull()) {
            object.remove(it.key());
            continue;
        }
        path.append(it.key());
        const QJsonValue old = object.value(it.key());
        const ListType type = listTypeAt(path);
        if (it->isObject() && old.isObject())
            object[it.key()] = strategic(old.toObject(), it->toObject(), path);
        else if (it->isArray() && old.isArray() && !type.mergeKey.isEmpty())
            object[it.key()] = mergedList(old.toArray(), it->toArray(), type, path);
        else if (it->isArray() && old.isArray() && type.kind == ListType::Kind::Set)
            object[it.key()] = [&] {
                QJsonArray all = old.toArray();
                for (const QJsonArray added = it->toArray(); const QJsonValue& v : added)
                    if (!all.contains(v))
                        all.append(v);
                return all;
            }();
        else
            object[it.key()] = withoutDirectives(*it);
        path.removeLast();
    }
    for (auto it = patch.begin(); it != patch.end(); ++it)
        if (isDirective(it.key()))
            direct(object, it.key(), *it, path);
    return object;
}

} // namespace

Result<QJsonObject> applyJsonPatch(const QJsonObject& object, const QJsonArray& operations)
{
    QJsonValue document = object;
    for (const QJsonValue& operation : operations) {
        auto next = operate(document, operation.toObject());
        if (!next)
            return fail(next.error());
        document = *next;
    }
    if (!document.isObject())
        return refused(u"the patch leaves no object"_s);
    return document.toObject();
}

QJsonObject applyMergePatch(QJsonObject object, const QJsonObject& patch)
{
    for (auto it = patch.begin(); it != patch.end(); ++it) {
        if (it->isNull())
            object.remove(it.key());
        else if (it->isObject())
            object[it.key()] = applyMergePatch(object.value(it.key()).toObject(), it->toObject());
        else
            object[it.key()] = *it;
    }
    return object;
}

std::expected<QJsonObject, QJsonObject> patchedDocument(const QJsonObject& document, const QByteArray& contentType,
                                                        const QByteArray& body)
{
    const QByteArray type = contentType.split(';').first().trimmed();
    const bool pointer = type == "application/json-patch+json",
               strategic = type == "application/strategic-merge-patch+json";
    if (!pointer && !strategic && type != "application/merge-patch+json")
        return std::unexpected(
            statusObject(415, u"UnsupportedMediaType"_s,
                         u"the body of the request was in an unknown format - accepted media types include: "
                         "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml"_s));
    const QJsonDocument doc = QJsonDocument::fromJson(body);
    if (pointer ? !doc.isArray() : !doc.isObject())
        return std::unexpected(statusObject(400, u"BadRequest"_s, u"the body is no "_s + QString::fromLatin1(type)));
    if (!pointer)
        return strategic ? applyStrategicPatch(document, doc.object()) : applyMergePatch(document, doc.object());
    const auto changed = applyJsonPatch(document, doc.array());
    if (!changed)
        return std::unexpected(
            statusObject(422, u"Invalid"_s, u"the server rejected our request due to an error in our request"_s));
    return *changed;
}

QJsonObject applyStrategicPatch(const QJsonObject& object, const QJsonObject& patch)
{
    QStringList path;
    return strategic(object, patch, path);
}

} // namespace wk::fleet
