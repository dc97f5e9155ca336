// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/Duration.h"
#include "core/Quantity.h"
#include "table/CellText.h"
#include "table/FilterTerm.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDateTime>

using namespace Qt::StringLiterals;

namespace wk::table {

namespace {

using Term = Filter::Term;
using Target = FilterField::Target;

struct Piece
{
    QString text;
    int position = 0;
    int length = 0;
};

QString folded(const QString& text)
{
    QString result = text;
    for (QChar& c : result)
        c = QChar(foldForFilter(c.unicode()));
    return result;
}

Term::Value textValue(const QString& text)
{
    Term::Value value;
    value.needle = folded(text);
    return value;
}

bool isFieldChar(QChar c) { return c.isLetterOrNumber() || c == u'-' || c == u'_'; }

class Parser
{
public:
    Parser(const Columns& columns, const QString& text, const QList<int>& searched, std::vector<Term>& terms)
        : m_columns(columns), m_text(text), m_terms(terms)
    {
        for (int i = 0; i < columns.size(); ++i) {
            if (searched.isEmpty() ? !columns[i].isNumeric() : searched.contains(i))
                m_searched.push_back(i);
        }
    }

    QList<FilterError> run()
    {
        for (skipBlanks(); m_at < m_text.size(); skipBlanks())
            readTerm();
        return m_errors;
    }

private:
    static QString tr(const char* text) { return QCoreApplication::translate("wk::Filter", text); }

    void skipBlanks()
    {
        while (m_at < m_text.size() && m_text[m_at].isSpace())
            ++m_at;
    }

    [[nodiscard]] QChar peek(qsizetype ahead = 0) const
    {
        return m_at + ahead < m_text.size() ? m_text[m_at + ahead] : QChar();
    }

    void error(const Piece& where, const QString& sentence, const QStringList& suggestions = {})
    {
        m_errors.append({where.position, where.length, sentence, suggestions});
    }

    void readTerm()
    {
        Term term;
        if (peek() == u'-' && m_at + 1 < m_text.size() && !peek(1).isSpace()) {
            term.negated = true;
            ++m_at;
        }
        const Piece field = readField(term);
        const qsizetype valuesAt = m_at;
        const qsizetype errorsBefore = m_errors.size();
        const QList<Piece> values = readValues();
        if (m_errors.size() > errorsBefore)
            return; // an unclosed quotation mark: the rest means nothing
        if (field.text.isEmpty())
            compileWord(std::move(term), values);
        else
            compileField(std::move(term), field, values, int(valuesAt));
    }

    /// Reads "field" and its operator; an empty piece where the term is a bare word.
    Piece readField(Term& term)
    {
        qsizetype end = m_at;
        while (end < m_text.size() && isFieldChar(m_text[end]))
            ++end;
        if (end == m_at || !m_text[m_at].isLetter() || end == m_text.size())
            return {};
        Piece field{m_text.sliced(m_at, end - m_at), int(m_at), int(end - m_at)};
        const QChar c = m_text[end];
        const bool orEqual = end + 1 < m_text.size() && m_text[end + 1] == u'=';
        qsizetype length = 1;
        if (c == u':') {
            term.op = Term::Op::Contains;
        } else if (c == u'=') {
            term.op = Term::Op::Equals;
            length = orEqual ? 2 : 1;
        } else if (c == u'!' && orEqual) {
            term.op = Term::Op::Equals;
            term.negated = !term.negated;
            length = 2;
        } else if (c == u'<' || c == u'>') {
            term.op = c == u'<' ? (orEqual ? Term::Op::LessOrEqual : Term::Op::Less)
                                : (orEqual ? Term::Op::GreaterOrEqual : Term::Op::Greater);
            length = orEqual ? 2 : 1;
        } else {
            return {};
        }
        m_at = end + length;
        return field;
    }

    /// One or several values with bars between them, up to the next blank.
    QList<Piece> readValues()
    {
        QList<Piece> values;
        while (true) {
            const qsizetype start = m_at;
            QString text;
            while (m_at < m_text.size() && !m_text[m_at].isSpace() && m_text[m_at] != u'|') {
                if (m_text[m_at] == u'"') {
                    if (!readQuoted(text))
                        return values;
                } else {
                    text.append(m_text[m_at++]);
                }
            }
            if (m_at > start)
                values.append({text, int(start), int(m_at - start)});
            if (peek() != u'|')
                return values;
            ++m_at;
        }
    }

