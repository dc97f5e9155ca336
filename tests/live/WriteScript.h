// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QList>
#include <QtCore/QString>
#include <QtCore/QStringList>

namespace wk::test {

/// One thing that a script of writes does: an HTTP request, or a command of kubectl. The scripts are text
/// (tests/live/data/writes), so that what Kubernetes is asked for can be read:
///
///     ## title of the step
///     as viewer                     who asks: admin (the default), operator, viewer
///     keep web /api/v1/…/pods/x     before: remember its name, uid and resourceVersion, or those of the first of a
///     list await /api/v1/…/x /status/y 2 before: until that field has that value see /api/v1/…/x               after:
///     compare this object, too; a request's own object is seen by itself pick /spec/unschedulable      compare only
///     these fields of what is seen quiet                         of a command compare only whether it went well, not
///     what it printed PATCH merge /api/v1/…         the request; json, merge, strategic, apply or a content type stand
///     for a patch's
///     {"spec": …}                   its body, or what the command reads
///
/// ${web.name}, ${web.uid}, ${web.rv} are what was kept, ${policy} the version of the group policy that the server
/// has, ${node} a node. A server that differs for a reason says so: "except /spec/x: why" leaves a field out.
struct WriteStep
{
    struct Wait
    {
        QString path, pointer, value;
    };

    QString title;
    QString file; ///< and line: "objects.txt:12"
    QString person = QStringLiteral("admin");
    QList<std::pair<QString, QString>> keep; ///< name, path
    QList<Wait> waits;
    QStringList see, pick, except;
    bool quiet = false;
    QString verb; ///< "POST"; "kubectl"
    QString contentType;
    QString path; ///< of a request, with its query; the words of a command
    QByteArray body;

    [[nodiscard]] bool isCommand() const { return verb == u"kubectl"; }
};

/// Ends the test program with a message where a script cannot be read.
[[nodiscard]] QList<WriteStep> readWriteScript(const QString& path);

} // namespace wk::test
