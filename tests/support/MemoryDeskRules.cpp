// SPDX-License-Identifier: GPL-3.0-or-later
// Windows, policies and templates of a desk in memory.
#include "support/MemoryDesk.h"

#include "support/MemoryDeskParts.h"

namespace wk::test {

using namespace Qt::StringLiterals;
using changes::Policy;
using changes::StoredTemplate;
using changes::TimeWindow;
using Written = changes::ChangeDesk::Written;

Written MemoryDesk::setWindow(const TimeWindow& window, const QString& reason, qint64 replaces)
{
    if (const auto failure = std::exchange(m_failure, std::nullopt))
        return ready<qint64>(fail(*failure));
    TimeWindow kept = window;
    if (kept.id == 0)
        kept.id = m_windows.isEmpty() ? 1 : m_windows.last().id + 1;
    kept.setBy = m_person.name;
    kept.setAt = now();
    kept.reason = reason;
    if (kept.starts && kept.occurrences.isEmpty())
        kept.occurrences << TimeWindow::Occurrence{kept.starts, kept.ends};
    m_windows.removeIf([&](const TimeWindow& w) { return w.id == kept.id || w.id == replaces; });
    m_windows << kept;
    record(u"window.set"_s, 0, kept.toJson());
    emit changed();
    return ready<qint64>(kept.id);
}

Written MemoryDesk::endWindow(qint64 id, const QString& reason)
{
    if (!m_windows.removeIf([id](const TimeWindow& w) { return w.id == id; }))
        return ready<qint64>(fail(Error::Kind::NotFound, u"There is no window %1."_s.arg(id)));
    record(u"window.end"_s, 0, {{u"id"_s, id}, {u"removal_reason"_s, reason}});
    emit changed();
    return ready<qint64>(id);
}

Written MemoryDesk::setPolicy(const QString& platform, const QJsonObject& body, const QString& reason, int seen)
{
    if (const auto failure = std::exchange(m_failure, std::nullopt))
        return ready<qint64>(fail(*failure));
    int newest = 0;
    for (Policy& policy : m_policies) {
        if (policy.platform != platform)
            continue;
        newest = std::max(newest, policy.version);
        policy.current = false;
    }
    if (newest != seen)
        return ready<qint64>(
            fail(Error::Kind::Conflict, u"The policy of \"%1\" is at version %2 now."_s.arg(platform).arg(newest)));
    m_policies << Policy{platform, newest + 1, body, m_person.name, now(), reason, true};
    record(u"policy.set"_s, 0, {{u"platform"_s, platform}, {u"version"_s, newest + 1}});
    emit changed();
    return ready<qint64>(newest + 1);
}

Written MemoryDesk::keepTemplate(const QString& name, const QJsonObject& body)
{
    int newest = 0;
    for (const StoredTemplate& one : std::as_const(m_templates))
        newest = one.name == name ? std::max(newest, one.version) : newest;
    m_templates.prepend(
        {name, newest + 1, body.value("platform"_L1).toString(u"*"_s), body, m_person.name, now(), false, {}});
    record(u"template.set"_s, 0, {{u"name"_s, name}});
    emit changed();
    return ready<qint64>(newest + 1);
}

Written MemoryDesk::approveTemplate(const QString& name, int version)
{
    for (StoredTemplate& one : m_templates) {
        if (one.name != name || one.version != version)
            continue;
        if (one.author == m_person.name)
            return ready<qint64>(fail(Error::Kind::Forbidden, u"Nobody approves what they wrote."_s));
        one.approvers << m_person.name;
        one.approved = one.approvers.size() > 1;
        emit changed();
        return ready<qint64>(version);
    }
    return ready<qint64>(
        fail(Error::Kind::NotFound, u"There is no template \"%1\" in version %2."_s.arg(name).arg(version)));
}

} // namespace wk::test
