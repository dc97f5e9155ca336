// SPDX-License-Identifier: GPL-3.0-or-later
// How anchoredGoPattern() reads and writes, for its own files.
#pragma once

#include <QtCore/QList>
#include <QtCore/QString>

#include <optional>
#include <vector>

namespace wk::monitoring {

[[nodiscard]] inline bool isAsciiAlnum(char32_t c)
{
    return (c >= U'0' && c <= U'9') || (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
}
/// The character itself, whatever it means to PCRE.
[[nodiscard]] inline QString literalText(char32_t c)
{
    return isAsciiAlnum(c) ? QString(QChar(char16_t(c))) : QStringLiteral("\\x{%1}").arg(quint32(c), 0, 16);
}

/// Reads Go's syntax (go/src/regexp/syntax/parse.go, with the flags of regexp.Compile) and writes PCRE's.
class GoTranslator
{
public:
    explicit GoTranslator(const QString& pattern) : m_in(pattern.toUcs4()) {}

    /// Empty where it went well; else why it is refused.
    [[nodiscard]] QString run();
    [[nodiscard]] const QString& pattern() const { return m_out; }

private:
    struct Flags
    {
        bool fold = false, lines = false, dotAll = false;
    };

    [[nodiscard]] bool atEnd() const { return m_at >= m_in.size(); }
    [[nodiscard]] char32_t peek(qsizetype ahead = 0) const
    {
        return m_at + ahead < m_in.size() ? char32_t(m_in[m_at + ahead]) : U'\0';
    }
    char32_t next() { return char32_t(m_in[m_at++]); }
    void put(const QString& piece)
    {
        m_out += piece;
        m_repeatable = true;
        m_repeated = false;
    }
    void refuse(const QString& why)
    {
        if (m_why.isEmpty())
            m_why = why;
    }
    void step();
    void open();
    void close();
    [[nodiscard]] bool groupName();
    void flags();
    void repeat(const QString& sign);
    [[nodiscard]] bool counted();
    [[nodiscard]] std::optional<int> number();
    void escape();
    void quoted();
    void characterClass();
    void classItem();
    [[nodiscard]] bool namedClass();
    [[nodiscard]] QString unicodeClass();
    [[nodiscard]] char32_t classCharacter();
    [[nodiscard]] char32_t escapedCharacter();
    [[nodiscard]] char32_t hex();

    QList<uint> m_in;
    qsizetype m_at = 0;
    QString m_out, m_why;
    Flags m_flags;
    std::vector<Flags> m_open;
    bool m_repeatable = false, m_repeated = false; ///< what stands before
};

} // namespace wk::monitoring
