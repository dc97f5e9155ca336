// SPDX-License-Identifier: GPL-3.0-or-later
// fuzz --parser NAME [--runs N] [--seed N] [--seconds N] [--only NUMBER] : feeds a parser garbage and half-garbage.
//
// Fails on a crash (with the number of the input, which --only makes again), on an input that takes longer than the
// limit, and on memory that keeps growing. Meant for the sanitizers (`./run fuzz`); `./run test` runs a short version.
#include "Parsers.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <malloc.h>
#include <optional>
#include <string_view>
#include <thread>
#include <unistd.h>
#include <utility>

using namespace wk::fuzz;

namespace {

constexpr int limitMs = 5000; // for one input; a slow machine under sanitizers included
// What may be held more at the end than after the first fifth of the runs. Memory that is held is exact; what is
// resident also counts the allocator's gaps, and the sanitizer's record of every distinct stack that ever allocated,
// which a recursive parser (yaml-cpp) has without end.
constexpr long heldGrowthKib = 1024;
constexpr long residentGrowthMib = 128;
constexpr size_t largestSeed = 200'000;

std::atomic<uint64_t> g_number = 0;
std::atomic<long long> g_since = 0; // ms on the steady clock; 0 between inputs
const char* g_parser = "";
unsigned long long g_seed = 1;

long long nowMs()
{
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

void report(const char* what)
{
    char text[256];
    const int length =
        std::snprintf(text, sizeof text, "\nfuzz: %s: %s; again with --parser %s --seed %llu --only %llu\n", g_parser,
                      what, g_parser, g_seed, static_cast<unsigned long long>(g_number.load()));
    if (write(STDERR_FILENO, text, size_t(length)) < 0)
        std::_Exit(3);
}

void onDeath() { report("stopped by the sanitizer"); }

extern "C" void onSignal(int number)
{
    report("crashed");
    std::signal(number, SIG_DFL);
    std::raise(number);
}

// Of AddressSanitizer, where it is linked in.
extern "C" size_t __sanitizer_get_current_allocated_bytes() __attribute__((weak));

long heldKib()
{
    if (__sanitizer_get_current_allocated_bytes)
        return long(__sanitizer_get_current_allocated_bytes() / 1024);
    const struct mallinfo2 heap = mallinfo2();
    return long((heap.uordblks + heap.hblkhd) / 1024);
}

long residentMib()
{
    std::ifstream statm("/proc/self/statm");
    long pages = 0;
    long resident = 0;
    statm >> pages >> resident;
    return resident * sysconf(_SC_PAGESIZE) / (1024 * 1024);
}

std::vector<std::string> readCorpus(const Parser& parser)
{
    std::vector<std::string> corpus;
    for (const char* folder : parser.folders) {
        const std::filesystem::path path = std::filesystem::path(SOURCE_ROOT) / folder;
        if (!std::filesystem::exists(path))
            continue;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
            const std::string name = entry.path().filename().string();
            const bool wanted = std::any_of(parser.endings.begin(), parser.endings.end(),
                                            [&](const char* e) { return name.ends_with(e); });
            if (!entry.is_regular_file() || !wanted || entry.file_size() > 4 * largestSeed)
                continue;
            std::ifstream file(entry.path(), std::ios::binary);
            std::string bytes{std::istreambuf_iterator<char>(file), {}};
            if (bytes.size() > largestSeed)
                bytes.resize(largestSeed);
            corpus.push_back(std::move(bytes));
        }
    }
    // The order of a directory differs between machines; the inputs must not.
    std::sort(corpus.begin(), corpus.end());
    return corpus;
}

void watchOver(const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        const long long since = g_since;
        if (since != 0 && nowMs() - since > limitMs) {
            report("took too long");
            std::abort();
        }
    }
}

struct Options
{
    std::string_view parser;
    uint64_t runs = 20'000;
    long seconds = 0; ///< 0: no limit
    long long only = -1;
};

