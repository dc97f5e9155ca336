// SPDX-License-Identifier: GPL-3.0-or-later
// How one probe runs, for the probes' own files.
#pragma once

#include "monitoring/probes/Probe.h"
#include "net/HttpFailure.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QObject>

namespace wk::monitoring {

struct ProbeWords
{
    Q_DECLARE_TR_FUNCTIONS(wk::monitoring::Probe)
};

/// What all kinds share: the deadline, the latency, that the end comes once and never from inside the call that asks.
class ProbeRun : public QObject, public std::enable_shared_from_this<ProbeRun>
{
public:
    ProbeRun(ProbeSpec spec, const ProbeWay& way, Clock& clock, std::function<void(ProbeResult)> then);

    void begin();
    /// Nothing is called any more.
    void cancel();

protected:
    virtual void start() = 0;
    /// Lets go of the network. May be called from inside a callback of it.
    virtual void close() = 0;
    /// The time is over.
    [[nodiscard]] virtual Error late() const = 0;

    void up(const QString& answer);
    void down(Error error);
    void unasked(Error error);
    void end(ProbeResult result);

    [[nodiscard]] const ProbeSpec& spec() const { return m_spec; }
    [[nodiscard]] const ProbeWay& way() const { return m_way; }
    [[nodiscard]] Clock& clock() const { return m_clock; }
    [[nodiscard]] bool over() const { return !m_then; }
    /// Of the server that is spoken to directly.
    [[nodiscard]] net::HttpOptions options() const;
    [[nodiscard]] net::HttpFailureText failures() const { return net::HttpFailureText(options()); }

private:
    const ProbeSpec m_spec;
    const ProbeWay m_way;
    Clock& m_clock;
    std::function<void(ProbeResult)> m_then;
    std::shared_ptr<void> m_timer;
    qint64 m_wallMs = 0, m_startMs = 0;
};

/// Goes by deleteLater(): when its last owner lets go, one of its own callbacks may be on the stack.
template <typename Run>
[[nodiscard]] std::shared_ptr<ProbeRun> sharedRun(const ProbeSpec& spec, const ProbeWay& way, Clock& clock,
                                                  std::function<void(ProbeResult)> then)
{
    return std::shared_ptr<ProbeRun>(new Run(spec, way, clock, std::move(then)),
                                     [](ProbeRun* run) { run->deleteLater(); });
}

[[nodiscard]] std::shared_ptr<ProbeRun> httpProbe(const ProbeSpec& spec, const ProbeWay& way, Clock& clock,
                                                  std::function<void(ProbeResult)> then);
[[nodiscard]] std::shared_ptr<ProbeRun> socketProbe(const ProbeSpec& spec, const ProbeWay& way, Clock& clock,
                                                    std::function<void(ProbeResult)> then);

} // namespace wk::monitoring
