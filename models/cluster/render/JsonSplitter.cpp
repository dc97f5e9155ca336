// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/render/JsonSplitter.h"

#include <QtCore/QCoreApplication>

#include <algorithm>
#include <bit>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace wk::cluster::render {

namespace {

constexpr std::size_t maxKeyBytes = 256;
constexpr std::size_t keptBytes = 256 * 1024;

bool isSpace(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

// The next quote or backslash.
const char* endOfPlainText(const char* at, const char* end)
{
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i backslash = _mm_set1_epi8('\\');
    for (; end - at >= 16; at += 16) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
        const int found =
            _mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)));
        if (found != 0)
            return at + std::countr_zero(static_cast<unsigned>(found));
    }
#endif
    while (at != end && *at != '"' && *at != '\\')
        ++at;
    return at;
}

// The next quote, brace or bracket.
const char* nextStructure(const char* at, const char* end)
{
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i lower = _mm_set1_epi8(0x20); // makes a bracket a brace
    const __m128i open = _mm_set1_epi8('{');
    const __m128i close = _mm_set1_epi8('}');
    for (; end - at >= 16; at += 16) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
        const __m128i braces = _mm_or_si128(bytes, lower);
        const __m128i hits = _mm_or_si128(_mm_cmpeq_epi8(bytes, quote),
                                          _mm_or_si128(_mm_cmpeq_epi8(braces, open), _mm_cmpeq_epi8(braces, close)));
        const int found = _mm_movemask_epi8(hits);
        if (found != 0)
            return at + std::countr_zero(static_cast<unsigned>(found));
    }
#endif
    while (at != end && *at != '"' && *at != '{' && *at != '}' && *at != '[' && *at != ']')
        ++at;
    return at;
}

std::unexpected<Error> malformed(QString detail)
{
    return fail(Error::Kind::Protocol,
                QCoreApplication::translate("wk::Decoder", "The server's list is not valid JSON"), std::move(detail));
}

} // namespace

std::size_t JsonValueScanner::scan(const char* bytes, std::size_t size)
{
    const char* at = bytes;
    const char* const end = bytes + size;
    if (at != end && !m_begun) {
        m_begun = true;
        if (*at == '"')
            m_inText = true;
        else if (*at == '{' || *at == '[')
            m_depth = 1;
        else
            m_scalar = true;
        ++at;
    }
    while (at != end && !m_done) {
        if (m_inText) {
            if (m_escaped) {
                m_escaped = false;
                ++at;
                continue;
            }
            at = endOfPlainText(at, end);
            if (at == end)
                break;
            m_escaped = *at == '\\';
            m_inText = m_escaped;
            ++at;
            if (!m_inText && m_depth == 0)
                m_done = true;
            continue;
        }
        if (m_scalar) {
            if (*at == ',' || *at == '}' || *at == ']' || isSpace(*at)) {
                m_done = true;
                break;
            }
            ++at;
            continue;
        }
        at = nextStructure(at, end);
        if (at == end)
            break;
        if (*at == '"')
            m_inText = true;
        else if (*at == '{' || *at == '[')
            ++m_depth;
        else
            m_done = --m_depth == 0;
        ++at;
    }
    return static_cast<std::size_t>(at - bytes);
}

Result<void> JsonSplitter::feed(QByteArrayView bytes, Handler& handler)
{
    const char* at = bytes.data();
    const char* const end = at + bytes.size();
    while (at != end) {
        if (auto result = step(at, end, handler); !result)
            return result;
    }
    return {};
}

Result<void> JsonSplitter::step(const char*& at, const char* end, Handler& handler)
{
    if (m_state == State::Value || m_state == State::Element)
        return value(at, end, handler);
    if (m_state == State::Member)
        return key(at, end);
    const char c = *at;
    if (isSpace(c)) {
        ++at;
        return {};
    }
    switch (m_state) {
    case State::Start:
        if (c != '{')
            return malformed(QStringLiteral("it does not begin with an object"));
        m_state = State::MemberOrEnd;
        m_first = true;
        ++at;
        return {};
    case State::MemberOrEnd:
        ++at;
        if (c == '}') {
            m_state = State::Ended;
        } else if (c == ',' && !m_first) {
            m_first = true;
        } else if (c == '"' && m_first) {
            m_key.clear();
            m_state = State::Member;
        } else {
            return malformed(QStringLiteral("a member's name was expected"));
        }
        return {};
    case State::Colon:
        if (c != ':')
            return malformed(QStringLiteral("a colon was expected"));
        m_state = State::ValueStart;
        ++at;
        return {};
    case State::ValueStart: return valueStart(at, handler);
    case State::ElementOrEnd:
        if (c == ']') {
            m_state = State::MemberOrEnd;
            m_first = false;
            ++at;
        } else if (c == ',') {
            if (m_first)
                return malformed(QStringLiteral("an element was expected"));
            m_first = true;
            ++at;
        } else if (m_first) {
            m_scanner.start();
            m_state = State::Element;
        } else {
            return malformed(QStringLiteral("a comma was expected"));
        }
        return {};
    default: return malformed(QStringLiteral("there is text after its end"));
    }
}

Result<void> JsonSplitter::key(const char*& at, const char* end)
{
    const char* const quote = std::find(at, end, '"');
    m_key.append(at, quote);
    // Members of lists have plain names: no escapes.
    if (m_key.size() > maxKeyBytes || m_key.find('\\') != std::string::npos)
        return malformed(QStringLiteral("a member's name is not one"));
    at = quote;
    if (quote != end) {
        ++at;
        m_state = State::Colon;
    }
    return {};
}

Result<void> JsonSplitter::valueStart(const char*& at, Handler& handler)
{
    m_use = handler.use(m_key);
    m_pending.clear();
    if (m_use == Use::Elements && *at == '[') {
        m_state = State::ElementOrEnd;
        m_first = true;
        ++at;
        return {};
    }
    if (m_use == Use::Elements) {
        if (*at != 'n')
            return malformed(QStringLiteral("\"%1\" is not an array").arg(QString::fromStdString(m_key)));
        m_use = Use::Skip;
    }
    m_scanner.start();
    m_state = State::Value;
    return {};
}

Result<void> JsonSplitter::value(const char*& at, const char* end, Handler& handler)
{
    const char* const begin = at;
    at += m_scanner.scan(at, static_cast<std::size_t>(end - at));
    const auto size = static_cast<std::size_t>(at - begin);
    const bool kept = m_use == Use::Whole || m_use == Use::Elements;
    if (kept && m_pending.size() + size > m_maxItem)
        return malformed(QStringLiteral("an item is larger than %1 MiB").arg(m_maxItem >> 20));
    Result<void> result;
    if (m_use == Use::Pieces)
        result = handler.piece(m_key, QByteArrayView(begin, qsizetype(size)));
    if (!m_scanner.done()) {
        if (kept)
            m_pending.append(begin, size);
        return result;
    }
    const bool element = m_state == State::Element;
    if (kept) {
        QByteArrayView whole(begin, qsizetype(size));
        if (!m_pending.empty()) {
            m_pending.append(begin, size);
            whole = QByteArrayView(m_pending.data(), qsizetype(m_pending.size()));
        }
        result = element ? handler.element(m_key, whole) : handler.whole(m_key, whole);
        if (m_pending.capacity() > keptBytes)
            std::string().swap(m_pending);
        m_pending.clear();
    }
    m_first = false;
    m_state = element ? State::ElementOrEnd : State::MemberOrEnd;
    return result;
}

} // namespace wk::cluster::render
