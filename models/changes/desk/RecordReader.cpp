// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/desk/RecordReader.h"

#include <QtCore/QCoreApplication>

namespace wk::changes {

using namespace Qt::StringLiterals;

namespace {
struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::RecordReader)
};

bool isHash(const QString& text)
{
    return text.size() == 64 &&
           std::ranges::all_of(text, [](QChar c) { return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'f'); });
}
} // namespace

int ColumnNumbers::find(size_t place, const char* name)
{
    if (place < m_found.size() && m_found[place].first == name)
        return m_found[place].second;
    const int column = m_rows.column(name);
    if (place == m_found.size())
        m_found.emplace_back(name, column);
    return column;
}

void RecordReader::refuse(const char* name, const QString& found)
{
    if (m_error)
        return;
    m_error = Error{Error::Kind::Protocol,
                    Texts::tr("The store's answer cannot be understood: %1 has no proper “%2”.")
                        .arg(m_what, QLatin1StringView(name)),
                    found.isNull() ? QString() : Texts::tr("It says “%1”.").arg(found.left(200)),
                    Texts::tr("The store may be of another version than this program; compare them.")};
}

void RecordReader::adopt(const RecordReader& inner)
{
    if (!m_error)
        m_error = inner.m_error;
}

int RecordReader::column(const char* name, Need need)
{
    const int found = m_columns->find(m_place++, name);
    if (found < 0 || m_columns->rows().isNull(m_row, found)) {
        if (found < 0 || need == Need::Required)
            refuse(name, {});
        return -1;
    }
    return found;
}

QJsonValue RecordReader::value(const char* name, Need need)
{
    if (m_columns) {
        const int at = column(name, need);
        return at < 0 ? QJsonValue() : m_columns->rows().json(m_row, at);
    }
    const QJsonValue found = m_object->value(QLatin1StringView(name));
    if ((found.isUndefined() || found.isNull()) && need == Need::Required)
        refuse(name, {});
    return found.isUndefined() ? QJsonValue() : found;
}

QString RecordReader::text(const char* name, Need need)
{
    if (m_columns) {
        const int at = column(name, need);
        return at < 0 ? QString() : m_columns->rows().text(m_row, at);
    }
    const QJsonValue found = value(name, need);
    if (!found.isNull() && !found.isString())
        refuse(name, found.toVariant().toString());
    return found.toString();
}

qint64 RecordReader::number(const char* name, qint64 low, qint64 high, Need need)
{
    const QJsonValue found = value(name, need);
    if (found.isNull())
        return 0;
    const qint64 number = found.toInteger(std::numeric_limits<qint64>::min());
    if (number < low || number > high) {
        refuse(name, found.toVariant().toString());
        return 0;
    }
    return number;
}

bool RecordReader::boolean(const char* name, Need need)
{
    const QJsonValue found = value(name, need);
    if (!found.isNull() && !found.isBool())
        refuse(name, found.toVariant().toString());
    return found.toBool();
}

Moment RecordReader::moment(const char* name, Need need)
{
    if (m_columns) {
        const int at = column(name, need);
        if (at < 0)
            return {};
        if (const auto ms = m_columns->rows().timeMs(m_row, at))
            return QDateTime::fromMSecsSinceEpoch(*ms, Qt::UTC);
        refuse(name, m_columns->rows().text(m_row, at));
        return {};
    }
    const QString found = text(name, need);
    if (found.isEmpty())
        return {};
    const QDateTime read = QDateTime::fromString(found, Qt::ISODateWithMs).toUTC();
    if (!read.isValid() || read.date().year() < 1 || read.date().year() > 9999) { // ISO 8601 has four digits for a year
        refuse(name, found);
        return {};
    }
    return read;
}

QByteArray RecordReader::hash(const char* name)
{
    const QString found = text(name);
    if (!isHash(found))
        refuse(name, found);
    return found.toLatin1();
}

QJsonObject RecordReader::object(const char* name, Need need)
{
    const QJsonValue found = value(name, need);
    if (!found.isNull() && !found.isObject())
        refuse(name, found.toVariant().toString());
    return found.toObject();
}

QJsonArray RecordReader::array(const char* name, Need need)
{
    const QJsonValue found = value(name, need);
    if (!found.isNull() && !found.isArray())
        refuse(name, found.toVariant().toString());
    return found.toArray();
}

QStringList RecordReader::texts(const char* name, Need need)
{
    QStringList out;
    const QJsonArray elements = array(name, need);
    for (const auto& element : elements) {
        if (!element.isString())
            refuse(name, element.toVariant().toString());
        out << element.toString();
    }
    return out;
}

} // namespace wk::changes
