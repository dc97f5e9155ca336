// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the server can be reached at all: the kubeconfig, its name, its address, the proxy.
#include "cluster/connection/ApiIdentity.h"
#include "cluster/doctor/DoctorParts.h"
#include "net/HttpFailure.h"

namespace wk::cluster {

using namespace Qt::StringLiterals;
using Texts = DoctorTexts;

void Doctor::Private::file()
{
    m_startedMs = clock.monotonicMs();
    const auto config = subject.explicitFile ? platform::KubeConfig::loadFile(subject.files.value(0))
                                             : platform::KubeConfig::loadList(subject.files);
    if (!config)
        return failed(config.error());
    const auto context = config->resolve(subject.context);
    if (!context)
        return failed(context.error());
    m_context = *context;
    // Files that the context names are part of this step: nothing is sent before they could be read.
    const auto options = httpOptions(m_context, nullptr);
    if (!options)
        return failed(options.error());
    m_options = *options;
    m_proxy = net::effectiveProxy(m_options);
    QStringList detail{Texts::tr("cluster “%1” at %2, user “%3”")
                           .arg(m_context.clusterName, m_context.server.toDisplayString(), m_context.userName)};
    State state = State::Ok;
    QString sentence;
    for (const auto& entry : config->contexts()) {
        if (entry.id.context != m_context.id.context)
            continue;
        sentence = Texts::tr("The context “%1” is in %2.").arg(entry.id.context, entry.file);
        if (!entry.shadowed.isEmpty()) {
            state = State::Warning;
            sentence +=
                u' ' + Texts::tr("Another one of the same name in %1 is ignored.").arg(entry.shadowed.join(u", "_s));
        }
    }
    done(state, sentence, detail.join(u'\n'));
}

void Doctor::Private::dns()
{
    m_probe = std::make_unique<DoctorProbe>(m_options, clock, limitMs, this);
    const QString host = m_proxy.isEmpty() ? m_context.server.host() : m_proxy.host();
    if (!QHostAddress(host).isNull())
        return done(State::Skipped, Texts::tr("%1 is an address: there is no name to look up.").arg(host));
    m_probe->resolve(host, [this, host](const Result<QList<QHostAddress>>& found) {
        if (!found)
            return failed(found.error());
        QStringList addresses;
        for (const QHostAddress& address : *found)
            addresses << address.toString();
        done(State::Ok, Texts::tr("%1 is %2.").arg(host, addresses.join(u", "_s)));
    });
}

void Doctor::Private::tcp()
{
    const QUrl target = m_proxy.isEmpty() ? m_context.server : m_proxy;
    m_probe->connectTo(target, false, [this, target](const Result<void>& connected) {
        if (!connected)
            return failed(connected.error());
        const QString name = m_proxy.isEmpty() ? net::serverName(target) : target.toDisplayString(QUrl::RemoveUserInfo);
        done(State::Ok, Texts::tr("%1 accepts connections.").arg(name));
    });
}

void Doctor::Private::proxy()
{
    if (m_proxy.isEmpty())
        return done(State::Skipped, Texts::tr("No proxy is used."));
    const QString shown = m_proxy.toDisplayString(QUrl::RemoveUserInfo);
    const QString source =
        m_options.proxy.isEmpty() ? Texts::tr("from the environment") : Texts::tr("proxy-url in the kubeconfig");
    m_probe->connectTo(m_context.server, true, [this, shown, source](const Result<void>& connected) {
        if (!connected)
            return failed(connected.error());
        done(State::Ok, Texts::tr("The proxy %1 lets us through to %2.").arg(shown, net::serverName(m_context.server)),
             source);
    });
}

} // namespace wk::cluster
