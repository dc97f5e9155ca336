// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/render/BuiltInRenderer.h"

#include <string>

namespace wk::cluster::render {

/// A protobuf list: "k8s\0", then runtime.Unknown {typeMeta = 1, raw = 2, ...} whose raw is the list message
/// {metadata = 1, items = 2}. raw may be declared with any length; only one element is ever held, and none where it
/// lies whole in the piece that is fed.
class ProtobufListDecoder final : public ListDecoder
{
public:
    explicit ProtobufListDecoder(std::shared_ptr<const BuiltInRenderer> renderer) : m_renderer(std::move(renderer)) {}
    [[nodiscard]] Result<void> feed(QByteArrayView bytes, const Sink& sink) override;
    [[nodiscard]] Result<ListEnd> finish(const Sink& sink) override;

private:
    enum class State { Magic, Header, Payload, Varint };

    Result<void> header(quint8 byte);
    Result<void> beginField(quint64 header, quint64 length, bool hasLength);
    Result<void> payload(QByteArrayView whole, const Sink& sink);
    Result<void> consumed(quint64 count);
    void fieldEnded();

    std::shared_ptr<const BuiltInRenderer> m_renderer;
    ObjectTree m_tree;
    State m_state = State::Magic;
    bool m_inRaw = false; ///< inside the list message
    bool m_sawRaw = false;
    quint64 m_rawLeft = 0; ///< bytes of the list message that are still to come
    quint64 m_varint = 0;  ///< of the header being read
    int m_shift = 0;
    bool m_readingLength = false;
    quint64 m_tag = 0;     ///< field number and wire type
    quint64 m_left = 0;    ///< bytes of the payload that are still to come
    bool m_wanted = false; ///< the payload is kept and not skipped
    std::string m_pending; ///< the part of the payload that came in earlier pieces
    ListEnd m_end;
};

/// A protobuf watch: frames of four bytes big-endian length and a metav1.WatchEvent whose object has its own envelope.
class ProtobufWatchDecoder final : public WatchDecoder
{
public:
    explicit ProtobufWatchDecoder(std::shared_ptr<const BuiltInRenderer> renderer) : m_renderer(std::move(renderer)) {}
    [[nodiscard]] Result<void> feed(QByteArrayView bytes, const Sink& sink) override;
    [[nodiscard]] bool inFrame() const override { return !m_pending.empty(); }

private:
    Result<void> frame(QByteArrayView bytes, const Sink& sink);

    std::shared_ptr<const BuiltInRenderer> m_renderer;
    ObjectTree m_tree;
    std::string m_pending; ///< the beginning of a frame, its length included
};

} // namespace wk::cluster::render
