// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace wk::fuzz {

/// What a parser reads; decides the words that are inserted and how inputs are made from nothing.
enum class Grammar { Yaml, Json, Protobuf, Text };

/// Makes inputs: each from (seed, number) alone, so that a failing one can be made again. Most are mutated from a
/// corpus of real inputs, the rest grown from the grammar's own words or from plain noise.
class Mutator
{
public:
    Mutator(Grammar grammar, std::vector<std::string> corpus, uint64_t seed);

    [[nodiscard]] std::string input(uint64_t number);

private:
    using Engine = std::mt19937_64;
    [[nodiscard]] size_t below(size_t bound); ///< 0 … bound-1; 0 for an empty range
    [[nodiscard]] const std::string& word();
    [[nodiscard]] std::string start();
    [[nodiscard]] std::string noise();
    [[nodiscard]] std::string nested();
    [[nodiscard]] std::string message(int depth);
    void mutate(std::string& bytes);
    void lieAboutALength(std::string& bytes);

    Grammar m_grammar;
    std::vector<std::string> m_corpus;
    std::vector<std::string> m_words;
    uint64_t m_seed;
    Engine m_engine;
};

} // namespace wk::fuzz
