// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/doctor/DoctorParts.h"

#include <QtCore/QDir>

namespace wk::cluster {

using namespace Qt::StringLiterals;
using State = DoctorStep::State;
using Texts = DoctorTexts;

namespace {

QString titleOf(const QString& id)
{
    if (id == "file"_L1)
        return Texts::tr("Kubeconfig");
    if (id == "dns"_L1)
        return Texts::tr("Name");
    if (id == "tcp"_L1)
        return Texts::tr("Connection");
    if (id == "proxy"_L1)
        return Texts::tr("Proxy");
    if (id == "tls"_L1)
        return Texts::tr("TLS");
    if (id == "credential"_L1)
        return Texts::tr("Credential");
    return id == "api"_L1 ? Texts::tr("API server") : Texts::tr("Permissions");
}

const QStringList& order()
{
    static const QStringList ids{u"file"_s, u"dns"_s,        u"tcp"_s, u"proxy"_s,
                                 u"tls"_s,  u"credential"_s, u"api"_s, u"access"_s};
    return ids;
}

} // namespace

QString doctorStateName(DoctorStep::State state)
{
    switch (state) {
    case State::Ok: return u"ok"_s;
    case State::Warning: return u"warning"_s;
    case State::Failed: return u"failed"_s;
    case State::Skipped: return u"skipped"_s;
    }
    return {};
}

Doctor::Subject Doctor::Subject::standard(const QString& context)
{
    return {platform::KubeConfig::defaultPaths(), false, context};
}

Doctor::Subject Doctor::Subject::of(const platform::ContextId& id)
{
    const QStringList files = id.origin.split(QDir::listSeparator(), Qt::SkipEmptyParts);
    return {files, files.size() == 1, id.context};
}

/// Ends the present step and begins the next, from the event loop.
void Doctor::Private::done(State state, const QString& sentence, const QString& detail, const QString& remedy)
{
    const QString id = order().value(qsizetype(m_at));
    const DoctorStep step{id, titleOf(id), state, sentence, detail, remedy, clock.monotonicMs() - m_startedMs};
    steps << step;
    emit q->stepFinished(step);
    ++m_at;
    if (m_at == m_next.size()) {
        finished = true;
        emit q->finished();
        return;
    }
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_startedMs = clock.monotonicMs();
            if (failure)
                done(State::Skipped, Texts::tr("Not tried: a step before has failed."));
            else
                run();
        },
        Qt::QueuedConnection);
}

void Doctor::Private::failed(const Error& error)
{
    failure = error;
    done(State::Failed, error.sentence, error.detail, error.remedy);
}

Doctor::Doctor(Subject subject, Clock& clock, QObject* parent)
    : QObject(parent), d(std::make_unique<Private>(std::move(subject), clock, this))
{
}

Doctor::~Doctor() = default;

void Doctor::setStepLimitMs(qint64 ms) { d->limitMs = ms; }

void Doctor::start()
{
    QMetaObject::invokeMethod(
        d.get(), [this] { d->run(); }, Qt::QueuedConnection);
}

bool Doctor::isFinished() const { return d->finished; }
QList<DoctorStep> Doctor::steps() const { return d->steps; }
std::optional<Error> Doctor::failure() const { return d->failure; }

} // namespace wk::cluster
