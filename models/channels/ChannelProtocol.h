// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"
#include "net/Transport.h"

#include <QtCore/QStringList>

namespace wk::channels {

// The channel protocols: each message of a WebSocket begins with one byte that says which stream the rest belongs to.
// Source: k8s.io/apimachinery/pkg/util/remotecommand/constants.go and k8s.io/kubernetes/pkg/kubelet (now
// k8s.io/kubelet) .../cri/streaming/portforward/websocket.go.

/// Streams of a command.
enum class CommandStream : quint8 { In = 0, Out = 1, Err = 2, Status = 3, Resize = 4, Close = 255 };
/// Streams of a forwarded port. Each one's first message is the port, two bytes, the lower one first.
enum class PortStream : quint8 { Data = 0, Error = 1 };

/// v5 (Kubernetes 1.30) says when a stream ends; v4 is spoken by all.
[[nodiscard]] const QList<QByteArray>& commandProtocols();
[[nodiscard]] const QList<QByteArray>& portProtocols();

/// A message of a stream.
[[nodiscard]] QByteArray channelMessage(quint8 stream, QByteArrayView bytes);

/// What a command's Status message says: its exit code, or why it did not run.
[[nodiscard]] Result<int> exitCodeOf(const QByteArray& status);

/// The request of a command without a terminal and without input; `container` may be empty where the pod has one.
[[nodiscard]] net::Request commandRequest(const QString& space, const QString& pod, const QString& container,
                                          const QStringList& command);
[[nodiscard]] net::Request portRequest(const QString& space, const QString& pod, int port);

/// A refusal in words of who is refused: `doing` completes "You are not allowed to …".
[[nodiscard]] Error channelError(Error error, const QString& doing, const QString& subresource);

} // namespace wk::channels
