// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/Prometheus.h"

#include "platform/Platform.h"

#include <QtCore/QCoreApplication>

namespace wk::changes {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::CheckRunner)
};

bool isPrometheus(const QString& text) { return text.contains("prometheus"_L1, Qt::CaseInsensitive); }

QString mainNamespace(const platform::Platform& platform)
{
    const auto& all = platform.namespaces;
    const auto it = std::ranges::find_if(all, &platform::Namespace::main);
    return it != all.end() ? it->name : all.empty() ? QString() : all.front().name;
}

} // namespace

Result<Prometheus> prometheusOf(const platform::Platform* platform)
{
    static const std::vector<platform::Service> none;
    for (const platform::Service& service : platform ? platform->services : none) {
        if (service.kind != platform::Service::Kind::Monitoring)
            continue;
        for (const platform::Endpoint& endpoint : service.healthEndpoints) {
            if (isPrometheus(endpoint.name) && !endpoint.url.isEmpty())
                return Prometheus{QUrl(endpoint.url), {}};
        }
        if (service.host.isEmpty() || !(isPrometheus(service.name) || isPrometheus(service.product)))
            continue;
        const QString port = QString::number(service.ports.empty() ? 9090 : service.ports.front());
        if (service.host.contains(u'.'))
            return Prometheus{QUrl(u"http://%1:%2"_s.arg(service.host, port)), {}};
        if (const QString space = mainNamespace(*platform); !space.isEmpty())
            return Prometheus{
                {}, u"/api/v1/namespaces/%1/services/http:%2:%3/proxy"_s.arg(space, service.host, port).toLatin1()};
    }
    return fail(Error::Kind::NotFound, Texts::tr("No platform file says where Prometheus is."), {},
                Texts::tr("Give the platform a monitoring service with a host, or write the url into the step."));
}

} // namespace wk::changes
