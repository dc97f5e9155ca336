// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/desk/Request.h"
#include "changes/plan/Plan.h"
#include "changes/templates/TemplateFacts.h"
#include "changes/templates/TemplateSpec.h"

namespace wk::changes {

/// One parameter as a form shows it, with what the platform file and the values given so far make of it.
struct TemplateField
{
    TemplateParameter parameter;
    std::optional<qint64> low, high;
    QJsonValue preset = QJsonValue::Undefined; ///< the default; undefined: none
    QJsonValue value = QJsonValue::Undefined;  ///< as given, else the default; undefined: to be filled in
    QList<facts::Choice> choices;
};

/// A procedure with places for values: the way from a platform's documents to a plan. Immutable and always well
/// formed; whether it makes a plan of given values is what make() says.
class PlanTemplate
{
public:
    template <typename T>
    using Made = std::expected<T, Mistakes>;

    explicit PlanTemplate(TemplateSpec spec) : m_spec(std::move(spec)) {}

    [[nodiscard]] const TemplateSpec& spec() const { return m_spec; }
    [[nodiscard]] const QString& name() const { return m_spec.name; }
    [[nodiscard]] const QString& title() const { return m_spec.title; }
    [[nodiscard]] bool fits(const platform::Platform& platform) const
    {
        return m_spec.platforms.isEmpty() || m_spec.platforms.contains(platform.name);
    }

    /// The parameters in their order. `given` holds values by parameter: whole numbers (or their digits), texts, true
    /// and false, lists of workloads (or names with commas between). What is wrong with them is make()'s to say.
    [[nodiscard]] QList<TemplateField> form(const platform::Platform& platform, const QJsonObject& given) const;

    /// The plan of these values; values that are left out take their default. All mistakes at once.
    [[nodiscard]] Made<Plan> make(const platform::Platform& platform, const QJsonObject& given) const;
    /// The request form as far as the template knows it. It names the template, with every value, only where that came
    /// from the store: the store then makes the same plan by itself and compares.
    [[nodiscard]] Made<RequestFields> fields(const platform::Platform& platform, const QJsonObject& given) const;

    /// The template as set_template() of the store takes it, for one platform: what `given` holds is fixed, the
    /// remaining parameters stay open inside their bounds. Only whole numbers, texts, quantities and choices can stay
    /// open, and only where they stand alone: the store puts values into places and computes nothing.
    /// `approvals`: those that a request from it still needs, as the policy writes them.
    [[nodiscard]] Made<QJsonObject> storeBody(const platform::Platform& platform, const QJsonObject& given,
                                              const QJsonArray& approvals = {}) const;
    /// A template as the store keeps it. Protocol error where it is none.
    [[nodiscard]] static Result<PlanTemplate> fromStore(const QString& name, const QJsonObject& body);

private:
    friend class TemplateTrial;

    struct Filled
    {
        TemplateScope scope;
        QList<TemplateField> fields;
    };
    /// A plan's steps as JSON, and for each the number of the template's step it came from.
    struct Steps
    {
        QJsonArray list;
        QList<qsizetype> origin;
    };

    /// `open`: parameters that are given later and stand for themselves.
    [[nodiscard]] Filled fill(const platform::Platform& platform, const QJsonObject& given, const QStringList& open,
                              Mistakes& mistakes) const;
    void fillOne(const platform::Platform& platform, const TemplateParameter& parameter, const QJsonObject& given,
                 bool open, Filled& filled, Mistakes& mistakes) const;
    [[nodiscard]] Steps steps(const TemplateScope& scope, Mistakes& mistakes) const;
    [[nodiscard]] Made<Plan> planOf(const platform::Platform& platform, const QJsonArray& steps) const;

    TemplateSpec m_spec;
};

} // namespace wk::changes
