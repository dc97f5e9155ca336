// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/actions/Kube.h"

#include <QtCore/QCoreApplication>

namespace wk::changes {

/// What the actions of this folder say.
struct ActionTexts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::ActionKind)
};

/// An action that is described by a line of facts; what is particular about it overrides the rest.
class ObjectAction : public ActionKind
{
public:
    struct Facts
    {
        const char16_t* name;
        const char* title;                  ///< translated as ActionTexts
        std::vector<const char16_t*> kinds; ///< resource ids; empty: any object
        Risk risk;
        const char16_t* verb = u"patch";
        const char16_t* subresource = u"";
    };

    explicit ObjectAction(Facts facts) : m_facts(std::move(facts)) {}

    [[nodiscard]] QString name() const override { return QString::fromUtf16(m_facts.name); }
    [[nodiscard]] QString title() const override { return ActionTexts::tr(m_facts.title); }
    [[nodiscard]] bool supports(const Target& target) const override;
    [[nodiscard]] Risk risk(const Step& step) const override;
    [[nodiscard]] QList<Permission> permissions(const Step& step) const override;

protected:
    /// Where everything is already so: no calls, and nothing to bring back.
    [[nodiscard]] static Prepared alreadySo(const QJsonObject& live, const QString& sentence);
    [[nodiscard]] static Permission permission(const Target& target, const QString& verb,
                                               const QString& subresource = {});

private:
    Facts m_facts;
};

using KindList = std::vector<std::unique_ptr<const ActionKind>>;
// Each subject adds its kinds, in the order of a menu.
void addScaling(KindList& list);
void addRollout(KindList& list);
void addPodTemplate(KindList& list);
void addAutoscaling(KindList& list);
void addPods(KindList& list);
void addNodes(KindList& list);
void addConfig(KindList& list);
void addTraffic(KindList& list);
void addObjects(KindList& list);
void addOutside(KindList& list); ///< databases and commands
void addSilences(KindList& list);

} // namespace wk::changes
