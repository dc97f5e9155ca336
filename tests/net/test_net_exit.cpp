// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a thread that ends a moment after main() still finds OpenSSL as it left it.
#include "Recorder.h"
#include "TestServer.h"
#include "net/HttpTransport.h"

#include <cstdio>
#include <cstdlib>
#include <openssl/crypto.h>

using namespace wk;
using namespace wk::net;
using namespace wk::test;
using namespace Qt::StringLiterals;

namespace {

/// Exit handlers run in the reverse order of their registration: this one after whatever OpenSSL has registered.
[[maybe_unused]] const int registered = std::atexit([] {
    if (OPENSSL_init_crypto(0, nullptr) == 1)
        return;
    std::fputs("OpenSSL was torn down while threads may still need it\n", stderr);
    std::_Exit(3);
});

} // namespace

class TestNetExit : public QObject
{
    Q_OBJECT

private slots:
    void opensslIsUsedAndLeftAlone()
    {
        if (!QSslSocket::activeBackend().contains(u"openssl"_s))
            QSKIP("Qt's TLS backend here is not OpenSSL, whose exit handler this is about (Debian: libqt6network6 has "
                  "it)");
        SystemClock clock;
        HttpOptions options;
        options.base = QUrl(u"https://127.0.0.1:9"_s); // nobody has to be there: the configuration alone loads OpenSSL
        options.environmentProxy = false;
        HttpTransport transport(options, clock);
        Recorder r;
        r.open(transport, get("/version"));
        QTRY_VERIFY(r.ended());
        QVERIFY(QSslSocket::sslLibraryVersionNumber() >= 0x10100000L);
    }
};

QTEST_GUILESS_MAIN(TestNetExit)
#include "test_net_exit.moc"
