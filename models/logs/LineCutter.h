// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QByteArray>

#include <functional>

namespace wk::logs {

/// Cuts a stream into lines. A line that is longer than the limit keeps its beginning, and how much it lost is said in
/// its end.
class LineCutter
{
public:
    static constexpr qsizetype longest = 16 << 20;
    using Sink = std::function<void(QByteArrayView line, bool cut)>;

    explicit LineCutter(qsizetype limit = longest) : m_limit(limit) {}
    void feed(QByteArrayView bytes, const Sink& sink);
    /// The stream has ended: what has no line's end is a line, too.
    void finish(const Sink& sink);

private:
    void keep(QByteArrayView bytes);
    void give(const Sink& sink);

    qsizetype m_limit;
    QByteArray m_rest;
    qint64 m_lost = 0;
};

} // namespace wk::logs
