// SPDX-License-Identifier: GPL-3.0-or-later
#include "watchkeeper/changes/ExecutionWindow.h"

#include "core/Future.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QUrl>

namespace wk::app {

using namespace Qt::StringLiterals;

namespace {

/// What a line may be long at most, times the lines: a log without line ends does not fill the memory.
constexpr int bytesPerLine = 1'000;

void end(const std::shared_ptr<QPromise<Result<QByteArray>>>& promise, Result<QByteArray> result)
{
    promise->addResult(std::move(result));
    promise->finish();
}

} // namespace

ExecutionWindow::ExecutionWindow(PlanClusters& clusters, QObject* parent) : QObject(parent), m_clusters(clusters) {}

Result<std::shared_ptr<cluster::ClusterView>> ExecutionWindow::view(const QString& platform, const QString& cluster)
{
    return m_clusters.view(platform, cluster);
}

QFuture<Result<QByteArray>> ExecutionWindow::podLog(const QString& platform, const QString& cluster,
                                                    const QString& space, const QString& pod, const QString& container,
                                                    int lines, bool previous)
{
    auto promise = std::make_shared<QPromise<Result<QByteArray>>>();
    promise->start();
    const auto future = promise->future();
    const auto access = m_clusters.access(platform, cluster);
    if (!access) {
        end(promise, fail(access.error()));
        return future;
    }
    const changes::Target target{cluster, {}, u"v1"_s, u"Pod"_s, u"pods"_s, space, pod};
    ask({*access, target, container.isEmpty() ? m_containers.value(target.key()) : container, lines, previous},
        promise);
    return future;
}

void ExecutionWindow::ask(const Question& question, const Promise& promise)
{
    changes::Read read;
    read.path = question.pod.path() + "/log";
    read.query = "tailLines=" + QByteArray::number(question.lines) +
                 "&limitBytes=" + QByteArray::number(question.lines * bytesPerLine);
    if (!question.container.isEmpty())
        read.query += "&container=" + QUrl::toPercentEncoding(question.container);
    if (question.previous)
        read.query += "&previous=true";
    whenDone(question.access->read(read), this, [this, question, promise](const Result<changes::Answer>& answer) {
        if (!answer)
            end(promise, fail(answer.error()));
        else if (answer->status < 400)
            end(promise, answer->body);
        else if (answer->status == 400 && question.container.isEmpty() && answer->body.contains("container name"))
            findContainer(question, promise);
        else
            end(promise, fail(question.access->error(*answer, tr("the log of %1").arg(question.pod.words()))));
    });
}

void ExecutionWindow::findContainer(Question question, const Promise& promise)
{
    whenDone(
        question.access->read({question.pod.path(), {}, false}), this,
        [this, question, promise](const Result<changes::Answer>& answer) mutable {
            if (!answer || answer->status >= 400) {
                end(promise, fail(answer ? question.access->error(*answer, question.pod.words()) : answer.error()));
                return;
            }
            // As kubectl chooses: the annotated one, else the first.
            const QJsonObject pod = QJsonDocument::fromJson(answer->body).object();
            question.container =
                pod["metadata"_L1]["annotations"_L1]["kubectl.kubernetes.io/default-container"_L1].toString();
            if (question.container.isEmpty())
                question.container = pod["spec"_L1]["containers"_L1][0]["name"_L1].toString();
            if (question.container.isEmpty()) {
                end(promise, fail(Error::Kind::Protocol, tr("The %1 has no container.").arg(question.pod.words())));
                return;
            }
            m_containers.insert(question.pod.key(), question.container);
            ask(question, promise);
        });
}

} // namespace wk::app
