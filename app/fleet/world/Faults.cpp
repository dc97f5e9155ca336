// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/world/Faults.h"

#include "core/Duration.h"

#include <QtCore/QHash>
#include <QtCore/QStringList>

#include <yaml-cpp/yaml.h>

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

constexpr qint64 minute = 60'000;
constexpr qint64 second = 1000;

const QHash<QString, Fault::Kind>& kinds()
{
    using enum Fault::Kind;
    static const QHash<QString, Fault::Kind> map{{u"crash"_s, Crash},          {u"oom"_s, Oom},
                                                 {u"image-pull"_s, ImagePull}, {u"bad-rollout"_s, BadRollout},
                                                 {u"rollout"_s, Rollout},      {u"restart"_s, Restart},
                                                 {u"scale"_s, Scale},          {u"claim-pending"_s, ClaimPending},
                                                 {u"node-lost"_s, NodeLost},   {u"node-pressure"_s, NodePressure},
                                                 {u"stuck"_s, Stuck},          {u"surge"_s, Surge},
                                                 {u"log-burst"_s, LogBurst}};
    return map;
}

/// Collects the mistakes of one entry; every reader answers with a default so that the next field is still looked at.
class EntryReader
{
public:
    EntryReader(const YAML::Node& node, const QString& file, QStringList& mistakes)
        : m_node(node), m_file(file), m_mistakes(mistakes)
    {
    }

    QString text(const char* key, bool required)
    {
        const YAML::Node v = m_node[key];
        if (!v) {
            if (required)
                say(m_node, u"'%1' is missing"_s.arg(QLatin1String(key)));
            return {};
        }
        if (!v.IsScalar()) {
            say(v, u"'%1' must be a single value"_s.arg(QLatin1String(key)));
            return {};
        }
        return QString::fromStdString(v.Scalar());
    }
    qint64 duration(const char* key, bool required)
    {
        QString t = text(key, required);
        if (t.isEmpty())
            return 0;
        const bool negative = t.startsWith(u'-');
        if (negative || t.startsWith(u'+'))
            t.remove(0, 1);
        const auto ms = parseDurationMs(t);
        if (!ms) {
            say(m_node[key], u"'%1' must be a duration such as 90s or -40m"_s.arg(QLatin1String(key)));
            return 0;
        }
        return negative ? -*ms : *ms;
    }
    double number(const char* key, double fallback, double low, double high)
    {
        const QString t = text(key, false);
        if (t.isEmpty())
            return fallback;
        bool ok = false;
        const double n = t.toDouble(&ok);
        if (!ok || n < low || n > high) {
            say(m_node[key], u"'%1' must be a number from %2 to %3"_s.arg(QLatin1String(key)).arg(low).arg(high));
            return fallback;
        }
        return n;
    }
    void say(const YAML::Node& where, const QString& what)
    {
        const YAML::Mark mark = where.Mark();
        m_mistakes.append(u"%1:%2:%3: %4"_s.arg(m_file).arg(mark.line + 1).arg(mark.column + 1).arg(what));
    }

private:
    const YAML::Node& m_node;
    const QString& m_file;
    QStringList& m_mistakes;
};

