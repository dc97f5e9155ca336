// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/checks/CheckJob.h"

#include <cmath>

namespace wk::changes {

using namespace Qt::StringLiterals;

namespace {

struct Sample
{
    QString series; ///< empty for a scalar
    double value = 0;
};

/// The samples of a scalar or a vector.
Result<QList<Sample>> samplesIn(const monitoring::Answer& answer)
{
    using Kind = monitoring::Answer::Kind;
    if (answer.kind == Kind::Matrix || answer.kind == Kind::Text)
        return fail(Error::Kind::BadInput,
                    CheckTexts::tr("The query gives a %1; a scalar or an instant vector is needed.")
                        .arg(answer.kind == Kind::Matrix ? u"matrix"_s : u"string"_s));
    QList<Sample> out;
    for (const monitoring::Series& series : answer.series) {
        if (series.value.empty())
            return fail(Error::Kind::BadInput, CheckTexts::tr("The query gives native histograms; numbers are needed."),
                        {}, CheckTexts::tr("Put histogram_quantile(), histogram_count() or the like around it."));
        out << Sample{answer.kind == Kind::Scalar ? QString() : monitoring::labelsText(series.labels),
                      series.value.back()};
    }
    return out;
}

class PromQl final : public CheckJob
{
public:
    using CheckJob::CheckJob;
    static constexpr qint64 intervalMs = 5'000;

    /// Nobody need answer any more.
    ~PromQl() override { m_asked.cancel(); }

protected:
    void look() override
    {
        if (!m_world.metrics) {
            seen(fail(Error::Kind::Unsupported, CheckTexts::tr("Prometheus cannot be asked here.")));
            return;
        }
        m_asked = m_world.metrics->ask(m_step.target.cluster, QUrl(parameter("url"_L1)), parameter("query"_L1));
        await(m_asked, [this](const Result<MetricsAccess::Value>& value) {
            if (hasEnded())
                return;
            if (value)
                tellSource(value->where);
            seen(value ? promQlLook(m_step, *value->answer) : Result<Look>(fail(value.error())));
        });
    }

private:
    QFuture<Result<MetricsAccess::Value>> m_asked;
};

class Sql final : public CheckJob
{
public:
    using CheckJob::CheckJob;
    static constexpr qint64 intervalMs = 5'000;

protected:
    void look() override
    {
        if (!m_world.databases) {
            seen(fail(Error::Kind::Unsupported, CheckTexts::tr("Databases cannot be asked here.")));
            return;
        }
        await(m_world.databases->value(m_step.target, parameter("statement"_L1)),
              [this](const Result<SqlValue>& value) {
                  seen(value ? sqlLook(m_step, *value) : Result<Look>(fail(value.error())));
              });
    }
};

} // namespace

Result<Look> promQlLook(const Step& step, const monitoring::Answer& answer)
{
    const auto samples = samplesIn(answer);
    if (!samples)
        return fail(samples.error());
    // A part of the truth is none: what is missing may be what is wrong.
    if (answer.partial)
        return fail(Error::Kind::Server, CheckTexts::tr("The server says that its answer is not complete."),
                    answer.warnings.join(u'\n'));
    const QString note =
        answer.warnings.isEmpty() ? QString() : CheckTexts::tr(" (the server warns: %1)").arg(answer.warnings.first());
    if (samples->isEmpty() && !step.parameters.value("absentIsZero"_L1).toBool())
        return Look{Look::State::Not, CheckTexts::tr("there is no such series") + note};
    const QList<Sample> judged = samples->isEmpty() ? QList<Sample>{{{}, 0.0}} : *samples;
    const auto bad = std::ranges::find_if(judged, [&step](const Sample& s) { return !isAsWanted(step, s.value); });
    const Sample& shown = bad == judged.end() ? judged.first() : *bad;
    const QString text = monitoring::valueText(shown.value);
    QString words = CheckTexts::tr("the value is %1").arg(text);
    if (judged.size() > 1)
        words = bad == judged.end()
                    ? CheckTexts::tr("all %1 series are so, the first is %2").arg(QString::number(judged.size()), text)
                    : CheckTexts::tr("the value of %1 is %2").arg(shown.series, text);
    if (bad == judged.end())
        return Look{Look::State::Holds, words + note};
    // What is no number says nothing yet, so it is no reason to give up.
    const bool final = step.parameters.value("failFast"_L1).toBool() && !std::isnan(shown.value);
    return Look{final ? Look::State::Never : Look::State::Not, words + note};
}

Result<Look> sqlLook(const Step& step, const SqlValue& value)
{
    if (value.columns != 1 || value.rows > 1)
        return fail(Error::Kind::BadInput,
                    CheckTexts::tr("The statement gives %1 rows of %2 columns; a single value is needed.")
                        .arg(value.rows)
                        .arg(value.columns));
    if (value.rows == 0)
        return Look{Look::State::Not, CheckTexts::tr("there is no row")};
    if (value.isNull)
        return Look{Look::State::Not, CheckTexts::tr("the value is null")};
    const bool boolean = value.text == "t"_L1 || value.text == "f"_L1;
    bool ok = boolean;
    const double number = boolean ? double(value.text == "t"_L1) : value.text.toDouble(&ok);
    if (!ok)
        return fail(Error::Kind::BadInput,
                    CheckTexts::tr("The statement gives %n character(s) of text, which are no number.", nullptr, int(value.text.size())));
    return Look{isAsWanted(step, number) ? Look::State::Holds : Look::State::Not,
                CheckTexts::tr("the value is %1").arg(value.text)};
}

CheckMaker promQlCheck() { return makerOf<PromQl>(); }
CheckMaker sqlCheck() { return makerOf<Sql>(); }

} // namespace wk::changes
