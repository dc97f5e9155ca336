// SPDX-License-Identifier: GPL-3.0-or-later
// The doctor's inside, for its own files.
#pragma once

#include "cluster/doctor/Doctor.h"

#include "cluster/connection/ApiClient.h"
#include "cluster/doctor/DoctorAccess.h"
#include "cluster/doctor/DoctorProbe.h"
#include "net/Send.h"

#include <QtCore/QCoreApplication>

namespace wk::cluster {

struct DoctorTexts
{
    Q_DECLARE_TR_FUNCTIONS(wk::cluster::Doctor)
};

/// Where the examination stands, and its steps: each ends with done() or failed(), now or later.
class Doctor::Private : public QObject
{
public:
    Private(Subject s, Clock& c, Doctor* owner) : subject(std::move(s)), clock(c), q(owner) {}

    void run() { (this->*m_next[m_at])(); }

    Subject subject;
    Clock& clock;
    Doctor* q;
    QList<DoctorStep> steps;
    std::optional<Error> failure;
    bool finished = false;
    qint64 limitMs = 5'000;

private:
    using State = DoctorStep::State;
    using StepFunction = void (Private::*)();
    const std::array<StepFunction, 8> m_next{&Private::file, &Private::dns,        &Private::tcp, &Private::proxy,
                                             &Private::tls,  &Private::credential, &Private::api, &Private::access};

    void file();
    void dns();
    void tcp();
    void proxy();
    void tls();
    void credential();
    void api();
    void access();

    void done(State state, const QString& sentence, const QString& detail = {}, const QString& remedy = {});
    void failed(const Error& error);
    void tellTls(const DoctorProbe::Handshake& seen);
    void tellVersion(const net::Response& response);
    void tellAccess(const QString& space, const QList<DoctorAccess::Answer>& answers);
    void askAccess(const QString& space);
    [[nodiscard]] QString method() const;

    size_t m_at = 0;
    qint64 m_startedMs = 0;
    platform::ResolvedContext m_context;
    net::HttpOptions m_options;
    QUrl m_proxy;
    std::unique_ptr<DoctorProbe> m_probe;
    std::unique_ptr<ApiClient> m_client;
    std::unique_ptr<DoctorAccess> m_access;
    std::optional<Result<net::Response>> m_version;
};

} // namespace wk::cluster
