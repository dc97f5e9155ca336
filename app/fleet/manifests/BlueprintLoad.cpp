// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/manifests/BlueprintParts.h"

using namespace Qt::StringLiterals;

namespace wk::fleet {

using namespace blueprint;

void addLoad(PlatformSpec& spec, int pods)
{
    static const QStringList apps{u"api"_s,  u"billing"_s, u"catalog"_s, u"checkout"_s, u"delivery"_s,
                                  u"feed"_s, u"gateway"_s, u"history"_s, u"inbox"_s,    u"jobs"_s};
    if (pods <= 0)
        return;
    int before = 0;
    for (const WorkloadSpec& w : spec.workloads)
        before += qMax(1, w.replicas);
    const int wanted = qMax(0, pods - before);
    const int perWorkload = wanted > 2000 ? 50 : 10;
    spec.podsBefore = before;
    spec.pools.append({spec.id + u"-load"_s, qMax(1, wanted / 100), 64, 256, {}, u"m6i.16xlarge"_s});
    for (int made = 0, i = 0; made < wanted; ++i) {
        const QString space = u"load-%1"_s.arg(i / int(apps.size()), 3, 10, QLatin1Char('0'));
        if (!spec.spaces.contains(space))
            spec.spaces.append(space);
        const QString& app = apps.at(i % apps.size());
        WorkloadSpec w = workload(WorkloadSpec::Kind::Deployment, space, app, qMin(perWorkload, wanted - made),
                                  container(app, u"registry.example.com/load/"_s + app, u"v1.%1.0"_s.arg(i % 7),
                                            u"go"_s, 8080, {250, 1000, 256, 1024}, u"/health"_s, u"/health/ready"_s));
        w.containers.append(container(u"proxy"_s, u"registry.example.com/proxy"_s, u"v2.3.1"_s, u"system"_s, 15001,
                                      {50, 200, 64, 128}));
        w.revisions = 1;
        made += w.replicas;
        spec.workloads.append(w);
    }
}

} // namespace wk::fleet
