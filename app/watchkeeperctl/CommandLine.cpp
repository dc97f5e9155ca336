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
    std::function<bool(Arguments&, const QString&)> set;
};

const std::vector<ValueOption>& valueOptions()
{
    static const std::vector<ValueOption> options{
        {u"kubeconfig",
         {},
         [](Arguments& a, const QString& v) {
             a.kubeconfig = v;
             return !v.isEmpty();
         }},
        {u"context",
         {},
         [](Arguments& a, const QString& v) {
             a.context = v;
             return !v.isEmpty();
         }},
        {u"namespace", u'n',
         [](Arguments& a, const QString& v) {
             a.space = v;
             return !v.isEmpty();
         }},
        {u"selector", u'l',
         [](Arguments& a, const QString& v) {
             a.selector = v;
             return true;
         }},
        {u"output", u'o',
         [](Arguments& a, const QString& v) {
             a.output = v;
             return QStringList{u"table"_s, u"wide"_s, u"json"_s, u"yaml"_s, u"name"_s}.contains(v);
         }},
        {u"seconds",
         {},
         [](Arguments& a, const QString& v) {
             bool ok = false;
             a.seconds = v.toDouble(&ok);
             return ok && a.seconds > 0;
         }},
        {u"platform-dir",
         {},
         [](Arguments& a, const QString& v) {
             a.platformDirs << v;
             return !v.isEmpty();
         }},
    };
    return options;
}

bool setFlag(Arguments& a, QStringView name)
{
    if (name == u"all-namespaces")
        a.allSpaces = true;
    else if (name == u"stats")
        a.stats = true;
    else if (name == u"show-secrets")
        a.showSecrets = true;
    else if (name == u"final")
        a.finalOnly = true;
    else if (name == u"most-recent")
        a.mostRecent = true;
    else if (name == u"help")
        a.help = true;
    else if (name == u"version")
        a.version = true;
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
        const auto option = std::ranges::find_if(valueOptions(), [&](const ValueOption& o) {
            return isLong ? o.longName == name : (!o.shortName.isNull() && o.shortName == name[0]);
        });
        if (option == valueOptions().end())
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
        if (!option->set(a, value))
            return misuse(tr("\"%1\" is not a value for the option %2").arg(value, word));
    }
    return a;
}

QString usage()
{
    return tr(R"(watchkeeperctl - Watchkeeper's models from a terminal

  watchkeeperctl platforms [--platform-dir DIR]        the platforms, a line each
  watchkeeperctl platforms check FILE...               every mistake in platform files, as file:line:column
  watchkeeperctl contexts                              the contexts of the kubeconfig
  watchkeeperctl doctor                                step by step, why a connection works or does not
  watchkeeperctl get KIND [NAME]                       a list, with kubectl's columns in kubectl's order
  watchkeeperctl watch KIND [--seconds N] [--final]    a list, followed live; --final prints only the table at the end

Options
  --kubeconfig FILE    instead of $KUBECONFIG or ~/.kube/config
  --context NAME       instead of the current context
  -n, --namespace NS   a namespace; -A, --all-namespaces: all of them
  -l, --selector SEL   a label selector, as in kubectl
  -o, --output FORM    table (default), wide, json, yaml, name
  --most-recent        read from etcd, as kubectl does, and not from the API server's cache: slower, and never behind
  --show-secrets       with -o json or yaml: values of secrets too; they are left out otherwise
  --stats              one JSON line on standard error: synced_s (process start to sorted table), objects, bytes, events,
                       peak_rss_mib

Exit codes: 0 done; 1 refused (not found, forbidden, not served, mistakes in a checked file); 2 the command line cannot be
understood; 3 no usable kubeconfig, connection or credential.
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
