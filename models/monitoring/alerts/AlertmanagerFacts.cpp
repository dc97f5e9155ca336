// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/alerts/AlertmanagerFacts.h"

#include "monitoring/alerts/JsonMembers.h"

#include <QtCore/QCoreApplication>

#include <array>

namespace wk::monitoring {

using namespace Qt::StringLiterals;
using namespace members;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::monitoring::AlertmanagerFacts)
};

Error unreadable(const QString& detail)
{
    return {Error::Kind::Protocol,
            Texts::tr("The answer is not what Alertmanager answers: %1.").arg(detail),
            {},
            Texts::tr("Is this the address of an Alertmanager 0.16 or newer, and not of Prometheus itself?")};
}

constexpr std::array managedStates{"active", "unprocessed", "suppressed"};
constexpr std::array silenceStates{"pending", "active", "expired"};

/// The state with that name among `names`; nullopt where there is none.
template <typename State, std::size_t N>
std::optional<State> stateIn(Element status, const std::array<const char*, N>& names)
{
    const QString written = text(status, "state");
    for (std::size_t i = 0; i < N; ++i)
        if (written == QLatin1StringView(names[i]))
            return State(i);
    return std::nullopt;
}

Element member(Element object, const char* name)
{
    Element out;
    return object[name].get(out) == simdjson::SUCCESS ? out : Element();
}

bool has(Element object, const char* name) { return object[name].error() == simdjson::SUCCESS; }

QStringList texts(Element object, const char* name)
{
    QStringList out;
    each(object, name, [&](Element item) {
        std::string_view written;
        if (item.get_string().get(written) == simdjson::SUCCESS)
            out << cluster::render::shared(written);
    });
    return out;
}

bool truth(Element object, const char* name, bool otherwise)
{
    bool out = otherwise;
    return object[name].get_bool().get(out) == simdjson::SUCCESS ? out : otherwise;
}

// What makes an item unreadable is said by a name; null where it is read.

const char* readOne(Element item, ManagedAlert& out)
{
    if (!has(item, "labels") || !has(item, "status"))
        return QT_TRANSLATE_NOOP("wk::monitoring::AlertmanagerFacts", "an alert in it has no labels or no status");
    const Element status = member(item, "status");
    const auto state = stateIn<ManagedAlert::State>(status, managedStates);
    if (!state)
        return QT_TRANSLATE_NOOP("wk::monitoring::AlertmanagerFacts", "an alert in it is in a state that is not known");
    out.fingerprint = text(item, "fingerprint");
    if (out.fingerprint.isEmpty())
        return QT_TRANSLATE_NOOP("wk::monitoring::AlertmanagerFacts", "an alert in it has no fingerprint");
    out.labels = labels(item, "labels");
    out.annotations = labels(item, "annotations");
    out.state = *state;
    out.silencedBy = texts(status, "silencedBy");
    out.inhibitedBy = texts(status, "inhibitedBy");
    each(item, "receivers", [&](Element receiver) { out.receivers << text(receiver, "name"); });
    out.startsAt = instant(item, "startsAt");
    out.endsAt = instant(item, "endsAt");
    out.updatedAt = instant(item, "updatedAt");
    out.generatorUrl = text(item, "generatorURL");
    return nullptr;
}

const char* readOne(Element item, AlertGroup& out)
{
    if (!has(item, "receiver") || !has(item, "alerts"))
        return QT_TRANSLATE_NOOP("wk::monitoring::AlertmanagerFacts", "a group in it has no receiver or no alerts");
    out.labels = labels(item, "labels");
    out.receiver = text(member(item, "receiver"), "name");
    const char* problem = nullptr;
    each(item, "alerts", [&](Element alert) {
        ManagedAlert one;
        if (const char* wrong = readOne(alert, one))
            problem = wrong;
        out.alerts.push_back(std::move(one));
    });
    return problem;
}

const char* readOne(Element item, QString& out)
{
    out = text(item, "name");
    return out.isEmpty() ? QT_TRANSLATE_NOOP("wk::monitoring::AlertmanagerFacts", "a receiver in it has no name")
                         : nullptr;
}

