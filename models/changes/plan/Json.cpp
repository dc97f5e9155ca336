// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/plan/Json.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QCryptographicHash>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonObject>
#include <QtCore/QStringDecoder>

#include <cmath>

namespace wk::changes {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::Json)
};

bool isWhole(const QString& text)
{
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i].isNull())
            return false;
        if (!text[i].isSurrogate())
            continue;
        if (!text[i].isHighSurrogate() || i + 1 == text.size() || !text[i + 1].isLowSurrogate())
            return false;
        ++i;
    }
    return true;
}

/// Recursive descent over the bytes. The first mistake ends it.
class Reader
{
public:
    Reader(QByteArrayView text, const JsonLimits& limits) : m_text(text), m_limits(limits) {}

    Result<QJsonValue> read()
    {
        if (m_text.size() > m_limits.bytes)
            return fail(Error::Kind::BadInput,
                        Texts::tr("The JSON text is larger than %1 KiB.").arg(m_limits.bytes >> 10));
        skipBlanks();
        QJsonValue root = value(0);
        skipBlanks();
        if (m_mistake.isEmpty() && m_at != m_text.size())
            stop(Texts::tr("something follows the end of the text"));
        if (m_mistake.isEmpty())
            return root;
        const QByteArrayView before = m_text.first(m_mistakeAt);
        const auto line = std::count(before.begin(), before.end(), '\n') + 1;
        return fail(Error::Kind::BadInput, Texts::tr("This is no JSON that a plan may hold: %1.").arg(m_mistake),
                    Texts::tr("Line %1, byte %2.").arg(line).arg(m_mistakeAt - before.lastIndexOf('\n')));
    }

private:
    using Member = std::pair<QString, QJsonValue>;

    void stop(const QString& why)
    {
        if (!m_mistake.isEmpty())
            return;
        m_mistake = why;
        m_mistakeAt = m_at;
    }
    [[nodiscard]] bool stopped() const { return !m_mistake.isEmpty(); }
    [[nodiscard]] char peek() const { return m_at < m_text.size() ? m_text[m_at] : '\0'; }

    /// Never past the end.
    void step() { m_at += m_at < m_text.size() ? 1 : 0; }

