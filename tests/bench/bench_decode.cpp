// SPDX-License-Identifier: GPL-3.0-or-later
// bench_decode [seconds [PROTOBUF-FRAMES JSON-FRAMES]]: decodes watch events of pods from memory, protobuf and JSON, on
// one core, and measures what a row weighs. The frames are two files recorded from a server (GET pods?watch=true in
// each content type); without them, made ones of about 10 KB. Prints one JSON line: source ("recorded" or "made"),
// events_per_s_protobuf, events_per_s_json, mb_per_s_*, frame_json_bytes, frame_protobuf_bytes, row_bytes (with every
// column) and row_bytes_plain (kubectl's columns only).
#include "cluster/Decoder.h"
#include "cluster/render/ProtobufWriter.h"

#include <QtCore/QFile>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QtEndian>

#include <malloc.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>

using namespace wk::cluster;
using namespace Qt::StringLiterals;

namespace {

QJsonObject container(const QString& name)
{
    QJsonArray env;
    for (int i = 0; i < 36; ++i)
        env.append(QJsonObject{{u"name"_s, u"SETTING_%1"_s.arg(i)},
                               {u"value"_s, u"value-%1-%2-xxxxxxxxxxxxxxxxxxxxxxxx"_s.arg(name).arg(i)}});
    return {{u"name"_s, name},
            {u"image"_s, u"registry.example/%1:v1"_s.arg(name)},
            {u"env"_s, env},
            {u"resources"_s, QJsonObject{{u"requests"_s, QJsonObject{{u"cpu"_s, u"250m"_s}, {u"memory"_s, u"256Mi"_s}}},
                                         {u"limits"_s, QJsonObject{{u"cpu"_s, u"1"_s}, {u"memory"_s, u"1Gi"_s}}}}}};
}

QJsonObject containerStatus(const QString& name)
{
    return {{u"name"_s, name},
            {u"image"_s, u"registry.example/%1:v1"_s.arg(name)},
            {u"imageID"_s, u"registry.example/%1@sha256:%2"_s.arg(name).arg(QString(64, u'0'))},
            {u"ready"_s, true},
            {u"started"_s, true},
            {u"restartCount"_s, 1},
            {u"lastState"_s, QJsonObject{{u"terminated"_s, QJsonObject{{u"exitCode"_s, 1},
                                                                       {u"reason"_s, u"Error"_s},
                                                                       {u"finishedAt"_s, u"2026-11-20T08:00:00Z"_s}}}}},
            {u"state"_s, QJsonObject{{u"running"_s, QJsonObject{{u"startedAt"_s, u"2026-11-20T08:00:00Z"_s}}}}}};
}

// The shape of a usual pod: two containers with settings, labels, an owner, and the server's book-keeping of managed
// fields.
QJsonObject pod(int number)
{
    QJsonObject managed{
        {u"manager"_s, u"kube-controller-manager"_s}, {u"operation"_s, u"Update"_s}, {u"apiVersion"_s, u"v1"_s}};
    QJsonObject fields;
    for (int i = 0; i < 60; ++i)
        fields.insert(u"f:some-setting-of-the-container-%1"_s.arg(i), QJsonObject{{u"."_s, QJsonObject()}});
    managed.insert(u"fieldsV1"_s, fields);
    QJsonArray conditions;
    for (const auto& type : {u"Initialized"_s, u"Ready"_s, u"ContainersReady"_s, u"PodScheduled"_s})
        conditions.append(QJsonObject{
            {u"type"_s, type}, {u"status"_s, u"True"_s}, {u"lastTransitionTime"_s, u"2026-11-20T08:00:00Z"_s}});
    const QString app = u"service-%1"_s.arg(number % 10);
    return {
        {u"apiVersion"_s, u"v1"_s},
        {u"kind"_s, u"Pod"_s},
        {u"metadata"_s, QJsonObject{{u"name"_s, u"%1-7c9f8d6b5-%2"_s.arg(app).arg(number, 5, 10, QChar(u'0'))},
                                    {u"namespace"_s, u"load-%1"_s.arg(number % 20)},
                                    {u"uid"_s, u"00000000-0000-4000-8000-%1"_s.arg(number, 12, 10, QChar(u'0'))},
                                    {u"resourceVersion"_s, QString::number(100000 + number)},
                                    {u"creationTimestamp"_s, u"2026-11-20T08:00:00Z"_s},
                                    {u"labels"_s, QJsonObject{{u"app"_s, app},
                                                              {u"tier"_s, u"backend"_s},
                                                              {u"pod-template-hash"_s, u"7c9f8d6b5"_s}}},
                                    {u"ownerReferences"_s, QJsonArray{QJsonObject{{u"kind"_s, u"ReplicaSet"_s},
                                                                                  {u"name"_s, app + u"-7c9f8d6b5"_s},
                                                                                  {u"controller"_s, true}}}},
                                    {u"managedFields"_s, QJsonArray{managed}}}},
        {u"spec"_s, QJsonObject{{u"nodeName"_s, u"node-%1"_s.arg(number % 100)},
                                {u"containers"_s, QJsonArray{container(app), container(u"proxy"_s)}}}},
        {u"status"_s,
         QJsonObject{{u"phase"_s, u"Running"_s},
                     {u"podIP"_s, u"10.%1.%2.%3"_s.arg(number / 65536).arg(number / 256 % 256).arg(number % 256)},
                     {u"podIPs"_s,
                      QJsonArray{QJsonObject{
                          {u"ip"_s, u"10.%1.%2.%3"_s.arg(number / 65536).arg(number / 256 % 256).arg(number % 256)}}}},
                     {u"qosClass"_s, u"Burstable"_s},
                     {u"conditions"_s, conditions},
                     {u"containerStatuses"_s, QJsonArray{containerStatus(app), containerStatus(u"proxy"_s)}}}}};
}

// What the writer leaves out of a protobuf pod (settings, managed fields) comes as fields that are skipped, as a
// server's do.
QByteArray protobufPod(const ResourceKind& kind, const QJsonObject& object)
{
    QByteArray message = render::encodeProtobuf(*render::schemaFor(kind), object);
    const QByteArray rest = QJsonDocument(object).toJson(QJsonDocument::Compact);
    // Field 15, length-delimited: unknown to the schema, skipped in one step like managedFields.
    message.append(char(15 << 3 | 2));
    for (quint64 length = quint64(rest.size());; length >>= 7) {
        message.append(char(length < 0x80 ? length : (length & 0x7f) | 0x80));
        if (length < 0x80)
            break;
    }
    message.append(rest);
    return render::protobufEnvelope(u"v1"_s, u"Pod"_s, message);
}

double cpuSeconds()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return double(time.tv_sec) + double(time.tv_nsec) / 1e9;
}

