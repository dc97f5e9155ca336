// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/actions/Fields.h"
#include "changes/actions/ObjectAction.h"
#include "changes/plan/JsonTree.h"

namespace wk::changes {

using namespace Qt::StringLiterals;
using Need = MemberReader::Need;

namespace {

/// Parameters: "data" and "binaryData" (base64): {key: text, or null to remove it}.
class PatchConfigMap final : public ObjectAction
{
public:
    using ObjectAction::ObjectAction;

    void validate(const Step&, MemberReader& parameters) const override
    {
        const QJsonObject data = parameters.textMap(u"data"_s, true);
        const QJsonObject binary = parameters.textMap(u"binaryData"_s, true);
        if (data.isEmpty() && binary.isEmpty())
            parameters.mistake({}, ActionTexts::tr("must have data or binaryData"));
    }

    QList<ActionField> fields(const Step&, const Answers& answers) const override
    {
        return fields::configMap(answers.value(0));
    }

    QString words(const Step& step, const QJsonObject&) const override
    {
        QStringList parts;
        const QJsonObject data = step.parameters.value("data"_L1).toObject();
        for (auto it = data.begin(); it != data.end(); ++it) {
            const QString text = it.value().toString();
            if (it.value().isNull())
                parts << ActionTexts::tr("without %1").arg(it.key());
            else if (text.size() > 60 || text.contains(u'\n'))
                parts << ActionTexts::tr("%1 (%2 characters)").arg(it.key()).arg(text.size());
            else
                parts << u"%1=%2"_s.arg(it.key(), text);
        }
        parts += step.parameters.value("binaryData"_L1).toObject().keys();
        return ActionTexts::tr("Change %1: %2").arg(step.target.words(), parts.join(u", "_s));
    }

    Result<Prepared> prepare(const Step& step, const Answers& answers, const Context&) const override
    {
        const QJsonObject& live = answers.first();
        if (live.value("immutable"_L1).toBool())
            return fail(Error::Kind::Conflict, ActionTexts::tr("The %1 is marked immutable.").arg(step.target.words()),
                        {}, ActionTexts::tr("Create another one and let the workloads use it."));
        QJsonObject patch, former;
        for (const QString& part : {u"data"_s, u"binaryData"_s}) {
            const QJsonObject wanted = step.parameters.value(part).toObject(), now = live.value(part).toObject();
            QJsonObject changes, old;
            for (auto it = wanted.begin(); it != wanted.end(); ++it) {
                const QJsonValue present = now.contains(it.key()) ? now.value(it.key()) : QJsonValue(QJsonValue::Null);
                if (present == it.value())
                    continue;
                changes.insert(it.key(), it.value());
                old.insert(it.key(), present);
            }
            if (!changes.isEmpty()) {
                patch.insert(part, changes);
                former.insert(part, old);
            }
        }
        if (patch.isEmpty())
            return alreadySo(live, ActionTexts::tr("The %1 holds this already.").arg(step.target.words()));
        Prepared out;
        out.live = live;
        out.calls << kube::merge(step.target, live, patch, words(step, live));
        out.inverse = kube::inverse(name(), step.target, former, live);
        return out;
    }
};

} // namespace

void addConfig(KindList& list)
{
    list.push_back(std::make_unique<PatchConfigMap>(
        ObjectAction::Facts{u"patchConfigMap",
                            QT_TRANSLATE_NOOP("wk::changes::ActionKind", "Change config map"),
                            {u"configmaps"},
                            Risk::Medium}));
}

} // namespace wk::changes
