// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/prometheus/AnswerDecoder.h"

#include "cluster/render/JsonSplitter.h"
#include "monitoring/prometheus/SeriesReader.h"
#include "monitoring/prometheus/ServerError.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>

namespace wk::monitoring {

using namespace Qt::StringLiterals;
using cluster::render::JsonSplitter;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::monitoring::AnswerDecoder)
};

/// One series of a query without steps may be large; the body as a whole is limited by who reads it.
constexpr std::size_t maxSeriesBytes = std::size_t(1) << 30;
constexpr qsizetype maxNotes = 100;
/// Short JSON can stand for much: what the columns of one answer may come to.
constexpr std::size_t maxKeptBytes = std::size_t(512) << 20;

std::size_t keptBytes(const Series& series)
{
    using Label = Labels::value_type;
    return sizeof(Series) + sizeof(Label) * series.labels.size() + 16 * series.time.size() +
           32 * series.histograms.time.size() + 24 * series.histograms.inBucket.size();
}

Error unreadable(const QString& detail)
{
    return {Error::Kind::Protocol, Texts::tr("The answer is not what Prometheus answers."), detail, {}};
}

/// A small value, whatever it is.
QJsonValue valueOf(QByteArrayView json)
{
    return QJsonDocument::fromJson('[' + json.toByteArray() + ']').array().at(0);
}

QStringList notesOf(QByteArrayView json)
{
    QStringList out;
    for (const QJsonValue& note : valueOf(json).toArray()) {
        if (out.size() < maxNotes && note.isString())
            out << note.toString();
    }
    return out;
}

} // namespace

class AnswerDecoder::Private
{
public:
    Private() : body(*this), data(*this) {}

    /// The members around "data".
    struct Body final : JsonSplitter::Handler
    {
        explicit Body(Private& owner) : d(owner) {}
        JsonSplitter::Use use(std::string_view member) const override
        {
            if (member == "data")
                return JsonSplitter::Use::Pieces;
            const bool known = member == "status" || member == "error" || member == "errorType" ||
                               member == "warnings" || member == "infos" || member == "isPartial";
            return known ? JsonSplitter::Use::Whole : JsonSplitter::Use::Skip;
        }
        Result<void> whole(std::string_view member, QByteArrayView value) override
        {
            if (member == "status")
                d.status = valueOf(value).toString();
            else if (member == "error")
                d.error = valueOf(value).toString();
            else if (member == "errorType")
                d.errorType = valueOf(value).toString();
            else if (member == "warnings")
                d.answer->warnings = notesOf(value);
            else if (member == "infos")
                d.answer->infos = notesOf(value);
            else
                d.answer->partial = valueOf(value).toBool();
            return {};
        }
        Result<void> element(std::string_view, QByteArrayView) override { return {}; }
        Result<void> piece(std::string_view, QByteArrayView bytes) override
        {
            // A null comes with an error.
            if (!d.dataBegun)
                d.noData = bytes.startsWith('n');
            d.dataBegun = true;
            return d.noData ? Result<void>() : d.dataSplitter.feed(bytes, d.data);
        }
        Private& d;
    };

    /// Inside "data".
    struct Data final : JsonSplitter::Handler
    {
        explicit Data(Private& owner) : d(owner) {}
        JsonSplitter::Use use(std::string_view member) const override
        {
            return member == "result"       ? JsonSplitter::Use::Elements
                   : member == "resultType" ? JsonSplitter::Use::Whole
                                            : JsonSplitter::Use::Skip;
        }
        Result<void> whole(std::string_view, QByteArrayView value) override
        {
            d.resultType = valueOf(value).toString();
            return {};
        }
        Result<void> element(std::string_view, QByteArrayView value) override
        {
            if (!value.startsWith('{')) { // of a scalar or a text: a time, and what it was then
                if (d.pair.size() >= 2 || value.size() > maxTextBytes)
                    return d.refuse(unreadable(u"a result is no series"_s));
                d.pair << valueOf(value);
                return {};
            }
            auto series = d.reader.read(value);
            if (!series)
                return d.refuse(series.error());
            d.kept += keptBytes(*series);
            if (d.kept > maxKeptBytes)
                return d.refuse(tooMuch(maxKeptBytes >> 20));
            d.answer->series.push_back(std::move(*series));
            return {};
        }
        static constexpr qsizetype maxTextBytes = 1 << 20;
        Private& d;
    };

