// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/WebSocketFrames.h"

#include <QtTest/QtTest>

using namespace Qt::StringLiterals;
using namespace wk::net;
using Peer = FrameReader::Peer;

/// WebSocket framing by the examples of RFC 6455 §5.7, and by what a peer must not do.
class TestWebSocketFrames : public QObject
{
    Q_OBJECT

private slots:
    void theExamplesOfTheStandard()
    {
        QCOMPARE(socketFrame(SocketOpcode::Text, "Hello"), QByteArray::fromHex("810548656c6c6f"));
        QCOMPARE(socketFrame(SocketOpcode::Text, "Hello", 0x37fa213d), QByteArray::fromHex("818537fa213d7f9f4d5158"));
        QCOMPARE(socketFrame(SocketOpcode::Ping, "Hello"), QByteArray::fromHex("890548656c6c6f"));
        QCOMPARE(socketFrame(SocketOpcode::Binary, QByteArray(256, 'x')).first(4), QByteArray::fromHex("827e0100"));
        QCOMPARE(socketFrame(SocketOpcode::Binary, QByteArray(65536, 'x')).first(10),
                 QByteArray::fromHex("827f0000000000010000"));
        // §1.3
        QCOMPARE(socketAcceptKey("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    void fragmentsBecomeOneMessageWithAPingInBetween()
    {
        FrameReader reader(Peer::Server);
        reader.add(QByteArray::fromHex("010348656c") + QByteArray::fromHex("890548656c6c6f") +
                   QByteArray::fromHex("80026c6f"));
        const auto ping = reader.next();
        QVERIFY(ping);
        QCOMPARE(ping->opcode, SocketOpcode::Ping);
        const auto message = reader.next();
        QVERIFY(message);
        QCOMPARE(message->opcode, SocketOpcode::Text);
        QCOMPARE(message->payload, "Hello");
        QVERIFY(!reader.next());
        QCOMPARE(reader.failure(), 0);
    }

    void anyPiecesBringTheSame_data()
    {
        QTest::addColumn<int>("size");
        for (const int size : {0, 1, 125, 126, 127, 65535, 65536, 300'000})
            QTest::addRow("%d bytes", size) << size;
    }

    void anyPiecesBringTheSame()
    {
        QFETCH(int, size);
        QByteArray payload(size, '\0');
        for (int i = 0; i < size; ++i)
            payload[i] = char(i * 31);
        for (const Peer peer : {Peer::Server, Peer::Client}) {
            const auto mask = peer == Peer::Client ? std::optional<quint32>(0x01020304) : std::nullopt;
            const QByteArray wire =
                socketFrame(SocketOpcode::Binary, payload, mask) + socketFrame(SocketOpcode::Binary, "next", mask);
            for (const qsizetype piece : {qsizetype(1), qsizetype(7), qsizetype(4096), wire.size()}) {
                if (wire.size() / piece > 10'000)
                    continue;
                FrameReader reader(peer);
                QList<QByteArray> got;
                for (qsizetype at = 0; at < wire.size(); at += piece) {
                    reader.add(wire.mid(at, piece));
                    while (const auto message = reader.next())
                        got.append(message->payload);
                }
                QCOMPARE(got, (QList<QByteArray>{payload, "next"}));
            }
        }
    }

    void whatAPeerMustNotDo_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("code");
        const auto row = [](const char* name, const char* hex, int code = socketcode::Protocol) {
            QTest::newRow(name) << QByteArray::fromHex(hex) << code;
        };
        row("a server that masks", "818537fa213d7f9f4d5158");
        row("reserved bits", "c10548656c6c6f");
        row("an unknown opcode", "830548656c6c6f");
        row("an unknown control opcode", "8b00");
        row("a fragmented ping", "0900");
        row("a ping that is too long", "897e0080");
        row("a message that goes on without having begun", "80026c6f");
        row("a message within another", "010348656c8103616263");
        row("a length that could be shorter", "827e0005");
        row("a long length that could be shorter", "827f000000000000ffff");
        row("a message that is too large", "827f0000000001000001", socketcode::TooBig);
        row("a length beyond all measure", "827fffffffffffffffff", socketcode::TooBig);
    }

    void whatAPeerMustNotDo()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, code);
        FrameReader reader(Peer::Server);
        reader.add(bytes);
        while (reader.next()) {
        }
        QCOMPARE(reader.failure(), code);
        QVERIFY(!reader.failureReason().isEmpty());
        reader.add(socketFrame(SocketOpcode::Text, "Hello"));
        QVERIFY(!reader.next()); // nothing more is believed
    }

    void fragmentsCountTogether()
    {
        FrameReader reader(Peer::Server, 10);
        reader.add(QByteArray::fromHex("0206") + "abcdef" + QByteArray::fromHex("8005") + "ghijk");
        QVERIFY(!reader.next());
        QCOMPARE(reader.failure(), socketcode::TooBig);
    }

    void aCloseSaysWhy()
    {
        const QByteArray payload = closePayload(socketcode::GoingAway, "bye");
        QCOMPARE(closeCode(payload), socketcode::GoingAway);
        QCOMPARE(closeReason(payload), u"bye"_s);
        QCOMPARE(closeCode({}), socketcode::None);
        QCOMPARE(closePayload(1000, QByteArray(200, 'x')).size(), 125);
    }
};

QTEST_GUILESS_MAIN(TestWebSocketFrames)
#include "test_websocket_frames.moc"
