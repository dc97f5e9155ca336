// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/JsonTree.h"
#include "changes/checks/CheckJob.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>

#include <cmath>
#include <limits>

namespace wk::changes {

using namespace Qt::StringLiterals;

namespace {

/// A number as Prometheus writes it (Go's strconv): decimal, "NaN", "+Inf", "-Inf".
std::optional<double> prometheusNumber(const QString& text)
{
    using Limits = std::numeric_limits<double>;
    if (text == "NaN"_L1)
        return Limits::quiet_NaN();
    if (text == "+Inf"_L1 || text == "-Inf"_L1)
        return text.startsWith(u'-') ? -Limits::infinity() : Limits::infinity();
    bool ok = false;
    const double number = text.toDouble(&ok);
    return ok ? std::optional(number) : std::nullopt;
}

/// {job="api",instance="x"}
QString seriesWords(const QJsonObject& labels)
{
    QStringList parts;
    for (auto it = labels.begin(); it != labels.end(); ++it)
        parts << it.key() + u"=\""_s + it.value().toString() + u'"';
    return u'{' + parts.join(u',') + u'}';
}

struct Sample
{
    QString series; ///< empty for a scalar
    QString text;
    double value = 0;
};

/// The samples of a scalar or a vector.
Result<QList<Sample>> samplesIn(const QJsonObject& data)
{
    const QString type = data.value("resultType"_L1).toString();
    const QJsonArray result = data.value("result"_L1).toArray();
    QList<Sample> out;
    const auto add = [&](const QString& series, const QJsonArray& pair) {
        const QString text = pair.at(1).toString();
        const auto number = prometheusNumber(text);
        if (number)
            out << Sample{series, text, *number};
        return number.has_value();
    };
    bool good = true;
    if (type == "scalar"_L1) {
        good = add({}, result);
    } else if (type == "vector"_L1) {
        for (const auto& item : result)
            good = good && add(seriesWords(item.toObject().value("metric"_L1).toObject()),
                               item.toObject().value("value"_L1).toArray());
    } else {
        return fail(Error::Kind::BadInput,
                    CheckTexts::tr("The query gives a %1; a scalar or an instant vector is needed.").arg(type));
    }
    if (!good)
        return fail(Error::Kind::Protocol, CheckTexts::tr("The answer of Prometheus cannot be read."));
    return out;
}

Error prometheusError(const Answer& answer, const QJsonObject& body)
{
    const QString said = body.value("error"_L1).toString();
    // bad_data comes with 400, execution with 422: the query is wrong, and stays so.
    const bool wrong = answer.status == 400 || answer.status == 422;
    const bool refused = answer.status == 401 || answer.status == 403;
    const auto kind = wrong ? Error::Kind::BadInput : refused ? Error::Kind::Forbidden : Error::Kind::Server;
    return {kind,
            wrong ? CheckTexts::tr("Prometheus does not understand the query: %1.").arg(said)
                  : CheckTexts::tr("Prometheus answered with status %1.").arg(answer.status),
            said,
            {}};
}

class PromQl final : public CheckJob
{
public:
    using CheckJob::CheckJob;
    static constexpr qint64 intervalMs = 5'000;

protected:
    void look() override
    {
        const auto place = prometheus();
        if (!place) {
            seen(fail(place.error()));
            return;
        }
        // Encoded by hand: QUrlQuery leaves "+" alone, which a server reads as a blank.
        const QByteArray query = "query=" + QUrl::toPercentEncoding(parameter("query"_L1));
        if (place->url.isEmpty())
            askInside(place->proxy + "/api/v1/query", query);
        else
            askOutside(place->url, query);
    }

private:
    void askOutside(QUrl url, const QByteArray& query)
    {
        if (!m_world.web) {
            seen(fail(Error::Kind::Unsupported, CheckTexts::tr("The web cannot be asked here.")));
            return;
        }
        QString path = url.path();
        while (path.endsWith(u'/'))
            path.chop(1);
        url.setPath(path + u"/api/v1/query"_s);
        url.setQuery(QString::fromLatin1(query));
        await(m_world.web->get(url), [this](const Result<Answer>& answer) { onAnswer(answer); });
    }

    void askInside(const QByteArray& path, const QByteArray& query)
    {
        const auto cluster = clusterOf(m_world, m_step);
        if (!cluster) {
            seen(fail(cluster.error()));
            return;
        }
        await((*cluster)->read({path, query, false}), [this, access = *cluster](const Result<Answer>& answer) {
            // A Status is the API server's own word: it could not or would not reach the service.
            if (answer && answer->status >= 400 && answer->body.contains("\"kind\":\"Status\""))
                seen(fail(access->error(*answer, CheckTexts::tr("asking Prometheus"))));
            else
                onAnswer(answer);
        });
    }

    void onAnswer(const Result<Answer>& answer)
    {
        seen(answer ? promQlLook(m_step, *answer) : Result<Look>(fail(answer.error())));
    }

    Result<Prometheus> prometheus() const
    {
        if (m_step.parameters.contains("url"_L1))
            return Prometheus{QUrl(parameter("url"_L1)), {}};
        if (m_world.prometheus)
            return m_world.prometheus(m_step.target.cluster);
        return fail(Error::Kind::Unsupported, CheckTexts::tr("It is not known where Prometheus is."), {},
                    CheckTexts::tr("Write its url into the step."));
    }
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

Result<Look> promQlLook(const Step& step, const Answer& answer)
{
    const QJsonObject body = QJsonDocument::fromJson(answer.body).object();
    if (answer.status != 200 || body.value("status"_L1).toString() != "success"_L1)
        return fail(prometheusError(answer, body));
    const auto samples = samplesIn(body.value("data"_L1).toObject());
    if (!samples)
        return fail(samples.error());
    if (samples->isEmpty() && !step.parameters.value("absentIsZero"_L1).toBool())
        return Look{Look::State::Not, CheckTexts::tr("there is no such series")};
    const QList<Sample> judged = samples->isEmpty() ? QList<Sample>{{{}, u"0"_s, 0.0}} : *samples;
    const auto bad = std::ranges::find_if(judged, [&step](const Sample& s) { return !isAsWanted(step, s.value); });
    const Sample& shown = bad == judged.end() ? judged.first() : *bad;
    QString words = CheckTexts::tr("the value is %1").arg(shown.text);
    if (judged.size() > 1)
        words = bad == judged.end() ? CheckTexts::tr("all %1 series are so, the first is %2")
                                          .arg(QString::number(judged.size()), shown.text)
                                    : CheckTexts::tr("the value of %1 is %2").arg(shown.series, shown.text);
    if (bad == judged.end())
        return Look{Look::State::Holds, words};
    // What is no number says nothing yet, so it is no reason to give up.
    const bool final = step.parameters.value("failFast"_L1).toBool() && !std::isnan(shown.value);
    return Look{final ? Look::State::Never : Look::State::Not, words};
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
