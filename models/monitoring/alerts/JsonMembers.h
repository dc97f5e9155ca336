// SPDX-License-Identifier: GPL-3.0-or-later
// Members of a parsed JSON object, for the readers' own files.
#pragma once

#include "cluster/render/Interner.h"
#include "core/Duration.h"
#include "monitoring/prometheus/SeriesReader.h"

namespace wk::monitoring::members {

using Element = simdjson::dom::element;

// What a member is not there for reads as nothing: servers of other makes leave some out.

inline QString text(Element object, const char* name)
{
    std::string_view value;
    return object[name].get_string().get(value) == simdjson::SUCCESS ? cluster::render::shared(value) : QString();
}

inline double number(Element object, const char* name)
{
    double value = 0;
    if (object[name].get_double().get(value) == simdjson::SUCCESS)
        return value;
    std::string_view written;
    if (object[name].get_string().get(written) == simdjson::SUCCESS)
        return prometheusNumber(written).value_or(0);
    return 0;
}

inline qint64 secondsMs(Element object, const char* name) { return milliseconds(number(object, name)).value_or(0); }

/// RFC 3339; the year 1 stands for never.
inline qint64 instant(Element object, const char* name)
{
    std::string_view written;
    if (object[name].get_string().get(written) != simdjson::SUCCESS)
        return 0;
    return qMax<qint64>(parseRfc3339Ms(written).value_or(0), 0);
}

template <typename F>
void each(Element object, const char* name, F f)
{
    simdjson::dom::array items;
    if (object[name].get_array().get(items) != simdjson::SUCCESS)
        return;
    for (const Element item : items)
        f(item);
}

inline Labels labelsIn(Element value)
{
    Labels out;
    simdjson::dom::object object;
    if (value.get_object().get(object) != simdjson::SUCCESS)
        return out;
    for (const auto& [key, field] : object) {
        std::string_view written;
        if (field.get_string().get(written) == simdjson::SUCCESS)
            out.emplace_back(cluster::render::shared(key), cluster::render::shared(written));
    }
    return out;
}

inline Labels labels(Element object, const char* name)
{
    Element value;
    return object[name].get(value) == simdjson::SUCCESS ? labelsIn(value) : Labels();
}

} // namespace wk::monitoring::members
