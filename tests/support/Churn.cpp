// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/Churn.h"

#include "support/ChurnWorker.h"

#include <QtCore/QFile>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtNetwork/QNetworkReply>
#include <QtNetwork/QSslCertificate>
#include <QtNetwork/QSslKey>
#include <QtTest/QTest>

namespace wk::test {

using namespace Qt::StringLiterals;

namespace {

constexpr int namespaces = 4;
constexpr int nodes = 5;
constexpr int openAtOnce = 6; // what QNetworkAccessManager has connections for

QByteArray json(const QJsonObject& object) { return QJsonDocument(object).toJson(QJsonDocument::Compact); }
QString spaceOf(int number) { return u"load-%1"_s.arg(number % namespaces); }
QString podName(int number) { return u"api-gateway-%1"_s.arg(number, 5, 10, QChar(u'0')); }
QString podsPath(int number) { return u"/api/v1/namespaces/%1/pods"_s.arg(spaceOf(number)); }

QJsonObject podObject(int number)
{
    const QJsonObject container{{u"name"_s, u"main"_s}, {u"image"_s, u"registry.example/api:v1.%1"_s.arg(number % 7)}};
    return {{u"apiVersion"_s, u"v1"_s},
            {u"kind"_s, u"Pod"_s},
            {u"metadata"_s, QJsonObject{{u"name"_s, podName(number)},
                                        {u"labels"_s, QJsonObject{{u"app"_s, u"api-gateway"_s},
                                                                  {u"number"_s, QString::number(number)}}}}},
            {u"spec"_s, QJsonObject{{u"nodeName"_s, u"load-node-%1"_s.arg(number % nodes)},
                                    {u"terminationGracePeriodSeconds"_s, 0},
                                    {u"containers"_s, QJsonArray{container}}}}};
}

QJsonObject statusObject(int number, int restarts)
{
    const bool waiting = restarts % 11 == 3;
    const bool ready = !waiting && restarts % 5 != 1;
    const QJsonObject state =
        waiting ? QJsonObject{{u"waiting"_s, QJsonObject{{u"reason"_s, u"CrashLoopBackOff"_s}}},
                              {u"running"_s, QJsonValue::Null}}
                : QJsonObject{{u"running"_s, QJsonObject{{u"startedAt"_s, u"2026-01-01T08:00:00Z"_s}}},
                              {u"waiting"_s, QJsonValue::Null}};
    const QJsonObject container{{u"name"_s, u"main"_s}, {u"image"_s, u"i"_s},          {u"imageID"_s, u"i"_s},
                                {u"ready"_s, ready},    {u"restartCount"_s, restarts}, {u"state"_s, state}};
    const QJsonObject condition{{u"type"_s, u"Ready"_s}, {u"status"_s, ready ? u"True"_s : u"False"_s}};
    return {{u"status"_s,
             QJsonObject{
                 {u"phase"_s, u"Running"_s},
                 {u"podIP"_s, u"10.9.%1.%2"_s.arg(restarts % 250).arg(number % 250)},
                 {u"podIPs"_s, QJsonArray{QJsonObject{{u"ip"_s, u"10.9.%1.%2"_s.arg(restarts % 250).arg(number % 250)},
                                                      {u"$patch"_s, u"replace"_s}}}},
                 {u"conditions"_s, QJsonArray{condition}},
                 {u"containerStatuses"_s, QJsonArray{container}}}}};
}

} // namespace

ChurnWorker::ChurnWorker(Churn* churn, quint16 port, const QString& directory)
    : m_churn(churn), m_base(u"https://127.0.0.1:%1"_s.arg(port)), m_network(this), m_timer(this)
{
    m_tls = QSslConfiguration::defaultConfiguration();
    m_tls.setCaCertificates(QSslCertificate::fromPath(directory + u"/ca.crt"_s));
    m_tls.setLocalCertificateChain(QSslCertificate::fromPath(directory + u"/admin.crt"_s));
    QFile key(directory + u"/admin.key"_s);
    if (key.open(QIODevice::ReadOnly))
        m_tls.setPrivateKey(QSslKey(&key, QSsl::Rsa));
    m_timer.setInterval(10);
    connect(&m_timer, &QTimer::timeout, this, &ChurnWorker::change);
}

void ChurnWorker::enqueue(Call call)
{
    m_queue.push_back(std::move(call));
    ++m_churn->m_open;
    pump();
}

void ChurnWorker::pump()
{
    while (m_running < openAtOnce && !m_queue.empty()) {
        const Call call = std::move(m_queue.front());
        m_queue.pop_front();
        QNetworkRequest request(QUrl(m_base + call.path));
        request.setSslConfiguration(m_tls);
        request.setHeader(QNetworkRequest::ContentTypeHeader, call.contentType);
        request.setTransferTimeout(5000);
        ++m_running;
        QNetworkReply* reply = m_network.sendCustomRequest(request, call.verb, call.body);
        connect(reply, &QNetworkReply::finished, this, [this, reply] {
            ++(reply->error() == QNetworkReply::NoError ? m_churn->m_accepted : m_churn->m_failed);
            --m_running;
            --m_churn->m_open;
            reply->deleteLater();
            pump();
        });
    }
}

void ChurnWorker::populate(int pods)
{
    m_pods = pods;
    for (int i = 0; i < namespaces; ++i)
        enqueue({"POST", u"/api/v1/namespaces"_s, json({{u"metadata"_s, QJsonObject{{u"name"_s, spaceOf(i)}}}})});
    for (int i = 0; i < nodes; ++i) {
        enqueue({"POST", u"/api/v1/nodes"_s,
                 json({{u"metadata"_s, QJsonObject{{u"name"_s, u"load-node-%1"_s.arg(i)}}},
                       {u"spec"_s, QJsonObject{{u"unschedulable"_s, true}}}})});
    }
    for (int i = 0; i < pods; ++i) {
        makePod(i);
        patchStatus(i, 0);
    }
}

void ChurnWorker::makePod(int number) { enqueue({"POST", podsPath(number), json(podObject(number))}); }

void ChurnWorker::patchStatus(int number, int restarts)
{
    enqueue({"PATCH", podsPath(number) + u'/' + podName(number) + u"/status"_s, json(statusObject(number, restarts)),
             "application/strategic-merge-patch+json"});
}

void ChurnWorker::start(double changesPerSecond)
{
    m_rate = changesPerSecond;
    m_sent = 0;
    m_elapsed.start();
    m_timer.start();
}

void ChurnWorker::change()
{
    // While the server is away the queue must not grow: what is due then is left out.
    const qint64 due = qint64(double(m_elapsed.elapsed()) / 1000 * m_rate);
    if (m_queue.size() > 200)
        m_sent = due;
    for (; m_sent < due; ++m_sent) {
        const int number = m_random.bounded(m_pods);
        const int dice = m_random.bounded(20);
        if (dice == 0)
            enqueue({"DELETE", podsPath(number) + u'/' + podName(number), json({{u"gracePeriodSeconds"_s, 0}})});
        else if (dice <= 2)
            makePod(number);
        else
            patchStatus(number, m_random.bounded(1000));
    }
}

void ChurnWorker::stop()
{
    m_timer.stop();
    m_churn->m_open -= int(m_queue.size());
    m_queue.clear();
}

Churn::Churn(quint16 port, const QString& directory) : m_worker(new ChurnWorker(this, port, directory))
{
    m_worker->moveToThread(&m_thread);
    QObject::connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    m_thread.start();
}

Churn::~Churn()
{
    m_thread.quit();
    m_thread.wait();
}

bool Churn::populate(int pods, int timeoutMs)
{
    std::atomic<bool> queued = false;
    QMetaObject::invokeMethod(m_worker, [this, pods, &queued] {
        m_worker->populate(pods);
        queued = true;
    });
    return QTest::qWaitFor([&] { return queued && m_open == 0; }, timeoutMs);
}

void Churn::start(double changesPerSecond)
{
    QMetaObject::invokeMethod(m_worker, [this, changesPerSecond] { m_worker->start(changesPerSecond); });
}

void Churn::stop()
{
    std::atomic<bool> stopped = false;
    QMetaObject::invokeMethod(m_worker, [this, &stopped] {
        m_worker->stop();
        stopped = true;
    });
    // Requests carry a transfer timeout of 5 s, so this ends.
    (void)QTest::qWaitFor([&] { return stopped && m_open == 0; }, 20'000);
}

} // namespace wk::test
