// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/PlatformSchema.h"

#include "platform/PlatformWords.h"

#include <QtCore/QRegularExpression>
#include <QtCore/QUrl>

using namespace Qt::StringLiterals;

namespace wk::platform {

namespace {

using Need = YamlReader::Need;

/// What is wrong with an address, in words; empty: nothing.
QString mistakeIn(const QString& text, const QStringList& schemes)
{
    const QUrl url(text, QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty() || !schemes.contains(url.scheme()))
        return Words::tr("\"%1\" is no address").arg(url.toString(QUrl::RemoveUserInfo));
    if (!url.password().isEmpty())
        return Words::tr("the address holds a password, which does not belong into a file");
    return {};
}

void checkAddress(YamlReader& r, QStringView key, const QString& text, const QStringList& schemes,
                  const QString& expected)
{
    if (text.isEmpty())
        return;
    if (const QString mistake = mistakeIn(text, schemes); !mistake.isEmpty())
        r.report().add(*r.node().find(key), mistake, expected);
}

void readLogin(YamlReader& r, ServerAccess& a)
{
    using Login = ServerAccess::Login;
    static constexpr YamlReader::Choice<Login> kinds[] = {{u"basic", Login::Basic}, {u"bearer", Login::Bearer}};
    r.choice<Login>(u"kind", a.login, kinds, Need::Required);
    r.text(u"user", a.user, a.login == Login::Basic ? Need::Required : Need::Optional);
    r.text(u"secret", a.secret);
    if (a.login == Login::Bearer && !a.user.isEmpty())
        r.report().add(*r.node().find(u"user"), Words::tr("a bearer token has no user"), Words::tr("kind: basic"));
}

void readCertificate(YamlReader& r, ServerAccess& a)
{
    r.text(u"file", a.certificate, Need::Required);
    r.text(u"key", a.key, Need::Required);
}

void readHeaders(YamlReader& r, ServerAccess& a)
{
    // RFC 9110 §5.6.2, token
    static const QRegularExpression form(u"^([!#$%&'*+.^_`|~0-9A-Za-z-]+)\\s*:\\s*([\\x20-\\x7e]+)$"_s);
    QStringList texts;
    r.texts(u"headers", texts);
    for (const QString& text : texts) {
        const auto match = form.match(text);
        if (!match.hasMatch()) {
            r.report().add(*r.node().find(u"headers"), Words::tr("\"%1\" is no header").arg(text.section(u':', 0, 0)),
                           Words::tr("such as \"X-Scope-OrgID: shop\""));
            continue;
        }
        const QString name = match.captured(1);
        if (name.compare("authorization"_L1, Qt::CaseInsensitive) == 0 ||
            name.compare("cookie"_L1, Qt::CaseInsensitive) == 0) {
            r.report().add(*r.node().find(u"headers"),
                           Words::tr("the header %1 holds a secret, which does not belong into a file").arg(name),
                           Words::tr("login, whose secret is in the keychain"));
            continue;
        }
        a.headers.emplace_back(name, match.captured(2).trimmed());
    }
}

void readAccess(YamlReader& r, ServerAccess& a)
{
    const QString address = Words::tr("such as https://prometheus.example.org");
    r.texts(u"url", a.urls);
    for (const QString& url : std::as_const(a.urls))
        checkAddress(r, u"url", url, {u"http"_s, u"https"_s}, address);
    r.text(u"prefix", a.prefix);
    if (!a.prefix.isEmpty() && !a.prefix.startsWith(u'/'))
        r.report().add(*r.node().find(u"prefix"), Words::tr("\"%1\" is no path").arg(a.prefix),
                       Words::tr("such as /prometheus"));
    r.map<ServerAccess>(u"login", Words::tr("login"), a, readLogin);
    r.map<ServerAccess>(u"certificate", Words::tr("client certificate"), a, readCertificate);
    r.text(u"authority", a.authority);
    readHeaders(r, a);
    r.text(u"proxy", a.proxy);
    checkAddress(r, u"proxy", a.proxy, {u"http"_s, u"socks5"_s}, Words::tr("such as http://proxy.example.org:3128"));
    r.boolean(u"insecure", a.insecure);
    readSource(r, a.source);
}

void readOptional(YamlReader& r, QStringView key, const QString& what, std::optional<ServerAccess>& out)
{
    if (!r.has(key))
        return;
    out.emplace();
    r.map<ServerAccess>(key, what, *out, readAccess);
}

} // namespace

void readMonitoring(YamlReader& reader, Platform& platform)
{
    reader.map<Monitoring>(u"monitoring", Words::tr("monitoring"), platform.monitoring,
                           [](YamlReader& r, Monitoring& m) {
                               readOptional(r, u"prometheus", Words::tr("access to Prometheus"), m.prometheus);
                               readOptional(r, u"alertmanager", Words::tr("access to Alertmanager"), m.alertmanager);
                               if (m.prometheus && m.prometheus->urls.size() > 1)
                                   r.report().add(*r.node().find(u"prometheus")->find(u"url"),
                                                  Words::tr("a platform has one Prometheus"), Words::tr("one address"));
                           });
}

} // namespace wk::platform
