// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/unapproved/ObjectChange.h"

#include "changes/actions/Kube.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QLocale>

namespace wk::changes {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::ObjectChange)
};

constexpr qsizetype maxFields = 5;
// What the store takes (resources/schema/0013_glass.sql), in bytes, less a margin for the mark of a cut.
constexpr qsizetype maxSummary = 1'900, maxDifference = 19'000;

/// At most so many bytes of UTF-8, cut between characters, and said so.
QString cut(const QString& text, qsizetype bytes)
{
    if (text.toUtf8().size() <= bytes)
        return text;
    QString out = text.left(bytes);
    while (out.toUtf8().size() > bytes)
        out.chop(std::max<qsizetype>(1, (out.toUtf8().size() - bytes) / 4));
    if (!out.isEmpty() && out.back().isHighSurrogate())
        out.chop(1);
    return out + u" …"_s;
}

QString fieldWords(const QList<FieldChange>& fields)
{
    QStringList parts;
    for (const FieldChange& field : fields.mid(0, maxFields))
        parts << field.words();
    if (fields.size() > maxFields)
        parts << Texts::tr("%n more", nullptr, int(fields.size() - maxFields));
    return parts.join(u", "_s);
}

} // namespace

QString ObjectChange::sentence() const
{
    QString who = author.manager;
    if (who.isEmpty())
        who = controller.isEmpty() ? Texts::tr("Somebody whom the server did not note") : kube::capitalised(controller);
    switch (what) {
    case What::Created: return Texts::tr("%1 created %2.").arg(who, target.words());
    case What::Deleted: return Texts::tr("%1 deleted %2.").arg(who, target.words());
    case What::Changed: break;
    }
    return Texts::tr("%1 changed %2: %3.").arg(who, target.words(), fieldWords(fields));
}

QJsonObject ObjectChange::record(const QString& platform) const
{
    QJsonObject out{{u"platform"_s, platform},
                    {u"cluster"_s, target.cluster},
                    {u"group"_s, target.group},
                    {u"kind"_s, target.kind},
                    {u"namespace"_s, target.space},
                    {u"name"_s, target.name},
                    {u"resourceVersion"_s, version()},
                    {u"summary"_s, cut(sentence(), maxSummary)},
                    {u"difference"_s, cut(difference.text(), maxDifference)}};
    if (!author.manager.isEmpty())
        out.insert(u"manager"_s, author.manager);
    if (author.at)
        out.insert(u"at"_s, author.at->toString(Qt::ISODateWithMs));
    return out;
}

RequestFields ObjectChange::request(qint64 id) const
{
    RequestFields out;
    const QString done = what == What::Created   ? Texts::tr("created without a request")
                         : what == What::Deleted ? Texts::tr("deleted without a request")
                                                 : Texts::tr("changed without a request");
    out.title = u"[%1] - %2"_s.arg(target.name.left(120), done);
    out.type = target.resource == "configmaps"_L1 ? u"configuration"_s : u"infrastructure"_s;
    out.what = cut(sentence() + u"\n\n"_s + difference.text(), maxDifference);
    // Who did it, why it could not wait and what it did to users only a person knows: the form asks for it.
    out.rollbackPlan = restore.isEmpty() ? cannotRestore : restore.first().words();
    out.rollbackMinutes = 5;
    out.afterTheFact = true;
    out.unapproved = id;
    return out;
}

} // namespace wk::changes