Fault readEntry(const YAML::Node& node, const QString& file, QStringList& mistakes)
{
    EntryReader r(node, file, mistakes);
    Fault f;
    if (!node.IsMap()) {
        r.say(node, u"a fault must be a map: {at: 20s, cluster: tchat, fault: crash, target: tchat/payment-service}"_s);
        return f;
    }
    const QString name = r.text("fault", true);
    if (const auto it = kinds().find(name); it != kinds().end())
        f.kind = *it;
    else if (!name.isEmpty()) {
        QStringList known = kinds().keys();
        known.sort();
        r.say(node["fault"], u"unknown fault '%1'; known: %2"_s.arg(name, known.join(u", ")));
    }
    f.cluster = r.text("cluster", true);
    f.atMs = r.duration("at", true);
    f.durationMs = r.duration("for", false);
    f.pods = int(r.number("pods", 1, 1, 100'000));
    f.replicas = int(r.number("replicas", 0, 0, 100'000));
    f.factor = r.number("factor", 3, 0, 1000);
    f.tag = r.text("tag", false);
    f.lines = int(r.number("lines", 10'000, 1, 10'000'000));
    const QString target = r.text("target", true);
    if (f.kind == Fault::Kind::NodeLost || f.kind == Fault::Kind::NodePressure) {
        f.name = target;
    } else if (!target.isEmpty()) {
        f.space = target.section(u'/', 0, 0);
        f.name = target.section(u'/', 1);
        if (f.name.isEmpty())
            r.say(node["target"], u"the target must be namespace/workload"_s);
    }
    return f;
}

} // namespace

QList<Fault> defaultFaults()
{
    using enum Fault::Kind;
    const QString sg = u"streamgate"_s, sl = u"social-live"_s, sm = u"stratmaster"_s, tc = u"tchat"_s;
    const QString prod = u"stratmaster-production"_s, live = u"social-live-prod"_s;
    return {
        // There from the first look.
        {Crash, tc, tc, u"payment-service"_s, -75 * minute},
        {Oom, sg, sg, u"transcoder"_s, -60 * minute},
        {BadRollout, sm, prod, u"stratmaster-api"_s, -25 * minute, 0, 1, 0, 1, u"v1.2.4"_s},
        {NodeLost, sl, {}, u"node-3"_s, -12 * minute, 25 * minute},
        {ClaimPending, tc, tc, u"scylla"_s, -30 * minute},
        {ImagePull, sg, sg, u"upload"_s, -8 * minute, 0, 1, 0, 1, u"v1.0.1-rc"_s},
        {Stuck, sm, u"stratmaster-blue"_s, u"stratmaster-api"_s, -20 * minute},
        // Happening while one watches.
        {Rollout, tc, tc, u"messaging-service"_s, 15 * second, 0, 1, 0, 1, u"v3.8.1"_s},
        {Crash, sg, sg, u"api-gateway"_s, 25 * second, 4 * minute},
        {Surge, sl, live, u"backend"_s, 40 * second, 6 * minute, 1, 0, 3.2},
        {Restart, sm, prod, u"approval-orchestrator"_s, 55 * second},
        {Oom, tc, tc, u"auth-service"_s, 2 * minute, 20 * minute},
        {NodePressure, sg, {}, u"sg-worker-2"_s, 3 * minute, 10 * minute},
        {Rollout, sg, sg, u"upload"_s, 12 * minute, 0, 1, 0, 1, u"v1.0.2"_s},
        {Rollout, sm, prod, u"stratmaster-api"_s, 20 * minute, 0, 1, 0, 1, u"v1.2.5"_s},
    };
}

Result<QList<Fault>> parseFaults(const QByteArray& yaml, const QString& fileName)
{
    QList<Fault> faults;
    QStringList mistakes;
    try {
        const YAML::Node doc = YAML::Load(yaml.toStdString());
        if (!doc.IsSequence())
            mistakes.append(u"%1:1:1: a fault script is a list of faults"_s.arg(fileName));
        for (const YAML::Node& node : doc)
            faults.append(readEntry(node, fileName, mistakes));
    } catch (const YAML::Exception& e) {
        mistakes.append(u"%1:%2:%3: %4"_s.arg(fileName)
                            .arg(e.mark.line + 1)
                            .arg(e.mark.column + 1)
                            .arg(QString::fromStdString(e.msg)));
    }
    if (!mistakes.isEmpty())
        return fail(Error::Kind::BadInput, u"The fault script cannot be used: "_s + mistakes.first(),
                    mistakes.join(u'\n'));
    return faults;
}

} // namespace wk::fleet
