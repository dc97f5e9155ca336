// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/prometheus/QueryBundle.h"

#include "monitoring/promql/Promql.h"

namespace wk::monitoring {

using namespace Qt::StringLiterals;

namespace {

QString wrapped(const BundlePart& part)
{
    // In a replacement "$" stands for a group of the pattern.
    const QString key = promqlQuoted(QString(part.key).replace(u'$', u"$$"_s));
    return u"label_replace((%1), \"%2\", %3, \"\", \"\")"_s.arg(part.promql, QString::fromUtf16(bundleLabel), key);
}

/// Whether it is the query that is wrong, or too long, and not the server.
bool isOfQuery(const Error& error)
{
    return error.kind == Error::Kind::BadInput || error.httpStatus == 400 || error.httpStatus == 414 ||
           error.httpStatus == 422 || error.httpStatus == 431;
}

} // namespace

QString bundled(const std::vector<BundlePart>& parts)
{
    QStringList texts;
    for (const BundlePart& part : parts)
        texts << wrapped(part);
    return texts.join(u" or "_s);
}

std::vector<Series> partOf(const Answer& answer, const QString& key)
{
    std::vector<Series> out;
    for (const Series& series : answer.series) {
        if (labelValue(series.labels, bundleLabel) != key)
            continue;
        out.push_back(series);
        std::erase_if(out.back().labels, [](const auto& label) { return label.first == QStringView(bundleLabel); });
    }
    return out;
}

std::vector<std::vector<BundlePart>> lotsOf(const std::vector<BundlePart>& parts, qsizetype maxChars)
{
    std::vector<std::vector<BundlePart>> lots;
    qsizetype used = 0;
    for (const BundlePart& part : parts) {
        const qsizetype size = wrapped(part).size() + 4;
        if (lots.empty() || used + size > maxChars) {
            lots.emplace_back();
            used = 0;
        }
        lots.back().push_back(part);
        used += size;
    }
    return lots;
}

QueryBundle::QueryBundle(Ask ask, std::vector<BundlePart> parts, qsizetype maxChars, Take take,
                         std::function<void()> done)
    : m_ask(std::move(ask)), m_maxChars(maxChars), m_take(std::move(take)), m_done(std::move(done)),
      m_open(parts.size())
{
    for (std::vector<BundlePart>& lot : lotsOf(parts, m_maxChars))
        send(std::move(lot));
}

void QueryBundle::send(std::vector<BundlePart> parts)
{
    const QString promql = bundled(parts);
    m_flights.push_back(
        m_ask(promql, [this, parts = std::move(parts)](const Result<AnswerPtr>& answer) { answered(parts, answer); }));
}

void QueryBundle::answered(const std::vector<BundlePart>& parts, const Result<AnswerPtr>& answer)
{
    if (!answer && parts.size() > 1 && isOfQuery(answer.error())) {
        const auto middle = parts.begin() + std::ptrdiff_t(parts.size() / 2);
        send({parts.begin(), middle});
        send({middle, parts.end()});
        return;
    }
    for (const BundlePart& part : parts) {
        --m_open;
        m_take(part.key, answer ? Result<std::vector<Series>>(partOf(**answer, part.key)) : fail(answer.error()));
    }
    if (m_open == 0 && m_done)
        m_done();
}

} // namespace wk::monitoring
