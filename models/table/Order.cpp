// SPDX-License-Identifier: GPL-3.0-or-later
#include "table/Order.h"

#include <bit>
#include <cmath>

namespace wk::table {

namespace {

bool isAsciiDigit(char16_t c) { return c >= u'0' && c <= u'9'; }

char16_t fold(char16_t c)
{
    if (c < 0x80)
        return c >= u'A' && c <= u'Z' ? char16_t(c + 32) : c;
    return QChar::toLower(c) <= 0xffff ? char16_t(QChar::toLower(c)) : c;
}

/// How a cell takes part in the order: numbers before text before nothing.
enum class Rank : quint8 { Number, Text, Empty };

/// A cell reduced to what is compared. Whole numbers keep their exact value beside the double, which loses it above
/// 2^53.
struct Key
{
    Rank rank = Rank::Empty;
    double number = 0;
    qint64 exact = 0;
    QStringView text;
};

Key numberKey(double number, qint64 exact) { return {Rank::Number, number == 0 ? 0.0 : number, exact, {}}; }

Key keyOf(const Cell& cell, Column::Kind kind)
{
    if (const auto* text = std::get_if<QString>(&cell))
        return text->isEmpty() ? Key{} : Key{Rank::Text, 0, 0, *text};
    if (const auto* whole = std::get_if<qint64>(&cell))
        return numberKey(double(*whole), *whole);
    if (const auto* real = std::get_if<double>(&cell))
        return std::isnan(*real) ? Key{} : numberKey(*real, 0);
    if (const auto* ratio = std::get_if<Ratio>(&cell)) {
        const double share = ratio->of == 0 ? (ratio->value == 0 ? 1.0 : HUGE_VAL) : double(ratio->value) / ratio->of;
        return numberKey(share, ratio->of);
    }
    if (const auto* instant = std::get_if<Instant>(&cell)) {
        const qint64 ms = kind == Column::Kind::Age ? -instant->ms : instant->ms;
        return numberKey(double(ms), ms);
    }
    return {};
}

template <typename T>
int sign(const T& a, const T& b)
{
    return a < b ? -1 : (b < a ? 1 : 0);
}

int compareKeys(const Key& a, const Key& b, Qt::SortOrder order)
{
    if (a.rank == Rank::Empty || b.rank == Rank::Empty)
        return sign(a.rank, b.rank);
    int result = sign(a.rank, b.rank);
    if (result == 0 && a.rank == Rank::Text)
        result = naturalCompare(a.text, b.text);
    else if (result == 0)
        result = a.number != b.number ? sign(a.number, b.number) : sign(a.exact, b.exact);
    return order == Qt::AscendingOrder ? result : -result;
}

void appendBigEndian(quint64 value, std::string& out)
{
    for (int shift = 56; shift >= 0; shift -= 8)
        out.push_back(char(value >> shift));
}

/// One byte for what names are made of, three for the rest; ends with a zero byte, so that a prefix comes first.
/// A run of digits is '0', its length without leading zeros, and the digits: longer numbers are greater.
void appendText(QStringView text, std::string& out)
{
    qsizetype i = 0;
    while (i < text.size()) {
        char16_t c = text[i].unicode();
        if (!isAsciiDigit(c)) {
            c = fold(c);
            if (c == 0)
                c = 1;
            if (c < 0xc0) {
                out.push_back(char(c));
            } else {
                out.push_back(char(0xc0));
                out.push_back(char(c >> 8));
                out.push_back(char(c & 0xff));
            }
            ++i;
            continue;
        }
        while (i < text.size() && text[i] == u'0')
            ++i;
        const qsizetype start = i;
        while (i < text.size() && isAsciiDigit(text[i].unicode()))
            ++i;
        out.push_back('0');
        out.push_back(char(qMin<qsizetype>(i - start, 254) + 1));
        for (qsizetype k = start; k < i; ++k)
            out.push_back(char(text[k].unicode()));
    }
    out.push_back('\0');
}

void appendKey(const Key& key, Qt::SortOrder order, std::string& out)
{
    // The rank is not inverted for a descending key where the cell is empty: empties stay last.
    const bool down = order == Qt::DescendingOrder && key.rank != Rank::Empty;
    const size_t start = out.size();
    out.push_back(key.rank == Rank::Empty ? char(0xff) : char(quint8(key.rank) + 1));
    if (key.rank == Rank::Number) {
        const quint64 bits = std::bit_cast<quint64>(key.number);
        appendBigEndian(bits >> 63 ? ~bits : bits | (quint64(1) << 63), out);
        appendBigEndian(quint64(key.exact) ^ (quint64(1) << 63), out);
    } else if (key.rank == Rank::Text) {
        appendText(key.text, out);
    }
    if (down) {
        for (size_t i = start; i < out.size(); ++i)
            out[i] = char(~out[i]);
    }
}

const Cell& cellAt(const Row& row, int column)
{
    static const Cell empty;
    return column >= 0 && size_t(column) < row.cells.size() ? row.cells[size_t(column)] : empty;
}

} // namespace

int naturalCompare(QStringView a, QStringView b)
{
    qsizetype i = 0, j = 0;
    while (i < a.size() && j < b.size()) {
        char16_t x = a[i].unicode(), y = b[j].unicode();
        if (!isAsciiDigit(x) || !isAsciiDigit(y)) {
            x = fold(x);
            y = fold(y);
            if (x == 0)
                x = 1;
            if (y == 0)
                y = 1;
            if (x != y)
                return x < y ? -1 : 1;
            ++i;
            ++j;
            continue;
        }
        const auto run = [](QStringView text, qsizetype& at) {
            while (at < text.size() && text[at] == u'0')
                ++at;
            const qsizetype start = at;
            while (at < text.size() && isAsciiDigit(text[at].unicode()))
                ++at;
            return text.sliced(start, at - start);
        };
        const QStringView m = run(a, i), n = run(b, j);
        // Lengths beyond 254 digits count as equal, as in appendText(); no name has them.
        const qsizetype p = qMin<qsizetype>(m.size(), 254), q = qMin<qsizetype>(n.size(), 254);
        if (p != q)
            return p < q ? -1 : 1;
        if (const int digits = m.compare(n); digits != 0)
            return digits < 0 ? -1 : 1;
    }
    return sign(a.size() - i, b.size() - j) == 0 ? 0 : (i < a.size() ? 1 : -1);
}

RowOrder::RowOrder(const Columns& columns, SortKeys keys) : m_keys(std::move(keys))
{
    m_keys.removeIf([&](const SortKey& key) { return key.column < 0 || key.column >= columns.size(); });
    for (const SortKey& key : m_keys)
        m_kinds.append(columns[key.column].kind);
}

int RowOrder::compare(const Row& a, const Row& b) const
{
    for (qsizetype i = 0; i < m_keys.size(); ++i) {
        const SortKey& key = m_keys[i];
        const int result =
            compareKeys(keyOf(cellAt(a, key.column), m_kinds[i]), keyOf(cellAt(b, key.column), m_kinds[i]), key.order);
        if (result != 0)
            return result;
    }
    if (const int result = naturalCompare(a.space, b.space); result != 0)
        return result;
    if (const int result = naturalCompare(a.name, b.name); result != 0)
        return result;
    return a.id.compare(b.id);
}

void RowOrder::appendSortBytes(const Row& row, std::string& out) const
{
    for (qsizetype i = 0; i < m_keys.size(); ++i)
        appendKey(keyOf(cellAt(row, m_keys[i].column), m_kinds[i]), m_keys[i].order, out);
    appendText(row.space, out);
    appendText(row.name, out);
}

} // namespace wk::table
