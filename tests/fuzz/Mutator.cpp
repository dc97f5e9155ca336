// SPDX-License-Identifier: GPL-3.0-or-later
#include "Mutator.h"

#include <algorithm>

namespace wk::fuzz {

namespace {

using namespace std::string_literals;

/// Longest input as a rule; one in fifty may be as long as its corpus entry.
constexpr size_t usualLength = 3000;
constexpr size_t longest = 200'000;

std::vector<std::string> wordsOf(Grammar grammar)
{
    switch (grammar) {
    case Grammar::Yaml:
        return {"- ",
                ": ",
                "\n  ",
                "\n- ",
                "&a ",
                "*a",
                "<<: *a\n",
                "!!binary ",
                "!!int ",
                "{",
                "}",
                "[",
                "]",
                "|\n",
                ">-\n",
                "---\n",
                "...\n",
                "\t",
                "\"",
                "'",
                "#",
                "%YAML 1.2\n",
                "? ",
                "~",
                "null",
                ".nan",
                "1e999",
                "-9223372036854775809",
                "0x",
                "\xEF\xBB\xBF",
                "\xFF\xFE",
                "\0"s,
                "\r\n",
                "apiVersion: v1\n",
                "kind: Config\n",
                "clusters:\n",
                "contexts: []\n",
                "users: {}\n",
                "current-context: \n",
                "certificate-authority-data: !!!\n",
                "token: ",
                "exec: {command: x, args: [",
                "severity: P1\n",
                "name: ",
                "for: 5m\n",
                "99.95%"};
    case Grammar::Json:
        return {"{",
                "}",
                "[",
                "]",
                ",",
                ":",
                "\"",
                "\\",
                "\\u0000",
                "\\ud800",
                "null",
                "true",
                "1e999",
                "-0",
                "18446744073709551616",
                "\0"s,
                "\n",
                "{\"type\":\"ADDED\",\"object\":",
                "{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"resourceVersion\":\"1\"}}}",
                "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":410}}",
                "\"metadata\":{",
                "\"items\":[",
                "\"rows\":[{\"cells\":[",
                "\"columnDefinitions\":[",
                "\"continue\":\"x\"",
                "\"uid\":",
                "[[[[[[[[[[[[[[[[",
                "{\"a\":{\"a\":{\"a\":{\"a\":",
                "\xC3\x28",
                "\xF0\x9F"};
    case Grammar::Protobuf:
        return {"k8s\0"s,
                "\x0A",
                "\x12",
                "\x1A",
                "\x22",
                "\x0A\x00"s,
                "\x0A\xFF\xFF\xFF\xFF\x0F"s,
                "\x0A\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"s,
                "\x08\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"s,
                "\x0B",
                "\x0C",
                "\x0D",
                "\x09",
                "\xFF\xFF\xFF\xFF",
                "\x00\x00\x00\x00"s,
                "\x7F\xFF\xFF\xFF",
                "\x00\x00\x00\x05"s,
                "\x0A\x05"
                "ADDED",
                "\x0A\x05"
                "ERROR",
                "\x0A\x08"
                "BOOKMARK",
                "v1",
                "Pod",
                "PodList",
                "\x80",
                "\xC3\x28"};
    case Grammar::Text:
        return {" ",
                ":",
                "-",
                "\"",
                "'",
                "(",
                ")",
                "<",
                ">",
                ">=",
                "!=",
                "=",
                "*",
                "/",
                "\\",
                "ns:",
                "status:",
                "age>5m",
                "cpu>=100m",
                "restarts:>3",
                "-not",
                "\t",
                "\n",
                "\0"s,
                "\xF0\x9F\x94\xA5",
                "\xFF",
                "9999999999999999999999",
                "1e999",
                "--",
                "::"};
    }
    return {};
}

void appendVarint(std::string& out, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        out.push_back(char(value | 0x80));
    out.push_back(char(value));
}

} // namespace

Mutator::Mutator(Grammar grammar, std::vector<std::string> corpus, uint64_t seed)
    : m_grammar(grammar), m_corpus(std::move(corpus)), m_words(wordsOf(grammar)), m_seed(seed)
{
}

size_t Mutator::below(size_t bound) { return bound == 0 ? 0 : size_t(m_engine() % bound); }

