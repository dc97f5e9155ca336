// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/PlatformProblem.h"
#include "platform/PlatformValues.h"
#include "platform/YamlTree.h"

#include <QtCore/QHash>
#include <QtCore/QSet>
#include <QtCore/QStringList>

#include <optional>
#include <span>
#include <vector>

namespace wk::platform {

/// What a name in a platform file names. Names are unique per subject, and a reference must name a declared one.
enum class Subject { Document, Cluster, Namespace, Service, Workload, Severity, Alert, Runbook, Contact, Procedure };

/// The mistakes of one file, with the names that it declares and refers to.
class YamlReport
{
public:
    YamlReport(QString file, const QByteArray& source);

    /// Columns are given in bytes, as YamlNode has them, and reported in characters.
    void add(int line, int column, const QString& message, const QString& expected);
    void add(const YamlNode& at, const QString& message, const QString& expected);
    /// Notes a name; one that stands already in the same scope is a mistake.
    void declare(Subject subject, const QString& name, const YamlNode& at, const QString& scope = {});
    void refer(Subject subject, const QString& name, const YamlNode& at);
    /// Reports every reference to something undeclared. Called once, when the whole file has been read.
    void checkReferences();
    /// True once the list is as long as anybody will read; what comes after is not worth wording.
    [[nodiscard]] bool isFull() const;
    /// In the order of the file.
    [[nodiscard]] std::vector<PlatformProblem> take();

private:
    struct Reference
    {
        Subject subject;
        QString name;
        int line;
        int column;
    };
    QString m_file;
    QByteArray m_source;
    std::vector<qsizetype> m_lineStarts;
    std::vector<PlatformProblem> m_problems;
    QHash<Subject, QHash<QString, int>> m_declared; ///< "scope name" to line
    QHash<Subject, QSet<QString>> m_names;
    std::vector<Reference> m_references;
};

/// Reads the keys of one map into typed fields. Every mistake goes to the report and reading goes on; a field whose
/// value is wrong keeps what it had. finish() reports the keys that nobody asked for.
class YamlReader
{
public:
    enum class Need { Optional, Required };
    template <typename E>
    struct Choice
    {
        const char16_t* word;
        E value;
    };

    /// `what` names the map in messages ("service").
    YamlReader(const YamlNode& map, YamlReport& report, QString what);

    [[nodiscard]] YamlReport& report() const { return m_report; }
    [[nodiscard]] const YamlNode& node() const { return m_map; }
    [[nodiscard]] bool has(QStringView key) const { return m_map.find(key) != nullptr; }

    void text(QStringView key, QString& out, Need need = Need::Optional);
    /// A name under which others refer to this map; letters, digits and . _ - / : only. Declared at the report.
    void name(Subject subject, QString& out, const QString& scope = {});
    /// The file's own name: the same letters, nothing to be unique among.
    void ownName(QString& out);
    /// A required "name" that nothing refers to: any text, unique in its list.
    void label(QString& out);
    void reference(QStringView key, Subject subject, QString& out, Need need = Need::Optional);
    void references(QStringView key, Subject subject, QStringList& out);
    void duration(QStringView key, std::optional<qint64>& outMs);
    void integer(QStringView key, std::optional<int>& out, int low, int high);
    void number(QStringView key, std::optional<double>& out, double low, double high);
    void boolean(QStringView key, bool& out);
    void threshold(QStringView key, std::optional<Threshold>& out);
    void timeOfDay(QStringView key, std::optional<int>& outMinutes);
    void cron(QStringView key, QString& out);
    /// "2025-01-28"
    void date(QStringView key, QString& out);
    /// Kubernetes quantity, kept as text.
    void quantity(QStringView key, QString& out);
    /// A list of texts; a single text stands for a list of one.
    void texts(QStringView key, QStringList& out);
    void integers(QStringView key, std::vector<int>& out, int low, int high);
    /// The value as it stands, for what the caller reads by itself; nullptr where there is none.
    const YamlNode* any(QStringView key, Need need = Need::Optional) { return child(key, need); }

    template <typename E>
    void choice(QStringView key, E& out, std::span<const Choice<E>> choices, Need need = Need::Optional)
    {
        const YamlNode* node = scalar(key, need);
        if (!node)
            return;
        QStringList words;
        for (const Choice<E>& candidate : choices) {
            if (node->text == QStringView(candidate.word)) {
                out = candidate.value;
                return;
            }
            words << QString::fromUtf16(candidate.word);
        }
        wrongWord(*node, words);
    }

    /// A list of maps, each read by `read(YamlReader&, T&)`.
    template <typename T>
    void list(QStringView key, const QString& each, std::vector<T>& out, void (*read)(YamlReader&, T&),
              Need need = Need::Optional)
    {
        const YamlNode* node = sequence(key, need);
        if (!node)
            return;
        QSet<QString> siblings;
        for (const auto& item : node->items)
            readItem(*item, each, siblings, out, read);
    }
    /// The same where a plain text may stand for an item; `plain(text)` makes the value of it.
    template <typename T>
    void listOrTexts(QStringView key, const QString& each, std::vector<T>& out, void (*read)(YamlReader&, T&),
                     T (*plain)(const QString&))
    {
        const YamlNode* node = sequence(key, Need::Optional);
        if (!node)
            return;
        QSet<QString> siblings;
        for (const auto& item : node->items) {
            if (item->kind == YamlNode::Kind::Scalar) {
                out.push_back(plain(item->text));
                continue;
            }
            readItem(*item, each, siblings, out, read);
        }
    }
    template <typename T>
    void map(QStringView key, const QString& what, T& out, void (*read)(YamlReader&, T&))
    {
        const YamlNode* node = child(key, Need::Optional);
        if (!node || !isMap(*node, what))
            return;
        YamlReader reader(*node, m_report, what);
        read(reader, out);
        reader.finish();
    }

    void finish();

private:
    template <typename T>
    void readItem(const YamlNode& item, const QString& each, QSet<QString>& siblings, std::vector<T>& out,
                  void (*read)(YamlReader&, T&))
    {
        if (!isMap(item, each))
            return;
        YamlReader reader(item, m_report, each);
        reader.m_siblings = &siblings;
        T value;
        read(reader, value);
        reader.finish();
        out.push_back(std::move(value));
    }
    /// A text that `parse` (to an optional or a Result) makes a value of; `wrong` says of %1 what it is not.
    template <typename Out, typename Parse>
    void parsed(QStringView key, Out& out, Parse&& parse, const QString& wrong, const QString& expected);

    const YamlNode* child(QStringView key, Need need);
    const YamlNode* scalar(QStringView key, Need need);
    const YamlNode* sequence(QStringView key, Need need);
    bool isMap(const YamlNode& node, const QString& what);
    bool isName(const YamlNode& node);
    void wrongWord(const YamlNode& node, const QStringList& words);

    const YamlNode& m_map;
    YamlReport& m_report;
    QString m_what;
    QStringList m_known;
    QSet<QString>* m_siblings = nullptr; ///< names already taken in the list that this map stands in
};

/// The candidate that differs from `word` by the fewest letters, or empty where none is near.
[[nodiscard]] QString nearestWord(const QString& word, const QStringList& candidates);

} // namespace wk::platform
