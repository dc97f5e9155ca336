// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/alerts/AlertmanagerClient.h"

#include "monitoring/prometheus/AnswerFlight.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

namespace wk::monitoring {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::monitoring::AlertmanagerClient)
};

/// What it says about a question that it refuses: a JSON string, or {"code":602,"message":"…"}.
QString refusalWords(const QString& body)
{
    const QJsonObject object = QJsonDocument::fromJson(body.toUtf8()).object();
    if (!object.isEmpty())
        return object.value("message"_L1).toString();
    return QJsonDocument::fromJson('[' + body.toUtf8() + ']').array().at(0).toString();
}

/// The words of a flight are Prometheus' where it answers with a status.
Error inItsWords(Error error, const QString& server)
{
    const QString said = refusalWords(error.detail);
    if (error.httpStatus == 404) {
        error.sentence = Texts::tr("There is no Alertmanager under this address of %1.").arg(server);
        error.remedy = Texts::tr("Does the address have a path prefix? An Alertmanager before 0.16 has another API.");
    } else if (error.httpStatus == 400 || error.httpStatus == 422) {
        error.kind = Error::Kind::BadInput;
        error.sentence = said.isEmpty() ? Texts::tr("%1 does not take the question.").arg(server)
                                        : Texts::tr("%1 does not take the question: %2.").arg(server, said);
    } else if (error.httpStatus == 500 && !said.isEmpty()) {
        error.sentence = Texts::tr("%1 could not answer: %2.").arg(server, said);
    }
    return error;
}

QByteArray encoded(const std::vector<LabelMatcher>& matchers)
{
    QByteArray out;
    for (const LabelMatcher& one : matchers)
        out += "&filter=" + QUrl::toPercentEncoding(one.text());
    return out;
}

QByteArray encoded(const AlertFilter& filter, bool withUnprocessed)
{
    QByteArray out = encoded(filter.matchers);
    const auto flag = [&out](const char* name, bool on) { out += on ? "" : QByteArray("&") + name + "=false"; };
    flag("active", filter.active);
    flag("silenced", filter.silenced);
    flag("inhibited", filter.inhibited);
    if (withUnprocessed)
        flag("unprocessed", filter.unprocessed);
    if (!filter.receiver.isEmpty())
        out += "&receiver=" + QUrl::toPercentEncoding(filter.receiver);
    return out;
}

} // namespace

template <typename T>
AlertmanagerClient::FlightPtr AlertmanagerClient::read(const QByteArray& path, const QByteArray& query,
                                                       Result<T> (*reader)(QByteArrayView), Then<T> then)
{
    net::Request request;
    request.path = m_way.prefix + "/api/v2" + path;
    request.query = query.startsWith('&') ? query.sliced(1) : query;
    request.headers = {{"Accept", "application/json"}};
    request.idleTimeoutMs = m_options.silenceMs;
    return fly<T>(
        *m_way.transport, {m_way.words, m_options.maxBytes}, {request, request},
        [reader] { return std::make_unique<WholeBody<T>>(reader); },
        [server = m_way.words, then = std::move(then)](Result<T> result) {
            then(result ? std::move(result) : Result<T>(fail(inItsWords(std::move(result.error()), server))));
        });
}

AlertmanagerClient::FlightPtr AlertmanagerClient::status(Then<AlertmanagerStatus> then)
{
    return read<AlertmanagerStatus>("/status", {}, readAlertmanagerStatus, std::move(then));
}

AlertmanagerClient::FlightPtr AlertmanagerClient::alerts(const AlertFilter& filter,
                                                         Then<std::vector<ManagedAlert>> then)
{
    return read<std::vector<ManagedAlert>>("/alerts", encoded(filter, true), readManagedAlerts, std::move(then));
}

AlertmanagerClient::FlightPtr AlertmanagerClient::groups(const AlertFilter& filter, Then<std::vector<AlertGroup>> then)
{
    return read<std::vector<AlertGroup>>("/alerts/groups", encoded(filter, false), readAlertGroups, std::move(then));
}

AlertmanagerClient::FlightPtr AlertmanagerClient::receivers(Then<QStringList> then)
{
    return read<QStringList>("/receivers", {}, readReceivers, std::move(then));
}

AlertmanagerClient::FlightPtr AlertmanagerClient::silences(const std::vector<LabelMatcher>& matchers,
                                                           Then<std::vector<Silence>> then)
{
    return read<std::vector<Silence>>("/silences", encoded(matchers), readSilences, std::move(then));
}

} // namespace wk::monitoring
