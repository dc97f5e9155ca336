// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QString>
#include <QtCore/QStringView>

#include <optional>

namespace wk::monitoring {

struct PromqlToken
{
    enum class Kind { End, Name, Number, Duration, Text, Symbol, Wrong };
    Kind kind = Kind::End;
    QString text; ///< of a Text: what it stands for, without quotes and escapes
    qsizetype at = 0;

    [[nodiscard]] bool is(QStringView symbol) const { return kind == Kind::Symbol && text == symbol; }
    [[nodiscard]] bool isWord(QStringView word) const
    {
        return kind == Kind::Name && text.compare(word, Qt::CaseInsensitive) == 0;
    }
};

/// Cuts PromQL into tokens; comments and blanks are left out.
class PromqlLexer
{
public:
    explicit PromqlLexer(QStringView text) : m_text(text) {}
    [[nodiscard]] PromqlToken next();

private:
    PromqlToken take(PromqlToken::Kind kind, qsizetype size);
    PromqlToken word();
    PromqlToken number();
    PromqlToken quoted();

    QStringView m_text;
    qsizetype m_at = 0;
};

} // namespace wk::monitoring
