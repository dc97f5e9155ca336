// SPDX-License-Identifier: GPL-3.0-or-later
// GET, LIST and WATCH of stored objects.
#include "fleet/api/ApiServer.h"
#include "fleet/api/WatchStream.h"
#include "fleet/world/Json.h"

#include <QtCore/QRandomGenerator>

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

/// A position in a list: base64 of {"v":"meta.k8s.io/v1","rv":R,"start":"last key\0"}, as the API server writes it.
struct Continue
{
    qint64 revision = 0; ///< -1: continue on the newest state
    QString after;
};

QString keyOf(const Object& o) { return o.space.isEmpty() ? o.name : o.space + u'/' + o.name; }

QString encodeContinue(const Continue& c)
{
    const QJsonObject o{{u"v"_s, u"meta.k8s.io/v1"_s}, {u"rv"_s, c.revision}, {u"start"_s, c.after}};
    return QString::fromLatin1(compact(o).toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals));
}

std::optional<Continue> decodeContinue(const QString& text)
{
    const auto bytes = QByteArray::fromBase64Encoding(text.toLatin1(), QByteArray::Base64UrlEncoding |
                                                                           QByteArray::AbortOnBase64DecodingErrors);
    const QJsonObject o = QJsonDocument::fromJson(*bytes).object();
    if (!bytes || o.value(u"v") != u"meta.k8s.io/v1"_s || !o.value(u"rv").isDouble() || !o.value(u"start").isString())
        return std::nullopt;
    return Continue{o.value(u"rv").toInteger(), o.value(u"start").toString()};
}

} // namespace

void ApiServer::get(Call& call, Format format)
{
    const ObjectPtr object = m_engine.store().find(call.resource->id(), call.space, call.name);
    if (!object) {
        notFound(call);
        return;
    }
    const Encoder encoder = encoderFor(call, format);
    call.connection.respond(200, encoder.contentType(false), encoder.object(object));
}

/// resourceVersion, resourceVersionMatch, limit and continue as in the table of the API concepts ("Semantics for get
/// and list").
void ApiServer::list(Call& call, Format format)
{
    ObjectStore& store = m_engine.store();
    const auto& query = call.request.query;
    const QString id = call.resource->id(), rvText = query.value(u"resourceVersion"_s),
                  match = query.value(u"resourceVersionMatch"_s);
    const QString continueText = query.value(u"continue"_s);
    const auto selector = Selector::parse(query.value(u"labelSelector"_s), query.value(u"fieldSelector"_s), id);
    if (!selector) {
        refuse(call, 400, u"BadRequest"_s, selector.error().sentence);
        return;
    }
    bool rvOk = true, limitOk = true;
    const qint64 rv = rvText.isEmpty() ? 0 : rvText.toLongLong(&rvOk);
    qint64 limit = query.contains(u"limit"_s) && !query.value(u"limit"_s).isEmpty()
                       ? query.value(u"limit"_s).toLongLong(&limitOk)
                       : 0;
    if (!rvOk || !limitOk || rv < 0 || limit < 0) {
        refuse(
            call, 400, u"BadRequest"_s,
            u"Invalid value: \"%1\": strconv.ParseUint: invalid syntax"_s.arg(rvOk ? query.value(u"limit"_s) : rvText));
        return;
    }
    if (!match.isEmpty() && (rvText.isEmpty() || !continueText.isEmpty() || (match == u"Exact"_s && rv == 0))) {
        refuse(call, 422, u"Invalid"_s,
               u"ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is "
               u"forbidden "
               "unless resourceVersion is provided"_s);
        return;
    }
    if (rv > store.revision()) {
        refuse(call, 504, u"Timeout"_s, u"Too large resource version: %1, current: %2"_s.arg(rv).arg(store.revision()),
               {{u"causes"_s, QJsonArray{QJsonObject{{u"reason"_s, u"ResourceVersionTooLarge"_s},
                                                     {u"message"_s, u"Too large resource version"_s}}}},
                {u"retryAfterSeconds"_s, 1}});
        return;
    }
    Continue from;
    qint64 revision = store.revision();
    Result<std::vector<ObjectPtr>> objects = std::vector<ObjectPtr>();
    if (!continueText.isEmpty()) {
        const auto decoded = decodeContinue(continueText);
        if (!decoded || !rvText.isEmpty()) {
            refuse(call, 400, u"BadRequest"_s,
                   decoded ? u"specifying resource version is not allowed when using continue"_s
                           : u"continue key is not valid: illegal base64 data"_s);
            return;
        }
        from = *decoded;
        if (from.revision > 0)
            revision = from.revision;
        objects = store.listAt(id, call.space, revision);
        if (!objects) {
            QJsonObject status = statusObject(
                410, u"Expired"_s,
                u"The provided continue parameter is too old to display a consistent list result. You can start a new "
                u"list "
                "without the continue parameter, or use the continue token in this response to retrieve the remainder "
                "of the "
                "results. Continuing with the provided token results in an inconsistent list - objects that were "
                "created, "
                "modified, or deleted between the time the first chunk was returned and now may show up in the list."_s);
            status[u"metadata"_s] = QJsonObject{{u"continue"_s, encodeContinue({-1, from.after})}};
            refuse(call.request, call.connection, status);
            return;
        }
    } else if (rv > 0 && (match == u"Exact"_s || (match.isEmpty() && limit > 0))) {
        revision = rv;
        objects = store.listAt(id, call.space, rv);
        if (!objects) {
            refuse(call, 410, u"Expired"_s, u"The resourceVersion for the provided list is too old."_s);
            return;
        }
    } else {
        objects = store.list(id, call.space);
        if (rvText == u"0"_s && match != u"Exact"_s)
            limit = 0; // the watch cache answers whole lists
    }
    std::vector<ObjectPtr> chosen;
    ListEnvelope envelope;
    envelope.resourceVersion = QString::number(revision);
    qint64 remaining = 0;
    for (const ObjectPtr& o : *objects) {
        if ((!from.after.isEmpty() && keyOf(*o) <= from.after) || !selector->matches(*o))
            continue;
        if (limit > 0 && qint64(chosen.size()) >= limit)
            ++remaining;
        else
            chosen.push_back(o);
    }
    if (remaining > 0) {
        envelope.continueToken = encodeContinue({revision, keyOf(*chosen.back())});
        if (selector->empty())
            envelope.remaining = remaining;
    }
    const Encoder encoder = encoderFor(call, format);
    call.connection.stream(200, encoder.contentType(false), encoder.list(std::move(chosen), envelope));
}

