// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/render/ProtobufDecoders.h"

#include "cluster/render/Envelope.h"
#include "cluster/render/JsonSplitter.h"
#include "cluster/render/WatchTypes.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QtEndian>

#include <algorithm>
#include <stdexcept>

namespace wk::cluster::render {

namespace {

constexpr std::size_t keptBytes = 256 * 1024;

enum Wire : quint64 { WireVarint = 0, Wire64 = 1, WireBytes = 2, Wire32 = 5 };

std::unexpected<Error> malformed(const char* detail)
{
    return fail(Error::Kind::Protocol,
                QCoreApplication::translate("wk::Decoder", "The server's list is not valid protobuf"),
                QString::fromUtf8(detail));
}

void release(std::string& buffer)
{
    if (buffer.capacity() > keptBytes)
        std::string().swap(buffer);
    buffer.clear();
}

} // namespace

// List

Result<void> ProtobufListDecoder::feed(QByteArrayView bytes, const Sink& sink)
{
    const char* at = bytes.data();
    const char* const end = at + bytes.size();
    while (at != end) {
        if (m_state == State::Magic) {
            if (*at != protobufMagic[m_pending.size()])
                return malformed("it does not begin with k8s");
            m_pending += *at++;
            if (m_pending.size() == protobufMagic.size()) {
                m_pending.clear();
                m_state = State::Header;
            }
        } else if (m_state == State::Header || m_state == State::Varint) {
            if (auto result = header(quint8(*at++)); !result)
                return result;
        }
        if (m_state != State::Payload)
            continue;
        // An empty payload is complete without a further byte.
        const quint64 take = std::min<quint64>(m_left, quint64(end - at));
        const QByteArrayView piece(at, qsizetype(take));
        at += take;
        m_left -= take;
        if (auto result = consumed(take); !result)
            return result;
        if (m_wanted && (m_left > 0 || !m_pending.empty()))
            m_pending.append(piece.data(), size_t(piece.size()));
        if (m_left > 0)
            continue;
        m_state = State::Header;
        if (m_wanted) {
            const auto result = payload(
                m_pending.empty() ? piece : QByteArrayView(m_pending.data(), qsizetype(m_pending.size())), sink);
            release(m_pending);
            if (!result)
                return result;
        }
        fieldEnded();
    }
    return {};
}

// One byte of a field's tag, of its length, or of a number that is skipped.
Result<void> ProtobufListDecoder::header(quint8 byte)
{
    if (auto result = consumed(1); !result)
        return result;
    if (m_shift > 63)
        return malformed("a number that does not end");
    m_varint |= quint64(byte & 0x7f) << m_shift;
    m_shift += 7;
    if (byte & 0x80)
        return {};
    const quint64 value = m_varint;
    m_varint = 0;
    m_shift = 0;
    if (m_state == State::Varint) {
        m_state = State::Header;
        fieldEnded();
        return {};
    }
    if (m_readingLength) {
        m_readingLength = false;
        return beginField(m_tag, value, true);
    }
    m_tag = value;
    if (m_tag >> 3 == 0 || m_tag >> 3 > 0x1fffffff)
        return malformed("a field with an impossible number");
    switch (m_tag & 7) {
    case WireVarint: m_state = State::Varint; return {};
    case Wire64: return beginField(m_tag, 8, false);
    case Wire32: return beginField(m_tag, 4, false);
    case WireBytes: m_readingLength = true; return {};
    default: return malformed("a field with an unknown wire type");
    }
}

Result<void> ProtobufListDecoder::beginField(quint64 tag, quint64 length, bool hasLength)
{
    const quint64 number = tag >> 3;
    if (m_inRaw && length > m_rawLeft)
        return malformed("a field that is longer than the list");
    if (!m_inRaw && hasLength && number == 2) {
        if (m_sawRaw)
            return malformed("two lists in one answer");
        m_sawRaw = true;
        m_inRaw = length > 0;
        m_rawLeft = length;
        return {};
    }
    // In the list message 1 is the metadata and 2 an item; around it 1 is the type and 3 the encoding.
    m_wanted = hasLength && (m_inRaw ? number == 1 || number == 2 : number == 1 || number == 3);
    if (m_wanted && length > maxItemBytes)
        return malformed("an item is larger than 16 MiB");
    m_left = length;
    m_state = State::Payload;
    return {};
}

Result<void> ProtobufListDecoder::consumed(quint64 count)
{
    if (!m_inRaw)
        return {};
    if (count > m_rawLeft)
        return malformed("a field that is longer than the list");
    m_rawLeft -= count;
    return {};
}

// The list ends where one of its fields ends; consumed() has seen to it that it does not end within one.
void ProtobufListDecoder::fieldEnded()
{
    if (m_rawLeft == 0)
        m_inRaw = false;
}

Result<void> ProtobufListDecoder::payload(QByteArrayView whole, const Sink& sink)
{
    const quint64 number = m_tag >> 3;
    if (!m_inRaw) {
        try {
            Envelope envelope;
            if (number == 1)
                readTypeMeta({whole.data(), size_t(whole.size())}, envelope);
            else if (!whole.isEmpty())
                return malformed("the list has a content encoding");
            if (number == 1 && !envelope.kind.ends_with("List"))
                return malformed("the answer is not a list");
        } catch (const std::exception& e) {
            return malformed(e.what());
        }
        return {};
    }
    if (number == 1) {
        auto meta = m_tree.decodeProtobuf(listMetaSchema(), whole);
        if (!meta)
            return std::unexpected(meta.error());
        m_end = readListMeta(*meta);
        return {};
    }
    auto object = m_tree.decodeProtobuf(m_renderer->schema(), whole);
    if (!object)
        return std::unexpected(object.error());
    auto decoded = m_renderer->render(*object);
    if (!decoded)
        return std::unexpected(decoded.error());
    sink(std::move(*decoded));
    return {};
}

Result<ListEnd> ProtobufListDecoder::finish(const Sink&)
{
    if (m_state != State::Header || m_shift != 0 || m_readingLength || !m_sawRaw || m_rawLeft != 0)
        return malformed("it was cut off");
    return m_end;
}

// Watch

Result<void> ProtobufWatchDecoder::feed(QByteArrayView bytes, const Sink& sink)
{
    const char* at = bytes.data();
    const char* const end = at + bytes.size();
    while (at != end) {
        const auto available = size_t(end - at);
        if (m_pending.empty() && available >= 4) {
            // A frame that lies whole in this piece is read where it is.
            const size_t size = qFromBigEndian<quint32>(at);
            if (size > maxItemBytes)
                return malformed("a frame is larger than 16 MiB");
            if (available - 4 >= size) {
                if (auto result = frame(QByteArrayView(at + 4, qsizetype(size)), sink); !result)
                    return result;
                at += 4 + size;
                continue;
            }
        }
        // First the length, then the rest.
        const size_t need = m_pending.size() < 4 ? 4 : 4 + size_t(qFromBigEndian<quint32>(m_pending.data()));
        const size_t take = std::min(need - m_pending.size(), available);
        m_pending.append(at, take);
        at += take;
        if (m_pending.size() < 4)
            continue;
        const size_t size = qFromBigEndian<quint32>(m_pending.data());
        if (size > maxItemBytes)
            return malformed("a frame is larger than 16 MiB");
        if (m_pending.size() < 4 + size)
            continue;
        const auto result = frame(QByteArrayView(m_pending.data() + 4, qsizetype(m_pending.size() - 4)), sink);
        release(m_pending);
        if (!result)
            return result;
    }
    return {};
}

Result<void> ProtobufWatchDecoder::frame(QByteArrayView bytes, const Sink& sink)
{
    const auto event = openEvent(bytes);
    if (!event)
        return std::unexpected(event.error());
    const auto envelope = openEnvelope(event->object);
    if (!envelope)
        return std::unexpected(envelope.error());
    WatchEvent result;
    result.type = eventType(event->type);
    const Schema* schema = &m_renderer->schema();
    if (result.type == WatchEvent::Type::Error)
        schema = &statusSchema();
    else if (result.type == WatchEvent::Type::Bookmark)
        schema = &metadataOnlySchema();
    else if (result.type == WatchEvent::Type::Unknown) {
        sink(std::move(result));
        return {};
    }
    auto object = m_tree.decodeProtobuf(*schema, envelope->raw);
    if (!object)
        return std::unexpected(object.error());
    if (result.type == WatchEvent::Type::Error) {
        result.status = readStatus(*object);
    } else if (result.type == WatchEvent::Type::Bookmark) {
        readBookmark(*object, result);
    } else {
        auto decoded = m_renderer->render(*object);
        if (!decoded)
            return std::unexpected(decoded.error());
        result.object = std::move(*decoded);
    }
    sink(std::move(result));
    return {};
}

} // namespace wk::cluster::render
