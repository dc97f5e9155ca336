// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/probes/ProbeParts.h"
#include "monitoring/prometheus/ServerAddress.h"
#include "monitoring/prometheus/ServerError.h"
#include "net/HttpTransport.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

namespace wk::monitoring {

using namespace Qt::StringLiterals;

namespace {

/// More of a body is not looked at: it is neither kept nor waited for.
constexpr qint64 maxBody = 1 << 20;

/// A GET over a connection of its own, so that the connection is part of what is tried; or through the API server's
/// service proxy.
class HttpProbe final : public ProbeRun
{
public:
    using ProbeRun::ProbeRun;

protected:
    void start() override
    {
        net::Request request;
        request.verb = spec().method;
        request.path = spec().url.path(QUrl::FullyEncoded).toLatin1();
        if (request.path.isEmpty())
            request.path = "/";
        request.query = spec().url.query(QUrl::FullyEncoded).toLatin1();
        request.headers = {{"Accept", "*/*"}, {"Cache-Control", "no-cache"}};
        // Directly, the transport knows better than this class how far it has come. Inside, that nothing comes is taken
        // for the service's silence: whoever knows that the API server is away gives no way to it.
        request.idleTimeoutMs = spec().inside.isEmpty() ? spec().timeoutMs : 0;
        if (!spec().url.userName().isEmpty() && spec().inside.isEmpty())
            request.headers.emplaceBack("Authorization",
                                        "Basic " + spec().url.userInfo(QUrl::FullyDecoded).toUtf8().toBase64());
        net::Handlers handlers;
        handlers.head = [this](const net::ResponseHead& head) { m_head = head; };
        handlers.data = [this](QByteArrayView bytes) { take(bytes); };
        handlers.finished = [this](std::optional<Error> error) { finished(std::move(error)); };
        if (spec().inside.isEmpty()) {
            m_transport = std::make_unique<net::HttpTransport>(options(), clock());
            m_exchange = m_transport->open(request, std::move(handlers));
            return;
        }
        if (!way().cluster) {
            unasked({Error::Kind::Unsupported,
                     ProbeWords::tr("%1 is inside the cluster, and there is no connection to it.").arg(spec().where()),
                     {},
                     {}});
            return;
        }
        // The API server's client lets nothing else through.
        request.verb = "GET";
        request.path =
            servicePath(spec().space, spec().inside, net::serverPort(spec().url), spec().url.scheme() == "https"_L1) +
            request.path;
        m_exchange = way().cluster(request, std::move(handlers));
    }

    /// The transport stays until this object goes: the exchange may be calling just now, on a signal of its manager.
    void close() override { m_exchange.reset(); }

    Error late() const override
    {
        const QString seconds = QString::number(double(spec().timeoutMs) / 1000.0, 'g', 3);
        return {Error::Kind::Network,
                (m_head.status             ? ProbeWords::tr("%1 had not finished its answer after %2 s.")
                 : spec().inside.isEmpty() ? ProbeWords::tr("%1 did not answer within %2 s.")
                                           : ProbeWords::tr("%1 did not answer the API server within %2 s."))
                    .arg(spec().where(), seconds),
                {},
                {}};
    }

private:
    void take(QByteArrayView bytes)
    {
        if (over())
            return;
        m_body += bytes.first(qMin<qint64>(bytes.size(), maxBody - m_body.size()));
        if (m_body.size() >= maxBody)
            judge();
    }

    void finished(std::optional<Error> error)
    {
        if (over())
            return;
        if (!error)
            judge();
        else if (spec().inside.isEmpty())
            down(std::move(*error));
        else
            unasked(std::move(*error));
    }

    /// Whether it is the API server that speaks, and not the service: a metav1.Status, which of the two comes from the
    /// API server where it could not or would not pass the question on
    /// (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/).
    [[nodiscard]] bool fromApiServer() const
    {
        if (spec().inside.isEmpty() || m_head.status < 400)
            return false;
        const QJsonObject json = QJsonDocument::fromJson(m_body).object();
        return json.value("kind"_L1).toString() == "Status"_L1 && json.value("apiVersion"_L1).toString() == "v1"_L1;
    }

    void judge()
    {
        if (fromApiServer()) {
            const Error error = answerError(spec().where(), m_head, m_body);
            // 5xx: the service has no endpoint, or none that answers. Else the question was refused, or the name wrong.
            if (m_head.status >= 500)
                down(error);
            else
                unasked(error);
            return;
        }
        const bool expected =
            spec().expect ? m_head.status == *spec().expect : m_head.status >= 200 && m_head.status < 400;
        if (!expected) {
            down(unexpected());
        } else if (!spec().word.isEmpty() && !m_body.contains(spec().word.toUtf8())) {
            down({Error::Kind::Protocol,
                  ProbeWords::tr("%1 answers %2, but without the word “%3”.")
                      .arg(spec().where(), QString::number(m_head.status), spec().word),
                  firstWords(),
                  {},
                  m_head.status});
        } else {
            ProbeResult result;
            result.verdict = ProbeResult::Verdict::Up;
            result.httpStatus = m_head.status;
            result.answer = QString::number(m_head.status);
            end(std::move(result));
        }
    }

    [[nodiscard]] Error unexpected() const
    {
        QString sentence =
            spec().expect ? ProbeWords::tr("%1 answers %2 and should answer %3.")
                                .arg(spec().where(), QString::number(m_head.status), QString::number(*spec().expect))
                          : ProbeWords::tr("%1 answers %2.").arg(spec().where(), QString::number(m_head.status));
        // What a health endpoint says about itself is short; a page for people is not repeated.
        if (const QString words = firstWords(); !words.isEmpty() && !isWebPage(m_head, m_body))
            sentence += u' ' + ProbeWords::tr("It says “%1”.").arg(words);
        return {m_head.status >= 500 ? Error::Kind::Server : Error::Kind::Protocol,
                sentence,
                firstWords(),
                {},
                m_head.status};
    }

    [[nodiscard]] QString firstWords() const
    {
        const QString text = QString::fromUtf8(m_body.first(qMin<qsizetype>(m_body.size(), 2000))).simplified();
        return text.size() > 120 ? text.first(119) + u'…' : text;
    }

    std::unique_ptr<net::HttpTransport> m_transport;
    std::unique_ptr<net::Exchange> m_exchange;
    net::ResponseHead m_head;
    QByteArray m_body;
};

} // namespace

std::shared_ptr<ProbeRun> httpProbe(const ProbeSpec& spec, const ProbeWay& way, Clock& clock,
                                    std::function<void(ProbeResult)> then)
{
    return sharedRun<HttpProbe>(spec, way, clock, std::move(then));
}

} // namespace wk::monitoring
