// SPDX-License-Identifier: GPL-3.0-or-later
#include "table/Export.h"

#include "table/CellText.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QFuture>
#include <QtCore/QFutureWatcher>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QPromise>
#include <QtCore/QSaveFile>
#include <QtCore/QThreadPool>

#include <cmath>

using namespace Qt::StringLiterals;

namespace wk::table {

namespace {

const Cell& cellAt(const Row& row, int column)
{
    static const Cell empty;
    return column >= 0 && size_t(column) < row.cells.size() ? row.cells[size_t(column)] : empty;
}

/// Only text can be taken for a formula: "-5" as a number is what it says.
QString harmless(const Cell& cell)
{
    QString raw = cellRawText(cell);
    const bool isText = std::holds_alternative<QString>(cell);
    if (isText && !raw.isEmpty() && u"=+-@\t\r"_s.contains(raw.front()))
        return u'\'' + raw;
    return raw;
}

QString csvField(const QString& text)
{
    const bool plain = std::none_of(text.begin(), text.end(),
                                    [](QChar c) { return c == u',' || c == u'"' || c == u'\n' || c == u'\r'; });
    if (plain)
        return text;
    return u'"' + QString(text).replace(u'"', u"\"\""_s) + u'"';
}

QString tsvField(QString text)
{
    for (QChar& c : text) {
        if (c == u'\t' || c == u'\n' || c == u'\r')
            c = u' ';
    }
    return text;
}

QJsonValue jsonValue(const Cell& cell)
{
    if (const auto* whole = std::get_if<qint64>(&cell))
        return *whole;
    if (const auto* real = std::get_if<double>(&cell))
        return std::isfinite(*real) ? QJsonValue(*real) : QJsonValue();
    return isEmpty(cell) ? QJsonValue() : QJsonValue(cellRawText(cell));
}

void appendLine(QByteArray& out, const QStringList& fields, ExportFormat format)
{
    out += fields.join(format == ExportFormat::Csv ? u',' : u'\t').toUtf8();
    out += format == ExportFormat::Csv ? "\r\n" : "\n";
}

void appendRow(QByteArray& out, const ExportSnapshot& snapshot, const Row& row, ExportFormat format)
{
    if (format == ExportFormat::JsonLines) {
        QJsonObject object;
        for (const int column : snapshot.chosen)
            object.insert(snapshot.columns[column].id, jsonValue(cellAt(row, column)));
        out += QJsonDocument(object).toJson(QJsonDocument::Compact);
        out += '\n';
        return;
    }
    QStringList fields;
    for (const int column : snapshot.chosen) {
        const QString text = harmless(cellAt(row, column));
        fields.append(format == ExportFormat::Csv ? csvField(text) : tsvField(text));
    }
    appendLine(out, fields, format);
}

void appendHeader(QByteArray& out, const ExportSnapshot& snapshot, ExportFormat format)
{
    if (format == ExportFormat::JsonLines)
        return;
    QStringList ids;
    for (const int column : snapshot.chosen)
        ids.append(format == ExportFormat::Csv ? csvField(snapshot.columns[column].id)
                                               : tsvField(snapshot.columns[column].id));
    appendLine(out, ids, format);
}

/// All of `bytes`. A disk that is filling up takes a part of them without a word and says why at the next attempt.
bool writeAll(QSaveFile& file, QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        const qint64 written = file.write(bytes.data(), bytes.size());
        if (written <= 0)
            return false;
        bytes = bytes.sliced(written);
    }
    return true;
}

Result<qint64> writeFile(const ExportSnapshot& snapshot, ExportFormat format, const QString& path)
{
    const auto failed = [&](const QString& why) {
        return fail(
            Error::Kind::Io, QCoreApplication::translate("wk::Export", "Could not write %1: %2").arg(path, why), {},
            QCoreApplication::translate("wk::Export", "Choose a folder that you may write to and that has room"));
    };
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return failed(file.errorString());
    QByteArray chunk;
    appendHeader(chunk, snapshot, format);
    for (const RowPtr& row : snapshot.rows) {
        appendRow(chunk, snapshot, *row, format);
        if (chunk.size() > 1 << 20) {
            if (!writeAll(file, chunk))
                return failed(file.errorString());
            chunk.clear();
        }
    }
    if (!writeAll(file, chunk) || !file.commit())
        return failed(file.errorString());
    return qint64(snapshot.rows.size());
}

} // namespace

QByteArray exportRows(const ExportSnapshot& snapshot, ExportFormat format, bool header)
{
    QByteArray out;
    if (header)
        appendHeader(out, snapshot, format);
    for (const RowPtr& row : snapshot.rows)
        appendRow(out, snapshot, *row, format);
    return out;
}

void exportToFile(ExportSnapshot snapshot, ExportFormat format, const QString& path, QObject* context,
                  std::function<void(Result<qint64>)> done)
{
    auto promise = std::make_shared<QPromise<Result<qint64>>>();
    // The watcher lives with the context: where that has gone, nobody is told.
    auto* watcher = new QFutureWatcher<Result<qint64>>(context);
    QObject::connect(watcher, &QFutureWatcherBase::finished, context, [watcher, done = std::move(done)] {
        watcher->deleteLater();
        done(watcher->result());
    });
    watcher->setFuture(promise->future());
    promise->start();
    QThreadPool::globalInstance()->start([promise, snapshot = std::move(snapshot), format, path] {
        promise->addResult(writeFile(snapshot, format, path));
        promise->finish();
    });
}

} // namespace wk::table