    void skipBlanks()
    {
        while (m_at < m_text.size() && (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r'))
            ++m_at;
    }

    QJsonValue value(int depth)
    {
        if (depth > m_limits.depth)
            stop(Texts::tr("it is nested too deeply"));
        if (++m_values > m_limits.values)
            stop(Texts::tr("it holds too many values"));
        if (stopped())
            return {};
        switch (peek()) {
        case '{': return object(depth);
        case '[': return array(depth);
        case '"': return text();
        case 't': return word("true", true);
        case 'f': return word("false", false);
        case 'n': return word("null", QJsonValue(QJsonValue::Null));
        default: return number();
        }
    }

    QJsonValue word(QByteArrayView letters, const QJsonValue& meaning)
    {
        if (!m_text.sliced(m_at).startsWith(letters)) {
            stop(Texts::tr("an unknown word"));
            return {};
        }
        m_at += letters.size();
        return meaning;
    }

    QJsonValue number()
    {
        const bool negative = peek() == '-';
        qsizetype at = m_at + (negative ? 1 : 0);
        const qsizetype first = at;
        qint64 n = 0;
        bool large = false;
        for (; at < m_text.size() && m_text[at] >= '0' && m_text[at] <= '9'; ++at) {
            n = n * 10 + (m_text[at] - '0');
            large = large || n > maxJsonInteger;
            n = std::min(n, maxJsonInteger);
        }
        if (at == first)
            stop(m_at == m_text.size() ? Texts::tr("it ends too early") : Texts::tr("a character out of place"));
        else if (at - first > 1 && m_text[first] == '0')
            stop(Texts::tr("a number begins with 0"));
        else if (at < m_text.size() && (m_text[at] == '.' || m_text[at] == 'e' || m_text[at] == 'E'))
            stop(Texts::tr("a number is not whole; write it as text, in quotation marks"));
        else if (large)
            stop(Texts::tr("a number is beyond 2^53"));
        m_at = at;
        return negative ? -n : n;
    }

    /// Four hexadecimal digits; -1 where they are not.
    int codeUnit()
    {
        if (m_text.size() - m_at < 4)
            return -1;
        int n = 0;
        for (int i = 0; i < 4; ++i) {
            const char c = m_text[m_at + i];
            const int digit = c >= '0' && c <= '9'   ? c - '0'
                              : c >= 'a' && c <= 'f' ? c - 'a' + 10
                              : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                     : -1;
            if (digit < 0)
                return -1;
            n = n * 16 + digit;
        }
        m_at += 4;
        return n;
    }

    void escape(QString& out)
    {
        static constexpr char letters[] = "\"\\/bfnrt";
        static constexpr char meanings[] = "\"\\/\b\f\n\r\t";
        const char c = peek();
        if (const char* found = c == '\0' ? nullptr : std::strchr(letters, c)) {
            out += QLatin1Char(meanings[found - letters]);
            ++m_at;
            return;
        }
        step();
        const int unit = c == 'u' ? codeUnit() : -1;
        if (unit < 0)
            stop(Texts::tr("an escape that JSON does not know"));
        else
            out += QChar(char16_t(unit));
    }

    QString text()
    {
        ++m_at;
        QString out;
        while (!stopped()) {
            const qsizetype from = m_at;
            while (m_at < m_text.size() && peek() != '"' && peek() != '\\' && uchar(peek()) >= 0x20)
                ++m_at;
            if (m_at > from) {
                QStringDecoder utf8(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
                const QString part = utf8(m_text.sliced(from, m_at - from));
                if (utf8.hasError())
                    stop(Texts::tr("bytes that are no UTF-8"));
                out += part;
            }
            if (m_at == m_text.size()) {
                stop(Texts::tr("a text has no end"));
            } else if (peek() == '"') {
                ++m_at;
                break;
            } else if (peek() == '\\') {
                ++m_at;
                escape(out);
            } else {
                stop(Texts::tr("a control character inside a text"));
            }
        }
        if (!stopped() && !isWhole(out))
            stop(Texts::tr("a text holds U+0000 or half a character"));
        return out;
    }

    /// After an element: true where another one follows, false at the end of the list.
    bool another(char end)
    {
        skipBlanks();
        if (peek() == end && m_at < m_text.size()) {
            ++m_at;
            return false;
        }
        if (peek() != ',')
            stop(m_at == m_text.size() ? Texts::tr("it ends too early") : Texts::tr("a comma is missing"));
        step();
        skipBlanks();
        return !stopped();
    }

    bool isEmptyList(char end)
    {
        ++m_at;
        skipBlanks();
        if (m_at == m_text.size() || peek() != end)
            return false;
        ++m_at;
        return true;
    }

    QJsonValue array(int depth)
    {
        QJsonArray out;
        if (isEmptyList(']'))
            return out;
        do {
            out.append(value(depth + 1));
        } while (!stopped() && another(']'));
        return out;
    }

    QJsonValue object(int depth)
    {
        std::vector<Member> members;
        if (isEmptyList('}'))
            return QJsonObject();
        do {
            if (peek() != '"') {
                stop(Texts::tr("a member has no name in quotation marks"));
                break;
            }
            QString name = text();
            skipBlanks();
            if (peek() != ':')
                stop(Texts::tr("a colon is missing"));
            step();
            skipBlanks();
            members.emplace_back(std::move(name), value(depth + 1));
        } while (!stopped() && another('}'));
        // Inserted in order: QJsonObject keeps itself sorted, and a late small name would move all others.
        std::ranges::stable_sort(members, {}, &Member::first);
        if (const auto twice = std::ranges::adjacent_find(members, {}, &Member::first); twice != members.end())
            stop(Texts::tr("the member “%1” stands there twice").arg(twice->first.left(40)));
        QJsonObject out;
        if (!stopped()) {
            for (Member& member : members)
                out.insert(member.first, member.second);
        }
        return out;
    }

    QByteArrayView m_text;
    const JsonLimits& m_limits;
    qsizetype m_at = 0;
    qsizetype m_values = 0;
    qsizetype m_mistakeAt = 0;
    QString m_mistake;
};

/// RFC 8785. Numbers are integers here, so ECMAScript's number form is their decimal digits.
class Writer
{
public:
    [[nodiscard]] bool write(const QJsonValue& value)
    {
        switch (value.type()) {
        case QJsonValue::Null: m_out += "null"; return true;
        case QJsonValue::Bool: m_out += value.toBool() ? "true" : "false"; return true;
        case QJsonValue::Double: return number(value);
        case QJsonValue::String: return text(value.toString());
        case QJsonValue::Array: return array(value.toArray());
        case QJsonValue::Object: return object(value.toObject());
        case QJsonValue::Undefined: return false;
        }
        return false;
    }
    [[nodiscard]] QByteArray take() { return std::move(m_out); }

private:
    bool number(const QJsonValue& value)
    {
        const double real = value.toDouble();
        if (real != std::trunc(real) || std::abs(real) > double(maxJsonInteger))
            return false;
        const qint64 n = value.toInteger(qint64(real));
        if (n > maxJsonInteger || n < -maxJsonInteger)
            return false;
        m_out += QByteArray::number(n);
        return true;
    }

    bool text(const QString& text)
    {
        if (!isWhole(text))
            return false;
        static constexpr char digits[] = "0123456789abcdef";
        m_out += '"';
        const QByteArray bytes = text.toUtf8();
        for (const char c : bytes) {
            switch (c) {
            case '"': m_out += "\\\""; break;
            case '\\': m_out += "\\\\"; break;
            case '\b': m_out += "\\b"; break;
            case '\f': m_out += "\\f"; break;
            case '\n': m_out += "\\n"; break;
            case '\r': m_out += "\\r"; break;
            case '\t': m_out += "\\t"; break;
            default:
                if (uchar(c) < 0x20) {
                    m_out += "\\u00";
                    m_out += digits[uchar(c) >> 4];
                    m_out += digits[uchar(c) & 15];
                } else {
                    m_out += c;
                }
            }
        }
        m_out += '"';
        return true;
    }

    bool array(const QJsonArray& array)
    {
        m_out += '[';
        for (qsizetype i = 0; i < array.size(); ++i) {
            if (i > 0)
                m_out += ',';
            if (!write(array.at(i)))
                return false;
        }
        m_out += ']';
        return true;
    }

    bool object(const QJsonObject& object)
    {
        QStringList names = object.keys();
        std::ranges::sort(names); // QString compares UTF-16 code units, as the RFC asks
        m_out += '{';
        for (qsizetype i = 0; i < names.size(); ++i) {
            if (i > 0)
                m_out += ',';
            if (!text(names.at(i)))
                return false;
            m_out += ':';
            if (!write(object.value(names.at(i))))
                return false;
        }
        m_out += '}';
        return true;
    }

    QByteArray m_out;
};

} // namespace

Result<QJsonValue> parseJson(QByteArrayView text, const JsonLimits& limits) { return Reader(text, limits).read(); }

Result<QByteArray> canonicalJson(const QJsonValue& value)
{
    Writer writer;
    if (!writer.write(value))
        return fail(Error::Kind::BadInput,
                    Texts::tr("A plan cannot hold this value: a fraction, a number beyond 2^53, or half a character."));
    return writer.take();
}

QByteArray sha256Hex(QByteArrayView bytes)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(bytes.toByteArray());
    return hash.result().toHex();
}

} // namespace wk::changes
