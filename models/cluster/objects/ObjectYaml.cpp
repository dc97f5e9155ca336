// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/objects/ObjectYaml.h"

#include "cluster/connection/Counted.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QRegularExpression>

namespace wk::cluster {

using namespace Qt::StringLiterals;

namespace {

/// What yaml.v2 would read from the bare word: anything but a string has to be quoted to stay one.
bool resolvesToOther(const QString& s)
{
    static const QSet<QString> words{u""_s,      u"~"_s,     u"null"_s,  u"Null"_s,  u"NULL"_s,  u"y"_s,     u"Y"_s,
                                     u"yes"_s,   u"Yes"_s,   u"YES"_s,   u"n"_s,     u"N"_s,     u"no"_s,    u"No"_s,
                                     u"NO"_s,    u"true"_s,  u"True"_s,  u"TRUE"_s,  u"false"_s, u"False"_s, u"FALSE"_s,
                                     u"on"_s,    u"On"_s,    u"ON"_s,    u"off"_s,   u"Off"_s,   u"OFF"_s,   u".nan"_s,
                                     u".NaN"_s,  u".NAN"_s,  u".inf"_s,  u".Inf"_s,  u".INF"_s,  u"+.inf"_s, u"+.Inf"_s,
                                     u"+.INF"_s, u"-.inf"_s, u"-.Inf"_s, u"-.INF"_s, u"<<"_s};
    if (words.contains(s))
        return true;
    const QChar first = s[0];
    if (!first.isDigit() && first != u'-' && first != u'+' && first != u'.')
        return false;
    static const QRegularExpression number(uR"(^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$)"_s);
    static const QRegularExpression integer(uR"(^[-+]?(0[xX][0-9a-fA-F_]+|0[oO]?[0-7_]+|0b[01_]+|[0-9][0-9_]*)$)"_s);
    static const QRegularExpression base60(uR"(^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$)"_s);
    static const QRegularExpression time(
        uR"(^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ][0-9]{1,2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?\s*(Z|[-+][0-9]{1,2}(:[0-9]{2})?)?)?$)"_s);
    return number.match(s).hasMatch() || integer.match(s).hasMatch() || base60.match(s).hasMatch() ||
           time.match(s).hasMatch();
}

/// libyaml's yaml_emitter_analyze_scalar, reduced to what decides the style outside flow collections.
struct Analysis
{
    bool plain = true;
    bool single = true;
    bool literal = true;
};

bool printable(char32_t c)
{
    return c == 0x0a || (c >= 0x20 && c <= 0x7e) || c == 0x85 || (c >= 0xa0 && c <= 0xd7ff) ||
           (c >= 0xe000 && c <= 0xfffd && c != 0xfeff) || (c >= 0x10000 && c <= 0x10ffff);
}

Analysis analyse(const QString& s)
{
    Analysis result;
    if (s.isEmpty()) {
        result.plain = result.literal = false;
        return result;
    }
    bool block = false, lineBreaks = false, special = false, spaceBreak = false, breakSpace = false,
         previousSpace = false, previousBreak = false;
    bool leadingSpace = false, leadingBreak = false, trailingSpace = false, trailingBreak = false;
    if (s.startsWith(u"---") || s.startsWith(u"..."))
        block = true;
    const auto points = s.toUcs4();
    for (qsizetype i = 0; i < points.size(); ++i) {
        const char32_t c = points[i];
        const char32_t next = i + 1 < points.size() ? points[i + 1] : U'\0';
        const bool followedByBlank = next == 0 || next == U' ' || next == U'\t' || next == U'\n' || next == U'\r';
        const bool precededByBlank =
            i == 0 || points[i - 1] == U' ' || points[i - 1] == U'\t' || points[i - 1] == U'\n';
        const auto isOneOf = [c](QStringView set) { return c < 0x80 && set.contains(QChar(char16_t(c))); };
        if (i == 0) {
            block = block || isOneOf(u"#,[]{}&*!|>'\"%@`") || (isOneOf(u"-?:") && followedByBlank);
        } else {
            block = block || (c == U':' && followedByBlank) || (c == U'#' && precededByBlank);
        }
        const bool isBreak = c == U'\n' || c == U'\r' || c == 0x85 || c == 0x2028 || c == 0x2029;
        if (!printable(c))
            special = true;
        const bool first = i == 0, last = i + 1 == points.size();
        if (c == U' ') {
            leadingSpace = leadingSpace || first;
            trailingSpace = trailingSpace || last;
            breakSpace = breakSpace || previousBreak;
            previousSpace = true;
            previousBreak = false;
        } else if (isBreak) {
            lineBreaks = true;
            leadingBreak = leadingBreak || first;
            trailingBreak = trailingBreak || last;
            spaceBreak = spaceBreak || previousSpace;
            previousSpace = false;
            previousBreak = true;
        } else {
            previousSpace = previousBreak = false;
        }
    }
    if (leadingSpace || leadingBreak || trailingSpace || trailingBreak || block || lineBreaks)
        result.plain = false;
    if (trailingSpace)
        result.literal = false;
    if (breakSpace)
        result.plain = result.single = false;
    if (spaceBreak || special)
        result.plain = result.single = result.literal = false;
    return result;
}

QString doubleQuoted(const QString& s)
{
    QString out = u"\""_s;
    for (const char32_t c : s.toUcs4()) {
        switch (c) {
        case 0x00: out += u"\\0"; continue;
        case 0x07: out += u"\\a"; continue;
        case 0x08: out += u"\\b"; continue;
        case 0x09: out += u"\\t"; continue;
        case 0x0a: out += u"\\n"; continue;
        case 0x0b: out += u"\\v"; continue;
        case 0x0c: out += u"\\f"; continue;
        case 0x0d: out += u"\\r"; continue;
        case 0x1b: out += u"\\e"; continue;
        case U'"': out += u"\\\""; continue;
        case U'\\': out += u"\\\\"; continue;
        case 0x85: out += u"\\N"; continue;
        case 0xa0: out += u"\\_"; continue;
        case 0x2028: out += u"\\L"; continue;
        case 0x2029: out += u"\\P"; continue;
        default: break;
        }
        if (printable(c)) {
            out += QString::fromUcs4(&c, 1);
        } else {
            const int width = c <= 0xff ? 2 : c <= 0xffff ? 4 : 8;
            out += (width == 2   ? u"\\x"_s
                    : width == 4 ? u"\\u"_s
                                 : u"\\U"_s) +
                   QString::number(uint(c), 16).toUpper().rightJustified(width, u'0');
        }
    }
    return out + u'"';
}

QString singleQuoted(QString s) { return u'\'' + s.replace(u'\'', u"''"_s) + u'\''; }

class Writer
{
public:
    QString take() { return std::move(m_out); }

