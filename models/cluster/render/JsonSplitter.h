// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"

#include <QtCore/QByteArray>

#include <string>
#include <string_view>

namespace wk::cluster::render {

/// Largest item of a list and largest frame of a watch, in bytes. etcd takes no object above 1.5 MB.
inline constexpr std::size_t maxItemBytes = 16u << 20;

/// Finds where one JSON value ends, in pieces of any size, without reading it otherwise.
class JsonValueScanner
{
public:
    void start() { *this = {}; }
    /// Consumes bytes of the value and returns how many; done() tells whether it ended with them. A number or literal
    /// ends before the delimiter that follows it.
    std::size_t scan(const char* bytes, std::size_t size);
    [[nodiscard]] bool done() const { return m_done; }

private:
    bool m_begun = false;
    bool m_done = false;
    bool m_scalar = false;
    bool m_inText = false;
    bool m_escaped = false;
    qint64 m_depth = 0;
};

/// Splits the body of a list while it arrives: the elements of its long array and the small members around it, one by
/// one and each whole, in whatever order they come. Keeps one of them at a time. What lies deeper is reached by a
/// second splitter, which is given the member's bytes as they come (Use::Pieces).
class JsonSplitter
{
public:
    enum class Use { Skip, Whole, Elements, Pieces };

    /// What is wanted, and where it goes.
    class Handler
    {
    public:
        virtual ~Handler() = default;
        /// What to do with that member. Elements of something that is no array are an error, null excepted.
        [[nodiscard]] virtual Use use(std::string_view member) const = 0;
        virtual Result<void> whole(std::string_view member, QByteArrayView value) = 0;
        virtual Result<void> element(std::string_view member, QByteArrayView value) = 0;
        /// The next bytes of a member that is used in pieces; they end where the member ends.
        virtual Result<void> piece(std::string_view, QByteArrayView) { return {}; }
    };

    /// `maxItem`: largest value that is given whole, in bytes.
    explicit JsonSplitter(std::size_t maxItem = maxItemBytes) : m_maxItem(maxItem) {}

    [[nodiscard]] Result<void> feed(QByteArrayView bytes, Handler& handler);
    /// The outermost object has been closed.
    [[nodiscard]] bool ended() const { return m_state == State::Ended; }

private:
    enum class State { Start, MemberOrEnd, Member, Colon, ValueStart, Value, ElementOrEnd, Element, Ended };

    Result<void> step(const char*& at, const char* end, Handler& handler);
    Result<void> valueStart(const char*& at, Handler& handler);
    Result<void> value(const char*& at, const char* end, Handler& handler);
    Result<void> key(const char*& at, const char* end);

    std::size_t m_maxItem;
    State m_state = State::Start;
    Use m_use = Use::Skip;
    bool m_first = true; ///< no comma is due before the next member or element
    JsonValueScanner m_scanner;
    std::string m_key;
    std::string m_pending; ///< the part of the current value that came in earlier pieces
};

} // namespace wk::cluster::render
