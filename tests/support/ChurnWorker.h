// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/Churn.h"

#include <QtCore/QElapsedTimer>
#include <QtCore/QRandomGenerator>
#include <QtCore/QTimer>
#include <QtNetwork/QNetworkAccessManager>
#include <QtNetwork/QSslConfiguration>

#include <deque>

namespace wk::test {

/// The part of Churn on its thread: a queue of requests, at most a few open at a time.
class ChurnWorker : public QObject
{
    Q_OBJECT
public:
    ChurnWorker(Churn* churn, quint16 port, const QString& directory);

    void populate(int pods);
    void start(double changesPerSecond);
    void stop();

private:
    struct Call
    {
        QByteArray verb;
        QString path;
        QByteArray body;
        QByteArray contentType = "application/json";
    };
    void enqueue(Call call);
    void pump();
    void change();
    void makePod(int number);
    void patchStatus(int number, int restarts);

    Churn* m_churn;
    QString m_base;
    QSslConfiguration m_tls;
    QNetworkAccessManager m_network;
    std::deque<Call> m_queue;
    int m_running = 0;
    QTimer m_timer;
    QElapsedTimer m_elapsed;
    double m_rate = 0;
    qint64 m_sent = 0;
    int m_pods = 0;
    QRandomGenerator m_random{7};
};

} // namespace wk::test