bool parseOptions(int argc, char** argv, Options& options)
{
    for (int i = 1; i < argc; ++i) {
        const std::string_view name = argv[i];
        if (name == "--list") {
            for (const Parser& parser : parsers())
                std::puts(parser.name);
            std::exit(0);
        }
        if (i + 1 == argc)
            return false;
        const char* value = argv[++i];
        if (name == "--parser")
            options.parser = value;
        else if (name == "--runs")
            options.runs = std::strtoull(value, nullptr, 10);
        else if (name == "--seed")
            g_seed = std::strtoull(value, nullptr, 10);
        else if (name == "--seconds")
            options.seconds = std::strtol(value, nullptr, 10);
        else if (name == "--only")
            options.only = std::strtoll(value, nullptr, 10);
        else
            return false;
    }
    return !options.parser.empty();
}

int feedAll(const Parser& parser, const Options& options)
{
    std::vector<std::string> corpus = readCorpus(parser);
    const size_t seeds = corpus.size();
    Mutator mutator(parser.grammar, std::move(corpus), g_seed);
    if (options.only >= 0) {
        g_number = uint64_t(options.only);
        const std::string input = mutator.input(g_number);
        std::fwrite(input.data(), 1, input.size(), stdout);
        std::fflush(stdout);
        (void)parser.feed(reinterpret_cast<const uint8_t*>(input.data()), input.size());
        return 0;
    }
    std::jthread watcher(watchOver);
    const long long begin = nowMs();
    long long slowest = 0;
    std::optional<std::pair<long, long>> settled; // held, resident
    uint64_t bytes = 0;
    uint64_t done = 0;
    for (; done < options.runs; ++done) {
        if (options.seconds > 0 && done % 64 == 0 && nowMs() - begin > options.seconds * 1000)
            break;
        const std::string input = mutator.input(done);
        // A copy of exactly its size, so that the sanitizer sees a read past the end.
        const std::vector<uint8_t> exact(input.begin(), input.end());
        g_number = done;
        const long long before = nowMs();
        g_since = before;
        (void)parser.feed(exact.data(), exact.size());
        g_since = 0;
        slowest = std::max(slowest, nowMs() - before);
        bytes += exact.size();
        if (done == options.runs / 5)
            settled.emplace(heldKib(), residentMib());
    }
    const long held = settled ? heldKib() - settled->first : 0;
    const long resident = settled ? residentMib() - settled->second : 0;
    std::printf("%s: %llu inputs, %.1f MB, from %zu seeds, %.1f s; slowest %lld ms; memory held grew by %ld KiB, "
                "resident by %ld MiB\n",
                parser.name, static_cast<unsigned long long>(done), double(bytes) / 1e6, seeds,
                double(nowMs() - begin) / 1000, slowest, held, resident);
    if (done < options.runs)
        std::printf("%s: the time limit came before %llu inputs\n", parser.name,
                    static_cast<unsigned long long>(options.runs));
    if (held > heldGrowthKib || resident > residentGrowthMib) {
        std::fprintf(stderr, "fuzz: %s: memory kept growing (more than %ld KiB held or %ld MiB resident)\n",
                     parser.name, heldGrowthKib, residentGrowthMib);
        return 1;
    }
    return 0;
}

} // namespace

// Only where a sanitizer is linked in. It reports crashes itself, better than a signal handler of ours could.
extern "C" void __sanitizer_set_death_callback(void (*callback)()) __attribute__((weak));

// Freed memory is kept in quarantine by the sanitizer; by default so much of it that growth could not be seen.
// Visible, or the sanitizer's library would not find it.
extern "C" __attribute__((visibility("default"))) const char* __asan_default_options()
{
    return "quarantine_size_mb=8:thread_local_quarantine_size_kb=64:detect_leaks=1";
}

int main(int argc, char** argv)
{
    Options options;
    if (!parseOptions(argc, argv, options)) {
        std::fputs("fuzz --list | --parser NAME [--runs N] [--seed N] [--seconds N] [--only NUMBER]\n", stderr);
        return 2;
    }
    for (const Parser& parser : parsers()) {
        if (parser.name != options.parser)
            continue;
        g_parser = parser.name;
        if (__sanitizer_set_death_callback) {
            __sanitizer_set_death_callback(onDeath);
        } else {
            for (const int number : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL})
                std::signal(number, onSignal);
        }
        return feedAll(parser, options);
    }
    std::fprintf(stderr, "fuzz: there is no parser %s\n", std::string(options.parser).c_str());
    return 2;
}