    void value(const QJsonValue& v, int indent, bool afterDash)
    {
        if (v.isObject() && !v.toObject().isEmpty())
            object(v.toObject(), indent, afterDash);
        else if (v.isArray() && !v.toArray().isEmpty())
            array(v.toArray(), indent, afterDash);
        else
            scalar(v, indent);
    }

private:
    void pad(int indent) { m_out.resize(m_out.size() + indent, u' '); }

    void object(const QJsonObject& o, int indent, bool afterDash)
    {
        QStringList keys = o.keys();
        std::sort(keys.begin(), keys.end(), [](const QString& a, const QString& b) { return yamlKeyLess(a, b); });
        bool first = true;
        for (const QString& key : std::as_const(keys)) {
            if (!first || !afterDash)
                pad(indent);
            first = false;
            m_out += yamlScalar(key) + u':';
            const QJsonValue v = o.value(key);
            if (v.isObject() && !v.toObject().isEmpty()) {
                m_out += u'\n';
                object(v.toObject(), indent + 2, false);
            } else if (v.isArray() && !v.toArray().isEmpty()) {
                m_out += u'\n';
                array(v.toArray(), indent, false);
            } else {
                m_out += u' ';
                scalar(v, indent + 2);
            }
        }
    }

    void array(const QJsonArray& a, int indent, bool afterDash)
    {
        bool first = true;
        for (const QJsonValue& v : a) {
            if (!first || !afterDash)
                pad(indent);
            first = false;
            m_out += u"- ";
            value(v, indent + 2, true);
        }
    }

    void scalar(const QJsonValue& v, int indent)
    {
        switch (v.type()) {
        case QJsonValue::Bool: m_out += v.toBool() ? u"true"_s : u"false"_s; break;
        case QJsonValue::Double: m_out += number(v); break;
        case QJsonValue::Array: m_out += u"[]"; break;
        case QJsonValue::Object: m_out += u"{}"; break;
        case QJsonValue::String: {
            const QString s = v.toString();
            if (s.contains(u'\n') && analyse(s).literal) {
                literal(s, indent);
                return;
            }
            m_out += yamlScalar(s);
            break;
        }
        default: m_out += u"null"; break;
        }
        m_out += u'\n';
    }

    static QString number(const QJsonValue& v)
    {
        // Whole numbers are kept exactly by QJsonValue; toInteger() gives the default back where the value has a
        // fraction.
        const qint64 whole = v.toInteger(std::numeric_limits<qint64>::min());
        if (whole != std::numeric_limits<qint64>::min())
            return QString::number(whole);
        return QString::number(v.toDouble(), 'g', QLocale::FloatingPointShortest);
    }

    void literal(const QString& s, int indent)
    {
        m_out += u'|';
        if (s[0] == u' ' || s[0] == u'\n')
            m_out += u'2';
        if (!s.endsWith(u'\n'))
            m_out += u'-';
        else if (s.size() == 1 || s.endsWith(u"\n\n"))
            m_out += u'+';
        m_out += u'\n';
        QStringView rest(s);
        while (!rest.isEmpty()) {
            const qsizetype end = rest.indexOf(u'\n');
            const QStringView line = end < 0 ? rest : rest.first(end);
            if (!line.isEmpty()) {
                pad(indent);
                m_out += line;
            }
            m_out += u'\n';
            rest = end < 0 ? QStringView() : rest.sliced(end + 1);
        }
    }

