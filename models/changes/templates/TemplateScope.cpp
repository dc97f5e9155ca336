// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/templates/TemplateScope.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonArray>
#include <QtCore/QRegularExpression>

namespace wk::changes {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::PlanTemplate)
};

const QRegularExpression& referencePattern()
{
    static const QRegularExpression pattern(
        uR"(\$(?:\$|\{([A-Za-z]\w*)(?:\.([A-Za-z]\w*))?\}|([A-Za-z]\w*)(?:\.([A-Za-z]\w*))?))"_s);
    return pattern;
}

struct Condition
{
    QString name, word;
    bool negated = false, compares = false;
};

std::optional<Condition> parseCondition(const QString& text)
{
    static const QRegularExpression pattern(uR"(\A\s*(not\s+)?([A-Za-z]\w*)\s*(?:=\s*(\S+)\s*)?\z)"_s);
    const auto match = pattern.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    return Condition{match.captured(2), match.captured(3), match.capturedLength(1) > 0, match.capturedLength(3) > 0};
}

QString spoken(const QJsonValue& value)
{
    if (value.isDouble())
        return QString::number(value.toInteger());
    return value.isBool() ? (value.toBool() ? u"true"_s : u"false"_s) : value.toString();
}

} // namespace

TemplateValue TemplateValue::of(const QJsonValue& value)
{
    TemplateValue out;
    out.value = value;
    out.text = spoken(value);
    return out;
}

QList<TemplateReference> TemplateScope::references(QStringView text)
{
    QList<TemplateReference> out;
    auto matches = referencePattern().globalMatch(text.toString());
    while (matches.hasNext()) {
        const auto match = matches.next();
        const QString name = match.captured(1) + match.captured(3);
        if (!name.isEmpty())
            out << TemplateReference{name, match.captured(2) + match.captured(4), match.capturedStart(),
                                     match.capturedLength()};
    }
    return out;
}

bool TemplateScope::isExpression(QStringView text)
{
    static const QRegularExpression pattern(
        uR"(\A\$\{?[A-Za-z][\w.]*\}?(?:\s+or\s+(?:\$\{?[A-Za-z][\w.]*\}?|-?\d+))*\z)"_s);
    return pattern.match(text.toString()).hasMatch();
}

QString TemplateScope::conditionName(const QString& condition)
{
    const auto parsed = parseCondition(condition);
    return parsed ? parsed->name : QString();
}

QJsonValue TemplateScope::lookUp(const TemplateReference& reference, const QString& place) const
{
    const TemplateValue found = m_values.value(reference.name);
    if (found.open) {
        if (reference.member.isEmpty())
            return QJsonObject{{u"$parameter"_s, reference.name}};
        m_mistakes->add(
            place, Texts::tr("“%1” has to have its value before “%2” is known").arg(reference.name, reference.member));
        return QJsonValue::Undefined;
    }
    return reference.member.isEmpty() ? found.value
                                      : found.members.value(reference.member, QJsonValue(QJsonValue::Undefined));
}

QJsonValue TemplateScope::expression(const QString& text, const QString& place) const
{
    const QStringList parts = text.split(u" or "_s);
    for (const QString& part : parts) {
        const auto found = references(part);
        const QJsonValue value = found.isEmpty() ? QJsonValue(part.trimmed().toLongLong()) : lookUp(found[0], place);
        if (!value.isUndefined())
            return value;
    }
    return QJsonValue::Undefined;
}

QString TemplateScope::text(const QString& text, const QString& place) const
{
    QString out;
    qsizetype end = 0;
    auto matches = referencePattern().globalMatch(text);
    while (matches.hasNext()) {
        const auto match = matches.next();
        out += QStringView(text).sliced(end, match.capturedStart() - end);
        end = match.capturedEnd();
        const QString name = match.captured(1) + match.captured(3), member = match.captured(2) + match.captured(4);
        if (name.isEmpty()) {
            out += u'$';
            continue;
        }
        if (m_values.value(name).open) {
            m_mistakes->add(place, Texts::tr("“%1” stands inside a text and has to have its value").arg(name));
            continue;
        }
        out += member.isEmpty() ? m_values.value(name).text : spoken(lookUp({name, member}, place));
    }
    out += QStringView(text).sliced(end);
    return out;
}

QJsonValue TemplateScope::evaluate(const QJsonValue& node, const QString& place) const
{
    if (node.isString()) {
        const QString text = node.toString();
        return isExpression(text) ? expression(text, place) : QJsonValue(this->text(text, place));
    }
    if (node.isArray()) {
        QJsonArray out;
        const QJsonArray list = node.toArray();
        for (const auto& item : list) {
            if (const QJsonValue value = evaluate(item, place); !value.isUndefined())
                out.append(value);
        }
        return out;
    }
    if (!node.isObject())
        return node;
    QJsonObject out;
    const QJsonObject object = node.toObject();
    for (auto it = object.begin(); it != object.end(); ++it) {
        const QString key = text(it.key(), place);
        const QJsonValue value = evaluate(it.value(), place.isEmpty() ? key : place + u'.' + key);
        if (!value.isUndefined())
            out.insert(key, value);
    }
    // Nothing of it was given: no cpu and no memory is no "requests".
    return out.isEmpty() && !object.isEmpty() ? QJsonValue(QJsonValue::Undefined) : QJsonValue(out);
}

bool TemplateScope::holds(const QString& condition, const QString& place) const
{
    const auto parsed = parseCondition(condition);
    if (!parsed)
        return false;
    const TemplateValue found = m_values.value(parsed->name);
    if (found.open) {
        m_mistakes->add(place,
                        Texts::tr("“%1” decides which steps there are and has to have its value").arg(parsed->name));
        return false;
    }
    const bool yes = parsed->compares ? found.isGiven() && found.text == parsed->word
                                      : found.isGiven() && found.value != QJsonValue(false);
    return yes != parsed->negated;
}

} // namespace wk::changes
