// SPDX-License-Identifier: GPL-3.0-or-later
#include "WriteServer.h"

#include "changes/plan/JsonTree.h"
#include "cluster/connection/ApiIdentity.h"
#include "net/SingleShot.h"
#include "support/Process.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QRegularExpression>
#include <QtTest/QTest>

namespace wk::test {

using namespace Qt::StringLiterals;

namespace {

/// Kinds whose version no controller moves on.
bool isStill(const QString& path)
{
    static const QRegularExpression pattern(u"/(configmaps|secrets|services|ingresses)/[^/?]+$"_s);
    return pattern.match(path).hasMatch();
}

QJsonObject metadataOf(const QJsonObject& object) { return object.value("metadata"_L1).toObject(); }

/// "kubectl-set Update"; whoever writes by itself, and when it likes, is left out.
QJsonArray managersOf(const QJsonObject& metadata)
{
    static const QStringList controllers{u"kube-controller-manager"_s, u"kube-scheduler"_s, u"kubelet"_s,
                                         u"kubemark"_s};
    // What was done through the scale is left out, too: before 1.22 it left no trace here.
    QStringList out;
    const QJsonArray entries = metadata.value("managedFields"_L1).toArray();
    for (const auto& entry : entries) {
        const QString manager = entry.toObject().value("manager"_L1).toString();
        const QString line = manager + u' ' + entry.toObject().value("operation"_L1).toString();
        const bool scaled = entry.toObject().value("subresource"_L1) == "scale"_L1;
        if (!controllers.contains(manager) && !scaled && !out.contains(line))
            out << line;
    }
    out.sort();
    return QJsonArray::fromStringList(out);
}

/// Times are what differs between any two runs.
QByteArray withoutTimes(QByteArray text)
{
    static const QRegularExpression time(u"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)"_s);
    return QString::fromUtf8(text).replace(time, u"TIME"_s).toUtf8();
}

/// Absent and null are the same to every client; servers differ in which they write.
QJsonValue withoutNulls(const QJsonValue& value)
{
    if (value.isArray()) {
        QJsonArray out;
        const QJsonArray all = value.toArray();
        for (const auto& item : all)
            out.append(withoutNulls(item));
        return out;
    }
    if (!value.isObject())
        return value;
    QJsonObject out;
    const QJsonObject all = value.toObject();
    for (auto it = all.begin(); it != all.end(); ++it)
        if (!it->isNull())
            out.insert(it.key(), withoutNulls(*it));
    return out;
}

void removeAt(QJsonObject& object, const QString& pointer)
{
    const QString first = pointer.section(u'/', 1, 1).replace(u"~1"_s, u"/"_s), rest = pointer.section(u'/', 2);
    if (rest.isEmpty()) {
        object.remove(first);
        return;
    }
    QJsonObject inner = object.value(first).toObject();
    removeAt(inner, u'/' + rest);
    object.insert(first, inner);
}

QJsonObject statusOf(const QJsonObject& status)
{
    const QJsonObject details = status.value("details"_L1).toObject();
    QStringList causes;
    const QJsonArray list = details.value("causes"_L1).toArray();
    for (const auto& cause : list)
        causes << cause.toObject().value("reason"_L1).toString() + u' ' + cause.toObject().value("field"_L1).toString();
    causes.sort();
    causes.removeDuplicates(); // one mistake may be found by several functions
    QJsonObject out{{u"status"_s, status.value("status"_L1)},
                    {u"reason"_s, status.value("reason"_L1)},
                    {u"code"_s, status.value("code"_L1)},
                    {u"name"_s, details.value("name"_L1)},
                    {u"group"_s, details.value("group"_L1)},
                    {u"kind"_s, details.value("kind"_L1)},
                    {u"causes"_s, QJsonArray::fromStringList(causes)}};
    for (const QString& key : out.keys()) // what is not there counts as empty
        if (const QJsonValue v = out.value(key); v.isUndefined() || v.isNull() || v == QJsonValue(QString()))
            out.remove(key);
    return out;
}

} // namespace

WriteServer::WriteServer(QString kubeconfig, const QHash<QString, QString>& contexts,
                         const QHash<QString, QString>& variables)
    : m_kubeconfig(std::move(kubeconfig)), m_contexts(contexts), m_variables(variables)
{
    m_drawn.insert(variables.value(u"node"_s), u"<node>"_s);
    const auto config = platform::KubeConfig::loadFile(m_kubeconfig);
    for (auto it = contexts.begin(); it != contexts.end(); ++it) {
        const auto resolved = config ? config->resolve(*it) : Result<platform::ResolvedContext>(fail(config.error()));
        auto options = resolved ? cluster::httpOptions(*resolved, nullptr) : fail(resolved.error());
        const auto token = resolved ? cluster::authorization(*resolved, nullptr) : Result<QByteArray>();
        if (!options || !token) {
            m_failed = u"%1: %2"_s.arg(*it, (options ? token.error() : options.error()).text());
            return;
        }
        if (!token->isEmpty())
            options->defaultHeaders.append({"Authorization", *token});
        m_people.insert(it.key(), *options);
    }
}

QString WriteServer::filled(QString text) const
{
    for (auto it = m_variables.begin(); it != m_variables.end(); ++it)
        text.replace(u"${"_s + it.key() + u'}', *it);
    return text;
}

WriteServer::Reply WriteServer::send(const QString& person, const QByteArray& verb, const QString& path,
                                     const QString& contentType, const QByteArray& body)
{
    net::Request request;
    request.verb = verb;
    request.path = path.section(u'?', 0, 0).toUtf8();
    request.query = path.section(u'?', 1).toUtf8();
    request.headers = {{"Accept", "application/json"}, {"User-Agent", "contract/1"}};
    if (!body.isEmpty())
        request.headers.append({"Content-Type", contentType.isEmpty() ? "application/json" : contentType.toUtf8()});
    request.body = body;
    Reply reply;
    QByteArray received;
    bool over = false;
    net::Handlers handlers;
    handlers.head = [&](const net::ResponseHead& head) { reply.status = head.status; };
    handlers.data = [&](QByteArrayView data) { received += data; };
    handlers.finished = [&](const std::optional<Error>& error) {
        over = true;
        if (error)
            reply.status = 0;
    };
    const auto exchange = net::openOnce(m_people.value(person), m_clock, request, handlers);
    if (!QTest::qWaitFor([&] { return over; }, 60'000))
        reply.status = 0;
    reply.body = QJsonDocument::fromJson(received).object();
    return reply;
}

QString WriteServer::prepare(const WriteStep& step)
{
    if (!m_failed.isEmpty())
        return m_failed;
    for (const WriteStep::Wait& wait : step.waits) {
        QString found;
        const auto there = [&] {
            const QJsonValue v = changes::valueAt(send(u"admin"_s, "GET", filled(wait.path)).body, wait.pointer);
            found = v.isUndefined() ? u"nothing"_s : v.toVariant().toString();
            return found == wait.value;
        };
        if (!QTest::qWaitFor([&] { return there(); }, 60'000))
            return u"%1 at %2 was %3"_s.arg(wait.path, wait.pointer, found);
    }
    for (const auto& [name, path] : step.keep) {
        const Reply reply = send(u"admin"_s, "GET", filled(path));
        const QJsonArray items = reply.body.value("items"_L1).toArray();
        const QJsonObject kept = metadataOf(items.isEmpty() ? reply.body : items.first().toObject());
        if (kept.isEmpty())
            return u"there is nothing at "_s + path;
        m_variables.insert(name + u".name"_s, kept.value("name"_L1).toString());
        m_variables.insert(name + u".uid"_s, kept.value("uid"_L1).toString());
        m_variables.insert(name + u".rv"_s, kept.value("resourceVersion"_L1).toString());
        if (!items.isEmpty())
            m_drawn.insert(kept.value("name"_L1).toString(), u'<' + name + u'>');
    }
    return {};
}

QJsonObject WriteServer::comparable(const QJsonObject& object, const WriteStep& step) const
{
    QJsonObject out;
    if (object.value("kind"_L1) == "Status"_L1) {
        out = statusOf(object);
        for (const QString& pointer : step.except)
            removeAt(out, pointer);
        return out;
    }
    for (const QString& pointer : step.pick)
        out.insert(pointer, changes::valueAt(object, pointer));
    if (!step.pick.isEmpty())
        return out;
    out = object;
    if (object.value("kind"_L1).toString().endsWith("List"_L1)) {
        QJsonArray items;
        const QJsonArray all = object.value("items"_L1).toArray();
        for (const auto& item : all)
            items.append(metadataOf(item.toObject()).value("name"_L1));
        return {{u"items"_s, items}};
    }
    QJsonObject metadata = metadataOf(object);
    metadata.insert(u"managers"_s, managersOf(metadata));
    for (const auto field : {"uid"_L1, "resourceVersion"_L1, "creationTimestamp"_L1, "selfLink"_L1, "managedFields"_L1})
        metadata.remove(field);
    out.insert(u"metadata"_s, metadata);
    for (const QString& pointer : QStringList{u"/metadata/annotations/deployment.kubernetes.io~1revision"_s,
                                              u"/spec/clusterIP"_s, u"/spec/clusterIPs"_s} +
                                      step.except)
        removeAt(out, pointer);
    if (object.value("kind"_L1) != "Scale"_L1)
        out.remove(u"status"_s);
    return out;
}

QStringList WriteServer::placesOf(const WriteStep& step) const
{
    QStringList out = step.see;
    static const QRegularExpression named(u"^/apis?/.*/namespaces/[^/]+/[^/]+/[^/?]+"_s);
    const QRegularExpressionMatch match = named.match(step.path);
    if (!step.isCommand() && step.see.isEmpty() && match.hasMatch())
        out << match.captured();
    return out;
}

QJsonObject WriteServer::look(const WriteStep& step, const QHash<QString, QString>& versionsBefore)
{
    QJsonObject out;
    const QStringList places = placesOf(step);
    for (const QString& place : places) {
        const Reply reply = send(u"admin"_s, "GET", filled(place));
        QJsonObject seen = comparable(reply.body, step);
        const QString version = metadataOf(reply.body).value("resourceVersion"_L1).toString();
        if (isStill(place) && versionsBefore.contains(place))
            seen.insert(u"versionMoved"_s, version != versionsBefore.value(place));
        out.insert(place, seen);
    }
    return out;
}

QJsonObject WriteServer::request(const WriteStep& step)
{
    const Reply reply = send(step.person, step.verb.toUtf8(), filled(step.path), step.contentType,
                             filled(QString::fromUtf8(step.body)).toUtf8());
    return {{u"status"_s, reply.status}, {u"body"_s, comparable(reply.body, step)}};
}

QJsonObject WriteServer::command(const WriteStep& step)
{
    // Words, or what stands between two apostrophes.
    static const QRegularExpression word(u"'([^']*)'|(\\S+)"_s);
    QStringList words;
    for (auto matches = word.globalMatch(filled(step.path)); matches.hasNext();) {
        const QRegularExpressionMatch match = matches.next();
        words << (match.captured(2).isEmpty() ? match.captured(1) : match.captured(2));
    }
    const Ran ran =
        test::run(u"kubectl"_s,
                  QStringList{u"--kubeconfig"_s, m_kubeconfig, u"--context"_s, m_contexts.value(step.person)} + words,
                  120'000, {u"HOME="_s + m_home.path()}, filled(QString::fromUtf8(step.body)).toUtf8());
    QJsonObject out{{u"ended well"_s, ran.code == 0}};
    // The server's own words differ from version to version, its reasons do not.
    static const QRegularExpression refusal(u"Error from server \\((\\w+)\\)|error: (\\w+)"_s);
    const QRegularExpressionMatch match = refusal.match(QString::fromUtf8(ran.err));
    if (match.hasMatch())
        out.insert(u"refused"_s, match.captured(1));
    if (!step.quiet)
        out.insert(u"printed"_s, QString::fromUtf8(ran.out));
    return out;
}

QJsonObject WriteServer::run(const WriteStep& step)
{
    if (const QString failed = prepare(step); !failed.isEmpty())
        return {{u"failed"_s, failed}};
    QHash<QString, QString> versions;
    const QStringList places = placesOf(step);
    for (const QString& place : places)
        if (const Reply before = send(u"admin"_s, "GET", filled(place)); before.status == 200)
            versions.insert(place, metadataOf(before.body).value("resourceVersion"_L1).toString());
    QJsonObject out{{u"answer"_s, step.isCommand() ? command(step) : request(step)}};
    out.insert(u"seen"_s, look(step, versions));
    QByteArray text = withoutTimes(QJsonDocument(withoutNulls(out).toObject()).toJson());
    text.replace("policy/" + m_variables.value(u"policy"_s).toUtf8() + '"', "policy/${policy}\"");
    for (auto it = m_drawn.begin(); it != m_drawn.end(); ++it)
        text.replace(it.key().toUtf8(), it->toUtf8());
    return QJsonDocument::fromJson(text).object();
}

} // namespace wk::test
