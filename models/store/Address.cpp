// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/Address.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtCore/QFileInfo>
#include <QtCore/QUrl>
#include <QtNetwork/QHostAddress>

#include <libpq-fe.h>

namespace wk::store {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::store::Address)
};

constexpr quint16 DefaultPort = 5432;

/// libpq quotes the piece that it does not understand, which may be the password.
bool mayHoldPassword(const QString& text) { return text.contains(u"password"_s) || text.contains(u'@'); }

std::unexpected<Error> notUnderstood(const QString& why, const QString& detail = {})
{
    return fail(Error::Kind::BadInput, Texts::tr("The address of the store cannot be understood: %1.").arg(why), detail,
                Texts::tr("Write postgresql://person@db1.example,db2.example/watchkeeper, or host=… dbname=…"));
}

QString defaultSocketDirectory()
{
    // Debian's libpq looks here; PostgreSQL's own default is /tmp.
    const QString debian = u"/var/run/postgresql"_s;
    return QFileInfo(debian).isDir() ? debian : u"/tmp"_s;
}

QString defaultUser()
{
    for (const char* variable : {"PGUSER", "USER", "LOGNAME"}) {
        if (const QString name = qEnvironmentVariable(variable); !name.isEmpty())
            return name;
    }
    return QFileInfo(QDir::homePath()).owner();
}

/// One port for all hosts, or one for each.
Result<quint16> portFor(const QStringList& ports, qsizetype host)
{
    const QString text = ports.size() == 1 ? ports[0] : ports.value(host);
    if (text.isEmpty())
        return DefaultPort;
    bool ok = false;
    const int port = text.toInt(&ok);
    if (!ok || port < 1 || port > 65535)
        return notUnderstood(Texts::tr("“%1” is no port").arg(text));
    return quint16(port);
}

Result<QList<Address::Host>> hostsOf(const QString& names, const QString& addresses, const QString& ports)
{
    QStringList nameList = names.split(u',');
    const QStringList addressList = addresses.split(u',');
    const QStringList portList = ports.split(u',');
    if (names.isEmpty() && !addresses.isEmpty())
        nameList = addressList;
    if (!addresses.isEmpty() && addressList.size() != nameList.size())
        return notUnderstood(
            Texts::tr("it names %1 hosts and %2 addresses").arg(nameList.size()).arg(addressList.size()));
    if (portList.size() > 1 && portList.size() != nameList.size())
        return notUnderstood(Texts::tr("it names %1 hosts and %2 ports").arg(nameList.size()).arg(portList.size()));
    QList<Address::Host> hosts;
    for (qsizetype i = 0; i < nameList.size(); ++i) {
        const auto port = portFor(portList, i);
        if (!port)
            return fail(port.error());
        hosts.append({nameList[i].isEmpty() ? defaultSocketDirectory() : nameList[i], addressList.value(i), *port});
    }
    return hosts;
}

QString escaped(const QString& text) { return QString::fromLatin1(QUrl::toPercentEncoding(text)); }

} // namespace

bool Address::Host::isLocal() const
{
    return isSocket() || name == u"localhost" || QHostAddress(address.isEmpty() ? name : address).isLoopback();
}

QString Address::Host::text() const
{
    if (isSocket())
        return port == DefaultPort ? name : u"%1 (%2)"_s.arg(name).arg(port);
    return (name.contains(u':') ? u"[%1]:%2"_s : u"%1:%2"_s).arg(name).arg(port);
}

Result<Address> Address::parse(const QString& text)
{
    char* message = nullptr;
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
        PQconninfoParse(text.toUtf8().constData(), &message), PQconninfoFree);
    const QString why = QString::fromUtf8(message).trimmed();
    PQfreemem(message);
    if (!options)
        return notUnderstood(mayHoldPassword(text) ? Texts::tr("its form is wrong") : why);
    Address address;
    QString hosts, addresses, ports;
    const std::array<std::pair<QByteArray, std::function<void(const char*)>>, 7> own{{
        {"host", [&](const char* v) { hosts = QString::fromUtf8(v); }},
        {"hostaddr", [&](const char* v) { addresses = QString::fromUtf8(v); }},
        {"port", [&](const char* v) { ports = QString::fromUtf8(v); }},
        {"user", [&](const char* v) { address.m_user = QString::fromUtf8(v); }},
        {"dbname", [&](const char* v) { address.m_database = QString::fromUtf8(v); }},
        {"password", [&](const char* v) { address.m_password = v; }},
        {"service", [](const char*) {}},
    }};
    for (const PQconninfoOption* option = options.get(); option->keyword; ++option) {
        if (!option->val)
            continue;
        const auto known = std::ranges::find(own, QByteArray(option->keyword), [](const auto& o) { return o.first; });
        if (known == own.end())
            address.m_options.append(Option(option->keyword, option->val));
        else if (known->first == "service")
            return notUnderstood(Texts::tr("services of pg_service.conf are not supported"));
        else
            known->second(option->val);
    }
    auto list = hostsOf(hosts, addresses, ports);
    if (!list)
        return fail(list.error());
    address.m_hosts = std::move(*list);
    if (address.m_user.isEmpty())
        address.m_user = defaultUser();
    if (address.m_database.isEmpty())
        address.m_database = u"watchkeeper"_s;
    return address;
}