struct Speed
{
    double events = 0;
    double megabytes = 0;
};

Speed measure(const Renderer& renderer, const char* type, const QByteArray& stream, double seconds)
{
    Speed speed;
    // Processor time of this thread: what one core can do, whatever else the machine is doing.
    const double start = cpuSeconds();
    while (cpuSeconds() - start < seconds) {
        auto decoder = renderer.watchDecoder(type);
        const auto fed = (*decoder)->feed(stream, [&](WatchEvent&&) { ++speed.events; });
        if (!fed) {
            std::fprintf(stderr, "bench_decode: %s\n", qPrintable(fed.error().sentence + u' ' + fed.error().detail));
            std::exit(1);
        }
        speed.megabytes += double(stream.size()) / 1e6;
    }
    const double elapsed = cpuSeconds() - start;
    return {speed.events / elapsed, speed.megabytes / elapsed};
}

double rowBytes(const Renderer& renderer, const std::vector<QByteArray>& streams)
{
    std::vector<wk::table::RowPtr> rows;
    rows.reserve(streams.size());
    auto decoder = renderer.watchDecoder("application/vnd.kubernetes.protobuf;stream=watch");
    // The decoder's own buffers have grown before the count begins.
    (void)(*decoder)->feed(streams.front(), [](WatchEvent&&) {});
    const auto before = mallinfo2().uordblks;
    for (const QByteArray& stream : streams)
        (void)(*decoder)->feed(stream, [&](WatchEvent&& event) { rows.push_back(event.object.row); });
    return double(mallinfo2().uordblks - before) / double(rows.size());
}