const std::string& Mutator::word() { return m_words[below(m_words.size())]; }

std::string Mutator::input(uint64_t number)
{
    m_engine.seed(m_seed * 0x9E3779B97F4A7C15ULL + number);
    std::string bytes = start();
    for (size_t left = below(8); left > 0; --left)
        mutate(bytes);
    if (bytes.size() > longest)
        bytes.resize(longest);
    return bytes;
}

std::string Mutator::start()
{
    const size_t dice = below(20);
    if (dice == 0 || m_corpus.empty())
        return noise();
    if (dice == 1)
        return nested();
    if (dice == 2 && m_grammar == Grammar::Protobuf)
        return message(0);
    const std::string& entry = m_corpus[below(m_corpus.size())];
    if (entry.size() <= usualLength || below(50) == 0)
        return entry;
    // A window: parsers that need the beginning get it more often than not.
    const size_t from = below(3) == 0 ? below(entry.size()) : 0;
    return entry.substr(from, 1 + below(usualLength));
}

std::string Mutator::noise()
{
    std::string bytes;
    const bool words = below(2) == 0;
    for (size_t left = below(200); left > 0; --left) {
        if (words)
            bytes += word();
        else
            bytes.push_back(char(m_engine()));
    }
    return bytes;
}

std::string Mutator::nested()
{
    // One word over and over is how nesting without an end looks in text and in protobuf.
    const std::string& repeated = word();
    std::string bytes;
    for (size_t left = below(5000); left > 0 && bytes.size() < longest; --left)
        bytes += repeated;
    return bytes;
}

std::string Mutator::message(int depth)
{
    std::string bytes;
    for (size_t fields = below(6); fields > 0; --fields) {
        const uint64_t tag = 1 + below(below(4) == 0 ? 2000 : 20);
        switch (below(4)) {
        case 0:
            appendVarint(bytes, tag << 3);
            appendVarint(bytes, m_engine() >> below(64));
            break;
        case 1:
            appendVarint(bytes, tag << 3 | 2);
            appendVarint(bytes, word().size());
            bytes += word();
            break;
        default: {
            const std::string inner = depth < 6 ? message(depth + 1) : std::string();
            appendVarint(bytes, tag << 3 | 2);
            appendVarint(bytes, inner.size());
            bytes += inner;
        }
        }
    }
    return bytes;
}

void Mutator::lieAboutALength(std::string& bytes)
{
    static constexpr uint64_t lies[] = {
        0, 1, 0x7F, 0x80, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, 0x7FFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF};
    std::string lie;
    if (below(2) == 0) {
        appendVarint(lie, lies[below(std::size(lies))]);
    } else { // the four bytes before a watch frame
        const auto value = uint32_t(lies[below(std::size(lies))]);
        for (int shift = 24; shift >= 0; shift -= 8)
            lie.push_back(char(value >> shift));
    }
    const size_t at = below(bytes.size());
    bytes.replace(at, std::min(lie.size(), bytes.size() - at), lie);
}

void Mutator::mutate(std::string& bytes)
{
    const size_t size = bytes.size();
    const size_t at = below(size + 1);
    const size_t length = below(std::min<size_t>(size - at, below(4) == 0 ? size : 32) + 1);
    switch (below(11)) {
    case 0:
        if (at < size)
            bytes[at] = char(bytes[at] ^ char(1 << below(8)));
        break;
    case 1:
        if (at < size)
            bytes[at] = char(m_engine());
        break;
    case 2: bytes.erase(at, length); break;
    case 3: bytes.insert(below(size + 1), bytes.substr(at, length)); break;
    case 4:
    case 5: bytes.insert(at, word()); break;
    case 6: bytes.resize(at); break;
    case 7:
        if (!m_corpus.empty()) {
            const std::string& other = m_corpus[below(m_corpus.size())];
            const size_t from = below(other.size());
            bytes.replace(at, length, other.substr(from, below(usualLength)));
        }
        break;
    case 8:
        if (size > 0)
            lieAboutALength(bytes);
        break;
    case 9:
        if (at < size)
            bytes[at] = "0123456789-.:{}[]\"\n \t"[below(21)];
        break;
    default: bytes.replace(at, length, noise()); break;
    }
}

} // namespace wk::fuzz
