// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/plan/Mistakes.h"
#include "changes/plan/Step.h"
#include "core/Result.h"

#include <QtCore/QByteArray>

#include <expected>

namespace wk::changes {

/// An ordered list of actions and checks: what people approve. Immutable, and always valid: there is no other way to
/// one than make() and parse(). Format: watchkeeper/plan/v1.
class Plan
{
public:
    static constexpr int maxSteps = 500;
    using Made = std::expected<Plan, Mistakes>;

    [[nodiscard]] static Made make(const QString& platform, const QString& title, const QList<Step>& steps);
    /// Reads a plan in any spelling of its JSON; the canonical one is made of it.
    [[nodiscard]] static Made parse(const QByteArray& json);
    /// Reads what a store hands out: the bytes must be canonical and have exactly this hash, else it was tampered with.
    [[nodiscard]] static Result<Plan> fromStore(const QByteArray& bytes, const QByteArray& sha256);

    [[nodiscard]] const QString& platform() const { return m_platform; }
    [[nodiscard]] const QString& title() const { return m_title; }
    [[nodiscard]] const QList<Step>& steps() const { return m_steps; }
    /// Exactly these bytes are approved, stored and hashed.
    [[nodiscard]] const QByteArray& canonical() const { return m_canonical; }
    /// Of canonical(), lower-case hexadecimal.
    [[nodiscard]] const QByteArray& sha256() const { return m_sha256; }
    /// "1. Scale deployment …" line by line, with what happens where a step fails.
    [[nodiscard]] QStringList words() const;

    bool operator==(const Plan& other) const { return m_canonical == other.m_canonical; }

private:
    Plan() = default;

    QString m_platform, m_title;
    QList<Step> m_steps;
    QByteArray m_canonical, m_sha256;
};

} // namespace wk::changes