    bool readQuoted(QString& text)
    {
        const qsizetype start = m_at++;
        while (m_at < m_text.size() && m_text[m_at] != u'"') {
            if (m_text[m_at] == u'\\' && m_at + 1 < m_text.size() && (peek(1) == u'"' || peek(1) == u'\\'))
                ++m_at;
            text.append(m_text[m_at++]);
        }
        if (m_at >= m_text.size()) {
            error({{}, int(start), int(m_text.size() - start)}, tr("This quotation mark is never closed"));
            return false;
        }
        ++m_at;
        return true;
    }

    void compileWord(Term term, const QList<Piece>& values)
    {
        term.target = Target::None;
        term.columns = m_searched;
        for (const Piece& value : values) {
            if (!value.text.isEmpty())
                term.values.push_back(textValue(value.text));
        }
        if (!term.values.empty())
            m_terms.push_back(std::move(term));
    }

    void compileField(Term term, const Piece& field, const QList<Piece>& values, int valuesAt)
    {
        const FilterField found = findField(m_columns, field.text);
        if (found.target == Target::None) {
            QString sentence =
                found.candidates.isEmpty()
                    ? tr("There is no field \"%1\" here. To look for the text itself, put it in quotation marks")
                          .arg(field.text)
                    : tr("There is no field \"%1\" here. Is \"%2\" meant?").arg(field.text, found.candidates.first());
            error(field, sentence, found.candidates);
            return;
        }
        if (found.target == Target::Many) {
            error(field, tr("\"%1\" could be %2").arg(field.text, found.candidates.join(tr(" or "))), found.candidates);
            return;
        }
        if (values.isEmpty()) {
            error({{}, valuesAt, 0}, tr("A value is missing after \"%1\"").arg(field.text));
            return;
        }
        term.target = found.target;
        const Column::Kind kind = found.column >= 0 ? m_columns[found.column].kind : Column::Kind::Text;
        if (found.column >= 0)
            term.columns.push_back(found.column);
        const bool ordered = term.op != Term::Op::Contains && term.op != Term::Op::Equals;
        const bool numeric = found.target == Target::Column && m_columns[found.column].isNumeric();
        if (ordered && !numeric) {
            error(field, tr("\"%1\" is text and has no greater or less. Write %1:... or %1=...").arg(field.text));
            return;
        }
        if (term.target == Target::Label && !addLabelColumns(term, field))
            return;
        for (const Piece& piece : values) {
            Term::Value value = textValue(piece.text);
            const bool good = term.target == Target::Health  ? readHealth(piece, value)
                              : term.target == Target::Label ? readLabel(piece, value)
                              : numeric ? readNumber(piece, m_columns[found.column], kind, ordered, value)
                                        : true;
            if (!good)
                return;
            term.values.push_back(std::move(value));
        }
        m_terms.push_back(std::move(term));
    }

    bool addLabelColumns(Term& term, const Piece& field)
    {
        for (int i = 0; i < m_columns.size(); ++i) {
            if (m_columns[i].kind == Column::Kind::Labels)
                term.columns.push_back(i);
        }
        if (term.columns.empty())
            error(field, tr("This table has no labels"));
        return !term.columns.empty();
    }

    bool readLabel(const Piece& piece, Term::Value& value)
    {
        const qsizetype equals = piece.text.indexOf(u'=');
        value.needle = equals < 0 ? piece.text : piece.text.first(equals);
        value.hasLabelValue = equals >= 0;
        if (value.hasLabelValue)
            value.labelValue = piece.text.sliced(equals + 1);
        if (value.needle.isEmpty())
            error(piece, tr("Write a label as key=value, or the key alone"));
        return !value.needle.isEmpty();
    }

    bool readHealth(const Piece& piece, Term::Value& value)
    {
        const auto bit = [](Health health) { return quint32(1) << unsigned(health); };
        static const QList<std::pair<QString, quint32>> words{
            {u"good"_s, bit(Health::Good)},
            {u"info"_s, bit(Health::Info)},
            {u"warning"_s, bit(Health::Warning)},
            {u"bad"_s, bit(Health::Bad)},
            {u"unknown"_s, bit(Health::Unknown)},
            {u"none"_s, bit(Health::None)},
            {u"trouble"_s, bit(Health::Warning) | bit(Health::Bad)},
        };
        QStringList names;
        for (const auto& [word, bits] : words) {
            names.append(word);
            if (!value.needle.isEmpty() && word.startsWith(value.needle)) {
                value.healths = bits;
                return true;
            }
        }
        error(piece, tr("Health is one of %1").arg(names.join(u", "_s)), names);
        return false;
    }

