// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QString>

#include <cmath>
#include <cstdint>

namespace wk::fleet {

/// SplitMix64's finaliser: spreads every bit of the input over the output (Steele, Lea, Flood 2014).
[[nodiscard]] constexpr std::uint64_t mix64(std::uint64_t x)
{
    x += 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

/// FNV-1a over the text, mixed with a seed: the same on every machine and in every run.
[[nodiscard]] inline std::uint64_t hash64(QStringView text, std::uint64_t seed = 0)
{
    std::uint64_t h = 0xcbf29ce484222325ULL ^ mix64(seed);
    for (const QChar c : text)
        h = (h ^ c.unicode()) * 0x100000001b3ULL;
    return mix64(h);
}

/// [0, 1)
[[nodiscard]] constexpr double unit64(std::uint64_t h) { return double(h >> 11) * 0x1.0p-53; }

/// A smooth random walk without state: noise between -1 and 1 that changes over about `periodMs`.
[[nodiscard]] inline double smoothNoise(std::uint64_t seed, qint64 tMs, qint64 periodMs)
{
    const qint64 slot = tMs / periodMs;
    const double x = double(tMs - slot * periodMs) / double(periodMs);
    const double a = unit64(mix64(seed ^ std::uint64_t(slot) * 0x2545F4914F6CDD1DULL)) * 2 - 1;
    const double b = unit64(mix64(seed ^ std::uint64_t(slot + 1) * 0x2545F4914F6CDD1DULL)) * 2 - 1;
    const double s = x * x * (3 - 2 * x);
    return a + (b - a) * s;
}

/// The engine's only source of chance: seeded, portable, with no global state.
class Rng
{
public:
    explicit Rng(std::uint64_t seed) : m_state(mix64(seed)) {}

    [[nodiscard]] std::uint64_t next()
    {
        m_state += 0x9e3779b97f4a7c15ULL;
        return mix64(m_state);
    }
    [[nodiscard]] double unit() { return unit64(next()); }
    [[nodiscard]] double range(double low, double high) { return low + (high - low) * unit(); }
    [[nodiscard]] qint64 rangeMs(double lowSeconds, double highSeconds)
    {
        return qint64(range(lowSeconds, highSeconds) * 1000.0);
    }
    [[nodiscard]] int below(int n) { return n <= 0 ? 0 : int(next() % std::uint64_t(n)); }

private:
    std::uint64_t m_state;
};

/// Letters of generated names: k8s.io/apimachinery/pkg/util/rand, no vowels and nothing that reads as another letter.
[[nodiscard]] inline QString safeSuffix(std::uint64_t h, int length)
{
    static constexpr char letters[] = "bcdfghjklmnpqrstvwxz2456789";
    QString s;
    for (int i = 0; i < length; ++i) {
        h = mix64(h);
        s += QLatin1Char(letters[h % (sizeof letters - 1)]);
    }
    return s;
}

[[nodiscard]] inline QString hexDigits(std::uint64_t h, int length)
{
    QString s;
    while (s.size() < length) {
        h = mix64(h);
        s += QString::number(h, 16).rightJustified(16, QLatin1Char('0'));
    }
    return s.left(length);
}

/// A version 4 shaped UUID derived from a hash.
[[nodiscard]] inline QString uuidFrom(std::uint64_t h)
{
    QString d = hexDigits(h, 32);
    d[12] = QLatin1Char('4');
    d[16] = QLatin1Char("89ab"[h & 3]);
    return d.mid(0, 8) + QLatin1Char('-') + d.mid(8, 4) + QLatin1Char('-') + d.mid(12, 4) + QLatin1Char('-') +
           d.mid(16, 4) + QLatin1Char('-') + d.mid(20);
}

} // namespace wk::fleet