    Result<void> conclude();
    Result<void> refuse(Error error)
    {
        refused = error;
        return fail(std::move(error));
    }

    Body body;
    Data data;
    JsonSplitter splitter, dataSplitter{maxSeriesBytes};
    SeriesReader reader;
    std::shared_ptr<Answer> answer = std::make_shared<Answer>();
    QString status, error, errorType, resultType;
    QList<QJsonValue> pair;
    std::optional<Error> refused; ///< by ourselves, not by a splitter
    std::size_t kept = 0;
    bool dataBegun = false, noData = false;
};

/// What kind of answer it is, and whether it is what it says.
Result<void> AnswerDecoder::Private::conclude()
{
    const auto& series = answer->series;
    if (resultType == "scalar"_L1 || resultType == "string"_L1) {
        const auto time = pair.size() == 2 ? milliseconds(pair[0].toDouble(qQNaN())) : std::nullopt;
        if (!time || !pair[1].isString() || !series.empty())
            return fail(unreadable(u"a single value is no pair"_s));
        answer->kind = resultType == "string"_L1 ? Answer::Kind::Text : Answer::Kind::Scalar;
        if (answer->kind == Answer::Kind::Text) {
            answer->text = pair[1].toString();
            answer->textTime = *time;
            return {};
        }
        const auto value = prometheusNumber(pair[1].toString().toStdString());
        if (!value)
            return fail(unreadable(u"a scalar is no number"_s));
        answer->series.push_back({{{*time}, {*value}}, {}, {}});
        return {};
    }
    if (resultType != "vector"_L1 && resultType != "matrix"_L1)
        return fail(unreadable(resultType.isEmpty() ? u"it has no resultType"_s
                                                    : u"a result of type \"%1\" is not known"_s.arg(resultType)));
    answer->kind = resultType == "vector"_L1 ? Answer::Kind::Vector : Answer::Kind::Matrix;
    if (!pair.isEmpty())
        return fail(unreadable(u"a result is no series"_s));
    const bool isVector = answer->kind == Answer::Kind::Vector;
    if (isVector &&
        std::ranges::any_of(series, [](const Series& s) { return s.time.size() + s.histograms.time.size() != 1; }))
        return fail(unreadable(u"a series of a vector has not one sample"_s));
    return {};
}

AnswerDecoder::AnswerDecoder() : d(std::make_unique<Private>()) {}
AnswerDecoder::~AnswerDecoder() = default;

Result<void> AnswerDecoder::feed(QByteArrayView bytes)
{
    d->answer->bytes += bytes.size();
    auto fed = d->splitter.feed(bytes, d->body);
    if (fed || d->refused)
        return fed;
    // The splitter speaks of lists of a cluster; here it is an answer.
    return fail(unreadable(fed.error().sentence + u": "_s + fed.error().detail));
}

Result<AnswerPtr> AnswerDecoder::finish()
{
    if (!d->splitter.ended())
        return fail(cutOff(d->answer->bytes));
    if (d->status == "error"_L1)
        return fail(serverError(d->errorType, d->error));
    if (d->status != "success"_L1)
        return fail(unreadable(u"it has no status"_s));
    if (const auto ended = d->conclude(); !ended)
        return fail(ended.error());
    for (Series& series : d->answer->series) {
        if (series.time.capacity() > 2 * series.time.size()) {
            series.time.shrink_to_fit();
            series.value.shrink_to_fit();
        }
    }
    return AnswerPtr(std::move(d->answer));
}

} // namespace wk::monitoring
