// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/YamlReader.h"

#include "platform/PlatformWords.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace wk::platform {

namespace {

// A file that has more mistakes than this is of another kind altogether; a list of thousands helps nobody.
constexpr size_t mostProblems = 200;

QString subjectWord(Subject subject)
{
    switch (subject) {
    case Subject::Document: return Words::tr("document");
    case Subject::Cluster: return Words::tr("cluster");
    case Subject::Namespace: return Words::tr("namespace");
    case Subject::Service: return Words::tr("service");
    case Subject::Workload: return Words::tr("workload");
    case Subject::Severity: return Words::tr("severity");
    case Subject::Alert: return Words::tr("alert");
    case Subject::Runbook: return Words::tr("runbook");
    case Subject::Contact: return Words::tr("contact");
    case Subject::Procedure: return Words::tr("procedure");
    }
    return {};
}

} // namespace

YamlReport::YamlReport(QString file, const QByteArray& source) : m_file(std::move(file)), m_source(source)
{
    m_lineStarts.push_back(0);
    for (qsizetype i = 0; i < m_source.size(); ++i) {
        if (m_source[i] == '\n')
            m_lineStarts.push_back(i + 1);
    }
}

bool YamlReport::isFull() const { return m_problems.size() > mostProblems; }

void YamlReport::add(int line, int column, const QString& message, const QString& expected)
{
    if (isFull())
        return;
    if (m_problems.size() == mostProblems) {
        m_problems.push_back(
            {m_file, line, column, Words::tr("more mistakes follow, not listed"), Words::tr("a platform file")});
        return;
    }
    // Bytes of the line before the column, less those that continue a UTF-8 character.
    int characters = column;
    if (line >= 1 && size_t(line) <= m_lineStarts.size()) {
        const qsizetype start = m_lineStarts[size_t(line) - 1];
        const qsizetype end = std::min<qsizetype>(start + column - 1, m_source.size());
        for (qsizetype i = start; i < end; ++i)
            characters -= (uchar(m_source[i]) & 0xc0) == 0x80 ? 1 : 0;
    }
    m_problems.push_back({m_file, line, characters, message, expected});
}

void YamlReport::add(const YamlNode& at, const QString& message, const QString& expected)
{
    add(at.line, at.column, message, expected);
}

void YamlReport::declare(Subject subject, const QString& name, const YamlNode& at, const QString& scope)
{
    const QString key = scope + u' ' + name;
    QHash<QString, int>& declared = m_declared[subject];
    if (const auto found = declared.constFind(key); found != declared.constEnd())
        add(at,
            Words::tr("a second %1 is called \"%2\"; the first stands in line %3")
                .arg(subjectWord(subject), name)
                .arg(*found),
            Words::tr("a name of its own"));
    else
        declared.insert(key, at.line);
    m_names[subject].insert(name);
}

void YamlReport::refer(Subject subject, const QString& name, const YamlNode& at)
{
    m_references.push_back({subject, name, at.line, at.column});
}

void YamlReport::checkReferences()
{
    for (const Reference& reference : m_references) {
        const QSet<QString>& names = m_names[reference.subject];
        if (names.contains(reference.name) || isFull())
            continue;
        QStringList known(names.begin(), names.end());
        known.sort();
        const QString near = nearestWord(reference.name, known);
        const QString word = subjectWord(reference.subject);
        add(reference.line, reference.column,
            near.isEmpty() ? Words::tr("no %1 is called \"%2\"").arg(word, reference.name)
                           : Words::tr("no %1 is called \"%2\"; did you mean \"%3\"?").arg(word, reference.name, near),
            known.isEmpty() ? Words::tr("a %1 declared in this file").arg(word)
                            : Words::tr("one of %1").arg(known.mid(0, 40).join(u", "_s)));
    }
}

std::vector<PlatformProblem> YamlReport::take()
{
    std::stable_sort(m_problems.begin(), m_problems.end(), [](const PlatformProblem& a, const PlatformProblem& b) {
        return std::pair(a.line, a.column) < std::pair(b.line, b.column);
    });
    return std::move(m_problems);
}

} // namespace wk::platform
