// SPDX-License-Identifier: GPL-3.0-or-later
#include "secrets/CredentialLedger.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtCore/QFileInfo>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QSaveFile>
#include <QtCore/QStandardPaths>

namespace wk::secrets {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::secrets::CredentialLedger)
};

QJsonObject jsonOf(const CredentialLedger::Entry& entry)
{
    return {{u"name"_s, entry.name},
            {u"kind"_s, secretKindName(entry.kind)},
            {u"since"_s, double(entry.sinceMs)},
            {u"by"_s, entry.by}};
}

} // namespace

QString CredentialLedger::defaultFile()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + u"/watchkeeper/credentials.json"_s;
}

Result<std::vector<CredentialLedger::Entry>> CredentialLedger::read() const
{
    std::vector<Entry> out;
    QFile file(m_file);
    if (!file.exists())
        return out;
    const auto unreadable = [this](const QString& why) {
        return fail(Error::Kind::Io,
                    Texts::tr("The list of what is in the keychain could not be read from %1: %2.").arg(m_file, why),
                    {}, Texts::tr("Move the file away, or mend it; the keychain itself is not touched."));
    };
    if (!file.open(QIODevice::ReadOnly))
        return unreadable(file.errorString());
    const QJsonDocument document = QJsonDocument::fromJson(file.readAll());
    if (!document.isArray())
        return unreadable(Texts::tr("it is no list"));
    const QJsonArray items = document.array();
    for (const auto& item : items) {
        const Entry one{item["name"_L1].toString(), secretKindOf(item["kind"_L1].toString()),
                        qint64(item["since"_L1].toDouble()), item["by"_L1].toString()};
        if (!one.name.isEmpty())
            out.push_back(one);
    }
    std::ranges::sort(out, {}, &Entry::name);
    return out;
}

Result<void> CredentialLedger::change(const QString& name, const Entry* entry)
{
    auto entries = read();
    if (!entries)
        return fail(entries.error());
    const auto gone = std::erase_if(*entries, [&](const Entry& one) { return one.name == name; });
    if (entry)
        entries->push_back(*entry);
    else if (gone == 0)
        return {};
    std::ranges::sort(*entries, {}, &Entry::name);
    QJsonArray items;
    for (const Entry& one : *entries)
        items << jsonOf(one);
    QDir().mkpath(QFileInfo(m_file).absolutePath());
    QSaveFile file(m_file);
    const bool done = file.open(QIODevice::WriteOnly) &&
                      file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner) &&
                      file.write(QJsonDocument(items).toJson()) >= 0 && file.commit();
    if (done)
        return {};
    return fail(
        Error::Kind::Io,
        Texts::tr("The list of what is in the keychain could not be kept in %1: %2.").arg(m_file, file.errorString()),
        {}, Texts::tr("The keychain itself has what was asked for."));
}

Result<void> CredentialLedger::put(const Entry& entry) { return change(entry.name, &entry); }

Result<void> CredentialLedger::forget(const QString& name) { return change(name, nullptr); }

} // namespace wk::secrets