const char* readOne(Element item, Silence& out)
{
    out.id = text(item, "id");
    if (out.id.isEmpty() || !has(item, "status") || !has(item, "matchers"))
        return QT_TRANSLATE_NOOP("wk::monitoring::AlertmanagerFacts",
                                 "a silence in it has no id, no status or no matchers");
    const auto state = stateIn<Silence::State>(member(item, "status"), silenceStates);
    if (!state)
        return QT_TRANSLATE_NOOP("wk::monitoring::AlertmanagerFacts",
                                 "a silence in it is in a state that is not known");
    out.state = *state;
    each(item, "matchers", [&](Element one) {
        out.matchers.push_back({text(one, "name"), text(one, "value"), truth(one, "isRegex", false),
                                truth(one, "isEqual", true)}); // absent before 0.22, and then it is meant
    });
    out.startsAt = instant(item, "startsAt");
    out.endsAt = instant(item, "endsAt");
    out.updatedAt = instant(item, "updatedAt");
    out.createdBy = text(item, "createdBy");
    out.comment = text(item, "comment");
    return nullptr;
}

/// read(root) gives what is wrong with it.
template <typename Read>
Result<void> parse(QByteArrayView body, const Read& read)
{
    if (body.isEmpty())
        return fail(unreadable(Texts::tr("it is empty")));
    simdjson::dom::parser parser;
    Element root;
    if (const auto error = parser.parse(body.data(), std::size_t(body.size())).get(root)) {
        Error out = unreadable(Texts::tr("it is no JSON, or it breaks off"));
        out.detail = QString::fromLatin1(simdjson::error_message(error));
        return fail(std::move(out));
    }
    if (const char* problem = read(root))
        return fail(unreadable(Texts::tr(problem)));
    return {};
}

/// An array of items; null, as Go writes an empty one, is one without.
template <typename T>
Result<T> readAll(QByteArrayView body)
{
    T out;
    const auto read = parse(body, [&](Element root) -> const char* {
        if (root.is_null())
            return nullptr;
        simdjson::dom::array items;
        if (root.get_array().get(items) != simdjson::SUCCESS)
            return QT_TRANSLATE_NOOP("wk::monitoring::AlertmanagerFacts", "it is no list");
        for (const Element item : items) {
            typename T::value_type one;
            if (const char* problem = readOne(item, one))
                return problem;
            out.push_back(std::move(one));
        }
        return nullptr;
    });
    return read ? Result<T>(std::move(out)) : fail(read.error());
}

} // namespace

QString managedStateName(ManagedAlert::State state) { return QLatin1StringView(managedStates[std::size_t(state)]); }

QString silenceStateName(Silence::State state) { return QLatin1StringView(silenceStates[std::size_t(state)]); }

Result<AlertmanagerStatus> readAlertmanagerStatus(QByteArrayView body)
{
    AlertmanagerStatus out;
    const auto read = parse(body, [&](Element root) -> const char* {
        if (!has(root, "cluster") || !has(root, "versionInfo"))
            return QT_TRANSLATE_NOOP("wk::monitoring::AlertmanagerFacts", "it names no version and no cluster");
        const Element cluster = member(root, "cluster"), version = member(root, "versionInfo");
        out.version = text(version, "version");
        out.revision = text(version, "revision");
        out.startedAt = instant(root, "uptime");
        out.clusterName = text(cluster, "name");
        out.clusterState = text(cluster, "status");
        each(cluster, "peers", [&](Element peer) { out.peers.push_back({text(peer, "name"), text(peer, "address")}); });
        if (has(root, "config"))
            out.configuration = text(member(root, "config"), "original");
        return nullptr;
    });
    return read ? Result<AlertmanagerStatus>(std::move(out)) : fail(read.error());
}

Result<std::vector<ManagedAlert>> readManagedAlerts(QByteArrayView body)
{
    return readAll<std::vector<ManagedAlert>>(body);
}
Result<std::vector<AlertGroup>> readAlertGroups(QByteArrayView body) { return readAll<std::vector<AlertGroup>>(body); }
Result<QStringList> readReceivers(QByteArrayView body) { return readAll<QStringList>(body); }
Result<std::vector<Silence>> readSilences(QByteArrayView body) { return readAll<std::vector<Silence>>(body); }

Result<QString> readSilenceId(QByteArrayView body)
{
    QString out;
    const auto read = parse(body, [&](Element root) -> const char* {
        out = text(root, "silenceID");
        return out.isEmpty() ? QT_TRANSLATE_NOOP("wk::monitoring::AlertmanagerFacts", "it names no silence") : nullptr;
    });
    return read ? Result<QString>(std::move(out)) : fail(read.error());
}

} // namespace wk::monitoring
