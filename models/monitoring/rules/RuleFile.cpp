// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/rules/RuleFile.h"

#include "monitoring/promql/Promql.h"

#include <QtCore/QRegularExpression>

using namespace Qt::StringLiterals;

namespace wk::monitoring {

namespace {

// A text that YAML reads as this text and nothing else.
QString yaml(QString text)
{
    static const QRegularExpression plain(u"^[A-Za-z][A-Za-z0-9_./-]*$"_s);
    static const QStringList words{u"true"_s, u"false"_s, u"yes"_s, u"no"_s, u"on"_s,
                                   u"off"_s,  u"null"_s,  u"y"_s,   u"n"_s};
    if (plain.match(text).hasMatch() && !words.contains(text.toLower()))
        return text;
    if (text.contains(u'\n')) // whose lines a single quotation mark would join
        return promqlQuoted(text);
    return u'\'' + text.replace(u'\'', u"''"_s) + u'\'';
}

class Writer
{
public:
    void line(int depth, const QString& text) { m_text += QString(qsizetype(depth) * 2, u' ') + text + u'\n'; }
    void entry(int depth, const QString& key, const QString& value) { line(depth, key + u": "_s + yaml(value)); }
    void labels(int depth, const QString& key, const Labels& labels)
    {
        if (labels.empty())
            return;
        line(depth, key + u':');
        for (const auto& [name, value] : labels)
            entry(depth + 1, name, value);
    }
    [[nodiscard]] const QString& text() const { return m_text; }

private:
    QString m_text;
};

QString letters(QStringView word) { return word.first(1).toString().toUpper() + word.sliced(1).toString(); }

} // namespace

PlannedRule& RuleFile::add(const QString& group, PlannedRule rule)
{
    auto place = std::ranges::find(groups, group, &PlannedGroup::name);
    if (place == groups.end())
        place = groups.insert(groups.end(), PlannedGroup{group, 0, {}});
    place->rules.push_back(std::move(rule));
    return place->rules.back();
}

QString rulesYaml(const RuleFile& file)
{
    Writer out;
    out.line(0,
             u"# Rules of the platform %1, made from its platform file by Watchkeeper. A change belongs there."_s.arg(
                 file.platform));
    out.line(0, file.groups.empty() ? u"groups: []"_s : u"groups:"_s);
    for (const PlannedGroup& group : file.groups) {
        out.entry(1, u"- name"_s, group.name);
        if (group.intervalMs > 0)
            out.entry(2, u"interval"_s, promqlDuration(group.intervalMs));
        out.line(2, u"rules:"_s);
        for (const PlannedRule& rule : group.rules) {
            out.entry(3, rule.alert.isEmpty() ? u"- record"_s : u"- alert"_s,
                      rule.alert.isEmpty() ? rule.record : rule.alert);
            out.entry(4, u"expr"_s, rule.expr);
            if (rule.forMs > 0)
                out.entry(4, u"for"_s, promqlDuration(rule.forMs));
            out.labels(4, u"labels"_s, rule.labels);
            out.labels(4, u"annotations"_s, rule.annotations);
        }
    }
    return out.text();
}

QString testsYaml(const RuleFile& file, const QString& rulesName)
{
    Writer out;
    out.line(0,
             u"# promtool test rules: each rule fires beyond its threshold and after its time, and is silent below."_s);
    out.line(0, u"rule_files: ["_s + yaml(rulesName) + u']');
    out.line(0, u"evaluation_interval: 1m"_s);
    out.line(0, file.tests.empty() ? u"tests: []"_s : u"tests:"_s);
    for (const RuleTest& test : file.tests) {
        out.entry(1, u"- name"_s, test.name);
        out.line(2, u"interval: 1m"_s);
        out.line(2, test.input.empty() ? u"input_series: []"_s : u"input_series:"_s);
        for (const RuleTest::Input& input : test.input) {
            out.entry(3, u"- series"_s, input.series);
            out.entry(4, u"values"_s, input.values);
        }
        out.line(2, u"alert_rule_test:"_s);
        for (const RuleTest::Check& check : test.checks) {
            out.line(3, u"- eval_time: %1m"_s.arg(check.minute));
            out.entry(4, u"alertname"_s, check.alert);
            if (!check.firing.empty())
                out.line(4, u"exp_alerts:"_s);
            for (const auto& [labels, annotations] : check.firing) {
                out.line(5, u"-"_s);
                out.labels(6, u"exp_labels"_s, labels);
                out.labels(6, u"exp_annotations"_s, annotations);
            }
        }
    }
    return out.text();
}

QString inTemplate(const QString& text) { return text.simplified().replace(u"{{"_s, u"{ {"_s); }

QString alertName(const QString& name)
{
    QString result;
    for (const QStringView part : QStringView(name).split(QRegularExpression(u"[^A-Za-z0-9]+"_s), Qt::SkipEmptyParts))
        result += letters(part);
    return result.isEmpty() || result[0].isDigit() ? u"Alert"_s + result : result;
}

} // namespace wk::monitoring
