// SPDX-License-Identifier: GPL-3.0-or-later
// render_compare DIRECTORY [MINOR]: compares what record.sh recorded from an API server. For every kind and version:
// 1. the tree decoded from protobuf equals the one from JSON (so every field number is right),
// 2. the rows from both encodings are equal,
// 3. the cells are what kubectl printed (where kubectl's output was recorded).
// Prints what differs and exits with 1; otherwise one line per kind.
#include "cluster/Decoder.h"
#include "cluster/render/JsonDecoders.h"
#include "cluster/render/KubectlText.h"
#include "cluster/render/ProtobufDecoders.h"

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QFileInfo>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QRegularExpression>

#include <protozero/pbf_reader.hpp>

#include <cstdio>

using namespace wk;
using namespace wk::cluster;
using namespace Qt::StringLiterals;

namespace {

int g_failures = 0;

void complain(const QString& text)
{
    std::printf("DIFFERS %s\n", qPrintable(text));
    ++g_failures;
}

QByteArray read(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

std::vector<Decoded> decode(const Renderer& renderer, QByteArrayView type, QByteArrayView bytes, const QString& name)
{
    std::vector<Decoded> all;
    auto decoder = renderer.listDecoder(type);
    const auto sink = [&](Decoded&& decoded) { all.push_back(std::move(decoded)); };
    auto fed = (*decoder)->feed(bytes, sink);
    auto end = (*decoder)->finish(sink);
    if (!fed)
        complain(name + u": "_s + fed.error().sentence + u' ' + fed.error().detail);
    else if (!end)
        complain(name + u": "_s + end.error().sentence + u' ' + end.error().detail);
    return all;
}

// The items of a protobuf list as they are, in order.
std::vector<QByteArray> items(const QByteArray& list)
{
    std::vector<QByteArray> found;
    protozero::pbf_reader unknown{list.constData() + 4, size_t(list.size() - 4)};
    while (unknown.next(2)) {
        protozero::pbf_reader body{unknown.get_message()};
        while (body.next(2)) {
            const auto view = body.get_view();
            found.emplace_back(view.data(), qsizetype(view.size()));
        }
    }
    return found;
}

void compareTrees(const render::Schema& schema, const QByteArray& protobuf, const QByteArray& json, const QString& name)
{
    const std::vector<QByteArray> fromProtobuf = items(protobuf);
    const QJsonArray fromJson = QJsonDocument::fromJson(json).object().value(u"items"_s).toArray();
    if (qsizetype(fromProtobuf.size()) != fromJson.size()) {
        complain(name + u": the two lists differ in length"_s);
        return;
    }
    render::ObjectTree a;
    render::ObjectTree b;
    for (qsizetype i = 0; i < fromJson.size(); ++i) {
        const QByteArray document = QJsonDocument(fromJson[i].toObject()).toJson(QJsonDocument::Compact);
        const auto left = a.decodeProtobuf(schema, fromProtobuf[size_t(i)]);
        const auto right = b.decodeJson(schema, document);
        if (!left || !right) {
            complain(name + u": an object cannot be decoded"_s);
            continue;
        }
        const QByteArray leftText = left->toJson();
        const QByteArray rightText = right->toJson();
        if (leftText != rightText)
            complain(u"%1:\n  protobuf %2\n  json     %3"_s.arg(name, QString::fromUtf8(leftText),
                                                                QString::fromUtf8(rightText)));
    }
}

// kubectl's lines with fields separated by two or more spaces under its header.
std::vector<QStringList> kubectlTable(const QByteArray& text)
{
    std::vector<QStringList> table;
    const QStringList lines = QString::fromUtf8(text).split(u'\n', Qt::SkipEmptyParts);
    if (lines.isEmpty())
        return table;
    std::vector<qsizetype> starts;
    static const QRegularExpression header(u"\\S+( \\S+)*"_s);
    auto matches = header.globalMatch(lines.first());
    while (matches.hasNext())
        starts.push_back(matches.next().capturedStart());
    for (const QString& line : lines) {
        QStringList fields;
        for (size_t i = 0; i < starts.size(); ++i) {
            const qsizetype end = i + 1 < starts.size() ? starts[i + 1] : line.size();
            fields << line.mid(starts[i], std::max<qsizetype>(0, end - starts[i])).trimmed();
        }
        table.push_back(fields);
    }
    return table;
}

void compareWithKubectl(const Renderer& renderer, const std::vector<Decoded>& rows, const QByteArray& text,
                        qint64 nowMs, int minor, const QString& name)
{
    const auto printed = kubectlTable(text);
    const table::Columns columns = renderer.columns();
    QStringList header;
    std::vector<int> shown;
    for (int i = 0; i < columns.size(); ++i) {
        if (!columns[i].extra) {
            header << render::kubectlHeader(columns[i]);
            shown.push_back(i);
        }
    }
    if (printed.empty() || printed.front() != header) {
        complain(u"%1: columns %2, kubectl has %3"_s.arg(name, header.join(u'|'),
                                                         printed.empty() ? u"nothing"_s : printed.front().join(u'|')));
        return;
    }
    if (printed.size() - 1 != rows.size()) {
        complain(u"%1: %2 rows, kubectl has %3"_s.arg(name).arg(rows.size()).arg(printed.size() - 1));
        return;
    }
    static const QRegularExpression age(u"^(\\d+[smhdy])+$"_s);
    for (size_t r = 0; r < rows.size(); ++r) {
        for (size_t c = 0; c < shown.size(); ++c) {
            const QString ours = render::kubectlText(columns, *rows[r].row, shown[c], nowMs, minor).trimmed();
            const QString theirs = printed[r + 1][qsizetype(c)];
            // A few seconds pass between kubectl's look and ours.
            const bool bothAges =
                age.match(ours).hasMatch() && age.match(theirs).hasMatch() && ours.size() - theirs.size() <= 3;
            if (ours != theirs && !bothAges)
                complain(u"%1 %2 %3: \"%4\", kubectl says \"%5\""_s.arg(name, rows[r].key, header[qsizetype(c)], ours,
                                                                        theirs));
        }
    }
}

} // namespace

int main(int argc, char** argv)
{
    if (argc < 2) {
        std::fprintf(stderr, "usage: render_compare DIRECTORY [MINOR]\n");
        return 2;
    }
    const QDir directory(QString::fromLocal8Bit(argv[1]));
    RenderOptions options;
    options.serverMinor = argc > 2 ? atoi(argv[2]) : 0;
    for (const QFileInfo& file : directory.entryInfoList({u"*.json"_s}, QDir::Files, QDir::Name)) {
        // resource@group@version@namespaced.json
        const QStringList parts = file.completeBaseName().split(u'@');
        if (parts.size() != 4)
            continue;
        ResourceKind kind;
        kind.resource = parts[0];
        kind.group = parts[1];
        kind.version = parts[2];
        kind.namespaced = parts[3] == u"true";
        const QString name = kind.id() + u' ' + kind.version;
        const int before = g_failures;
        const QString base = directory.filePath(file.completeBaseName());
        const QByteArray json = read(file.filePath());
        const QByteArray protobuf = read(base + u".pb"_s);
        const auto renderer = rendererFor(kind, options);
        const QByteArray body = isBuiltIn(kind) ? json : read(base + u".table"_s);
        const auto fromJson = decode(*renderer, "application/json", body, name);
        if (const render::Schema* schema = render::schemaFor(kind)) {
            const auto fromProtobuf = decode(*renderer, "application/vnd.kubernetes.protobuf", protobuf, name);
            compareTrees(*schema, protobuf, json, name);
            bool same = fromJson.size() == fromProtobuf.size();
            for (size_t i = 0; same && i < fromJson.size(); ++i)
                same = fromJson[i].row->sameContent(*fromProtobuf[i].row) &&
                       fromJson[i].row->id == fromProtobuf[i].row->id;
            if (!same)
                complain(name + u": the rows of the two encodings differ"_s);
        }
        if (QFile::exists(base + u".txt"_s))
            compareWithKubectl(*renderer, fromJson, read(base + u".txt"_s),
                               QFileInfo(base + u".txt"_s).lastModified().toMSecsSinceEpoch(), options.serverMinor,
                               name);
        std::printf("%-60s %5zu objects %s\n", qPrintable(name), fromJson.size(),
                    g_failures == before ? "ok" : "DIFFER");
    }
    return g_failures == 0 ? 0 : 1;
}
