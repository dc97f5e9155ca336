// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/YamlReader.h"

#include "core/Duration.h"
#include "core/Quantity.h"
#include "platform/PlatformWords.h"

#include <QtCore/QDate>

#include <cmath>

using namespace Qt::StringLiterals;

namespace wk::platform {

namespace {

QString quoted(const QString& text) { return u'"' + (text.size() > 60 ? text.first(60) + u'…' : text) + u'"'; }

QString kindWord(const YamlNode& node)
{
    switch (node.kind) {
    case YamlNode::Kind::Null: return Words::tr("nothing");
    case YamlNode::Kind::Scalar: return quoted(node.text);
    case YamlNode::Kind::Sequence: return Words::tr("a list");
    case YamlNode::Kind::Map: return Words::tr("a map");
    }
    return {};
}

bool isNameText(const QString& text)
{
    if (text.isEmpty() || text.size() > 128 || !text[0].isLetterOrNumber())
        return false;
    return std::all_of(text.begin(), text.end(), [](QChar c) {
        return c.isLetterOrNumber() || c == u'-' || c == u'_' || c == u'.' || c == u'/' || c == u':';
    });
}

// Gives the text itself where it passes.
template <typename Test>
auto keptIf(Test passes)
{
    return [passes](const QString& text) { return passes(text) ? std::optional(text) : std::nullopt; };
}

} // namespace

QString nearestWord(const QString& word, const QStringList& candidates)
{
    const QString given = word.first(std::min<qsizetype>(word.size(), 64)).toLower();
    QString best;
    qsizetype bestDistance = std::max<qsizetype>(2, given.size() / 3) + 1;
    for (const QString& candidate : candidates) {
        // Levenshtein with one row.
        std::vector<qsizetype> row(size_t(candidate.size()) + 1);
        for (size_t i = 0; i < row.size(); ++i)
            row[i] = qsizetype(i);
        for (qsizetype i = 0; i < given.size(); ++i) {
            qsizetype diagonal = row[0];
            row[0] = i + 1;
            for (qsizetype j = 0; j < candidate.size(); ++j) {
                const qsizetype above = row[size_t(j) + 1];
                const qsizetype change = diagonal + (given[i] == candidate[j].toLower() ? 0 : 1);
                row[size_t(j) + 1] = std::min({above + 1, row[size_t(j)] + 1, change});
                diagonal = above;
            }
        }
        if (row.back() < bestDistance) {
            bestDistance = row.back();
            best = candidate;
        }
    }
    return best;
}

YamlReader::YamlReader(const YamlNode& map, YamlReport& report, QString what)
    : m_map(map), m_report(report), m_what(std::move(what))
{
}

const YamlNode* YamlReader::child(QStringView key, Need need)
{
    m_known << key.toString();
    const YamlNode* node = m_map.find(key);
    if (!node && need == Need::Required)
        m_report.add(m_map, Words::tr("%1 has no %2").arg(m_what, quoted(key.toString())),
                     Words::tr("the key %1").arg(quoted(key.toString())));
    if (node && node->kind == YamlNode::Kind::Null) {
        m_report.add(*node, Words::tr("%1 is empty").arg(quoted(key.toString())), Words::tr("a value, or no such key"));
        return nullptr;
    }
    return node;
}

const YamlNode* YamlReader::scalar(QStringView key, Need need)
{
    const YamlNode* node = child(key, need);
    if (node && node->kind != YamlNode::Kind::Scalar) {
        m_report.add(*node, Words::tr("%1 is %2").arg(quoted(key.toString()), kindWord(*node)), Words::tr("one value"));
        return nullptr;
    }
    return node;
}

const YamlNode* YamlReader::sequence(QStringView key, Need need)
{
    const YamlNode* node = child(key, need);
    if (!node)
        return nullptr;
    if (node->kind != YamlNode::Kind::Sequence) {
        m_report.add(*node, Words::tr("%1 is %2").arg(quoted(key.toString()), kindWord(*node)), Words::tr("a list"));
        return nullptr;
    }
    if (node->items.empty() && need == Need::Required)
        m_report.add(*node, Words::tr("%1 is an empty list").arg(quoted(key.toString())),
                     Words::tr("at least one entry"));
    return node;
}

bool YamlReader::isMap(const YamlNode& node, const QString& what)
{
    if (node.kind == YamlNode::Kind::Map)
        return true;
    m_report.add(node, Words::tr("%1 is %2").arg(what, kindWord(node)), Words::tr("a map of keys and values"));
    return false;
}

bool YamlReader::isName(const YamlNode& node)
{
    if (isNameText(node.text))
        return true;
    m_report.add(node, Words::tr("%1 is no name").arg(quoted(node.text)),
                 Words::tr("letters, digits and . _ - / : only, a letter or digit first"));
    return false;
}

void YamlReader::wrongWord(const YamlNode& node, const QStringList& words)
{
    const QString near = nearestWord(node.text, words);
    m_report.add(node,
                 near.isEmpty()
                     ? Words::tr("%1 is not known here").arg(quoted(node.text))
                     : Words::tr("%1 is not known here; did you mean %2?").arg(quoted(node.text), quoted(near)),
                 Words::tr("one of %1").arg(words.join(u", "_s)));
}

void YamlReader::text(QStringView key, QString& out, Need need)
{
    const YamlNode* node = scalar(key, need);
    if (!node)
        return;
    if (node->text.trimmed().isEmpty())
        m_report.add(*node, Words::tr("%1 is empty").arg(quoted(key.toString())), Words::tr("a text"));
    else
        out = node->text;
}

void YamlReader::name(Subject subject, QString& out, const QString& scope)
{
    const YamlNode* node = scalar(u"name", Need::Required);
    if (!node || !isName(*node))
        return;
    out = node->text;
    m_report.declare(subject, out, *node, scope);
}

void YamlReader::ownName(QString& out)
{
    const YamlNode* node = scalar(u"name", Need::Required);
    if (node && isName(*node))
        out = node->text;
}

void YamlReader::label(QString& out)
{
    const QString before = std::exchange(out, QString());
    text(u"name", out, Need::Required);
    if (out.isEmpty()) {
        out = before;
        return;
    }
    if (!m_siblings)
        return;
    if (m_siblings->contains(out))
        m_report.add(*m_map.find(u"name"), Words::tr("a second %1 is called %2").arg(m_what, quoted(out)),
                     Words::tr("a name of its own"));
    m_siblings->insert(out);
}

void YamlReader::reference(QStringView key, Subject subject, QString& out, Need need)
{
    const YamlNode* node = scalar(key, need);
    if (!node)
        return;
    out = node->text;
    m_report.refer(subject, out, *node);
}

void YamlReader::references(QStringView key, Subject subject, QStringList& out)
{
    const YamlNode* node = child(key, Need::Optional);
    if (!node)
        return;
    if (node->kind == YamlNode::Kind::Scalar) {
        out << node->text;
        m_report.refer(subject, node->text, *node);
        return;
    }
    if (node->kind == YamlNode::Kind::Map) {
        m_report.add(*node, Words::tr("%1 is a map").arg(quoted(key.toString())), Words::tr("a list of names"));
        return;
    }
    for (const auto& item : node->items) {
        if (item->kind != YamlNode::Kind::Scalar) {
            m_report.add(*item, Words::tr("an entry of %1 is %2").arg(quoted(key.toString()), kindWord(*item)),
                         Words::tr("a name"));
            continue;
        }
        out << item->text;
        m_report.refer(subject, item->text, *item);
    }
}

template <typename Out, typename Parse>
void YamlReader::parsed(QStringView key, Out& out, Parse&& parse, const QString& wrong, const QString& expected)
{
    const YamlNode* node = scalar(key, Need::Optional);
    if (!node)
        return;
    if (auto value = parse(node->text))
        out = *value; // NOLINT(bugprone-optional-value-conversion): `out` is a value here and optional there
    else
        m_report.add(*node, wrong.arg(quoted(node->text)), expected);
}

void YamlReader::duration(QStringView key, std::optional<qint64>& outMs)
{
    parsed(key, outMs, parseDurationMs, Words::tr("%1 is not a duration"),
           Words::tr("number and unit, such as 90s, 5m, 1h30m or 30d"));
}

void YamlReader::integer(QStringView key, std::optional<int>& out, int low, int high)
{
    const YamlNode* node = scalar(key, Need::Optional);
    if (!node)
        return;
    bool ok = false;
    const int value = node->text.toInt(&ok);
    if (ok && value >= low && value <= high)
        out = value;
    else
        m_report.add(*node, Words::tr("%1 is %2").arg(quoted(key.toString()), quoted(node->text)),
                     Words::tr("a whole number from %1 to %2").arg(low).arg(high));
}

void YamlReader::number(QStringView key, std::optional<double>& out, double low, double high)
{
    const YamlNode* node = scalar(key, Need::Optional);
    if (!node)
        return;
    bool ok = false;
    const double value = node->text.toDouble(&ok);
    if (ok && std::isfinite(value) && value >= low && value <= high)
        out = value;
    else
        m_report.add(*node, Words::tr("%1 is %2").arg(quoted(key.toString()), quoted(node->text)),
                     Words::tr("a number from %1 to %2").arg(low).arg(high));
}

void YamlReader::boolean(QStringView key, bool& out)
{
    const YamlNode* node = scalar(key, Need::Optional);
    if (!node)
        return;
    if (node->text == u"true" || node->text == u"false")
        out = node->text == u"true";
    else
        m_report.add(*node, Words::tr("%1 is %2").arg(quoted(key.toString()), quoted(node->text)),
                     Words::tr("true or false"));
}

void YamlReader::threshold(QStringView key, std::optional<Threshold>& out)
{
    parsed(key, out, parseThreshold, Words::tr("%1 is no threshold"),
           Words::tr("a comparison, a number and a unit, such as \"> 5 %\", \"< 200 ms\" or \"50-70 %\"; units: %1")
               .arg(thresholdUnits().join(u' ')));
}

void YamlReader::timeOfDay(QStringView key, std::optional<int>& outMinutes)
{
    parsed(key, outMinutes, parseTimeOfDay, Words::tr("%1 is no time of day"),
           Words::tr("hours and minutes, such as \"09:00\""));
}

void YamlReader::cron(QStringView key, QString& out)
{
    parsed(key, out, keptIf(isCron), Words::tr("%1 is no cron expression"),
           Words::tr("minute, hour, day, month and weekday, such as \"0 2 * * *\""));
}

void YamlReader::date(QStringView key, QString& out)
{
    parsed(key, out, keptIf([](const QString& text) { return QDate::fromString(text, u"yyyy-MM-dd"_s).isValid(); }),
           Words::tr("%1 is no date"), Words::tr("year-month-day, such as 2025-01-28"));
}

void YamlReader::quantity(QStringView key, QString& out)
{
    parsed(key, out, keptIf([](const QString& text) { return parseQuantityMilli(text.toStdString()).has_value(); }),
           Words::tr("%1 is no quantity"), Words::tr("a Kubernetes quantity, such as 500m or 2Gi"));
}

void YamlReader::texts(QStringView key, QStringList& out)
{
    const YamlNode* node = child(key, Need::Optional);
    if (!node)
        return;
    if (node->kind == YamlNode::Kind::Scalar) {
        out << node->text;
        return;
    }
    if (node->kind == YamlNode::Kind::Map) {
        m_report.add(*node, Words::tr("%1 is a map").arg(quoted(key.toString())), Words::tr("a list of texts"));
        return;
    }
    for (const auto& item : node->items) {
        if (item->kind == YamlNode::Kind::Scalar)
            out << item->text;
        else
            m_report.add(*item, Words::tr("an entry of %1 is %2").arg(quoted(key.toString()), kindWord(*item)),
                         Words::tr("a text"));
    }
}

void YamlReader::integers(QStringView key, std::vector<int>& out, int low, int high)
{
    const YamlNode* node = sequence(key, Need::Optional);
    if (!node)
        return;
    for (const auto& item : node->items) {
        bool ok = false;
        const int value = item->text.toInt(&ok);
        if (ok && value >= low && value <= high)
            out.push_back(value);
        else
            m_report.add(*item, Words::tr("an entry of %1 is %2").arg(quoted(key.toString()), kindWord(*item)),
                         Words::tr("a whole number from %1 to %2").arg(low).arg(high));
    }
}

void YamlReader::finish()
{
    QSet<QString> seen;
    for (const YamlNode::Entry& entry : m_map.entries) {
        if (seen.contains(entry.key)) {
            m_report.add(entry.line, entry.column, Words::tr("%1 stands twice in %2").arg(quoted(entry.key), m_what),
                         Words::tr("each key once"));
            continue;
        }
        seen.insert(entry.key);
        if (m_report.isFull())
            return;
        if (m_known.contains(entry.key))
            continue;
        const QString near = nearestWord(entry.key, m_known);
        m_report.add(
            entry.line, entry.column,
            near.isEmpty()
                ? Words::tr("unknown key %1 in %2").arg(quoted(entry.key), m_what)
                : Words::tr("unknown key %1 in %2; did you mean %3?").arg(quoted(entry.key), m_what, quoted(near)),
            Words::tr("one of %1").arg(m_known.join(u", "_s)));
    }
}

} // namespace wk::platform
