// SPDX-License-Identifier: GPL-3.0-or-later
#include "Parsers.h"

// Each stands in Fuzz<Subject>.cpp.
int fuzzPlatform(const uint8_t* data, size_t size);
int fuzzKubeConfig(const uint8_t* data, size_t size);
int fuzzProtobufList(const uint8_t* data, size_t size);
int fuzzProtobufWatch(const uint8_t* data, size_t size);
int fuzzJsonList(const uint8_t* data, size_t size);
int fuzzJsonWatch(const uint8_t* data, size_t size);
int fuzzJsonObject(const uint8_t* data, size_t size);
int fuzzFilter(const uint8_t* data, size_t size);
int fuzzPlan(const uint8_t* data, size_t size);
int fuzzTemplate(const uint8_t* data, size_t size);
int fuzzAnswers(const uint8_t* data, size_t size);
int fuzzPromql(const uint8_t* data, size_t size);
int fuzzMetrics(const uint8_t* data, size_t size);
int fuzzPrometheus(const uint8_t* data, size_t size);
int fuzzWebSocket(const uint8_t* data, size_t size);

namespace wk::fuzz {

const std::vector<Parser>& parsers()
{
    static const std::vector<Parser> all{
#ifdef WATCHKEEPER_FUZZ_PLATFORM
        {"platform", Grammar::Yaml, fuzzPlatform, {"resources/platforms", "tests/platform/data"}, {".yaml", ".yml"}},
#endif
#ifdef WATCHKEEPER_FUZZ_KUBECONFIG
        {"kubeconfig",
         Grammar::Yaml,
         fuzzKubeConfig,
         {"tests/platform/data", "tests/live/data"},
         {".yaml", ".yml", "config"}},
#endif
#ifdef WATCHKEEPER_FUZZ_DECODERS
        {"protobuf-list", Grammar::Protobuf, fuzzProtobufList, {"tests/cluster/data"}, {".pb"}},
        {"protobuf-watch", Grammar::Protobuf, fuzzProtobufWatch, {"tests/cluster/data"}, {".pb"}},
        {"json-list", Grammar::Json, fuzzJsonList, {"tests/cluster/data"}, {".json"}},
        {"json-watch", Grammar::Json, fuzzJsonWatch, {"tests/cluster/data"}, {".json"}},
        {"json-object", Grammar::Json, fuzzJsonObject, {"tests/cluster/data"}, {".json"}},
#endif
#ifdef WATCHKEEPER_FUZZ_FILTER
        {"filter", Grammar::Text, fuzzFilter, {"tests/table/data"}, {".txt"}},
#endif
#ifdef WATCHKEEPER_FUZZ_PLAN
        {"plan", Grammar::Json, fuzzPlan, {"tests/changes/data"}, {".json"}},
#endif
#ifdef WATCHKEEPER_FUZZ_TEMPLATE
        {"template", Grammar::Yaml, fuzzTemplate, {"resources/plans"}, {".yaml"}},
#endif
#ifdef WATCHKEEPER_FUZZ_ANSWERS
        {"answers", Grammar::Json, fuzzAnswers, {"tests/changes/data/answers"}, {".json"}},
#endif
#ifdef WATCHKEEPER_FUZZ_PROMETHEUS
        {"prometheus", Grammar::Json, fuzzPrometheus, {"tests/monitoring/data"}, {".json"}},
#endif
#ifdef WATCHKEEPER_FUZZ_PROMQL
        {"promql", Grammar::Text, fuzzPromql, {"tests/monitoring/data/promql"}, {".txt"}},
        {"metrics", Grammar::Yaml, fuzzMetrics, {"resources/metrics"}, {".yaml"}},
#endif
#ifdef WATCHKEEPER_FUZZ_WEBSOCKET
        {"websocket", Grammar::Text, fuzzWebSocket, {"tests/net/data/websocket"}, {".txt"}},
#endif
    };
    return all;
}

} // namespace wk::fuzz
