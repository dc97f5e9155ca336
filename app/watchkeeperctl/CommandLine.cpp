// SPDX-License-Identifier: GPL-3.0-or-later
#include "CommandLine.h"

#include "Commands.h"

#include <QtCore/QCoreApplication>

#include <cstdio>

namespace wk::ctl {

using namespace Qt::StringLiterals;

namespace {

QString tr(const char* text) { return QCoreApplication::translate("wk::ctl", text); }

struct ValueOption
{
    QStringView longName;
    QChar shortName;
    bool (*set)(Arguments&, const QString&); ///< false: not a value for it
};

/// Keeps the value, which must not be empty.
template <QString Arguments::*member>
bool keep(Arguments& a, const QString& value)
{
    a.*member = value;
    return !value.isEmpty();
}

bool addContext(Arguments& a, const QString& value)
{
    a.contexts << value;
    return keep<&Arguments::context>(a, value);
}

bool setSelector(Arguments& a, const QString& value)
{
    a.selector = value;
    return true;
}

bool setOutput(Arguments& a, const QString& value)
{
    a.output = value;
    return QStringList{u"table"_s, u"wide"_s, u"json"_s, u"yaml"_s, u"name"_s, u"csv"_s}.contains(value);
}

bool setSeconds(Arguments& a, const QString& value)
{
    bool ok = false;
    a.seconds = value.toDouble(&ok);
    return ok && a.seconds > 0;
}

bool addPlatformDir(Arguments& a, const QString& value)
{
    a.platformDirs << value;
    return !value.isEmpty();
}

constexpr ValueOption valueOptions[] = {
    {u"kubeconfig", {}, keep<&Arguments::kubeconfig>},
    {u"context", {}, addContext},
    {u"namespace", u'n', keep<&Arguments::space>},
    {u"selector", u'l', setSelector},
    {u"output", u'o', setOutput},
    {u"seconds", {}, setSeconds},
    {u"store", {}, keep<&Arguments::store>},
    {u"platform-dir", {}, addPlatformDir},
};

/// With a value, as it is; which command takes which, and what may stand there, is the command's to say.
constexpr QLatin1StringView storeOptions[] = {"platform"_L1,
                                              "cluster"_L1,
                                              "plan"_L1,
                                              "template"_L1,
                                              "title"_L1,
                                              "type"_L1,
                                              "risk"_L1,
                                              "what"_L1,
                                              "why"_L1,
                                              "impact"_L1,
                                              "tests"_L1,
                                              "incident"_L1,
                                              "note"_L1,
                                              "reason"_L1,
                                              "comment"_L1,
                                              "rollback-plan"_L1,
                                              "rollback-minutes"_L1,
                                              "data-recovery"_L1,
                                              "not-before"_L1,
                                              "not-after"_L1,
                                              "code"_L1,
                                              "sha256"_L1,
                                              "state"_L1,
                                              "timeout"_L1,
                                              "from"_L1,
                                              "to"_L1,
                                              "request"_L1,
                                              "person"_L1,
                                              "action"_L1,
                                              "text"_L1,
                                              "limit"_L1,
                                              "name"_L1,
                                              "zone"_L1,
                                              "days"_L1,
                                              "file"_L1,
                                              "step"_L1,
                                              "time"_L1,
                                              "for"_L1};
constexpr QLatin1StringView storeFlags[] = {"submit"_L1, "wait"_L1,   "mine"_L1,    "waiting"_L1,         "dry-run"_L1,
                                            "yes"_L1,    "no-pin"_L1, "as-plan"_L1, "stop-after-step"_L1, "tests"_L1};

template <size_t N>
bool isOneOf(const QLatin1StringView (&names)[N], QStringView name)
{
    return std::ranges::any_of(names, [name](QLatin1StringView known) { return name == known; });
}

bool setFlag(Arguments& a, QStringView name)
{
    static constexpr std::pair<QStringView, bool Arguments::*> flags[] = {
        {u"all-namespaces", &Arguments::allSpaces},
        {u"stats", &Arguments::stats},
        {u"show-secrets", &Arguments::showSecrets},
        {u"final", &Arguments::finalOnly},
        {u"most-recent", &Arguments::mostRecent},
        {u"password-stdin", &Arguments::passwordStdin},
        {u"save-password", &Arguments::savePassword},
        {u"new-password", &Arguments::newPassword},
        {u"help", &Arguments::help},
        {u"version", &Arguments::version},
    };
    const auto flag = std::ranges::find(flags, name, &std::pair<QStringView, bool Arguments::*>::first);
    if (flag != std::end(flags))
        a.*flag->second = true;
    else if (isOneOf(storeFlags, name))
        a.named[name.toString()] << QString();
    else
        return false;
    return true;
}

std::unexpected<Error> misuse(const QString& sentence)
{
    return fail(Error::Kind::BadInput, sentence, {}, tr("Run `watchkeeperctl help` for the options"));
}

} // namespace

Result<Arguments> parseArguments(const QStringList& words)
{
    Arguments a;
    bool optionsEnded = false;
    for (qsizetype i = 0; i < words.size(); ++i) {
        QString word = words[i];
        if (optionsEnded || !word.startsWith(u'-') || word == u"-") {
            if (a.verb.isEmpty())
                a.verb = word;
            else
                a.words << word;
            continue;
        }
        if (word == u"--") {
            optionsEnded = true;
            continue;
        }
        if (word == u"-A")
            word = u"--all-namespaces"_s;
        else if (word == u"-h")
            word = u"--help"_s;
        const bool isLong = word.startsWith(u"--");
        const qsizetype equals = word.indexOf(u'=');
        const QString name = isLong ? word.sliced(2, (equals < 0 ? word.size() : equals) - 2) : word.sliced(1, 1);
        if (isLong && equals < 0 && setFlag(a, name))
            continue;
        const auto option = std::ranges::find_if(valueOptions, [&](const ValueOption& o) {
            return isLong ? o.longName == name : (!o.shortName.isNull() && o.shortName == name[0]);
        });
        const bool isNamed = isLong && isOneOf(storeOptions, name);
        if (option == std::end(valueOptions) && !isNamed)
            return misuse(tr("There is no option %1").arg(word));
        QString value;
        if (isLong && equals >= 0)
            value = word.sliced(equals + 1);
        else if (!isLong && word.size() > 2)
            value = word.sliced(word[2] == u'=' ? 3 : 2);
        else if (i + 1 < words.size())
            value = words[++i];
        else
            return misuse(tr("The option %1 needs a value").arg(word));
        if (isNamed)
            a.named[name] << value;
        else if (!option->set(a, value))
            return misuse(tr("\"%1\" is not a value for the option %2").arg(value, word));
    }
    return a;
}

QString usage()
{
    return tr(R"(watchkeeperctl - Watchkeeper's models from a terminal

  watchkeeperctl platforms [--platform-dir DIR]        the platforms, a line each
  watchkeeperctl platforms check FILE...               every mistake in platform files, as file:line:column
  watchkeeperctl platform rules NAME [--tests]         its thresholds and SLOs as Prometheus rules; tests for promtool
  watchkeeperctl platform queries NAME                 what its dashboards ask Prometheus
  watchkeeperctl query PLATFORM|URL QUERY [--time T]   what its Prometheus says to a query now, or at a moment
  watchkeeperctl query-range PLATFORM|URL QUERY [--from 6h] [--to now] [--step 1m]   the same over a range
  watchkeeperctl slo PLATFORM                          its objectives with what is left of their budgets, and its targets
  watchkeeperctl health PLATFORM [SERVICE...]          whether its services answer, each asked once; 1 where one is down
  watchkeeperctl contexts                              the contexts of the kubeconfig
  watchkeeperctl doctor                                step by step, why a connection works or does not
  watchkeeperctl get KIND [NAME]                       a list, with kubectl's columns in kubectl's order
  watchkeeperctl watch KIND [--seconds N] [--final]    a list, followed live; --final prints only the table at the end
  watchkeeperctl store status|whoami|psql-uri          where the store is and how it is; who you are to it; its address for psql
  watchkeeperctl store init [ADMIN...]                 prepares a team's database, made if need be, and its first admins
  watchkeeperctl store migrate                         brings the schema of the store to this program's version
  watchkeeperctl store grant PERSON ROLE[@PLATFORM]... admits a person; roles: viewer operator tech-lead security operations admin
  watchkeeperctl store revoke PERSON [ROLE[@PLATFORM]...]  takes roles back; without a role: all of them, and the admission
  watchkeeperctl store clusters                            the clusters that are registered, and the class that each counts as
  watchkeeperctl store cluster PLATFORM NAME CLASS         development, staging or production; a lower one counts a day later,
  watchkeeperctl store confirm-cluster PLATFORM NAME CLASS or as soon as another admin agrees
  watchkeeperctl change new|show|list|approve|execute... change requests; `help change` says more
  watchkeeperctl action NAME KIND/NAME [--dry-run]     one action, or what it would change; `help action`
  watchkeeperctl alerts PLATFORM|URL                   what its Alertmanager has now, from all replicas
  watchkeeperctl silence list|add|expire PLATFORM...   add PLATFORM MATCHER... --for 2h --reason TEXT; expire PLATFORM ID;
                                                       through the store, as every change; list takes a URL, too
  watchkeeperctl audit verify|list|export              the record of all changes; `help audit`
  watchkeeperctl secret set|remove|check NAME          an entry of the keychain with which a platform file logs in: shop/prometheus;
                                                       set reads it at the terminal or from standard input, never from here
  watchkeeperctl secret list                           what is stored for what, since when, and what is missing; no secret

Options
  --kubeconfig FILE    instead of $KUBECONFIG or ~/.kube/config
  --context NAME       instead of the current context
  -n, --namespace NS   a namespace; -A, --all-namespaces: all of them
  -l, --selector SEL   a label selector, as in kubectl
  -o, --output FORM    table (default), wide, json, yaml, name; csv for queries
  --most-recent        read from etcd, as kubectl does, and not from the API server's cache: slower, and never behind
  --show-secrets       with -o json or yaml: values of secrets too; they are left out otherwise
  --store URI          instead of $WATCHKEEPER_STORE or your own private store: postgresql://person@db1,db2/watchkeeper
  --password-stdin     the store's password is the next line of standard input; otherwise PGPASSFILE or ~/.pgpass, the
                       keychain, or a question at the terminal. Never on the command line
  --save-password      keeps a password that was typed in the keychain
  --new-password       with grant: sets a password for the person, asked for at the terminal or read from standard input
  --stats              one JSON line on standard error: synced_s (process start to sorted table), objects, bytes, events,
                       peak_rss_mib

Exit codes: 0 done; 1 refused (not found, forbidden, not served, mistakes in a checked file); 2 the command line cannot be
understood; 3 no usable kubeconfig, store, connection or credential.
)");
}

Result<platform::ResolvedContext> resolveContext(const Arguments& arguments)
{
    auto config = arguments.kubeconfig.isEmpty() ? platform::KubeConfig::loadList(platform::KubeConfig::defaultPaths())
                                                 : platform::KubeConfig::loadFile(arguments.kubeconfig);
    if (!config)
        return fail(config.error());
    auto resolved = config->resolve(arguments.context);
    // A context that cannot be used is a matter of the connection, whatever was wrong with the words.
    return resolved;
}

void printError(const Error& error)
{
    const QString text = u"watchkeeperctl: "_s + error.text() + u'\n';
    std::fputs(text.toUtf8().constData(), stderr);
    if (!error.detail.isEmpty())
        std::fputs((u"  "_s + error.detail.trimmed().replace(u'\n', u"\n  "_s) + u'\n').toUtf8().constData(), stderr);
}

void printLine(const QString& line) { std::fputs((line + u'\n').toUtf8().constData(), stdout); }

void printColumns(const QList<QStringList>& lines)
{
    QList<qsizetype> widths(lines.value(0).size(), 0);
    for (const QStringList& line : lines) {
        for (qsizetype i = 0; i < line.size(); ++i)
            widths[i] = std::max(widths[i], line[i].size());
    }
    for (const QStringList& line : lines) {
        QString text;
        for (qsizetype i = 0; i < line.size(); ++i)
            text += i + 1 < line.size() ? line[i].leftJustified(widths[i] + 3) : line[i];
        printLine(text);
    }
}

void printNote(const QString& line) { std::fputs((u"watchkeeperctl: "_s + line + u'\n').toUtf8().constData(), stderr); }

int exitCodeOf(const Error& error)
{
    switch (error.kind) {
    case Error::Kind::Network:
    case Error::Kind::Tls:
    case Error::Kind::Unauthorized: return NoConnection;
    default: return Refused;
    }
}

} // namespace wk::ctl
