// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/LogExport.h"

#include "logs/LogTime.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QSaveFile>

namespace wk::logs {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype bufferBytes = 1 << 20;
constexpr qsizetype askEvery = 20'000;

QString words(const char* text) { return QCoreApplication::translate("wk::LogExport", text); }

/// The end of the run of lines that follow each other in the store, too.
size_t endOfRun(const std::vector<LineKey>& places, size_t from)
{
    size_t to = from + 1;
    while (to < places.size() && places[to].id == places[to - 1].id + 1 && to - from < size_t(askEvery))
        ++to;
    return to;
}

} // namespace

Result<void> writeLines(QIODevice& to, const LogStore& store, const std::vector<LineKey>& places,
                        const ExportForm& form, const std::function<bool(qsizetype)>& goOn)
{
    QByteArray buffer;
    qsizetype asked = 0;
    for (size_t from = 0; from < places.size();) {
        const size_t end = endOfRun(places, from);
        quint32 expected = places[from].id;
        store.scan(expected, places[end - 1].id + 1, [&](const LogStore::Seen& line) {
            if (line.place.id != expected)
                return false;
            ++expected;
            if (line.place.kind == LineKind::Gap) {
                buffer += "# ";
            } else {
                if (form.timestamps)
                    buffer += stampText(line.place.key) + ' ';
                if (const auto name = form.names.constFind(line.place.source); name != form.names.cend())
                    buffer += '[' + name->toUtf8() + "] ";
            }
            buffer.append(line.text).append('\n');
            return true;
        });
        if (const quint32 missing = places[end - 1].id + 1 - expected; missing > 0)
            buffer += "# " + words("%1 lines that stood here are not kept any more.").arg(missing).toUtf8() + '\n';
        from = end;
        if (buffer.size() >= bufferBytes || from >= places.size()) {
            if (to.write(buffer) != buffer.size())
                return fail(Error::Kind::Io, words("The lines cannot be written: %1.").arg(to.errorString()));
            buffer.clear();
        }
        if (qsizetype(from) - asked >= askEvery) {
            asked = qsizetype(from);
            if (!goOn(asked))
                return fail(Error::Kind::Cancelled, words("The export was given up."));
        }
    }
    return {};
}

LogExport::LogExport(QString fileName, std::shared_ptr<const LogStore> store, std::vector<LineKey> places,
                     ExportForm form, QObject* parent)
    : QObject(parent), m_link(std::make_shared<ReceiverLink>(this)), m_thread(u"log export"_s)
{
    m_thread.post([this, link = m_link, wanted = m_wanted, fileName = std::move(fileName), store = std::move(store),
                   places = std::move(places), form = std::move(form)] {
        QSaveFile file(fileName);
        std::optional<Error> error;
        if (!file.open(QIODevice::WriteOnly)) {
            error =
                Error{Error::Kind::Io, words("%1 cannot be written: %2.").arg(fileName, file.errorString()), {}, {}};
        } else if (auto written = writeLines(file, *store, places, form,
                                             [&](qsizetype lines) {
                                                 link->post([this, lines] { emit progressed(lines); });
                                                 return wanted->load();
                                             });
                   !written) {
            error = written.error();
            file.cancelWriting();
        } else if (!file.commit()) {
            error =
                Error{Error::Kind::Io, words("%1 cannot be written: %2.").arg(fileName, file.errorString()), {}, {}};
        }
        link->post([this, error] { emit finished(error); });
    });
}

LogExport::~LogExport()
{
    *m_wanted = false;
    m_link->close();
}

} // namespace wk::logs
