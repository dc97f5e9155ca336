// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/Decoder.h"

namespace wk::test {

/// A wire format made for reading in a test. List: "key uid version value" lines, then "end VERSION [CONTINUE]".
/// Watch: "ADDED|MODIFIED|DELETED key uid version value", "BOOKMARK version [end]", "ERROR code reason", "LATER …" (an
/// event type of the future). Anything else is garbage.
class FakeRenderer final : public cluster::Renderer
{
public:
    static cluster::Decoded object(const QList<QByteArray>& words)
    {
        auto row = std::make_shared<table::Row>();
        row->name = QString::fromUtf8(words.value(0));
        row->id = QString::fromUtf8(words.value(1));
        row->cells = {table::Cell(row->name), table::Cell(QString::fromUtf8(words.value(3)))};
        return {row->name, QString::fromUtf8(words.value(2)), row};
    }

    class List final : public cluster::ListDecoder
    {
    public:
        Result<void> feed(QByteArrayView bytes, const Sink& sink) override
        {
            m_buffer.append(bytes);
            for (qsizetype at = m_buffer.indexOf('\n'); at >= 0; at = m_buffer.indexOf('\n')) {
                const QList<QByteArray> words = m_buffer.first(at).split(' ');
                m_buffer.remove(0, at + 1);
                if (words.first() == "end") {
                    m_end = cluster::ListEnd{QString::fromUtf8(words.value(1)), QString::fromUtf8(words.value(2)), -1};
                } else if (words.size() == 4) {
                    sink(object(words));
                } else {
                    return fail(Error::Kind::Protocol, QStringLiteral("garbage"));
                }
            }
            return {};
        }
        Result<cluster::ListEnd> finish(const Sink&) override
        {
            if (!m_end || !m_buffer.isEmpty())
                return fail(Error::Kind::Protocol, QStringLiteral("cut off"));
            return *m_end;
        }

    private:
        QByteArray m_buffer;
        std::optional<cluster::ListEnd> m_end;
    };

    class Watch final : public cluster::WatchDecoder
    {
    public:
        Result<void> feed(QByteArrayView bytes, const Sink& sink) override
        {
            using Type = cluster::WatchEvent::Type;
            m_buffer.append(bytes);
            for (qsizetype at = m_buffer.indexOf('\n'); at >= 0; at = m_buffer.indexOf('\n')) {
                QList<QByteArray> words = m_buffer.first(at).split(' ');
                m_buffer.remove(0, at + 1);
                const QByteArray word = words.takeFirst();
                cluster::WatchEvent event;
                if (word == "ADDED" || word == "MODIFIED" || word == "DELETED") {
                    event.type = word == "ADDED" ? Type::Added : word == "MODIFIED" ? Type::Modified : Type::Deleted;
                    event.object = object(words);
                } else if (word == "BOOKMARK") {
                    event.type = Type::Bookmark;
                    event.object.resourceVersion = QString::fromUtf8(words.value(0));
                    event.initialEventsEnd = words.value(1) == "end";
                } else if (word == "ERROR") {
                    event.type = Type::Error;
                    event.status.code = words.value(0).toInt();
                    event.status.reason = QString::fromUtf8(words.value(1));
                } else if (word != "LATER") {
                    return fail(Error::Kind::Protocol, QStringLiteral("garbage"));
                }
                sink(std::move(event));
            }
            return {};
        }
        bool inFrame() const override { return !m_buffer.isEmpty(); }

    private:
        QByteArray m_buffer;
    };

    table::Columns columns() const override
    {
        using Kind = table::Column::Kind;
        return {{QStringLiteral("name"), QStringLiteral("Name"), Kind::Text, false, {}, false},
                {QStringLiteral("value"), QStringLiteral("Value"), Kind::Text, false, {}, false}};
    }
    QByteArray listAccept() const override { return "text/list"; }
    QByteArray watchAccept() const override { return "text/watch"; }
    bool supportsBookmarks() const override { return bookmarks; }
    Result<std::unique_ptr<cluster::ListDecoder>> listDecoder(QByteArrayView type) const override
    {
        if (type != "text/list")
            return fail(Error::Kind::Protocol, QStringLiteral("unknown type"));
        return std::make_unique<List>();
    }
    Result<std::unique_ptr<cluster::WatchDecoder>> watchDecoder(QByteArrayView type) const override
    {
        if (type != "text/watch")
            return fail(Error::Kind::Protocol, QStringLiteral("unknown type"));
        return std::make_unique<Watch>();
    }
    bool bookmarks = true;
};

} // namespace wk::test
