// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/render/Cells.h"

namespace wk::cluster::render {

using namespace Qt::StringLiterals;

void KindSpec::addExtras(std::initializer_list<ColumnSpec> more)
{
    for (const ColumnSpec& spec : more)
        columns.push_back(extra(spec));
}

QString columnId(const QString& title)
{
    QString id = title.toLower().simplified();
    id.replace(u' ', u'-');
    return id.isEmpty() ? u"column"_s : id;
}

ColumnSpec column(const QString& title, Column::Kind kind, CellFunction cell, const char* description)
{
    // "Port(s)" is "ports".
    return {{columnId(title).remove(u'(').remove(u')'), title, kind, false,
             description ? words(description) : QString(), false},
            cell};
}

ColumnSpec wide(ColumnSpec spec)
{
    spec.column.wide = true;
    return spec;
}

ColumnSpec extra(ColumnSpec spec)
{
    spec.column.wide = true;
    spec.column.extra = true;
    return spec;
}

ColumnSpec nameColumn() { return column(u"Name"_s, Column::Kind::Text, nullptr); }

ColumnSpec ageColumn()
{
    return column(u"Age"_s, Column::Kind::Age, momentAt<"metadata", "creationTimestamp">,
                  "Time since the object was created");
}

ColumnSpec createdColumn()
{
    return column(u"Created At"_s, Column::Kind::Moment, momentAt<"metadata", "creationTimestamp">,
                  "When the object was created");
}

ColumnSpec containersColumn(CellFunction cell)
{
    return wide(column(u"Containers"_s, Column::Kind::Text, cell, "Names of the template's containers"));
}

ColumnSpec imagesColumn(CellFunction cell)
{
    return wide(column(u"Images"_s, Column::Kind::Text, cell, "Images of the template's containers"));
}

ColumnSpec selectorColumn(CellFunction cell)
{
    return wide(column(u"Selector"_s, Column::Kind::Text, cell, "Which pods belong to it, by their labels"));
}

void append(std::string& text, std::string_view item, std::string_view separator)
{
    if (!text.empty())
        text += separator;
    text += item;
}

std::string joinedOnce(std::vector<std::string_view> items)
{
    std::sort(items.begin(), items.end());
    items.erase(std::unique(items.begin(), items.end()), items.end());
    std::string text;
    for (const std::string_view item : items)
        append(text, item);
    return text;
}

Cell noneIfEmpty(std::string_view text) { return text.empty() ? Cell() : Cell(shared(text)); }

Cell momentCell(std::optional<qint64> ms) { return ms ? Cell(table::Instant{*ms}) : Cell(); }

Cell ratioCell(qint64 value, qint64 of)
{
    return table::Ratio{qint32(std::clamp<qint64>(value, INT32_MIN, INT32_MAX)),
                        qint32(std::clamp<qint64>(of, INT32_MIN, INT32_MAX))};
}

std::string kindAndName(const Value& reference)
{
    return std::string(reference["kind"].text()) + '/' + std::string(reference["name"].text());
}

Cell ownerCell(const Value& meta)
{
    Value found;
    for (const Value reference : meta["ownerReferences"]) {
        if (!found.exists() || reference["controller"].boolean())
            found = reference;
        if (reference["controller"].boolean())
            break;
    }
    if (!found.exists())
        return {};
    return textCell(kindAndName(found));
}

std::string formatLabels(const Value& map)
{
    std::vector<Value> entries;
    entries.reserve(map.size());
    for (const Value entry : map)
        entries.push_back(entry);
    // Servers send maps in order; others may not.
    const auto byKey = [](const Value& a, const Value& b) { return a.key() < b.key(); };
    if (!std::is_sorted(entries.begin(), entries.end(), byKey))
        std::sort(entries.begin(), entries.end(), byKey);
    std::string text;
    for (const Value& entry : entries) {
        append(text, entry.key());
        text += '=';
        text += entry.text();
    }
    return text;
}

std::string formatSelector(const Value& selector)
{
    std::vector<std::pair<std::string, std::string>> requirements;
    for (const Value label : selector["matchLabels"])
        requirements.emplace_back(label.key(), std::string(label.key()) + '=' + std::string(label.text()));
    for (const Value expression : selector["matchExpressions"]) {
        const std::string key(expression["key"].text());
        std::vector<std::string_view> values;
        for (const Value value : expression["values"])
            values.push_back(value.text());
        std::sort(values.begin(), values.end());
        std::string list;
        for (const std::string_view value : values)
            append(list, value);
        const std::string_view op = expression["operator"].text();
        if (op == "In")
            requirements.emplace_back(key, key + " in (" + list + ')');
        else if (op == "NotIn")
            requirements.emplace_back(key, key + " notin (" + list + ')');
        else if (op == "Exists")
            requirements.emplace_back(key, key);
        else if (op == "DoesNotExist")
            requirements.emplace_back(key, '!' + key);
        else
            return "<error>";
    }
    std::stable_sort(requirements.begin(), requirements.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::string text;
    for (const auto& [key, requirement] : requirements)
        append(text, requirement);
    return text;
}

std::string containerNames(const Value& podSpec)
{
    return joined(podSpec["containers"], [](const Value& c) { return c["name"].text(); });
}

std::string containerImages(const Value& podSpec)
{
    return joined(podSpec["containers"], [](const Value& c) { return c["image"].text(); });
}

std::string balancerAddresses(const Value& balancer)
{
    std::vector<std::string_view> addresses;
    for (const Value ingress : balancer["ingress"]) {
        const std::string_view ip = ingress["ip"].text();
        const std::string_view address = ip.empty() ? ingress["hostname"].text() : ip;
        if (!address.empty())
            addresses.push_back(address);
    }
    return joinedOnce(std::move(addresses));
}

Value condition(const Value& conditions, std::string_view type)
{
    for (const Value condition : conditions) {
        if (condition["type"].is(type))
            return condition;
    }
    return {};
}

bool isTrue(const Value& conditions, std::string_view type) { return condition(conditions, type)["status"].is("True"); }

QString replicasReady(qint64 ready, qint64 wanted)
{
    return words("%1 of %2 replicas are ready").arg(ready).arg(wanted);
}

QString oneLine(std::string_view message)
{
    constexpr qsizetype longest = 400;
    QString text = own(message).simplified();
    if (text.size() > longest)
        text = text.left(longest - 1) + u'…';
    else if (text.endsWith(u'.') && !text.endsWith(u".."_s))
        text.chop(1);
    return text;
}

QString withMessage(const QString& first, std::string_view message)
{
    const QString text = oneLine(message);
    return text.isEmpty() ? first : first + u": "_s + text;
}

std::optional<Verdict> deletionVerdict(const Context& context)
{
    if (!context.meta["deletionTimestamp"].exists())
        return std::nullopt;
    const Value finalizers = context.meta["finalizers"];
    if (finalizers.isEmpty())
        return Verdict{Health::Info, words("is being deleted")};
    const std::string names = joined(
        finalizers, [](const Value& f) { return f.text(); }, ", ");
    return Verdict{Health::Info, words("is being deleted; waits for %1").arg(own(names))};
}

} // namespace wk::cluster::render
