// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/metrics/Exposition.h"

#include <cmath>

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

QByteArray escaped(QString value)
{
    value.replace(u'\\', u"\\\\"_s).replace(u'"', u"\\\""_s).replace(u'\n', u"\\n"_s);
    return value.toUtf8();
}

QByteArray rendered(Exposition::Labels labels)
{
    QByteArray out;
    for (const auto& [key, value] : labels) {
        if (!value.isEmpty())
            out += (out.isEmpty() ? "" : ",") + QByteArray(key) + "=\"" + escaped(value) + '"';
    }
    return out;
}

QByteArray number(double value)
{
    // Counters are whole as a rule, and whole numbers are written ten times as fast.
    if (std::abs(value) < 1e15 && value == std::floor(value))
        return QByteArray::number(qint64(value));
    return QByteArray::number(value, 'g', 10);
}

} // namespace

void Exposition::setTarget(Labels labels)
{
    if (!m_known)
        m_target = rendered(labels);
}

void Exposition::family(const char* name, const char* type, const char* help)
{
    const QByteArray key = QByteArray::fromRawData(name, qsizetype(qstrlen(name)));
    m_skip = !m_wanted.isEmpty() && !m_wanted.contains(key);
    if (m_skip || m_known)
        return;
    const auto known = m_index.constFind(key);
    if (known != m_index.cend()) {
        m_family = *known;
        return;
    }
    m_family = m_heads.size();
    m_index.insert(QByteArray(name), m_family);
    m_names.emplace_back(name);
    m_heads.push_back(QByteArray("# HELP ") + name + ' ' + help + "\n# TYPE " + name + ' ' + type + '\n');
}

void Exposition::add(const char* suffix, Labels labels, double value)
{
    if (m_skip)
        return;
    for (const auto& [key, text] : labels)
        if ((!m_spaces.isEmpty() && qstrcmp(key, "namespace") == 0 && !m_spaces.contains(text)) ||
            (!m_bounds.isEmpty() && qstrcmp(key, "le") == 0 && !m_bounds.contains(text)))
            return;
    m_values.push_back(value);
    if (m_known)
        return;
    QByteArray own = rendered(labels);
    if (!own.isEmpty() && !m_target.isEmpty())
        own += ',';
    own += m_target;
    m_series.push_back({m_family, m_names[m_family] + suffix + (own.isEmpty() ? QByteArray() : '{' + own + '}')});
}

QByteArray Exposition::text() const
{
    std::vector<QByteArray> families = m_heads;
    for (std::size_t i = 0; i < m_series.size(); ++i)
        families[m_series[i].family] += m_series[i].name + ' ' + number(m_values[i]) + '\n';
    QByteArray out;
    for (const QByteArray& family : families)
        out += family;
    return out;
}

void Exposition::begin()
{
    m_known = !m_series.empty();
    m_values.clear();
}

void Exposition::appendTo(QByteArray& out, qint64 timeMs) const
{
    const QByteArray time = ' ' + QByteArray::number(timeMs / 1000) + '\n';
    for (std::size_t i = 0; i < m_series.size() && i < m_values.size(); ++i)
        out += m_series[i].name + ' ' + number(m_values[i]) + time;
}

} // namespace wk::fleet
