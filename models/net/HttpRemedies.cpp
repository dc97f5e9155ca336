// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/HttpRemedies.h"

#include <QtCore/QCoreApplication>

#include <algorithm>

namespace wk::net {

namespace {

struct Words
{
    Remedy remedy;
    const char* apiServer;
    const char* server;
};

#define WORDS(text) QT_TRANSLATE_NOOP("wk::net::HttpRemedies", text)
constexpr Words words[] = {
    {Remedy::Address,
     WORDS("Check that the API server is running and that the kubeconfig names the right address and port."),
     WORDS("Check that it is running, and that its address and port are right.")},
    {Remedy::Name, WORDS("Check the spelling of the server in the kubeconfig, the DNS and the VPN."),
     WORDS("Check the spelling of the address, the DNS and the VPN.")},
    {Remedy::NoHttp, WORDS("Check that the port is that of the API server."), WORDS("Check the port.")},
    {Remedy::WantsTls, WORDS("The port may want TLS: try https:// in the kubeconfig's server."),
     WORDS("The port may want TLS: try https:// in its address.")},
    {Remedy::HangsUp,
     WORDS("Check that the port is that of the API server; a server that demands a client certificate may behave "
           "like this, too."),
     WORDS("Check the port; a server that demands a client certificate may behave like this, too.")},
    {Remedy::Silent, WORDS("The API server may be overloaded, or a device on the way has dropped the connection."),
     WORDS("It may be overloaded, or a device on the way has dropped the connection.")},
    {Remedy::CutOff, WORDS("The API server may have been restarted, or a proxy closed the connection."),
     WORDS("It may have been restarted, or a proxy closed the connection.")},
    {Remedy::Scheme, WORDS("Check the cluster's server in the kubeconfig."), WORDS("Check its address.")},
    {Remedy::Proxy, WORDS("Check proxy-url in the kubeconfig, or the HTTPS_PROXY variable."),
     WORDS("Check the proxy that is given for this server, or the HTTPS_PROXY variable.")},
    {Remedy::ProxyKind, WORDS("Change proxy-url in the kubeconfig, or the HTTPS_PROXY variable."),
     WORDS("Change the proxy that is given for this server, or the HTTPS_PROXY variable.")},
    {Remedy::Authority, WORDS("Put the cluster's authority into the kubeconfig as certificate-authority-data."),
     WORDS("Name the file of the authority that issued it where the server's address is given.")},
    {Remedy::OtherAuthority,
     WORDS("The cluster may have been rebuilt: fetch a new kubeconfig. If it was not, somebody may be listening in."),
     WORDS("The server may have been set up anew: fetch its authority again. If it was not, somebody may be listening "
           "in.")},
    {Remedy::ServerCertificate, WORDS("Renew the API server's certificate, or check this machine's clock."),
     WORDS("Renew the server's certificate, or check this machine's clock.")},
    {Remedy::ServerNames,
     WORDS("Use one of these names in the kubeconfig's server, or set tls-server-name to one of them."),
     WORDS("Use one of these names in its address.")},
    {Remedy::AuthorityFile, WORDS("Check certificate-authority or certificate-authority-data in the kubeconfig."),
     WORDS("Check the file of the authority.")},
    {Remedy::ClientPair, WORDS("Check client-certificate and client-key in the kubeconfig."),
     WORDS("Check the files of the client certificate and of its key.")},
    {Remedy::ClientRefused,
     WORDS("Check the user's client-certificate in the kubeconfig: its expiry and who issued it."),
     WORDS("Check the client certificate that is given for this server: its expiry and who issued it.")},
    {Remedy::ClientCertificate, WORDS("Check client-certificate or client-certificate-data in the kubeconfig."),
     WORDS("Check the file of the client certificate.")},
    {Remedy::ClientKey, WORDS("Check client-key or client-key-data in the kubeconfig."),
     WORDS("Check the file of the client's key.")},
    {Remedy::ClientPassphrase, WORDS("Put an unencrypted key into the kubeconfig, or use an exec plugin."),
     WORDS("Give a key without a passphrase.")},
};
#undef WORDS

static_assert(std::ranges::is_sorted(words, {}, &Words::remedy));
static_assert(std::size(words) == std::size_t(Remedy::ClientPassphrase) + 1);

} // namespace

QString remedyText(Remedy remedy, HttpOptions::Asked asked)
{
    const Words& known = words[std::size_t(remedy)];
    return QCoreApplication::translate("wk::net::HttpRemedies",
                                       asked == HttpOptions::Asked::ApiServer ? known.apiServer : known.server);
}

} // namespace wk::net
