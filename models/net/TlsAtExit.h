// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace wk::net {

/// Keeps OpenSSL from tearing itself down in an exit handler. To be called before anything uses TLS; only the first
/// call of the process counts. HttpTransport sees to it as soon as there is a QCoreApplication.
///
/// Whoever has waited for a QThread has not seen its end: Qt's threads are detached, QThread::wait() returns when run()
/// is through, and what the thread keeps for itself is freed after that. OpenSSL frees such state in a destructor of
/// the thread, and once more, for the whole process, in its exit handler; a thread that is caught between the two frees
/// what is gone. The threads in question are QNetworkAccessManager's own, so nobody else can join them. Memory that the
/// process gives back anyway needs no handler.
void leaveTlsToTheEnd();

} // namespace wk::net
