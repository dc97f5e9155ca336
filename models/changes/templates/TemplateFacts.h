// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/templates/TemplateScope.h"
#include "changes/templates/TemplateSpec.h"
#include "platform/Platform.h"

#include <optional>

/// What a platform file offers to a template's parameters.
namespace wk::changes::facts {

/// Something that can be chosen.
struct Choice
{
    QString value; ///< what a parameter holds: "streamgate/Deployment/api-gateway"
    QString title; ///< "api-gateway (deployment in streamgate)"
};

/// All that this parameter can be; empty for what is typed in. `of`: the value of TemplateParameter::of.
[[nodiscard]] QList<Choice> choices(const platform::Platform& platform, const TemplateParameter& parameter,
                                    const TemplateValue& of);
/// What `given` names, by a choice's value or, where only one has it, by its last part; nullopt where it names nothing.
[[nodiscard]] std::optional<TemplateValue> chosen(const platform::Platform& platform,
                                                  const TemplateParameter& parameter, const TemplateValue& of,
                                                  const QString& given);
/// The platform itself: "$platform.title", "$platform.backups", "$platform.statusPage".
[[nodiscard]] TemplateValue about(const platform::Platform& platform);
/// The members that a value of this type may have. Which of them it has depends on the platform file.
[[nodiscard]] QStringList members(TemplateParameter::Type type);
[[nodiscard]] QStringList platformMembers();

/// Fills in group, version and resource of a target of a known kind; as it is where the kind is unknown.
[[nodiscard]] QJsonObject completed(QJsonObject target);

} // namespace wk::changes::facts
