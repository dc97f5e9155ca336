// SPDX-License-Identifier: GPL-3.0-or-later
#include "watchkeeper/shell/CredentialTrial.h"

#include "watchkeeper/monitoring/MonitoringPlaces.h"

namespace wk::app {

using namespace Qt::StringLiterals;
using monitoring::AlertSource;
using monitoring::ServerSource;

CredentialTrial::CredentialTrial(QString name) : m_name(std::move(name)) { m_promise.start(); }

QFuture<Result<QString>> CredentialTrial::of(const secrets::Credential& credential, Platforms& platforms,
                                             MonitoringPlaces& places)
{
    auto* trial = new CredentialTrial(credential.name);
    const auto future = trial->m_promise.future();
    places.forgetSecret(credential.name); // a server that was found before holds the secret of then
    for (const secrets::SecretUse& use : credential.uses) {
        const auto all = platforms.places();
        const auto place = std::ranges::find_if(
            all, [&](const Place& one) { return one.platform && one.platform->name == use.platform; });
        if (place == all.end())
            continue;
        if (use.server == u"prometheus") {
            trial->tryPrometheus(places.at(place->id).source);
            return future;
        }
        if (use.server == u"alertmanager") {
            trial->tryAlertmanager(places.at(place->id).alerts);
            return future;
        }
    }
    trial->end(tr("%1 is there. It is tried when it is used: %2.")
                   .arg(credential.name, credential.uses.empty() ? QString() : credential.uses.front().words));
    return future;
}

void CredentialTrial::tryPrometheus(std::shared_ptr<ServerSource> source)
{
    m_prometheus = std::move(source);
    connect(m_prometheus.get(), &ServerSource::changed, this, &CredentialTrial::followPrometheus);
    m_prometheus->look();
    followPrometheus();
}

void CredentialTrial::followPrometheus()
{
    if (m_over || m_flight)
        return;
    if (m_prometheus->state() == ServerSource::State::Failed) {
        end(fail(*m_prometheus->error()));
    } else if (m_prometheus->state() == ServerSource::State::Found) {
        m_flight = m_prometheus->server()->instant(
            {u"vector(1)"_s, {}}, monitoring::Priority::Now, [this](const Result<monitoring::AnswerPtr>& answer) {
                if (answer)
                    end(tr("%1 is there, and %2 answers with it.").arg(m_name, m_prometheus->name()));
                else
                    end(fail(answer.error()));
            });
    }
}

void CredentialTrial::tryAlertmanager(std::shared_ptr<AlertSource> source)
{
    m_alertmanager = std::move(source);
    connect(m_alertmanager.get(), &AlertSource::changed, this, &CredentialTrial::followAlertmanager);
    m_watch = m_alertmanager->watch();
    followAlertmanager();
}

void CredentialTrial::followAlertmanager()
{
    if (m_over)
        return;
    if (m_alertmanager->state() == AlertSource::State::Failed)
        end(fail(*m_alertmanager->error()));
    else if (m_alertmanager->heardAt() > 0)
        end(tr("%1 is there, and %2 answers with it.").arg(m_name, m_alertmanager->name()));
    else if (m_alertmanager->isStale())
        end(fail(Error::Kind::Network, m_alertmanager->book().replicas().begin()->second.problem));
}

void CredentialTrial::end(Result<QString> result)
{
    m_over = true;
    m_promise.addResult(std::move(result));
    m_promise.finish();
    deleteLater();
}

} // namespace wk::app