    QString m_out;
};

QString hidden(qsizetype bytes)
{
    return counted("wk::cluster::ObjectYaml", int(bytes),
                   QT_TRANSLATE_NOOP("wk::cluster::ObjectYaml", "(1 byte hidden)"),
                   QT_TRANSLATE_NOOP("wk::cluster::ObjectYaml", "(%1 bytes hidden)"));
}

} // namespace

bool yamlKeyLess(QStringView a, QStringView b)
{
    const qsizetype common = std::min(a.size(), b.size());
    for (qsizetype i = 0; i < common; ++i) {
        if (a[i] == b[i])
            continue;
        const bool letterA = a[i].isLetter(), letterB = b[i].isLetter();
        if (letterA && letterB)
            return a[i] < b[i];
        if (letterA || letterB)
            return letterB;
        qint64 numberA = 0, numberB = 0;
        if (a[i] == u'0' || b[i] == u'0') {
            for (qsizetype j = i - 1; j >= 0 && a[j].isDigit(); --j) {
                if (a[j] != u'0') {
                    numberA = numberB = 1;
                    break;
                }
            }
        }
        constexpr qint64 limit = std::numeric_limits<qint64>::max() / 16;
        qsizetype endA = i, endB = i;
        for (; endA < a.size() && a[endA].isDigit() && numberA < limit; ++endA)
            numberA = numberA * 10 + a[endA].digitValue();
        for (; endB < b.size() && b[endB].isDigit() && numberB < limit; ++endB)
            numberB = numberB * 10 + b[endB].digitValue();
        if (numberA != numberB)
            return numberA < numberB;
        if (endA != endB)
            return endA < endB;
        return a[i] < b[i];
    }
    return a.size() < b.size();
}

QString yamlScalar(const QString& text)
{
    if (text.contains(u'\n'))
        return doubleQuoted(text);
    const Analysis analysis = analyse(text);
    // yaml.v2 asks for double quotes where the bare word would be read as something else than a string.
    if (resolvesToOther(text))
        return doubleQuoted(text);
    if (analysis.plain)
        return text;
    return analysis.single ? singleQuoted(text) : doubleQuoted(text);
}

QString yamlFromValue(const QJsonValue& value)
{
    Writer writer;
    writer.value(value, 0, false);
    return writer.take();
}

QJsonObject withoutSecretValues(QJsonObject object)
{
    if (object.value(u"kind"_s).toString() != u"Secret")
        return object;
    QJsonObject data = object.value(u"data"_s).toObject();
    for (auto it = data.begin(); it != data.end(); ++it) {
        // A space is in no base64: such a value was replaced by its size before ("12 bytes").
        if (it.value().isString() && !it.value().toString().contains(u' '))
            it.value() = hidden(QByteArray::fromBase64(it.value().toString().toLatin1()).size());
    }
    if (!data.isEmpty())
        object.insert(u"data"_s, data);
    QJsonObject plain = object.value(u"stringData"_s).toObject();
    for (auto it = plain.begin(); it != plain.end(); ++it)
        it.value() = hidden(it.value().toString().toUtf8().size());
    if (!plain.isEmpty())
        object.insert(u"stringData"_s, plain);
    // kubectl apply keeps the whole object, values and all, in this annotation.
    QJsonObject metadata = object.value(u"metadata"_s).toObject();
    QJsonObject annotations = metadata.value(u"annotations"_s).toObject();
    const QString applied = u"kubectl.kubernetes.io/last-applied-configuration"_s;
    if (annotations.contains(applied)) {
        annotations.insert(applied, hidden(annotations.value(applied).toString().toUtf8().size()));
        metadata.insert(u"annotations"_s, annotations);
        object.insert(u"metadata"_s, metadata);
    }
    return object;
}

Result<QString> yamlFromJson(const QByteArray& json, const YamlOptions& options)
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(json, &error);
    if (!document.isObject()) {
        const QString why = document.isNull() ? error.errorString() : u"not a JSON object"_s;
        return fail(
            Error::Kind::Protocol,
            QCoreApplication::translate("wk::cluster::ObjectYaml", "The server's answer is no object: %1.").arg(why));
    }
    QJsonObject object = document.object();
    if (options.hideManagedFields) {
        QJsonObject metadata = object.value(u"metadata"_s).toObject();
        if (metadata.contains(u"managedFields"_s)) {
            metadata.remove(u"managedFields"_s);
            object.insert(u"metadata"_s, metadata);
        }
    }
    if (options.hideSecretValues)
        object = withoutSecretValues(std::move(object));
    return yamlFromValue(object);
}

} // namespace wk::cluster