Address Address::socket(const QString& directory, quint16 port, const QString& user, const QString& database)
{
    Address address;
    address.m_hosts = {{directory, {}, port}};
    address.m_user = user;
    address.m_database = database;
    return address;
}

QByteArray Address::sslMode() const
{
    const bool local = std::ranges::all_of(m_hosts, &Host::isLocal);
    return option("sslmode", local ? "prefer" : "verify-full");
}

QByteArray Address::option(const QByteArray& keyword, const QByteArray& fallback) const
{
    const auto found = std::ranges::find(m_options, keyword, &Option::first);
    return found == m_options.end() ? fallback : found->second;
}

void Address::setOption(const QByteArray& keyword, const QByteArray& value)
{
    const auto found = std::ranges::find(m_options, keyword, &Option::first);
    if (found == m_options.end())
        m_options.append(Option(keyword, value));
    else
        found->second = value;
}

bool Address::allowsReadOnly() const
{
    const QByteArray wanted = option("target_session_attrs", "read-write");
    return wanted != "read-write" && wanted != "primary";
}

QString Address::text() const
{
    QStringList hosts;
    for (const Host& host : m_hosts) {
        const QString name = host.isSocket() ? escaped(host.name) : host.name;
        const QString bracketed = name.contains(u':') ? u'[' + name + u']' : name;
        hosts << (host.port == DefaultPort ? bracketed : bracketed + u':' + QString::number(host.port));
    }
    QString uri = u"postgresql://%1@%2/%3"_s.arg(escaped(m_user), hosts.join(u','), escaped(m_database));
    QChar separator = u'?';
    for (const auto& [keyword, value] : m_options) {
        if (keyword == "sslpassword")
            continue;
        uri += separator + QString::fromUtf8(keyword) + u'=' + escaped(QString::fromUtf8(value));
        separator = u'&';
    }
    return uri;
}

QList<Address::Option> Address::connectOptions(const Host& host, const QByteArray& password) const
{
    QList<Option> result{
        {"host", host.name.toUtf8()}, {"port", QByteArray::number(host.port)},
        {"user", m_user.toUtf8()},    {"dbname", m_database.toUtf8()},
        {"client_encoding", "UTF8"},  {"sslmode", sslMode()},
    };
    if (!host.address.isEmpty())
        result.append({"hostaddr", host.address.toUtf8()});
    if (!password.isEmpty())
        result.append({"password", password});
    // Keepalives find a dead peer while nothing is sent, the user timeout while something is.
    QList<Option> defaults{{"application_name", "watchkeeper"}, {"connect_timeout", "10"},    {"keepalives", "1"},
                           {"keepalives_idle", "10"},           {"keepalives_interval", "5"}, {"keepalives_count", "3"},
                           {"tcp_user_timeout", "20000"},       {"gssencmode", "disable"}};
    // Looked at by ourselves once we are in: libpq only says that the session is not acceptable, without a SQLSTATE.
    if (!allowsReadOnly())
        result.emplaceBack("target_session_attrs", "any");
    if (sslMode().startsWith("verify"))
        defaults.append({"sslrootcert", defaultRootCertificates().toUtf8()});
    for (const Option& option : m_options) {
        if (option.first != "target_session_attrs" || allowsReadOnly())
            result.append(option);
    }
    for (const Option& option : defaults) {
        if (this->option(option.first).isNull())
            result.append(option);
    }
    return result;
}

QString defaultRootCertificates()
{
    const QStringList files{QDir::homePath() + u"/.postgresql/root.crt"_s,
                            u"/etc/ssl/certs/ca-certificates.crt"_s,
                            u"/etc/pki/tls/certs/ca-bundle.crt"_s,
                            u"/etc/ssl/ca-bundle.pem"_s,
                            u"/etc/ssl/cert.pem"_s,
                            u"/opt/homebrew/etc/openssl@3/cert.pem"_s};
    const auto found = std::ranges::find_if(files, [](const QString& file) { return QFileInfo(file).isReadable(); });
    return found == files.end() ? QString() : *found;
}

} // namespace wk::store
