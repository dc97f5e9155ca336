// SPDX-License-Identifier: GPL-3.0-or-later
#include "WriteScript.h"

#include <QtCore/QFile>
#include <QtCore/QFileInfo>

namespace wk::test {

using namespace Qt::StringLiterals;

namespace {

QString patchType(const QString& word)
{
    if (word == u"apply")
        return u"application/apply-patch+yaml"_s;
    const bool known = word == u"merge" || word == u"json";
    return word == u"strategic" ? u"application/strategic-merge-patch+json"_s
           : known              ? u"application/%1-patch+json"_s.arg(word)
                                : word;
}

/// Whether the line was one of the words that stand before a request.
bool readWord(WriteStep& step, const QString& line)
{
    const QString word = line.section(u' ', 0, 0), rest = line.section(u' ', 1).trimmed();
    if (word == u"as")
        step.person = rest;
    else if (word == u"keep")
        step.keep.emplaceBack(rest.section(u' ', 0, 0), rest.section(u' ', 1));
    else if (word == u"await")
        step.waits.append({rest.section(u' ', 0, 0), rest.section(u' ', 1, 1), rest.section(u' ', 2)});
    else if (word == u"see")
        step.see.append(rest);
    else if (word == u"pick")
        step.pick.append(rest.split(u' '));
    else if (word == u"except")
        step.except.append(rest.section(u':', 0, 0));
    else if (word == u"quiet")
        step.quiet = true;
    else
        return false;
    return true;
}

void readRequest(WriteStep& step, const QString& line)
{
    step.verb = line.section(u' ', 0, 0);
    step.path = line.section(u' ', 1);
    if (step.verb == u"PATCH") {
        step.contentType = patchType(step.path.section(u' ', 0, 0));
        step.path = step.path.section(u' ', 1);
    }
}

} // namespace

QList<WriteStep> readWriteScript(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%s: %s", qPrintable(path), qPrintable(file.errorString()));
    QList<WriteStep> steps;
    int number = 0;
    while (!file.atEnd()) {
        const QByteArray raw = file.readLine();
        const QString line = QString::fromUtf8(raw).trimmed();
        ++number;
        if (line.startsWith(u"## ")) {
            steps.emplaceBack();
            steps.last().title = line.mid(3);
            steps.last().file = u"%1:%2"_s.arg(QFileInfo(path).fileName()).arg(number);
        } else if (!steps.isEmpty() && !steps.last().verb.isEmpty()) {
            steps.last().body += raw;
        } else if (!line.isEmpty() && !line.startsWith(u'#') && !steps.isEmpty() && !readWord(steps.last(), line)) {
            readRequest(steps.last(), line);
        }
    }
    for (WriteStep& step : steps) {
        step.body = step.body.trimmed();
        if (step.verb.isEmpty())
            qFatal("%s: no request", qPrintable(step.file));
    }
    return steps;
}

} // namespace wk::test
