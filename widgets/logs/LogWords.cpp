// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/logs/LogWords.h"

#include "logs/LogFields.h"
#include "logs/LogLevel.h"
#include "logs/LogTime.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDateTime>
#include <QtCore/QLocale>
#include <QtCore/QRegularExpression>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using logs::ReaderState;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::widgets::LogWords)
};

QString number(qint64 n) { return QLocale().toString(n); }

} // namespace

QString lineTime(qint64 ns) { return QDateTime::fromMSecsSinceEpoch(ns / 1'000'000).toString(u"HH:mm:ss.zzz"_s); }

QString paintable(const QByteArray& line)
{
    static const QRegularExpression colours(u"\x1b\\[[0-9;]*[A-Za-z]"_s); // ECMA-48, control sequences
    QString text = QString::fromUtf8(line);
    if (line.contains('\x1b'))
        text.remove(colours);
    for (QChar& c : text) {
        if (c == u'\t')
            c = u' ';
        else if (c.category() == QChar::Other_Control)
            c = c == u'\r' ? QChar(u' ') : QChar(0xfffd);
    }
    return text;
}

std::vector<QStringView> wrapped(QStringView text, int cells)
{
    std::vector<QStringView> out;
    qsizetype begin = 0;
    int used = 0;
    for (qsizetype i = 0; i < text.size();) {
        const qsizetype size = text[i].isHighSurrogate() && i + 1 < text.size() ? 2 : 1;
        // Wide by Unicode's East Asian Width: Hangul, CJK, full-width forms, and what lies beyond the first plane.
        const char16_t c = text[i].unicode();
        const bool wide = size == 2 || (c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0xa4cf) ||
                          (c >= 0xac00 && c <= 0xd7a3) || (c >= 0xf900 && c <= 0xfaff) || (c >= 0xff00 && c <= 0xff60);
        const int width = wide ? 2 : 1;
        if (used + width > cells && i > begin) {
            out.push_back(text.sliced(begin, i - begin));
            begin = i;
            used = 0;
        }
        used += width;
        i += size;
    }
    out.push_back(text.sliced(begin));
    return out;
}

QString lineInFull(const logs::LogLine& line, const QString& source)
{
    QString text = QString::fromUtf8(logs::stampText(line.place.key)) + u"  "_s + source;
    if (const QString level = logs::levelWord(line.place.level); !level.isEmpty())
        text += u"  "_s + level;
    text += u"\n\n"_s + QString::fromUtf8(line.text);
    const logs::LogFields fields = logs::fieldsOf(line.text);
    qsizetype longest = 0;
    for (const auto& [name, value] : fields.values)
        longest = qMax(longest, name.size());
    if (!fields.values.isEmpty())
        text += u'\n';
    for (const auto& [name, value] : fields.values)
        text += u'\n' + name.leftJustified(qMin<qsizetype>(longest, 40)) + u"  "_s + value;
    return text;
}

QString logStanding(const logs::LogSession& session)
{
    QStringList parts;
    const auto& sources = session.state().sources;
    int going = 0, gaps = 0, waiting = 0;
    std::optional<Error> why;
    for (const logs::LogSource& source : sources) {
        going += source.reader.phase != ReaderState::Phase::Done;
        gaps += source.reader.gaps;
        if (source.reader.phase == ReaderState::Phase::Waiting) {
            ++waiting;
            why = source.reader.error;
        }
    }
    parts << Texts::tr("%1 lines").arg(number(session.total()));
    if (!session.filter().isEmpty())
        parts << Texts::tr("%1 shown").arg(number(session.size()));
    if (session.unfiltered() > 0)
        parts << Texts::tr("%1 still to be searched").arg(number(session.unfiltered()));
    parts << Texts::tr("%1 of %2 runs go on").arg(going).arg(sources.size());
    if (session.letGo() > 0)
        parts << Texts::tr("%1 older lines are not kept").arg(number(session.letGo()));
    if (gaps > 0)
        parts << Texts::tr("gaps: %1").arg(gaps);
    if (waiting > 0 && why)
        parts << Texts::tr("%1 cannot be read now: %2").arg(waiting).arg(why->sentence);
    if (session.state().error)
        parts << session.state().error->sentence;
    if (const auto trouble = session.trouble())
        parts << trouble->text();
    return parts.join(u" · "_s);
}

} // namespace wk::widgets
