// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/HttpOptions.h"

#include <QtNetwork/QHostAddress>

namespace wk::net {

using namespace Qt::StringLiterals;

namespace {

bool matchesNoProxy(const QString& entry, const QString& host, int port)
{
    QString pattern = entry.trimmed().toLower();
    if (pattern.isEmpty())
        return false;
    if (pattern == "*"_L1)
        return true;
    const QHostAddress address(host);
    if (pattern.contains(u'/')) {
        const auto subnet = QHostAddress::parseSubnet(pattern);
        return !address.isNull() && subnet.second >= 0 && address.isInSubnet(subnet);
    }
    if (const QHostAddress literal(pattern); !literal.isNull())
        return !address.isNull() && literal == address;
    if (const auto colon = pattern.lastIndexOf(u':'); colon > 0) {
        if (QStringView(pattern).sliced(colon + 1).toInt() != port)
            return false;
        pattern.truncate(colon);
    }
    if (pattern.startsWith("*."_L1))
        pattern.remove(0, 1);
    // ".example.com" matches its subdomains only, "example.com" also itself.
    if (pattern.startsWith(u'.'))
        return host.endsWith(pattern);
    return host == pattern || host.endsWith(u'.' + pattern);
}

} // namespace

int serverPort(const QUrl& url) { return url.port(url.scheme() == "http"_L1 ? 80 : 443); }

QString serverName(const QUrl& url)
{
    const QString host = url.host();
    const QString shown = host.contains(u':') ? u'[' + host + u']' : host;
    return u"%1:%2"_s.arg(shown).arg(serverPort(url));
}

bool isNearAddress(const QString& host)
{
    if (host.compare("localhost"_L1, Qt::CaseInsensitive) == 0)
        return true;
    const QHostAddress address(host);
    if (address.isNull())
        return false;
    if (address.isLoopback() || address.isLinkLocal() || address.isUniqueLocalUnicast())
        return true;
    for (const char* range : {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"}) {
        if (address.isInSubnet(QHostAddress::parseSubnet(QString::fromLatin1(range))))
            return true;
    }
    return false;
}

QUrl environmentProxy(const QUrl& base, const std::function<QString(const char*)>& environment)
{
    const QString host = base.host().toLower();
    if (host == "localhost"_L1 || QHostAddress(host).isLoopback())
        return {};
    const auto either = [&](const char* upper, const char* lower) {
        const QString value = environment(upper);
        return value.isEmpty() ? environment(lower) : value;
    };
    const bool https = base.scheme() == "https"_L1;
    const QString proxy = https ? either("HTTPS_PROXY", "https_proxy") : either("HTTP_PROXY", "http_proxy");
    if (proxy.isEmpty())
        return {};
    for (const QString& entry : either("NO_PROXY", "no_proxy").split(u',')) {
        if (matchesNoProxy(entry, host, serverPort(base)))
            return {};
    }
    return QUrl(proxy.contains("://"_L1) ? proxy : "http://"_L1 + proxy);
}

QUrl effectiveProxy(const HttpOptions& options)
{
    if (!options.proxy.isEmpty() || !options.environmentProxy)
        return options.proxy;
    return environmentProxy(options.base, [](const char* name) { return qEnvironmentVariable(name); });
}

} // namespace wk::net
