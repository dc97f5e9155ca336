// SPDX-License-Identifier: GPL-3.0-or-later
// Measures what a person waits for in the palette: from a key press to everything that fits, and to the first of it.
#include "search/NameSearch.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QElapsedTimer>
#include <QtCore/QEventLoop>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QTextStream>

#include <random>

using namespace Qt::StringLiterals;
using namespace wk::search;

namespace {

/// As pods of deployments are called.
NameListPtr podNames(int count)
{
    static constexpr const char16_t* apps[] = {u"api-gateway",      u"auth-service",    u"stream-processor",
                                               u"billing-exporter", u"session-store",   u"notification-worker",
                                               u"search-indexer",   u"media-transcoder"};
    std::mt19937 random(7);
    auto out = std::make_shared<NameList>();
    out->reserve(count, qsizetype(count) * 40);
    for (int i = 0; i < count; ++i)
        out->add(u"%1-%2-%3"_s.arg(QStringView(apps[random() % std::size(apps)]))
                     .arg(random(), 8, 16, QChar(u'0'))
                     .arg(i, 5, 36, QChar(u'0')));
    return out;
}

struct Wait
{
    double firstMs = 0, allMs = 0;
};

Wait waitFor(NameSearch& search, const QString& query)
{
    Wait wait;
    QEventLoop loop;
    QElapsedTimer timer;
    const auto connection = QObject::connect(&search, &NameSearch::found, &loop,
                                             [&](const QString& said, const QList<Hit>&, bool complete) {
                                                 if (said != query)
                                                     return;
                                                 const double now = double(timer.nsecsElapsed()) / 1e6;
                                                 if (wait.firstMs == 0)
                                                     wait.firstMs = now;
                                                 wait.allMs = now;
                                                 if (complete)
                                                     loop.quit();
                                             });
    timer.start();
    search.search(query);
    loop.exec();
    QObject::disconnect(connection);
    return wait;
}

double rounded(double ms) { return std::round(ms * 10) / 10; }

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    const int count = argc > 1 ? std::atoi(argv[1]) : 100'000;
    if (count <= 0)
        return 2;
    NameSearch search;
    // As the palette opens: the names come as they are, and are made ready on the searching thread.
    search.setSources({[count] { return podNames(count); }});
    const Wait opening = waitFor(search, {});
    std::vector<double> first, all;
    for (const QString& word : {u"stream-proc"_s, u"apigw"_s, u"nwork 0a"_s, u"media"_s, u"zzz"_s})
        for (qsizetype letters = 1; letters <= word.size(); ++letters) {
            const Wait wait = waitFor(search, word.first(letters));
            first.push_back(wait.firstMs);
            all.push_back(wait.allMs);
        }
    std::ranges::sort(first);
    std::ranges::sort(all);
    const QJsonObject result{{u"bench"_s, u"search"_s},
                             {u"names"_s, count},
                             {u"keys"_s, int(all.size())},
                             {u"open_ms"_s, rounded(opening.allMs)},
                             {u"first_median_ms"_s, rounded(first[first.size() / 2])},
                             {u"all_median_ms"_s, rounded(all[all.size() / 2])},
                             {u"all_worst_ms"_s, rounded(all.back())}};
    QTextStream(stdout) << QString::fromUtf8(QJsonDocument(result).toJson(QJsonDocument::Compact)) << '\n';
    return 0;
}
