// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QByteArray>

#include <bit>
#include <cstring>
#include <vector>

namespace wk::test {

/// Protobuf, as far as an exposition needs it.
/// Source: https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto
class Wire
{
public:
    Wire& number(int field, quint64 value) { return key(field, 0).varint(value); }
    Wire& zigzag(int field, qint64 value) { return number(field, (quint64(value) << 1) ^ quint64(value >> 63)); }
    Wire& real(int field, double value)
    {
        key(field, 1);
        char bytes[8];
        std::memcpy(bytes, &value, sizeof bytes); // little endian, as all machines that this runs on
        m_out.append(bytes, sizeof bytes);
        return *this;
    }
    Wire& bytes(int field, const QByteArray& value)
    {
        key(field, 2).varint(quint64(value.size()));
        m_out += value;
        return *this;
    }
    Wire& varint(quint64 value)
    {
        for (; value >= 0x80; value >>= 7)
            m_out.append(char(value | 0x80));
        m_out.append(char(value));
        return *this;
    }
    [[nodiscard]] const QByteArray& out() const { return m_out; }

private:
    Wire& key(int field, int type) { return varint(quint64(field) << 3 | quint64(type)); }
    QByteArray m_out;
};

/// A scrape of one native histogram without labels: schema 0, so that bucket i holds the values in (2^(i-1), 2^i]; from
/// bucket 1 on, as many as are given.
inline QByteArray nativeHistogramScrape(const QByteArray& name, const std::vector<qint64>& buckets, double sum)
{
    qint64 before = 0, count = 0;
    Wire histogram;
    for (const qint64 one : buckets)
        count += one;
    histogram.number(1, quint64(count)).real(2, sum).zigzag(5, 0).real(6, 1e-9).number(7, 0);
    histogram.bytes(12, Wire().zigzag(1, 1).number(2, quint64(buckets.size())).out()); // BucketSpan: offset, length
    for (const qint64 one : buckets)
        histogram.zigzag(13, one - std::exchange(before, one));
    constexpr int typeHistogram = 4;
    const QByteArray family = Wire()
                                  .bytes(1, name)
                                  .bytes(2, "A native histogram.")
                                  .number(3, typeHistogram)
                                  .bytes(4, Wire().bytes(7, histogram.out()).out())
                                  .out();
    return Wire().varint(quint64(family.size())).out() + family;
}

} // namespace wk::test
