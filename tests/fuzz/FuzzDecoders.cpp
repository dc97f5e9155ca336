// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/Decoder.h"
#include "cluster/render/KubectlText.h"
#include "cluster/render/ObjectTree.h"

#include <cstdint>

using namespace wk;
using namespace wk::cluster;
using namespace Qt::StringLiterals;

namespace {

// Kinds with every field type between them, and one that is not built in.
const std::vector<std::shared_ptr<const Renderer>>& renderers()
{
    static const std::vector<std::shared_ptr<const Renderer>> all = [] {
        std::vector<std::shared_ptr<const Renderer>> made;
        for (const ResourceKind& kind : builtInKinds()) {
            for (const QStringView wanted : {u"pods", u"events", u"horizontalpodautoscalers", u"poddisruptionbudgets",
                                             u"endpointslices", u"secrets"}) {
                if (kind.resource == wanted)
                    made.push_back(rendererFor(kind, {}));
            }
        }
        ResourceKind old;
        old.group = u"autoscaling"_s;
        old.version = u"v1"_s;
        old.resource = u"horizontalpodautoscalers"_s;
        made.push_back(rendererFor(old, {.serverMinor = 20}));
        ResourceKind custom;
        custom.group = u"watch.example"_s;
        custom.version = u"v1"_s;
        custom.resource = u"lanterns"_s;
        made.push_back(rendererFor(custom, {}));
        return made;
    }();
    return all;
}

void check(const Renderer& renderer, const Decoded& decoded)
{
    // A row always has a cell per column, and every cell can be printed.
    const table::Columns columns = renderer.columns();
    if (!decoded.row || decoded.row->cells.size() != size_t(columns.size()) || decoded.row->id.isEmpty())
        __builtin_trap();
    for (int i = 0; i < columns.size(); ++i)
        (void)render::kubectlText(columns, *decoded.row, i, 1'700'000'000'000);
}

QByteArrayView view(const uint8_t* data, size_t size) { return {reinterpret_cast<const char*>(data), qsizetype(size)}; }

// Whole, and in two pieces: what comes out must not depend on the pieces.
void feedList(const Renderer& renderer, const char* type, QByteArrayView bytes)
{
    const auto run = [&](qsizetype split) -> qsizetype {
        auto decoder = renderer.listDecoder(type);
        if (!decoder)
            return -1;
        qsizetype count = 0;
        const auto sink = [&](Decoded&& decoded) {
            check(renderer, decoded);
            ++count;
        };
        if (!(*decoder)->feed(bytes.first(split), sink) || !(*decoder)->feed(bytes.sliced(split), sink))
            return -2 - count;
        return (*decoder)->finish(sink) ? count : -2 - count;
    };
    if (run(bytes.size()) != run(bytes.size() / 2))
        __builtin_trap();
}

void feedWatch(const Renderer& renderer, const char* type, QByteArrayView bytes)
{
    const auto run = [&](qsizetype split) -> qsizetype {
        auto decoder = renderer.watchDecoder(type);
        if (!decoder)
            return -1;
        qsizetype count = 0;
        const auto sink = [&](WatchEvent&& event) {
            if (event.object.row)
                check(renderer, event.object);
            ++count;
        };
        if (!(*decoder)->feed(bytes.first(split), sink) || !(*decoder)->feed(bytes.sliced(split), sink))
            return -2 - count;
        return (*decoder)->inFrame() ? count + 1'000'000 : count;
    };
    if (run(bytes.size()) != run(bytes.size() / 2))
        __builtin_trap();
}

// One kind per input keeps a million inputs short; which one depends on the input.
const Renderer& pick(QByteArrayView bytes)
{
    return *renderers()[size_t(qHashBits(bytes.data(), size_t(std::min<qsizetype>(bytes.size(), 64)))) %
                        renderers().size()];
}

} // namespace

int fuzzProtobufList(const uint8_t* data, size_t size)
{
    feedList(pick(view(data, size)), "application/vnd.kubernetes.protobuf", view(data, size));
    return 0;
}

int fuzzProtobufWatch(const uint8_t* data, size_t size)
{
    feedWatch(pick(view(data, size)), "application/vnd.kubernetes.protobuf;stream=watch", view(data, size));
    return 0;
}

int fuzzJsonList(const uint8_t* data, size_t size)
{
    feedList(pick(view(data, size)), "application/json", view(data, size));
    return 0;
}

int fuzzJsonWatch(const uint8_t* data, size_t size)
{
    feedWatch(pick(view(data, size)), "application/json", view(data, size));
    return 0;
}

int fuzzJsonObject(const uint8_t* data, size_t size)
{
    static render::ObjectTree tree;
    const ResourceKind& kind = builtInKinds()[qsizetype(size % size_t(builtInKinds().size()))];
    if (auto object = tree.decodeJson(*render::schemaFor(kind), view(data, size)))
        (void)object->toJson();
    if (auto object = tree.decodeProtobuf(*render::schemaFor(kind), view(data, size)))
        (void)object->toJson();
    (void)decodeStatus("application/json", view(data, size));
    (void)decodeStatus("application/vnd.kubernetes.protobuf", view(data, size));
    (void)errorFromResponse(403, "application/json", view(data, size), {});
    return 0;
}
