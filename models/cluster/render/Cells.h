// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/render/KindSpec.h"

#include <QtCore/QCoreApplication>

#include <algorithm>

namespace wk::cluster::render {

// Pieces that the kinds share. Cells are std::monostate where kubectl prints a placeholder such as "<none>", and an
// empty text where it prints nothing.

using table::Cell;
using table::Column;
using table::Health;

/// True where the server is of that minor version or newer, or of unknown version.
[[nodiscard]] inline bool atLeast(const RenderOptions& options, int minor)
{
    return options.serverMinor == 0 || options.serverMinor >= minor;
}

/// Words for people.
[[nodiscard]] inline QString words(const char* text) { return QCoreApplication::translate("wk::Health", text); }
/// One of two forms with its number put in.
[[nodiscard]] inline QString counted(qint64 count, const char* one, const char* many)
{
    const QString text = words(count == 1 ? one : many);
    return text.contains(u'%') ? text.arg(count) : text;
}

// Columns

/// What a column is called where it is sorted, filtered and remembered: "Last Seen" is "last-seen".
[[nodiscard]] QString columnId(const QString& title);
/// `title` is kubectl's; `description` is translated.
[[nodiscard]] ColumnSpec column(const QString& title, Column::Kind kind, CellFunction cell,
                                const char* description = nullptr);
[[nodiscard]] ColumnSpec wide(ColumnSpec spec);
[[nodiscard]] ColumnSpec extra(ColumnSpec spec);
[[nodiscard]] ColumnSpec nameColumn();
[[nodiscard]] ColumnSpec ageColumn();
/// "Created At": kinds that the server prints with its generic table.
[[nodiscard]] ColumnSpec createdColumn();
/// Containers, Images and Selector, as kubectl adds them to workloads with -o wide.
[[nodiscard]] ColumnSpec containersColumn(CellFunction cell);
[[nodiscard]] ColumnSpec imagesColumn(CellFunction cell);
[[nodiscard]] ColumnSpec selectorColumn(CellFunction cell);

// Cells

[[nodiscard]] Cell noneIfEmpty(std::string_view text); ///< interned; std::monostate where empty
[[nodiscard]] inline Cell textCell(std::string_view text) { return shared(text); }
[[nodiscard]] Cell momentCell(std::optional<qint64> ms);
/// "Kind/name" of a reference.
[[nodiscard]] std::string kindAndName(const Value& reference);
/// "Kind/name" of the controller, or of the first owner.
[[nodiscard]] Cell ownerCell(const Value& meta);
[[nodiscard]] Cell ratioCell(qint64 value, qint64 of);
[[nodiscard]] inline std::string_view textOr(const Value& value, std::string_view otherwise)
{
    return value.text().empty() ? otherwise : value.text();
}

/// Adds to a list of words.
void append(std::string& text, std::string_view item, std::string_view separator = ",");
/// Sorted, each once.
[[nodiscard]] std::string joinedOnce(std::vector<std::string_view> items);

/// "a=b,c=d" in the keys' order, as labels.FormatLabels; empty where there are none.
[[nodiscard]] std::string formatLabels(const Value& map);
/// A LabelSelector as metav1.FormatLabelSelector writes it; empty where it selects everything.
[[nodiscard]] std::string formatSelector(const Value& selector);
/// One field of every element, joined.
template <typename Read>
[[nodiscard]] std::string joined(const Value& list, Read&& read, std::string_view separator = ",")
{
    std::string text;
    bool first = true;
    for (const Value element : list) {
        if (!first)
            text += separator;
        first = false;
        text += read(element);
    }
    return text;
}
[[nodiscard]] std::string containerNames(const Value& podSpec);
[[nodiscard]] std::string containerImages(const Value& podSpec);
/// IPs and host names of a load balancer, sorted and unique.
[[nodiscard]] std::string balancerAddresses(const Value& balancer);

// Cells of one field. `path` leads to it from the object: textAt<"spec", "type">.

template <std::size_t size>
struct PathStep
{
    char name[size]{};
    consteval PathStep(const char (&text)[size]) { std::copy_n(text, size, name); }
};
template <PathStep first, PathStep... path>
[[nodiscard]] Value at(const Context& c)
{
    // Most rows need the metadata several times: it has been looked up already.
    Value value = std::string_view(first.name) == "metadata" ? c.meta : c.object[first.name];
    ((value = value[path.name]), ...);
    return value;
}
template <PathStep... path>
[[nodiscard]] Cell textAt(const Context& c)
{
    return textCell(at<path...>(c).text());
}
template <PathStep... path>
[[nodiscard]] Cell textOrNoneAt(const Context& c)
{
    return noneIfEmpty(at<path...>(c).text());
}
/// "true" or "false".
template <PathStep... path>
[[nodiscard]] Cell truthAt(const Context& c)
{
    return textCell(at<path...>(c).boolean() ? "true" : "false");
}
template <PathStep... path>
[[nodiscard]] Cell countAt(const Context& c)
{
    return at<path...>(c).integer();
}
/// How many entries a list or a map has.
template <PathStep... path>
[[nodiscard]] Cell sizeAt(const Context& c)
{
    return qint64(at<path...>(c).size());
}
template <PathStep... path>
[[nodiscard]] Cell momentAt(const Context& c)
{
    return momentCell(at<path...>(c).time());
}
template <PathStep... path>
[[nodiscard]] Cell labelsAt(const Context& c)
{
    return noneIfEmpty(formatLabels(at<path...>(c)));
}
template <PathStep... path>
[[nodiscard]] Cell selectorAt(const Context& c)
{
    return noneIfEmpty(formatSelector(at<path...>(c)));
}
/// Containers and Images of the pod spec at `path`.
template <PathStep... path>
void addPodColumns(KindSpec& spec)
{
    spec.add({containersColumn([](const Context& c) { return textCell(containerNames(at<path...>(c))); }),
              imagesColumn([](const Context& c) { return textCell(containerImages(at<path...>(c))); })});
}

// Conditions

[[nodiscard]] Value condition(const Value& conditions, std::string_view type);
[[nodiscard]] bool isTrue(const Value& conditions, std::string_view type);

// Verdicts

[[nodiscard]] inline QString qtext(std::string_view text) { return own(text); }
/// "3 of 5 replicas are ready"
[[nodiscard]] QString replicasReady(qint64 ready, qint64 wanted);
/// The message without its line breaks and without a trailing full stop, cut where it is very long.
[[nodiscard]] QString oneLine(std::string_view message);
/// `first`, then ": message" where there is one.
[[nodiscard]] QString withMessage(const QString& first, std::string_view message);
/// Being deleted, where the object is: the finalizers that it waits for.
[[nodiscard]] std::optional<Verdict> deletionVerdict(const Context& context);
/// The same, and else what `verdict` thinks of the object.
template <Verdict (*verdict)(const Context&)>
[[nodiscard]] Verdict unlessDeleted(const Context& context)
{
    const auto deletion = deletionVerdict(context);
    return deletion ? *deletion : verdict(context);
}

} // namespace wk::cluster::render
