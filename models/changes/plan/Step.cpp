// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/plan/Step.h"

#include "changes/actions/ActionKind.h"
#include "changes/checks/CheckKind.h"
#include "changes/plan/Json.h"
#include "changes/plan/JsonTree.h"
#include "changes/plan/Passwords.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonArray>

namespace wk::changes {

using namespace Qt::StringLiterals;
using Need = MemberReader::Need;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::Step)
};

/// Whether `value` is {"sha256": "…"} or {"sha256": "…", "without": ["replicas"]}.
bool isDigest(const QJsonObject& value)
{
    return value.value("sha256"_L1).isString() &&
           (value.size() == 1 || (value.size() == 2 && value.value("without"_L1).isArray()));
}

/// A value as a person reads it in a sentence.
QString spoken(const QJsonValue& value)
{
    if (value.isNull() || value.isUndefined())
        return Texts::tr("absent");
    if (value.isString())
        return u"“%1”"_s.arg(value.toString().left(80));
    if (value.isObject() || value.isArray())
        return Texts::tr("something longer");
    return value.isBool() ? (value.toBool() ? u"true"_s : u"false"_s) : QString::number(value.toInteger());
}

QString fieldDrift(const QString& pointer, const QJsonValue& expected, const QJsonValue& actual, const QString& words)
{
    const QString field = pointer.sliced(1).replace(u'/', u'.');
    if (const QJsonObject hash = expected.toObject(); isDigest(hash)) {
        const QStringList without = hash.value("without"_L1).toVariant().toStringList();
        if (Precondition::digest(actual, without).toObject() == hash)
            return {};
        return pointer == "/pods"_L1
                   ? Texts::tr("The pods that match are not those that were there when this was approved.")
                   : Texts::tr("%1 of the %2 is not what it was when this was approved.").arg(field, words);
    }
    const bool same = expected.isNull() ? actual.isNull() || actual.isUndefined() : actual == expected;
    if (same)
        return {};
    if (pointer == "/metadata/generation"_L1)
        return Texts::tr("The %1 was changed since this was approved: it is at generation %2, not %3.")
            .arg(words, spoken(actual), spoken(expected));
    return Texts::tr("%1 of the %2 is %3, not %4 as it was when this was approved.")
        .arg(field, words, spoken(actual), spoken(expected));
}

} // namespace

Precondition Precondition::absence()
{
    Precondition out;
    out.fields[u"/metadata/uid"_s] = QJsonValue(QJsonValue::Null);
    return out;
}

QJsonValue Precondition::digest(const QJsonValue& value, const QStringList& without)
{
    QJsonValue counted = value;
    if (!without.isEmpty() && value.isObject()) {
        QJsonObject object = value.toObject();
        for (const QString& member : without)
            object.remove(member);
        counted = object;
    }
    const auto text = canonicalJson(counted);
    if (!text)
        return QJsonValue::Undefined;
    QJsonObject out{{u"sha256"_s, QString::fromLatin1(sha256Hex(*text))}};
    if (!without.isEmpty())
        out.insert(u"without"_s, QJsonArray::fromStringList(without));
    return out;
}

QJsonObject Precondition::toJson() const
{
    QJsonObject out;
    if (!uid.isEmpty())
        out.insert(u"uid"_s, uid);
    if (!resourceVersion.isEmpty())
        out.insert(u"resourceVersion"_s, resourceVersion);
    if (!fields.empty()) {
        QJsonObject map;
        for (const auto& [pointer, value] : fields)
            map.insert(pointer, value);
        out.insert(u"fields"_s, map);
    }
    return out;
}

Precondition Precondition::fromJson(const QJsonValue& json, Mistakes& mistakes)
{
    Precondition out;
    const QString place = u"precondition"_s;
    if (json.isUndefined())
        return out;
    if (!json.isObject()) {
        mistakes.add(place, Texts::tr("must be an object"));
        return out;
    }
    MemberReader reader(json.toObject(), place, mistakes);
    out.uid = reader.text(u"uid"_s, Need::Optional, 128);
    out.resourceVersion = reader.text(u"resourceVersion"_s, Need::Optional, 128);
    const QJsonObject fields = reader.object(u"fields"_s);
    for (auto it = fields.begin(); it != fields.end(); ++it) {
        if (it.key().isEmpty() || !isJsonPointer(it.key()))
            reader.mistake(u"fields"_s, Texts::tr("“%1” is no JSON pointer").arg(it.key().left(80)));
        out.fields[it.key()] = it.value();
    }
    reader.finish();
    if (out.isEmpty())
        mistakes.add(place, Texts::tr("must not be empty"));
    return out;
}

