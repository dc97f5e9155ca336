// SPDX-License-Identifier: GPL-3.0-or-later
#include "secrets/SecretUse.h"

#include <QtCore/QCoreApplication>

namespace wk::secrets {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::secrets::SecretUse)
};

struct Kind
{
    SecretKind kind;
    const char16_t* name;
    const char* words;
};

constexpr Kind kinds[] = {
    {SecretKind::Password, u"password", QT_TRANSLATE_NOOP("wk::secrets::SecretUse", "Password")},
    {SecretKind::Token, u"token", QT_TRANSLATE_NOOP("wk::secrets::SecretUse", "Token")},
    {SecretKind::Webhook, u"webhook", QT_TRANSLATE_NOOP("wk::secrets::SecretUse", "Webhook address")},
    {SecretKind::Database, u"database", QT_TRANSLATE_NOOP("wk::secrets::SecretUse", "Database address")},
};

const Kind& kindOf(SecretKind kind) { return *std::ranges::find(kinds, kind, &Kind::kind); }

} // namespace

QString secretKindName(SecretKind kind) { return QString::fromUtf16(kindOf(kind).name); }

SecretKind secretKindOf(const QString& name)
{
    const auto* const it =
        std::ranges::find_if(kinds, [&](const Kind& kind) { return QString::fromUtf16(kind.name) == name; });
    return it == std::end(kinds) ? SecretKind::Password : it->kind;
}

QString secretKindWords(SecretKind kind) { return Texts::tr(kindOf(kind).words); }

} // namespace wk::secrets
