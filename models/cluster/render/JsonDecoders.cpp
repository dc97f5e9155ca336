// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/render/JsonDecoders.h"

#include "cluster/render/WatchTypes.h"

#include <QtCore/QCoreApplication>

namespace wk::cluster::render {

namespace {

constexpr std::size_t keptBytes = 256 * 1024;

std::unexpected<Error> malformed(const char* detail)
{
    return fail(Error::Kind::Protocol,
                QCoreApplication::translate("wk::Decoder", "The server's answer is not valid JSON"),
                QString::fromUtf8(detail));
}

} // namespace

std::string_view unquoted(QByteArrayView json)
{
    std::string_view text(json.data(), size_t(json.size()));
    if (text.size() < 2 || text.front() != '"' || text.back() != '"')
        return {};
    return text.substr(1, text.size() - 2);
}

// List

Result<void> JsonListDecoder::feed(QByteArrayView bytes, const Sink& sink)
{
    m_sink = &sink;
    const auto result = m_splitter.feed(bytes, *this);
    m_sink = nullptr;
    return result;
}

Result<ListEnd> JsonListDecoder::finish(const Sink&)
{
    if (!m_splitter.ended())
        return malformed("it was cut off");
    return m_end;
}

JsonSplitter::Use JsonListDecoder::use(std::string_view member) const
{
    if (member == "items")
        return JsonSplitter::Use::Elements;
    return member == "metadata" || member == "kind" ? JsonSplitter::Use::Whole : JsonSplitter::Use::Skip;
}

Result<void> JsonListDecoder::whole(std::string_view member, QByteArrayView value)
{
    if (member == "kind") {
        if (!unquoted(value).ends_with("List"))
            return malformed("it is not a list");
        return {};
    }
    auto meta = m_tree.decodeJson(listMetaSchema(), value);
    if (!meta)
        return std::unexpected(meta.error());
    m_end = readListMeta(*meta);
    return {};
}

Result<void> JsonListDecoder::element(std::string_view, QByteArrayView value)
{
    auto object = m_tree.decodeJson(m_renderer->schema(), value);
    if (!object)
        return std::unexpected(object.error());
    auto decoded = m_renderer->render(*object);
    if (!decoded)
        return std::unexpected(decoded.error());
    (*m_sink)(std::move(*decoded));
    return {};
}

// Documents

Result<void> JsonDocuments::feed(QByteArrayView bytes, const Sink& sink)
{
    const char* at = bytes.data();
    const char* const end = at + bytes.size();
    while (at != end) {
        if (!m_inDocument) {
            if (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t') {
                ++at;
                continue;
            }
            if (*at != '{')
                return malformed("an object was expected");
            m_inDocument = true;
            m_scanner.start();
        }
        const char* const begin = at;
        const size_t size = m_scanner.scan(at, size_t(end - at));
        at += size;
        if (m_pending.size() + size > maxItemBytes)
            return malformed("a document is larger than 16 MiB");
        if (!m_scanner.done()) {
            m_pending.append(begin, size);
            continue;
        }
        m_inDocument = false;
        QByteArrayView whole(begin, qsizetype(size));
        if (!m_pending.empty()) {
            m_pending.append(begin, size);
            whole = QByteArrayView(m_pending.data(), qsizetype(m_pending.size()));
        }
        const auto result = sink(whole);
        if (m_pending.capacity() > keptBytes)
            std::string().swap(m_pending);
        m_pending.clear();
        if (!result)
            return result;
    }
    return {};
}

// Watch

Result<void> JsonWatchDecoder::feed(QByteArrayView bytes, const Sink& sink)
{
    return m_documents.feed(bytes, [&](QByteArrayView whole) { return document(whole, sink); });
}

Result<void> JsonWatchDecoder::document(QByteArrayView bytes, const Sink& sink)
{
    WatchEvent result;
    auto object = m_tree.decodeJsonEvent(bytes, [&](std::string_view type) -> const Schema* {
        result.type = eventType(type);
        switch (result.type) {
        case WatchEvent::Type::Error: return &statusSchema();
        case WatchEvent::Type::Bookmark: return &metadataOnlySchema();
        case WatchEvent::Type::Unknown: return nullptr;
        default: return &m_renderer->schema();
        }
    });
    if (!object)
        return std::unexpected(object.error());
    if (result.type == WatchEvent::Type::Error) {
        result.status = readStatus(*object);
    } else if (result.type == WatchEvent::Type::Bookmark) {
        readBookmark(*object, result);
    } else if (result.type != WatchEvent::Type::Unknown) {
        auto decoded = m_renderer->render(*object);
        if (!decoded)
            return std::unexpected(decoded.error());
        result.object = std::move(*decoded);
    }
    sink(std::move(result));
    return {};
}

} // namespace wk::cluster::render
