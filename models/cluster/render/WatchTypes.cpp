// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/render/WatchTypes.h"

namespace wk::cluster::render {

WatchEvent::Type eventType(std::string_view word)
{
    if (word == "ADDED")
        return WatchEvent::Type::Added;
    if (word == "MODIFIED")
        return WatchEvent::Type::Modified;
    if (word == "DELETED")
        return WatchEvent::Type::Deleted;
    if (word == "BOOKMARK")
        return WatchEvent::Type::Bookmark;
    if (word == "ERROR")
        return WatchEvent::Type::Error;
    return WatchEvent::Type::Unknown;
}

Status readStatus(const Value& object)
{
    Status status;
    status.code = int(object["code"].integer());
    status.reason = own(object["reason"].text());
    status.message = own(object["message"].text());
    const Value details = object["details"];
    for (const Value cause : details["causes"])
        status.causes << own(cause["reason"].text());
    if (const qint64 seconds = details["retryAfterSeconds"].integer(); seconds > 0)
        status.retryAfterSeconds = seconds;
    return status;
}

void readBookmark(const Value& object, WatchEvent& event)
{
    const Value meta = object["metadata"];
    event.object.resourceVersion = own(meta["resourceVersion"].text());
    event.initialEventsEnd = meta["annotations"].at("k8s.io/initial-events-end").is("true");
}

ListEnd readListMeta(const Value& meta)
{
    ListEnd end;
    end.resourceVersion = own(meta["resourceVersion"].text());
    end.continueToken = own(meta["continue"].text());
    const Value remaining = meta["remainingItemCount"];
    end.remaining = remaining.exists() ? remaining.integer() : -1;
    return end;
}

} // namespace wk::cluster::render