QString Precondition::drift(const QJsonObject& live, const QString& words) const
{
    if (isEmpty())
        return {};
    if (*this == absence())
        return live.isEmpty() ? QString() : Texts::tr("The %1 exists; when this was approved it did not.").arg(words);
    if (live.isEmpty())
        return Texts::tr("The %1 does not exist any more.").arg(words);
    const QJsonObject metadata = live.value("metadata"_L1).toObject();
    if (!uid.isEmpty() && metadata.value("uid"_L1).toString() != uid)
        return Texts::tr("The %1 was deleted and made anew since this was approved.").arg(words);
    // That something was changed is said only where no field says what.
    const QString generation = u"/metadata/generation"_s;
    QString changed;
    for (const auto& [pointer, expected] : fields) {
        const QString sentence = fieldDrift(pointer, expected, valueAt(live, pointer), words);
        if (!sentence.isEmpty() && pointer != generation)
            return sentence;
        changed += sentence;
    }
    if (!changed.isEmpty())
        return changed;
    if (!resourceVersion.isEmpty() && metadata.value("resourceVersion"_L1).toString() != resourceVersion)
        return Texts::tr("The %1 was changed since this was approved.").arg(words);
    return {};
}

QString Step::words() const
{
    if (isAction()) {
        const ActionKind* kind = actionKind(name);
        return kind ? kind->words(*this) : name;
    }
    const CheckKind* kind = checkKind(name);
    return kind ? kind->words(*this) : name;
}

QJsonObject Step::toJson() const
{
    QJsonObject out{{isAction() ? u"action"_s : u"check"_s, name}};
    if (!target.kind.isEmpty())
        out.insert(u"target"_s, target.toJson());
    if (!parameters.isEmpty())
        out.insert(u"parameters"_s, parameters);
    if (!precondition.isEmpty())
        out.insert(u"precondition"_s, precondition.toJson());
    if (onFailure == OnFailure::Rollback)
        out.insert(u"onFailure"_s, u"rollback"_s);
    return out;
}

Step Step::fromJson(const QJsonValue& json, Mistakes& mistakes)
{
    Step step;
    if (!json.isObject()) {
        mistakes.add({}, Texts::tr("must be an object"));
        return step;
    }
    MemberReader reader(json.toObject(), {}, mistakes);
    reader.exactlyOne({u"action"_s, u"check"_s});
    step.type = reader.has(u"check"_s) && !reader.has(u"action"_s) ? Type::Check : Type::Action;
    const QString member = step.isAction() ? u"action"_s : u"check"_s;
    if (reader.has(member))
        step.name = reader.text(member, Need::Required, 64);
    reader.allow(u"target"_s);
    const QJsonValue target = json.toObject().value("target"_L1);
    if (step.isAction() || !target.isUndefined())
        step.target = Target::fromJson(target, u"target"_s, mistakes);
    step.parameters = reader.object(u"parameters"_s);
    reader.allow(u"precondition"_s);
    step.precondition = Precondition::fromJson(json.toObject().value("precondition"_L1), mistakes);
    if (reader.choice(u"onFailure"_s, {u"stop"_s, u"rollback"_s}) == "rollback"_L1)
        step.onFailure = OnFailure::Rollback;
    reader.finish();

    MemberReader parameters(step.parameters, u"parameters"_s, mistakes);
    if (step.isAction()) {
        const ActionKind* kind = actionKind(step.name);
        if (!kind) {
            mistakes.add(u"action"_s, Texts::tr("“%1” is no action").arg(step.name));
            return step;
        }
        if (!target.isUndefined() && !kind->supports(step.target))
            mistakes.add(u"target"_s, Texts::tr("“%1” cannot be done to a %2").arg(kind->title(), step.target.words()));
        kind->validate(step, parameters);
    } else {
        const CheckKind* kind = checkKind(step.name);
        if (!kind) {
            mistakes.add(u"check"_s, Texts::tr("“%1” is no check").arg(step.name));
            return step;
        }
        kind->validate(step, parameters);
    }
    parameters.finish();
    for (const QString& place : passwords::places(step.parameters))
        mistakes.add(u"parameters."_s + place,
                     Texts::tr("looks like a password, and everybody reads a plan: put it into a secret and refer to "
                               "it with secretKeyRef, or read it from a file where it is used"));
    return step;
}

} // namespace wk::changes
