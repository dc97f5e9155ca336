// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "TestServer.h"
#include "monitoring/probes/Probe.h"

#include <QtCore/QFile>
#include <QtCore/QProcess>
#include <QtCore/QStandardPaths>
#include <QtTest/QTest>

#include <sys/socket.h>

namespace wk::test {

using namespace monitoring;
using namespace Qt::StringLiterals;
using Kind = ProbeSpec::Kind;
using Verdict = ProbeResult::Verdict;

/// Says what a test wants to any bytes that come, or at once.
class RawServer : public QTcpServer
{
public:
    enum class End { Open, Close, Reset };
    RawServer(QByteArray answer, End end, bool greets = false)
    {
        (void)listen(QHostAddress::LocalHost);
        connect(this, &QTcpServer::newConnection, this, [this, answer = std::move(answer), end, greets] {
            QTcpSocket* socket = nextPendingConnection();
            const auto speak = [this, socket, answer, end] {
                received += socket->readAll();
                socket->write(answer);
                if (end == End::Reset) {
                    // Without lingering, the peer gets an RST.
                    const linger hard{1, 0};
                    ::setsockopt(int(socket->socketDescriptor()), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
                    socket->abort();
                } else if (end == End::Close) {
                    socket->disconnectFromHost();
                }
            };
            if (greets)
                speak();
            else
                connect(socket, &QTcpSocket::readyRead, socket, speak);
        });
    }
    QByteArray received;
};

inline ProbeSpec specOf(Kind kind, const QUrl& url)
{
    ProbeSpec out;
    out.id = out.service = u"x"_s;
    out.kind = kind;
    out.url = url;
    out.timeoutMs = 20'000;
    return out;
}

inline ProbeSpec tcpSpec(Kind kind, quint16 port, const QString& host = u"127.0.0.1"_s)
{
    return specOf(kind, QUrl(u"tcp://%1:%2"_s.arg(host).arg(port)));
}

struct Asked
{
    ManualClock clock{QDateTime::currentMSecsSinceEpoch()};
    ProbeWay way;
    std::optional<ProbeResult> result;
    std::unique_ptr<Flight> flight;
    void begin(const ProbeSpec& spec)
    {
        flight = startProbe(spec, way, clock, [this](ProbeResult r) { result = std::move(r); });
    }
    [[nodiscard]] bool wait() const
    {
        return QTest::qWaitFor([this] { return result.has_value(); }, 60'000);
    }
    [[nodiscard]] ProbeResult ask(const ProbeSpec& spec)
    {
        begin(spec);
        if (!wait())
            qFatal("the probe says nothing");
        return *result;
    }
};

inline QString sentence(const ProbeResult& result) { return result.error ? result.error->sentence : QString(); }

/// curl's verdict: --fail counts 400 and more as failures.
struct Curl
{
    int exitCode = -1;
    int status = 0;
    [[nodiscard]] bool up() const { return exitCode == 0; }
};

inline Curl curl(const QUrl& url, const QString& caFile = {})
{
    QProcess process;
    QStringList arguments{u"--silent"_s, u"--fail"_s,    u"--output"_s, u"/dev/null"_s,   u"--max-time"_s,
                          u"20"_s,       u"--noproxy"_s, u"*"_s,        u"--write-out"_s, u"%{http_code}"_s};
    if (!caFile.isEmpty())
        arguments << u"--cacert"_s << caFile;
    process.start(u"curl"_s, arguments << url.toString());
    // Its servers live on this very thread.
    if (!QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 60'000))
        return {};
    return {process.exitCode(), process.readAllStandardOutput().toInt()};
}

inline bool hasCurl() { return !QStandardPaths::findExecutable(u"curl"_s).isEmpty(); }

inline Issued selfSigned()
{
    QTemporaryDir dir;
    QProcess::execute(u"openssl"_s, {u"req"_s, u"-x509"_s, u"-newkey"_s, u"ec"_s, u"-pkeyopt"_s,
                                     u"ec_paramgen_curve:prime256v1"_s, u"-nodes"_s, u"-days"_s, u"90"_s, u"-subj"_s,
                                     u"/CN=alone"_s, u"-addext"_s, u"subjectAltName=IP:127.0.0.1"_s, u"-keyout"_s,
                                     dir.filePath(u"k"_s), u"-out"_s, dir.filePath(u"c"_s)});
    const auto read = [&](const QString& name) {
        QFile file(dir.filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    };
    return {read(u"c"_s), read(u"k"_s)};
}

} // namespace wk::test
