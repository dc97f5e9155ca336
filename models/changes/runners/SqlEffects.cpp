// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/runners/SqlEffects.h"

#include <QtCore/QRegularExpression>

namespace wk::changes::sqlEffects {

using namespace Qt::StringLiterals;

namespace {

/// Comments may stand between a name and its parenthesis, and inside each other.
QString withoutComments(const QString& text)
{
    QString out;
    int depth = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QStringView pair = QStringView(text).sliced(i).first(std::min<qsizetype>(2, text.size() - i));
        if (pair == u"/*") {
            ++depth;
            ++i;
        } else if (depth > 0 && pair == u"*/") {
            --depth;
            ++i;
            out += u' ';
        } else if (depth == 0 && pair == u"--") {
            while (i + 1 < text.size() && text.at(i + 1) != u'\n')
                ++i;
        } else if (depth == 0) {
            out += text.at(i);
        }
    }
    return out;
}

} // namespace

QStringList calledIn(const QString& text)
{
    // A "--" or "/*" inside a string would hide what follows from the second look, and not from the first.
    static const QRegularExpression call(uR"x((?:"((?:[^"]|"")+)"|([\p{L}_][\p{L}\p{N}_$]*))\s*\()x"_s);
    QStringList out;
    for (const QString& form : {text, withoutComments(text)}) {
        for (auto it = call.globalMatch(form); it.hasNext();) {
            const auto match = it.next();
            out << (match.hasCaptured(1) ? match.captured(1).replace("\"\""_L1, "\""_L1) : match.captured(2).toLower());
        }
    }
    out.sort();
    out.removeDuplicates();
    return out;
}

QStringList doubtful(const QStringList& names)
{
    static const QRegularExpression tells(
        uR"(\A(pg_(is|last|current)_\w+|pg_stat_get_\w+|pg_stat_statements(_info)?|pg_\w*size|pg_lock_status|pg_prepared_xact|pg_cursor|pg_prepared_statement|pg_control_\w+|pg_timezone_\w+|pg_sequence_last_value|pg_blocking_pids|pg_safe_snapshot_blocking_pids|pg_notification_queue_usage|clock_timestamp|timeofday|random|gen_random_uuid|currval|lastval|txid_status|pg_xact_status)\z)"_s);
    QStringList out;
    for (const QString& name : names) {
        if (!tells.match(name).hasMatch())
            out << name;
    }
    return out;
}

const QStringList& runsText()
{
    static const QStringList names{u"query_to_xml"_s,
                                   u"query_to_xmlschema"_s,
                                   u"query_to_xml_and_xmlschema"_s,
                                   u"cursor_to_xml"_s,
                                   u"crosstab"_s,
                                   u"crosstab2"_s,
                                   u"crosstab3"_s,
                                   u"crosstab4"_s,
                                   u"connectby"_s,
                                   u"xpath_table"_s,
                                   u"ts_stat"_s,
                                   u"ts_rewrite"_s,
                                   u"set_config"_s};
    return names;
}

QByteArray arrayOf(const QStringList& names)
{
    QStringList quoted;
    for (QString name : names)
        quoted << u'"' + name.replace(u'\\', "\\\\"_L1).replace(u'"', "\\\""_L1) + u'"';
    return '{' + quoted.join(u',').toUtf8() + '}';
}

} // namespace wk::changes::sqlEffects
