// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/checks/CheckWorld.h"
#include "core/Clock.h"
#include "net/HttpTransport.h"

#include <map>

namespace wk::changes {

/// Pages by HTTP: one transport for each server, which must have a certificate that the system trusts.
class WebClient final : public WebAccess
{
public:
    /// How to reach a server, given its address without a path; empty: with the system's authorities and proxies.
    using Options = std::function<net::HttpOptions(const QUrl& base)>;

    /// `clock` outlives it.
    explicit WebClient(Clock& clock, Options options = {}) : m_clock(clock), m_options(std::move(options)) {}

    [[nodiscard]] QFuture<Result<Answer>> get(const QUrl& url) override;

private:
    Clock& m_clock;
    Options m_options;
    std::map<QString, std::unique_ptr<net::HttpTransport>> m_transports;
};

} // namespace wk::changes
