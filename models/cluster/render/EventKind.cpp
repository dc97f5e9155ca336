// SPDX-License-Identifier: GPL-3.0-or-later
// Columns: kubernetes/pkg/printers/internalversion/printers.go, printEvent.
#include "cluster/render/Cells.h"

namespace wk::cluster::render {

using namespace Qt::StringLiterals;

namespace {

using Kind = Column::Kind;

std::optional<qint64> firstSeen(const Context& c)
{
    const auto first = c.object["firstTimestamp"].time();
    return first ? first : c.object["eventTime"].time();
}

std::optional<qint64> lastSeen(const Context& c)
{
    if (const Value series = c.object["series"]; series.exists())
        return series["lastObservedTime"].time();
    const auto last = c.object["lastTimestamp"].time();
    return last ? last : firstSeen(c);
}

qint64 count(const Context& c)
{
    if (const Value series = c.object["series"]; series.exists()) {
        // A 1.20 server prints one more than the series says: the event that began it (seen on 1.20.2).
        const bool addsTheFirst = c.options && c.options->serverMinor > 0 && c.options->serverMinor <= 20;
        return series["count"].integer() + (addsTheFirst ? 1 : 0);
    }
    const qint64 count = c.object["count"].integer();
    // The newer API sets no count on an event that came once.
    return count == 0 ? 1 : count;
}

Cell object(const Context& c)
{
    const Value target = c.object["involvedObject"];
    QString text = own(target["kind"].text()).toLower();
    if (const std::string_view name = target["name"].text(); !name.empty())
        text += u'/' + own(name);
    return text;
}

Cell source(const Context& c)
{
    const std::string_view component = c.object["source"]["component"].text();
    const std::string_view host = c.object["source"]["host"].text();
    std::string text(component.empty() ? c.object["reportingComponent"].text() : component);
    const std::string_view instance = host.empty() ? c.object["reportingInstance"].text() : host;
    if (!instance.empty())
        text += ", " + std::string(instance);
    return textCell(text);
}

Verdict verdict(const Context& c)
{
    if (!c.object["type"].is("Warning"))
        return {Health::None, {}};
    return {Health::Warning, withMessage(qtext(c.object["reason"].text()), c.object["message"].text())};
}

} // namespace

KindSpec eventKind(const RenderOptions&)
{
    KindSpec spec{verdict};
    spec.add({
        column(
            u"Last Seen"_s, Kind::Age, [](const Context& c) { return momentCell(lastSeen(c)); },
            "Time since it last happened"),
        column(u"Type"_s, Kind::Status, textAt<"type">),
        column(u"Reason"_s, Kind::Text, textAt<"reason">),
        column(u"Object"_s, Kind::Text, object, "What it happened to"),
        wide(column(u"Subobject"_s, Kind::Text, textAt<"involvedObject", "fieldPath">)),
        wide(column(u"Source"_s, Kind::Text, source, "Who reported it")),
        column(u"Message"_s, Kind::Text,
               [](const Context& c) { return Cell(own(c.object["message"].text()).trimmed()); }),
        wide(column(
            u"First Seen"_s, Kind::Age, [](const Context& c) { return momentCell(firstSeen(c)); },
            "Time since it first happened")),
        wide(column(
            u"Count"_s, Kind::Number, [](const Context& c) { return Cell(count(c)); }, "How often it happened")),
        wide(nameColumn()),
    });
    return spec;
}

} // namespace wk::cluster::render
