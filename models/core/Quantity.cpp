// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/Quantity.h"

#include <cmath>
#include <limits>

namespace wk {

namespace {

// The multiplier that a suffix stands for; 0 where it is none.
long double suffixFactor(std::string_view suffix)
{
    if (suffix.empty())
        return 1.0L;
    if (suffix == "n")
        return 1e-9L;
    if (suffix == "u")
        return 1e-6L;
    if (suffix == "m")
        return 1e-3L;
    static constexpr std::string_view decimal = "kMGTPE";
    if (suffix.size() == 1) {
        const auto at = decimal.find(suffix[0]);
        return at == std::string_view::npos ? 0.0L : std::pow(1000.0L, static_cast<long double>(at + 1));
    }
    static constexpr std::string_view binary = "KMGTPE";
    if (suffix.size() == 2 && suffix[1] == 'i') {
        const auto at = binary.find(suffix[0]);
        return at == std::string_view::npos ? 0.0L : std::pow(1024.0L, static_cast<long double>(at + 1));
    }
    if (suffix[0] == 'e' || suffix[0] == 'E') {
        int exponent = 0;
        size_t i = 1;
        bool negative = false;
        if (i < suffix.size() && (suffix[i] == '+' || suffix[i] == '-'))
            negative = suffix[i++] == '-';
        if (i == suffix.size() || suffix.size() - i > 3)
            return 0.0L;
        for (; i < suffix.size(); ++i) {
            if (suffix[i] < '0' || suffix[i] > '9')
                return 0.0L;
            exponent = exponent * 10 + (suffix[i] - '0');
        }
        return std::pow(10.0L, static_cast<long double>(negative ? -exponent : exponent));
    }
    return 0.0L;
}

std::optional<qint64> parseScaled(std::string_view text, long double scale)
{
    size_t i = 0;
    bool negative = false;
    if (i < text.size() && (text[i] == '+' || text[i] == '-'))
        negative = text[i++] == '-';
    long double value = 0;
    long double fraction = 0;
    bool digits = false;
    bool point = false;
    for (; i < text.size(); ++i) {
        const char c = text[i];
        if (c >= '0' && c <= '9') {
            digits = true;
            if (point) {
                value += (c - '0') * fraction;
                fraction /= 10;
            } else {
                value = value * 10 + (c - '0');
            }
        } else if (c == '.' && !point) {
            point = true;
            fraction = 0.1L;
        } else {
            break;
        }
    }
    const long double factor = suffixFactor(text.substr(i));
    if (!digits || factor == 0.0L)
        return std::nullopt;
    const long double exact = value * factor * scale;
    // Decimal fractions are not exact in binary: what is within a billionth of a whole number is that number.
    const long double nearest = std::round(exact);
    const long double rounded =
        std::fabs(exact - nearest) <= 1e-9L * std::fmax(1.0L, std::fabs(exact)) && std::fabs(exact) < 1e15L
            ? nearest
            : std::ceil(exact);
    constexpr auto limit = std::numeric_limits<qint64>::max();
    const qint64 result = rounded >= static_cast<long double>(limit) ? limit : static_cast<qint64>(rounded);
    return negative ? -result : result;
}

} // namespace

std::optional<qint64> parseQuantityMilli(std::string_view text) { return parseScaled(text, 1000.0L); }

std::optional<qint64> parseQuantity(std::string_view text) { return parseScaled(text, 1.0L); }

} // namespace wk
