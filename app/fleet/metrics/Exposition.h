// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QHash>
#include <QtCore/QSet>
#include <QtCore/QString>

#include <initializer_list>
#include <vector>

namespace wk::fleet {

/// Samples on their way to a scraper, in the text exposition format 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats/), or with a time each, for a backfill.
class Exposition
{
public:
    using Labels = std::initializer_list<std::pair<const char*, QString>>;

    /// Only these families, and of what has a label `namespace`, or `le`, only those: the rest is passed over.
    void setWanted(QSet<QByteArray> families, QSet<QString> spaces, QSet<QString> bounds = {})
    {
        m_wanted = std::move(families);
        m_spaces = std::move(spaces);
        m_bounds = std::move(bounds);
    }
    /// Labels that all samples from now on carry besides their own: those of the target they are of.
    void setTarget(Labels labels);
    /// What the samples that follow are of. A family may be named several times; its samples stand together.
    void family(const char* name, const char* type, const char* help);
    void sample(Labels labels, double value) { add("", labels, value); }
    void sample(const char* suffix, Labels labels, double value) { add(suffix, labels, value); }

    [[nodiscard]] QByteArray text() const;

    /// Forgets the values; the same samples are expected again in the same order, and only their values are taken.
    void begin();
    [[nodiscard]] const std::vector<double>& values() const { return m_values; }
    /// Appends "series value time" for each sample.
    void appendTo(QByteArray& out, qint64 timeMs) const;

private:
    struct Series
    {
        std::size_t family;
        QByteArray name; ///< with its labels
    };
    void add(const char* suffix, Labels labels, double value);

    QSet<QByteArray> m_wanted;
    QSet<QString> m_spaces, m_bounds;
    QByteArray m_target;
    QHash<QByteArray, std::size_t> m_index;
    std::vector<QByteArray> m_heads, m_names;
    std::vector<Series> m_series;
    std::vector<double> m_values;
    std::size_t m_family = 0;
    bool m_skip = false;
    bool m_known = false; ///< the series are there already
};

} // namespace wk::fleet
