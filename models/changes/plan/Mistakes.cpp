// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/plan/Mistakes.h"

#include "platform/YamlReader.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonArray>

namespace wk::changes {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::Mistakes)
};

/// A plan with more mistakes than this is no plan; nobody reads further.
constexpr qsizetype maxMistakes = 200;

} // namespace

QString Mistake::text() const
{
    QString where;
    if (step >= 0)
        where =
            action.isEmpty() ? Texts::tr("Step %1").arg(step + 1) : Texts::tr("Step %1 (%2)").arg(step + 1).arg(action);
    if (!place.isEmpty())
        where += where.isEmpty() ? place : u", "_s + place;
    return where.isEmpty() ? message : where + u": "_s + message;
}

void Mistakes::enterStep(int step, const QString& action)
{
    m_step = step;
    m_action = action;
}

void Mistakes::add(const QString& place, const QString& message)
{
    if (m_list.size() < maxMistakes)
        m_list << Mistake{m_step, m_action, place, message};
}

Error Mistakes::error() const
{
    QStringList lines;
    for (const Mistake& mistake : m_list)
        lines << mistake.text();
    const QString first = lines.isEmpty() ? QString() : lines.first();
    return {Error::Kind::BadInput,
            lines.size() < 2
                ? Texts::tr("The plan cannot be used. %1.").arg(first)
                : Texts::tr("The plan cannot be used, for %1 reasons. The first: %2.").arg(lines.size()).arg(first),
            lines.join(u'\n'),
            {}};
}

MemberReader::MemberReader(const QJsonObject& object, QString place, Mistakes& mistakes)
    : m_object(object), m_place(std::move(place)), m_mistakes(mistakes)
{
}

QString MemberReader::placeOf(const QString& name) const
{
    return m_place.isEmpty() || name.isEmpty() ? m_place + name : m_place + u'.' + name;
}

void MemberReader::mistake(const QString& name, const QString& message) { m_mistakes.add(placeOf(name), message); }

std::optional<QJsonValue> MemberReader::member(const QString& name, Need need)
{
    m_known << name;
    const auto it = m_object.constFind(name);
    if (it != m_object.constEnd())
        return it.value();
    if (need == Need::Required)
        mistake(name, Texts::tr("is missing"));
    return std::nullopt;
}

std::optional<qint64> MemberReader::integer(const QString& name, qint64 low, qint64 high, Need need)
{
    const auto value = member(name, need);
    if (!value)
        return std::nullopt;
    const qint64 n = value->toInteger(low - 1);
    if (value->isDouble() && n >= low && n <= high && double(n) == value->toDouble())
        return n;
    mistake(name, Texts::tr("must be a whole number from %1 to %2").arg(low).arg(high));
    return std::nullopt;
}

QString MemberReader::text(const QString& name, Need need, qsizetype max)
{
    const auto value = member(name, need);
    if (!value)
        return {};
    const QString text = value->toString();
    if (!value->isString() || text.isEmpty())
        mistake(name, Texts::tr("must be a text"));
    else if (text.size() > max)
        mistake(name, Texts::tr("must not be longer than %1 characters").arg(max));
    return text;
}

bool MemberReader::boolean(const QString& name, bool otherwise)
{
    const auto value = member(name, Need::Optional);
    if (value && !value->isBool())
        mistake(name, Texts::tr("must be true or false"));
    return value ? value->toBool() : otherwise;
}

QStringList MemberReader::texts(const QString& name, Need need)
{
    QStringList out;
    const QJsonArray list = array(name, need);
    for (const auto& item : list) {
        if (!item.isString() || item.toString().size() > maxText)
            mistake(name, Texts::tr("must be a list of texts"));
        else
            out << item.toString();
    }
    return out;
}

QJsonObject MemberReader::object(const QString& name, Need need)
{
    const auto value = member(name, need);
    if (value && !value->isObject())
        mistake(name, Texts::tr("must be an object"));
    else if (value && need == Need::Required && value->toObject().isEmpty())
        mistake(name, Texts::tr("must not be empty"));
    return value ? value->toObject() : QJsonObject();
}

QJsonArray MemberReader::array(const QString& name, Need need)
{
    const auto value = member(name, need);
    if (value && !value->isArray())
        mistake(name, Texts::tr("must be a list"));
    else if (value && need == Need::Required && value->toArray().isEmpty())
        mistake(name, Texts::tr("must not be empty"));
    return value ? value->toArray() : QJsonArray();
}

QJsonObject MemberReader::textMap(const QString& name, bool nullRemoves, Need need)
{
    const QJsonObject out = object(name, need);
    for (auto it = out.begin(); it != out.end(); ++it) {
        if (it.key().isEmpty() || !(it.value().isString() || (nullRemoves && it.value().isNull())))
            mistake(name + u'.' + it.key(),
                    nullRemoves ? Texts::tr("must be a text, or null to remove it") : Texts::tr("must be a text"));
    }
    return out;
}

QString MemberReader::choice(const QString& name, const QStringList& words, Need need)
{
    const auto value = member(name, need);
    if (value && !words.contains(value->toString()))
        mistake(name, Texts::tr("must be one of: %1").arg(words.join(u", "_s)));
    return value ? value->toString() : QString();
}

void MemberReader::exactlyOne(const QStringList& names)
{
    m_known += names;
    if (std::ranges::count_if(names, [this](const QString& name) { return has(name); }) != 1)
        mistake({}, Texts::tr("must have exactly one of: %1").arg(names.join(u", "_s)));
}

void MemberReader::finish()
{
    for (auto it = m_object.begin(); it != m_object.end(); ++it) {
        if (m_known.contains(it.key()))
            continue;
        const QString near = platform::nearestWord(it.key(), m_known);
        mistake(it.key().left(60), near.isEmpty() ? Texts::tr("is not known here")
                                                  : Texts::tr("is not known here; “%1” may be meant").arg(near));
    }
}

} // namespace wk::changes
