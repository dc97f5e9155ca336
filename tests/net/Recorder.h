// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/Transport.h"

#include <QtTest/QtTest>

namespace wk::test {

/// Notes what comes of one request, and that it comes in order.
struct Recorder
{
    net::ResponseHead head;
    QByteArray body;
    std::optional<Error> error;
    int heads = 0;
    int ends = 0;
    bool ordered = true;
    std::unique_ptr<net::Exchange> exchange;

    void open(net::Transport& transport, const net::Request& request)
    {
        exchange = transport.open(request, {[this](const net::ResponseHead& h) {
                                                ordered = ordered && heads == 0 && ends == 0;
                                                ++heads;
                                                head = h;
                                            },
                                            [this](QByteArrayView data) {
                                                ordered = ordered && heads == 1 && ends == 0;
                                                body.append(data.data(), data.size());
                                            },
                                            [this](std::optional<Error> e) {
                                                ordered = ordered && ends == 0;
                                                ++ends;
                                                error = std::move(e);
                                            }});
    }
    [[nodiscard]] bool ended() const { return ends > 0; }
    [[nodiscard]] QString sentence() const { return error ? error->text() : QStringLiteral("(no error)"); }
};

inline net::Request get(const QByteArray& path, net::Request::Lane lane = net::Request::Lane::Call,
                        qint64 idleMs = 10'000)
{
    net::Request request;
    request.path = path;
    request.lane = lane;
    request.idleTimeoutMs = idleMs;
    return request;
}

} // namespace wk::test

/// Fails with the sentence itself, so that a wrong one is seen.
#define VERIFY_SENTENCE(recorder, part)                                                                                \
    do {                                                                                                               \
        const auto& said = (recorder);                                                                                 \
        const QString all = said.sentence() + u'\n' + (said.error ? said.error->detail : QString());                   \
        QVERIFY2(said.sentence().contains(part), qPrintable(all));                                                     \
    } while (false)
