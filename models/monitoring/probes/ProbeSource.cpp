// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/probes/ProbeSource.h"

#include "platform/Platform.h"

#include <QtCore/QFutureWatcher>
#include <QtCore/QPointer>

namespace wk::monitoring {

using State = ProbeBook::State;

ProbeSource::ProbeSource(ProbeWay way, Clock& clock, Random random, const ProbePlanOptions& options, QObject* parent)
    : QObject(parent), m_clock(clock), m_options(options), m_runner(std::move(way), clock, std::move(random))
{
    m_runner.setPaused(true);
    connect(&m_runner, &ProbeRunner::recorded, this, &ProbeSource::changed);
}

void ProbeSource::setPlatform(std::shared_ptr<const platform::Platform> platform)
{
    if (platform == m_platform)
        return;
    m_platform = std::move(platform);
    ProbePlan plan = m_platform ? probesOf(*m_platform, m_options) : ProbePlan();
    m_unprobed = std::move(plan.unprobed);
    m_runner.setProbes(plan.probes);
    emit changed();
}

std::shared_ptr<void> ProbeSource::want()
{
    if (auto known = m_wanted.lock())
        return known;
    const std::shared_ptr<void> wanted(this, [source = QPointer<ProbeSource>(this)](void*) {
        if (source)
            source->m_runner.setPaused(true);
    });
    m_wanted = wanted;
    m_runner.setPaused(false);
    return wanted;
}

void ProbeSource::askNow(const QString& id) { m_runner.askNow(id); }

bool ProbeSource::isStale(const ProbeBook::Entry& entry) const
{
    return entry.asked && m_clock.nowMs() - entry.last.atMs > 2 * (entry.spec.everyMs + entry.spec.timeoutMs);
}

ProbeSource::Counts ProbeSource::counts(QStringView service) const
{
    Counts out;
    for (const ProbeBook::Entry& entry : book().entries()) {
        if (!service.isEmpty() && entry.spec.service != service)
            continue;
        int& of = entry.state == State::Up     ? out.up
                  : entry.state == State::Slow ? out.slow
                  : entry.state == State::Down ? out.down
                                               : out.unknown;
        ++of;
        out.stale += isStale(entry) ? 1 : 0;
    }
    return out;
}

namespace {

class FutureExchange final : public net::Exchange
{
public:
    FutureExchange(const QFuture<Result<net::Response>>& answer, net::Handlers handlers)
        : m_told(std::make_shared<Told>(Told{std::move(handlers)})),
          m_watcher(new QFutureWatcher<Result<net::Response>>)
    {
        QObject::connect(m_watcher, &QFutureWatcherBase::finished, m_watcher,
                         [watcher = m_watcher, told = m_told] { told->deliver(watcher->future()); });
        m_watcher->setFuture(answer);
    }
    /// Maybe by a handler: the watcher and the handlers are on the stack then.
    ~FutureExchange() override
    {
        m_told->gone = true;
        m_watcher->disconnect();
        m_watcher->future().cancel();
        m_watcher->deleteLater();
    }

private:
    struct Told
    {
        net::Handlers handlers;
        bool gone = false;

        void deliver(const QFuture<Result<net::Response>>& answer) const
        {
            if (answer.isCanceled() || answer.resultCount() == 0) {
                end(Error{Error::Kind::Network, ProbeSource::tr("The connection was given up."), {}, {}});
                return;
            }
            const Result<net::Response> result = answer.result();
            if (!result) {
                end(result.error());
                return;
            }
            if (!gone && handlers.head)
                handlers.head(result->head);
            if (!gone && handlers.data)
                handlers.data(result->body);
            end(std::nullopt);
        }
        void end(std::optional<Error> error) const
        {
            if (!gone && handlers.finished)
                handlers.finished(std::move(error));
        }
    };

    std::shared_ptr<Told> m_told;
    QFutureWatcher<Result<net::Response>>* m_watcher;
};

} // namespace

std::unique_ptr<net::Exchange> exchangeOf(const QFuture<Result<net::Response>>& answer, net::Handlers handlers)
{
    return std::make_unique<FutureExchange>(answer, std::move(handlers));
}

} // namespace wk::monitoring
