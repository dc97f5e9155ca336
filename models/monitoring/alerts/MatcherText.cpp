// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/alerts/MatcherText.h"

#include <QtCore/QCoreApplication>

#include <array>

namespace wk::monitoring {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::monitoring::MatcherText)
};

auto wrong(const QString& part, const QString& why)
{
    return fail(Error::Kind::BadInput, Texts::tr("“%1” is no matcher: %2.").arg(part.left(80), why), {},
                Texts::tr("Write name=\"value\", name!=\"value\", name=~\"expression\" or name!~\"expression\"."));
}

/// Parts between commas and line ends that stand in no quotes.
QStringList partsOf(const QString& text)
{
    QStringList out{QString()};
    bool quoted = false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        if (quoted && c == u'\\' && i + 1 < text.size()) {
            out.last() += c;
            out.last() += text[++i];
            continue;
        }
        if (c == u'"')
            quoted = !quoted;
        if (!quoted && (c == u',' || c == u'\n'))
            out << QString();
        else
            out.last() += c;
    }
    return out;
}

Result<QString> valueOf(const QString& written, const QString& part)
{
    if (!written.startsWith(u'"'))
        return written;
    QString out;
    for (qsizetype i = 1; i < written.size(); ++i) {
        if (written[i] == u'"') {
            if (i + 1 == written.size())
                return out;
            return wrong(part, Texts::tr("something follows the quotation mark that ends the value"));
        }
        if (written[i] != u'\\' || i + 1 == written.size()) {
            out += written[i];
            continue;
        }
        const QChar escaped = written[++i];
        if (escaped != u'n' && escaped != u'"' && escaped != u'\\')
            return wrong(part, Texts::tr("a backslash stands only before n, a quotation mark or another backslash"));
        out += escaped == u'n' ? QChar(u'\n') : escaped;
    }
    return wrong(part, Texts::tr("the quotation mark that ends the value is missing"));
}

struct Sign
{
    QLatin1StringView text;
    bool isRegex, isEqual;
};
constexpr std::array signs{Sign{"=~"_L1, true, true}, Sign{"!~"_L1, true, false}, Sign{"!="_L1, false, false},
                           Sign{"="_L1, false, true}};

Result<LabelMatcher> matcherOf(const QString& part, bool isFirst)
{
    const auto isSign = [](QChar c) { return c == u'=' || c == u'!'; };
    const auto at = std::ranges::find_if(part, isSign) - part.begin();
    if (at == part.size()) {
        if (isFirst && !part.contains(u'"') && !part.contains(u' '))
            return LabelMatcher{u"alertname"_s, part};
        return wrong(part, Texts::tr("it has no sign"));
    }
    const QString rest = part.sliced(at);
    const auto sign = std::ranges::find_if(signs, [&](const Sign& one) { return rest.startsWith(one.text); });
    if (sign == signs.end())
        return wrong(part, Texts::tr("its sign is none of =, !=, =~ and !~"));
    auto value = valueOf(rest.sliced(sign->text.size()).trimmed(), part);
    if (!value)
        return fail(std::move(value.error()));
    return LabelMatcher{part.left(at).trimmed(), *std::move(value), sign->isRegex, sign->isEqual};
}

} // namespace

Result<std::vector<LabelMatcher>> parseMatchers(const QString& text)
{
    QString inner = text.trimmed();
    if (inner.startsWith(u'{') && inner.endsWith(u'}'))
        inner = inner.sliced(1, inner.size() - 2);
    std::vector<LabelMatcher> out;
    for (const QString& written : partsOf(inner)) {
        const QString part = written.trimmed();
        if (part.isEmpty())
            continue;
        auto one = matcherOf(part, out.empty());
        if (!one)
            return fail(std::move(one.error()));
        out.push_back(*std::move(one));
    }
    if (const auto set = MatcherSet::of(out); !set)
        return fail(set.error());
    return out;
}

} // namespace wk::monitoring
