// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/alerts/Acknowledgements.h"

#include <QtCore/QDir>
#include <QtCore/QFileInfo>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QSaveFile>

namespace wk::monitoring {

using namespace Qt::StringLiterals;

Acknowledgements::Acknowledgements(QString file, QObject* parent) : QObject(parent), m_file(std::move(file))
{
    if (auto known = read())
        m_all = *std::move(known);
    else
        m_problem = std::move(known.error());
}

Result<std::vector<Acknowledgement>> Acknowledgements::read() const
{
    std::vector<Acknowledgement> out;
    QFile file(m_file);
    if (m_file.isEmpty() || !file.exists())
        return out;
    const auto unreadable = [this](const QString& why) {
        return fail(Error::Kind::Io, tr("Who has seen which alert could not be read from %1: %2.").arg(m_file, why), {},
                    tr("Move the file away, or mend it."));
    };
    if (!file.open(QIODevice::ReadOnly))
        return unreadable(file.errorString());
    const QJsonDocument document = QJsonDocument::fromJson(file.readAll());
    if (!document.isArray())
        return unreadable(tr("it is no list"));
    const QJsonArray items = document.array();
    for (const auto& item : items) {
        const Acknowledgement one{item["fingerprint"_L1].toString(), item["by"_L1].toString(),
                                  item["note"_L1].toString(), qint64(item["at"_L1].toDouble())};
        if (!one.fingerprint.isEmpty() && !one.by.isEmpty())
            out.push_back(one);
    }
    return out;
}

Result<void> Acknowledgements::write() const
{
    if (m_file.isEmpty())
        return {};
    QJsonArray items;
    for (const Acknowledgement& one : m_all)
        items << QJsonObject{
            {u"fingerprint"_s, one.fingerprint}, {u"by"_s, one.by}, {u"note"_s, one.note}, {u"at"_s, double(one.at)}};
    QSaveFile file(m_file);
    QDir().mkpath(QFileInfo(m_file).absolutePath());
    if (file.open(QIODevice::WriteOnly) && file.write(QJsonDocument(items).toJson()) >= 0 && file.commit())
        return {};
    return fail(Error::Kind::Io,
                tr("Who has seen the alert could not be kept in %1: %2.").arg(m_file, file.errorString()));
}

Result<void> Acknowledgements::add(const Acknowledgement& acknowledgement)
{
    if (acknowledgement.by.trimmed().isEmpty())
        return fail(Error::Kind::BadInput, tr("An acknowledgement needs the name of who has seen the alert."));
    // Another window may have added to it.
    if (auto known = read()) {
        for (const Acknowledgement& one : m_all)
            if (std::ranges::find(*known, one) == known->end())
                known->push_back(one);
        m_all = *std::move(known);
        m_problem.reset();
    } else {
        m_problem = std::move(known.error());
    }
    m_all.push_back(acknowledgement);
    std::ranges::stable_sort(m_all, {}, &Acknowledgement::at);
    if (m_all.size() > most)
        m_all.erase(m_all.begin(), m_all.end() - most);
    emit changed();
    return m_problem ? fail(*m_problem) : write();
}

} // namespace wk::monitoring
