// SPDX-License-Identifier: GPL-3.0-or-later
#include "series/Mark.h"

#include <QtCore/QCoreApplication>

namespace wk::series {

namespace {

struct Names
{
    const char16_t* name;
    const char* words;
};
// In the order of the kinds.
constexpr Names names[] = {{u"rollout", QT_TRANSLATE_NOOP("wk::series::Mark", "Rollouts")},
                           {u"change", QT_TRANSLATE_NOOP("wk::series::Mark", "Changes")},
                           {u"alert", QT_TRANSLATE_NOOP("wk::series::Mark", "Alerts")},
                           {u"incident", QT_TRANSLATE_NOOP("wk::series::Mark", "Incidents")}};
static_assert(std::size(names) == markKinds.size());

} // namespace

QString markKindName(Mark::Kind kind) { return QString::fromUtf16(names[size_t(kind)].name); }

std::optional<Mark::Kind> markKindFromName(QStringView name)
{
    for (const Mark::Kind kind : markKinds) {
        if (name == markKindName(kind))
            return kind;
    }
    return std::nullopt;
}

QString markKindWords(Mark::Kind kind)
{
    return QCoreApplication::translate("wk::series::Mark", names[size_t(kind)].words);
}

} // namespace wk::series
