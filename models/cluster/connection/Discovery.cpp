// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/connection/Discovery.h"

#include "cluster/Decoder.h"

namespace wk::cluster {

using namespace Qt::StringLiterals;

namespace {
constexpr auto aggregatedAccept =
    "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
    "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";
constexpr qsizetype maxBody = 64 * 1024 * 1024;
} // namespace

Discovery::Discovery(net::Transport& transport, QObject* parent) : QObject(parent), m_transport(transport) {}

Discovery::~Discovery() = default;

void Discovery::run(Done done)
{
    ++m_run;
    m_done = std::move(done);
    m_groups.clear();
    m_error.reset();
    m_exchanges.clear();
    m_open = 2;
    for (const bool core : {true, false}) {
        ask(core ? "/api" : "/apis", aggregatedAccept,
            [this, core](int status, const QByteArray& type, const QByteArray& body,
                         const std::optional<Error>& error) { onRoot(core, status, type, body, error); });
    }
}

void Discovery::ask(const QByteArray& path, const QByteArray& accept, Answer answer)
{
    struct Call
    {
        int status = 0;
        QByteArray contentType;
        QByteArray body;
    };
    auto call = std::make_shared<Call>();
    net::Request request;
    request.path = path;
    request.headers = {{"Accept", accept}};
    const quint64 run = m_run;
    m_exchanges.push_back(
        m_transport.open(request, {[call](const net::ResponseHead& head) {
                                       call->status = head.status;
                                       call->contentType = head.header("Content-Type");
                                   },
                                   [call](QByteArrayView bytes) {
                                       if (call->body.size() + bytes.size() <= maxBody)
                                           call->body.append(bytes);
                                   },
                                   [this, call, run, answer = std::move(answer)](const std::optional<Error>& error) {
                                       if (run != m_run)
                                           return;
                                       answer(call->status, call->contentType, call->body, error);
                                       finishOne();
                                   }}));
}

ApiGroup& Discovery::group(const QString& name)
{
    const auto it = std::ranges::find(m_groups, name, &ApiGroup::name);
    if (it != m_groups.end())
        return *it;
    m_groups.push_back({name, {}, {}});
    return m_groups.back();
}

void Discovery::onRoot(bool core, int status, const QByteArray& contentType, const QByteArray& body,
                       const std::optional<Error>& error)
{
    if (error || status != 200) {
        if (!m_error)
            m_error =
                error ? *error : errorFromResponse(status, contentType, body, tr("Asking the server for its kinds"));
        return;
    }
    if (contentType.contains("APIGroupDiscoveryList")) {
        auto groups = parseAggregatedDiscovery(body);
        if (!groups) {
            m_error = groups.error();
            return;
        }
        for (ApiGroup& g : *groups)
            group(g.name) = std::move(g);
        return;
    }
    if (core) {
        auto versions = parseCoreVersions(body);
        if (versions)
            readVersions({*versions});
        else
            m_error = versions.error();
        return;
    }
    auto groups = parseGroupList(body);
    if (groups)
        readVersions(*groups);
    else
        m_error = groups.error();
}

void Discovery::readVersions(const std::vector<ApiGroup>& groups)
{
    for (const ApiGroup& g : groups) {
        group(g.name).versions = g.versions;
        for (const QString& version : g.versions) {
            ++m_open;
            const QString path = g.name.isEmpty() ? u"/api/"_s + version : u"/apis/"_s + g.name + u'/' + version;
            ask(path.toUtf8(), "application/json",
                [this, name = g.name, version](int status, const QByteArray&, const QByteArray& body,
                                               const std::optional<Error>& error) {
                    if (error || status != 200)
                        return; // this one is missing: an aggregated API whose server is down
                    if (auto resources = parseResourceList(body, name, version))
                        group(name).resources[version] = std::move(*resources);
                });
        }
    }
}

void Discovery::finishOne()
{
    if (--m_open > 0)
        return;
    const bool empty = std::ranges::all_of(m_groups, [](const ApiGroup& g) { return g.resources.empty(); });
    // The core group leads, the others keep the server's order of priority.
    std::ranges::stable_partition(m_groups, [](const ApiGroup& g) { return g.name.isEmpty(); });
    const Done done = std::move(m_done);
    if (empty) {
        done(fail(m_error.value_or(Error{Error::Kind::Protocol, tr("The server named no kinds."), {}, {}})));
    } else {
        done(std::move(m_groups));
    }
}

} // namespace wk::cluster