void ApiServer::watch(Call& call, Format format)
{
    const auto& query = call.request.query;
    WatchStream::Options options;
    options.resource = call.resource->id();
    options.space = call.space;
    QString fields = query.value(u"fieldSelector"_s);
    if (!call.name.isEmpty())
        fields += (fields.isEmpty() ? u""_s : u","_s) + u"metadata.name="_s + call.name;
    const auto selector = Selector::parse(query.value(u"labelSelector"_s), fields, options.resource);
    const QString rvText = query.value(u"resourceVersion"_s);
    bool rvOk = true;
    const qint64 rv = rvText.isEmpty() ? 0 : rvText.toLongLong(&rvOk);
    if (!selector || !rvOk) {
        refuse(call, 400, u"BadRequest"_s,
               selector ? u"resourceVersion: Invalid value: \"%1\": strconv.ParseUint: invalid syntax"_s.arg(rvText)
                        : selector.error().sentence);
        return;
    }
    const bool initial = call.request.flag(u"sendInitialEvents"_s);
    if (initial != (query.value(u"resourceVersionMatch"_s) == u"NotOlderThan"_s) ||
        (initial && !call.request.flag(u"allowWatchBookmarks"_s))) {
        refuse(call, 422, u"Invalid"_s,
               u"ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is "
               u"forbidden for "
               "watch unless sendInitialEvents is provided"_s);
        return;
    }
    options.selector = *selector;
    options.bookmarks = call.request.flag(u"allowWatchBookmarks"_s);
    // A client that names no limit gets 30 to 60 minutes, as with --min-request-timeout 1800.
    const int seconds = query.value(u"timeoutSeconds"_s).toInt();
    options.timeoutSeconds =
        seconds > 0 ? std::min(seconds, 86'400) : 1800 + int(QRandomGenerator::global()->bounded(1800));
    options.bookmarkSeconds = 15 + int(QRandomGenerator::global()->bounded(15));
    auto stream =
        std::make_shared<WatchStream>(m_engine.store(), call.connection, encoderFor(call, format), options, m_counters);
    call.connection.hold(stream);
    if (initial)
        stream->startWithState(true);
    else if (rv == 0)
        stream->startWithState(false);
    else
        stream->startAfter(rv);
}

} // namespace wk::fleet
