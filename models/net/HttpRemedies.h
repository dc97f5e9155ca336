// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/HttpOptions.h"

namespace wk::net {

/// What a person can do about a connection that failed. Who was asked decides the words: an API server's address, trust
/// and login stand in a kubeconfig, those of any other server do not.
enum class Remedy {
    Address,           ///< nothing listens there
    Name,              ///< its name cannot be resolved
    NoHttp,            ///< another protocol, or another TLS
    WantsTls,          ///< hangs up where it is spoken to without
    HangsUp,           ///< hangs up under TLS
    Silent,            ///< took the question, and says nothing
    CutOff,            ///< in the middle of its answer
    Scheme,            ///< neither http nor https
    Proxy,             ///< what stands in between
    ProxyKind,         ///< of a kind that cannot be used
    Authority,         ///< nobody here vouches for its certificate
    OtherAuthority,    ///< somebody else does than the one that is trusted
    ServerCertificate, ///< has expired
    ServerNames,       ///< is for other names
    AuthorityFile,     ///< what should be trusted cannot be read
    ClientPair,        ///< certificate and key of the client do not belong together, or one is missing
    ClientRefused,     ///< the server does not take the client's certificate
    ClientCertificate, ///< cannot be read
    ClientKey,         ///< cannot be read
    ClientPassphrase,  ///< the key is encrypted
};

[[nodiscard]] QString remedyText(Remedy remedy, HttpOptions::Asked asked);

} // namespace wk::net