    bool readNumber(const Piece& piece, const Column& column, Column::Kind kind, bool ordered, Term::Value& value)
    {
        value.isNumber = true;
        bool good = false;
        QString example;
        switch (kind) {
        case Column::Kind::Age:
        case Column::Kind::Moment:
            good = readTime(piece.text, kind, value);
            example = kind == Column::Kind::Age ? u"5m, 1h30m, 2d"_s : u"5m, 2d, 2026-11-20"_s;
            break;
        case Column::Kind::Ratio:
            good = readRatio(piece.text, value);
            example = u"3, 3/5, 100%"_s;
            break;
        case Column::Kind::MilliCpu:
        case Column::Kind::Bytes:
            good = readQuantity(piece.text, column, value);
            example = kind == Column::Kind::Bytes ? u"500Mi, 1Gi"_s : u"250m, 2"_s;
            break;
        default: {
            QStringView digits(piece.text);
            if (digits.endsWith(u'%') && kind == Column::Kind::Percent)
                digits.chop(1);
            value.number = digits.toDouble(&good);
            example = kind == Column::Kind::Percent ? u"80, 99.9%"_s : u"5, 0.5"_s;
            break;
        }
        }
        if (good)
            return true;
        value.isNumber = false;
        // A text in a column of numbers can be looked for: pods without a start time say "<unknown>".
        if (!ordered && piece.text.startsWith(u'<'))
            return true;
        error(piece, tr("\"%1\" cannot be compared with %2. Write it as %3").arg(piece.text, column.title, example));
        return false;
    }

    static bool readTime(const QString& text, Column::Kind kind, Term::Value& value)
    {
        if (const Result<qint64> duration = parseDurationMs(text)) {
            value.number = double(*duration);
            value.measure = Term::Measure::Elapsed;
            return true;
        }
        if (kind != Column::Kind::Moment)
            return false;
        const QDateTime moment = QDateTime::fromString(text, Qt::ISODate);
        value.number = double(moment.toMSecsSinceEpoch());
        value.measure = Term::Measure::Instant;
        return moment.isValid();
    }

    static bool readRatio(const QString& text, Term::Value& value)
    {
        bool good = false;
        const qsizetype slash = text.indexOf(u'/');
        if (slash >= 0) {
            bool second = false;
            const Ratio ratio{QStringView(text).first(slash).toInt(&good),
                              QStringView(text).sliced(slash + 1).toInt(&second)};
            value.ratio = ratio;
            value.measure = Term::Measure::Share;
            value.number = ratio.of == 0 ? 1.0 : double(ratio.value) / ratio.of;
            return good && second;
        }
        if (text.endsWith(u'%')) {
            value.measure = Term::Measure::Share;
            value.number = QStringView(text).chopped(1).toDouble(&good) / 100;
            return good;
        }
        value.number = text.toDouble(&good);
        return good;
    }

    static bool readQuantity(QString text, const Column& column, Term::Value& value)
    {
        const bool bytes = column.kind == Column::Kind::Bytes;
        if (!text.isEmpty() && text.back().isDigit()) {
            // A bare number is in the unit that the person sees.
            const QString unit = unitOf(column);
            if (bytes)
                text += unit == u"B" ? QString() : unit.chopped(1);
            else if (unit == u"m")
                text += u'm';
        }
        if (bytes && text.endsWith(u'B'))
            text.chop(1);
        const std::string utf8 = text.toStdString();
        const std::optional<qint64> quantity = bytes ? parseQuantity(utf8) : parseQuantityMilli(utf8);
        value.number = double(quantity.value_or(0));
        return quantity.has_value();
    }

    const Columns& m_columns;
    const QString& m_text;
    std::vector<Term>& m_terms;
    std::vector<int> m_searched;
    QList<FilterError> m_errors;
    qsizetype m_at = 0;
};

} // namespace

QList<FilterError> parseFilterTerms(const Columns& columns, const QString& text, const QList<int>& searched,
                                    std::vector<Filter::Term>& terms)
{
    return Parser(columns, text, searched, terms).run();
}

} // namespace wk::table
