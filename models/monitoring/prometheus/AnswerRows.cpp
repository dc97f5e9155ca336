// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/prometheus/AnswerRows.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QLocale>

#include <cmath>
#include <set>

using namespace Qt::StringLiterals;

namespace wk::monitoring {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("wk::monitoring", text); }

table::Cell valueCell(double value)
{
    return std::isfinite(value) ? table::Cell(value) : table::Cell(valueText(value));
}

// Collects the rows of one answer.
class Rows
{
public:
    Rows(const Answer& answer, size_t atMost) : m_atMost(atMost)
    {
        std::set<QString> names;
        for (const Series& series : answer.series) {
            for (const auto& [name, value] : series.labels)
                names.insert(name);
        }
        if (names.erase(u"__name__"_s) > 0)
            addLabel(u"__name__"_s, tr("Metric"));
        for (const QString& name : names)
            addLabel(name, name);
        // One moment for all of them is said once, elsewhere.
        const bool same = answer.kind != Answer::Kind::Matrix;
        m_out.columns << table::Column{u"time"_s, tr("Time"), table::Column::Kind::Moment, same,
                                       tr("The moment that the value stands for")}
                      << table::Column{u"value"_s, tr("Value"), table::Column::Kind::Number, false,
                                       tr("In the unit of the query")};
    }

    void add(const Series& series)
    {
        const QString id = labelsText(series.labels);
        m_single = series.time.size() + series.histograms.time.size() == 1;
        for (size_t i = 0; i < series.time.size(); ++i)
            add(series.labels, id, series.time[i], valueCell(series.value[i]));
        const Histograms& all = series.histograms;
        for (size_t i = 0; i < all.time.size(); ++i)
            add(series.labels, id, all.time[i],
                tr("histogram of %1, sum %2").arg(valueText(all.count[i]), valueText(all.sum[i])));
    }

    void add(const Labels& labels, const QString& id, qint64 time, table::Cell value)
    {
        if (m_out.rows.size() >= m_atMost) {
            ++m_out.left;
            return;
        }
        auto row = std::make_shared<table::Row>();
        row->id = m_single ? id : id + u'@' + QString::number(time);
        row->name = id;
        row->cells.reserve(size_t(m_labels.size()) + 2);
        for (const QString& name : m_labels) {
            const QString text = labelValue(labels, name);
            row->cells.push_back(text.isEmpty() ? table::Cell() : table::Cell(text));
        }
        row->cells.emplace_back(table::Instant{time});
        row->cells.push_back(std::move(value));
        m_out.rows.push_back(std::move(row));
    }

    [[nodiscard]] AnswerRows take() { return std::move(m_out); }

private:
    void addLabel(const QString& name, const QString& title)
    {
        const bool taken = name == u"time" || name == u"value";
        const QString id = name == u"__name__" ? u"metric"_s : taken ? u"label_"_s + name : name.toLower();
        m_labels << name;
        m_out.columns << table::Column{id, title, table::Column::Kind::Text, false, {}};
    }

    AnswerRows m_out;
    QStringList m_labels;
    size_t m_atMost;
    bool m_single = true; ///< the labels alone name the row: it is the same one in the next answer
};

} // namespace

AnswerRows rowsOf(const Answer& answer, size_t atMost)
{
    Rows rows(answer, atMost);
    if (answer.kind == Answer::Kind::Text)
        rows.add({}, u"text"_s, answer.textTime, answer.text);
    for (const Series& series : answer.series)
        rows.add(series);
    return rows.take();
}

QString sizeText(const Answer& answer)
{
    if (answer.kind == Answer::Kind::Scalar)
        return tr("one number");
    if (answer.kind == Answer::Kind::Text)
        return tr("a text");
    const auto count = answer.series.size();
    if (count == 0)
        return tr("no series");
    const QLocale locale;
    QString text = count == 1 ? tr("1 series") : tr("%1 series").arg(locale.toString(qulonglong(count)));
    if (answer.kind == Answer::Kind::Matrix)
        text += tr(", %1 samples").arg(locale.toString(qulonglong(answer.points())));
    return text;
}

} // namespace wk::monitoring
