// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/objects/ObjectSummary.h"

#include <QtCore/QJsonArray>

#include <span>

/// The pieces that ObjectSummary is put together from; internal to models/cluster.
namespace wk::cluster::summary {

/// A fact's or section's text, translated; declared so that the translation tool finds the literals.
[[nodiscard]] QString tr(const char* text);

/// The value at "a.b.c"; undefined where any step is missing.
[[nodiscard]] QJsonValue at(const QJsonObject& object, QStringView path);
/// Any scalar as text; empty for null and undefined; compact JSON for the rest.
[[nodiscard]] QString text(const QJsonValue& value);
/// "a=b, c=d" in key order.
[[nodiscard]] QString pairs(const QJsonObject& object);
/// Strings of an array, joined by ", ".
[[nodiscard]] QString list(const QJsonArray& array);
/// A LabelSelector: "app=x, tier in (a, b)".
[[nodiscard]] QString selector(const QJsonValue& value);
/// "cpu 250m, memory 1Gi" of a resource map.
[[nodiscard]] QString resources(const QJsonObject& object);

/// Appends a fact unless its value is empty.
void add(FactSection& section, const QString& label, const QString& value, table::Health health = table::Health::None);
/// Appends a moment given in RFC 3339, unless there is none.
void addMoment(FactSection& section, const QString& label, const QJsonValue& rfc3339);
/// A table's cell with a moment given in RFC 3339; an empty one where there is none.
[[nodiscard]] Fact momentCell(const QJsonValue& rfc3339);
/// Appends a fact that leads to another object.
void addLink(FactSection& section, const QString& label, const QString& kindId, const QString& space,
             const QString& name, const QString& shown = {});
[[nodiscard]] Fact cell(const QString& value, table::Health health = table::Health::None);

/// A kind, and what adds its sections.
struct Describer
{
    QStringView kind;
    void (*describe)(const QJsonObject& object, QList<FactSection>& out);
};
/// Describes the object as its kind asks; false where the kind is not among them.
[[nodiscard]] bool describe(std::span<const Describer> kinds, const QString& kind, const QJsonObject& object,
                            QList<FactSection>& out);

/// Sections by subject. Each returns true where the kind was its own.
[[nodiscard]] bool workloads(const QString& kind, const QJsonObject& object, QList<FactSection>& out);
[[nodiscard]] bool networkAndStorage(const QString& kind, const QJsonObject& object, QList<FactSection>& out);
[[nodiscard]] bool configurationAndAccess(const QString& kind, const QJsonObject& object, ObjectSummary& out);
/// status.conditions, in the usual form.
void conditions(const QJsonObject& object, QList<FactSection>& out);

} // namespace wk::cluster::summary