/// Watch frames of one content type, end to end, and one by one for weighing rows.
struct Frames
{
    QByteArray protobuf, json;
    std::vector<QByteArray> single; ///< protobuf
};

Frames made()
{
    ResourceKind kind;
    kind.version = u"v1"_s;
    kind.resource = u"pods"_s;
    kind.kind = u"Pod"_s;
    Frames frames;
    for (int i = 0; i < 5000; ++i) {
        const QJsonObject object = pod(i);
        const QByteArray text = QJsonDocument(object).toJson(QJsonDocument::Compact);
        frames.single.push_back(render::encodeWatchFrame("MODIFIED", protobufPod(kind, object)));
        if (i < 500) {
            frames.protobuf += frames.single.back();
            frames.json += "{\"type\":\"MODIFIED\",\"object\":" + text + "}\n";
        }
    }
    return frames;
}

QByteArray contents(const char* path)
{
    QFile file(QString::fromLocal8Bit(path));
    if (!file.open(QIODevice::ReadOnly)) {
        std::fprintf(stderr, "bench_decode: %s: %s\n", path, qPrintable(file.errorString()));
        std::exit(2);
    }
    return file.readAll();
}

/// A recording is cut anywhere: what follows the last whole frame is dropped. Frames in protobuf are preceded by their
/// length, four bytes, big-endian (k8s.io/apimachinery/pkg/util/framer).
Frames recorded(const char* protobuf, const char* json)
{
    Frames frames;
    const QByteArray all = contents(protobuf);
    for (qsizetype at = 0; at + 4 <= all.size() && frames.single.size() < 5000;) {
        const qsizetype size = 4 + qsizetype(qFromBigEndian<quint32>(all.constData() + at));
        if (at + size > all.size())
            break;
        frames.single.push_back(all.mid(at, size));
        at += size;
    }
    for (std::size_t i = 0; i < frames.single.size() && i < 500; ++i)
        frames.protobuf += frames.single[i];
    const QByteArray text = contents(json);
    qsizetype end = 0;
    for (int i = 0; i < 500; ++i) {
        const qsizetype next = text.indexOf('\n', end);
        if (next < 0)
            break;
        end = next + 1;
    }
    frames.json = text.left(end);
    if (frames.protobuf.isEmpty() || frames.json.isEmpty()) {
        std::fprintf(stderr, "bench_decode: no whole frame in %s or %s\n", protobuf, json);
        std::exit(2);
    }
    return frames;
}

} // namespace

int main(int argc, char** argv)
{
    const double seconds = argc > 1 ? std::atof(argv[1]) : 2.0;
    const bool isRecorded = argc > 3;
    const Frames frames = isRecorded ? recorded(argv[2], argv[3]) : made();
    ResourceKind kind;
    kind.version = u"v1"_s;
    kind.resource = u"pods"_s;
    kind.kind = u"Pod"_s;
    const auto all = rendererFor(kind, {});
    const auto plain = rendererFor(kind, {.serverMinor = 20, .extraColumns = false});
    const Speed fromProtobuf =
        measure(*all, "application/vnd.kubernetes.protobuf;stream=watch", frames.protobuf, seconds);
    const Speed fromJson = measure(*all, "application/json;stream=watch", frames.json, seconds);
    std::printf("{\"bench\":\"decode\",\"source\":\"%s\",\"events_per_s_protobuf\":%.0f,\"events_per_s_json\":%.0f,"
                "\"mb_per_s_protobuf\":%.0f,\"mb_per_s_json\":%.0f,\"frame_protobuf_bytes\":%.0f,"
                "\"frame_json_bytes\":%.0f,\"row_bytes\":%.0f,\"row_bytes_plain\":%.0f}\n",
                isRecorded ? "recorded" : "made", fromProtobuf.events, fromJson.events, fromProtobuf.megabytes,
                fromJson.megabytes, 1e6 * fromProtobuf.megabytes / fromProtobuf.events,
                1e6 * fromJson.megabytes / fromJson.events, rowBytes(*all, frames.single),
                rowBytes(*plain, frames.single));
    return 0;
}
