// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/probes/ProbeParts.h"
#include "net/HttpOptions.h"

namespace wk::monitoring {

namespace {

class ProbeFlight final : public Flight
{
public:
    explicit ProbeFlight(std::shared_ptr<ProbeRun> run) : m_run(std::move(run)) {}
    ~ProbeFlight() override { m_run->cancel(); }

private:
    std::shared_ptr<ProbeRun> m_run;
};

} // namespace

QString ProbeSpec::where() const
{
    if (inside.isEmpty())
        return net::serverName(url);
    return ProbeWords::tr("%1 in %2").arg(inside + u':' + QString::number(net::serverPort(url)), space);
}

ProbeRun::ProbeRun(ProbeSpec spec, const ProbeWay& way, Clock& clock, std::function<void(ProbeResult)> then)
    : m_spec(std::move(spec)), m_way(way), m_clock(clock), m_then(std::move(then))
{
}

net::HttpOptions ProbeRun::options() const
{
    net::HttpOptions out;
    out.base = m_spec.url.adjusted(QUrl::RemovePath | QUrl::RemoveQuery | QUrl::RemoveFragment | QUrl::RemoveUserInfo);
    out.caPem = m_way.caPem;
    out.environmentProxy = m_way.environmentProxy;
    return out;
}

void ProbeRun::begin()
{
    m_wallMs = m_clock.nowMs();
    m_startMs = m_clock.monotonicMs();
    // An HTTP transport gives up after timeoutMs without an answer, and knows why; this is for answers without an end.
    const qint64 grace = m_spec.kind == ProbeSpec::Kind::Http ? 100 : 0;
    m_timer = m_clock.after(this, m_spec.timeoutMs + grace, [this] { down(late()); });
    // From the event loop, so that whatever fails at once does not fail inside the call that asks.
    QMetaObject::invokeMethod(
        this,
        [this] {
            if (!over())
                start();
        },
        Qt::QueuedConnection);
}

void ProbeRun::cancel()
{
    m_timer.reset();
    const auto then = std::exchange(m_then, nullptr);
    close();
}

void ProbeRun::end(ProbeResult result)
{
    if (over())
        return;
    const auto self = shared_from_this();
    m_timer.reset();
    result.atMs = m_wallMs;
    result.latencyMs = m_clock.monotonicMs() - m_startMs;
    if (result.verdict == ProbeResult::Verdict::Up && result.latencyMs >= m_spec.slowMs &&
        m_spec.kind != ProbeSpec::Kind::TlsExpiry)
        result.verdict = ProbeResult::Verdict::Slow;
    const auto then = std::exchange(m_then, nullptr);
    close();
    then(std::move(result));
}

void ProbeRun::up(const QString& answer)
{
    ProbeResult result;
    result.verdict = ProbeResult::Verdict::Up;
    result.answer = answer;
    end(std::move(result));
}

void ProbeRun::down(Error error)
{
    ProbeResult result;
    result.verdict = ProbeResult::Verdict::Down;
    result.httpStatus = error.httpStatus;
    result.error = std::move(error);
    end(std::move(result));
}

void ProbeRun::unasked(Error error)
{
    ProbeResult result;
    result.httpStatus = error.httpStatus;
    result.error = std::move(error);
    end(std::move(result));
}

std::unique_ptr<Flight> startProbe(const ProbeSpec& spec, const ProbeWay& way, Clock& clock,
                                   std::function<void(ProbeResult)> then)
{
    auto run = spec.kind == ProbeSpec::Kind::Http ? httpProbe(spec, way, clock, std::move(then))
                                                  : socketProbe(spec, way, clock, std::move(then));
    run->begin();
    return std::make_unique<ProbeFlight>(std::move(run));
}

} // namespace wk::monitoring
