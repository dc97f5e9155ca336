// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/actions/ObjectAction.h"

namespace wk::changes {

using namespace Qt::StringLiterals;
using Need = MemberReader::Need;

namespace {

/// What happens outside a cluster: nothing to read beforehand, no call, no permission of a cluster. Here it is data;
/// the executor hands it to who can do it. The only inverse is the one that its author wrote down ("undo").
class OutsideAction : public ActionKind
{
public:
    QList<Permission> permissions(const Step&) const override { return {}; }
    Risk risk(const Step&) const override { return Risk::High; }
    Precondition precondition(const Step&, const QJsonObject&, const Around&) const override { return {}; }

    Result<Prepared> prepare(const Step& step, const Answers&, const Context&) const override
    {
        Prepared out;
        if (!step.parameters.contains("undo"_L1)) {
            out.inverse = kube::noInverse(ActionTexts::tr("The plan does not say how to take this back."));
            return out;
        }
        QJsonObject parameters = step.parameters;
        parameters.insert(payload(), step.parameters.value("undo"_L1));
        parameters.remove("undo"_L1);
        out.inverse = {{kube::action(name(), step.target, parameters)}, {}};
        return out;
    }

protected:
    /// The parameter whose place "undo" takes.
    [[nodiscard]] virtual QString payload() const = 0;
};

/// Parameters: "statement", "undo" (another statement), "withinSeconds".
class RunSql final : public OutsideAction
{
public:
    QString name() const override { return u"runSql"_s; }
    QString title() const override { return ActionTexts::tr("Run SQL"); }
    Place place() const override { return Place::Database; }
    bool supports(const Target& target) const override { return target.type() == Target::Kind::Database; }

    void validate(const Step&, MemberReader& parameters) const override
    {
        parameters.text(u"statement"_s, Need::Required, 100'000);
        parameters.text(u"undo"_s, Need::Optional, 100'000);
        parameters.integer(u"withinSeconds"_s, 1, 86'400);
    }

    QString words(const Step& step, const QJsonObject&) const override
    {
        const QString statement = step.parameters.value("statement"_L1).toString().simplified();
        return ActionTexts::tr("Run on %1: %2")
            .arg(step.target.words(), statement.size() > 120 ? statement.left(119) + u'…' : statement);
    }

protected:
    QString payload() const override { return u"statement"_s; }
};

/// Parameters: "arguments", "undo" (other arguments), "workingDirectory", "withinSeconds". No shell reads any of it.
class RunCommand final : public OutsideAction
{
public:
    QString name() const override { return u"runCommand"_s; }
    QString title() const override { return ActionTexts::tr("Run a command"); }
    Place place() const override { return Place::Command; }
    bool supports(const Target& target) const override { return target.type() == Target::Kind::Command; }

    void validate(const Step&, MemberReader& parameters) const override
    {
        parameters.texts(u"arguments"_s);
        parameters.texts(u"undo"_s);
        parameters.text(u"workingDirectory"_s);
        parameters.integer(u"withinSeconds"_s, 1, 86'400);
    }

    QString words(const Step& step, const QJsonObject&) const override
    {
        QStringList parts{step.target.name};
        const QJsonArray arguments = step.parameters.value("arguments"_L1).toArray();
        for (const auto& argument : arguments) {
            const QString text = argument.toString();
            const bool plain = !text.isEmpty() && !text.contains(u' ') && !text.contains(u'"');
            parts << (plain ? text : u'"' + text + u'"');
        }
        return ActionTexts::tr("Run on this machine: %1").arg(parts.join(u' '));
    }

protected:
    QString payload() const override { return u"arguments"_s; }
};

} // namespace

void addOutside(KindList& list)
{
    list.push_back(std::make_unique<RunSql>());
    list.push_back(std::make_unique<RunCommand>());
}

} // namespace wk::changes
