// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/connection/ReflectorFeed.h"

#include "cluster/connection/ReflectorFeedPart.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

namespace wk::cluster {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype maxSpaces = 200;
constexpr Backoff::Limits wholeLimits{10'000, 2.0, 300'000, 0.1, 1'200'000};

} // namespace

ReflectorFeed::ReflectorFeed(Setup setup, Services services, Deliver deliver, QObject* parent)
    : QObject(parent), m_setup(std::move(setup)), m_services(std::move(services)), m_deliver(std::move(deliver)),
      m_overdue(m_services.clock, this,
                [this](const table::RowPtr& row) {
                    if (!m_pending.contains(row->id))
                        m_pending.add(row, row);
                    schedule();
                }),
      m_wholeWaits(m_services.clock, m_services.random, wholeLimits)
{
    m_overdue.setColumns(m_setup.renderer->columns());
    m_sentColumns = columns();
}

ReflectorFeed::~ReflectorFeed() { m_parts.clear(); }

void ReflectorFeed::start()
{
    if (m_started)
        return;
    m_started = true;
    if (m_parts.empty())
        addPart(m_setup.space);
    for (const auto& part : m_parts)
        part->m_reflector->start();
}

void ReflectorFeed::addPart(const QString& space) { m_parts.push_back(std::make_unique<Part>(*this, space)); }

void ReflectorFeed::setKind(const ResourceKind& kind, std::shared_ptr<const Renderer> renderer)
{
    m_setup.kind = kind;
    m_setup.renderer = std::move(renderer);
    m_reset = true;
    m_usageCells = UsageCells(m_setup.renderer->columns());
    m_overdue.setColumns(m_setup.renderer->columns());
    for (const auto& part : m_parts) {
        part->m_reflector->stop();
        part->m_store.clear(); // these rows have the other renderer's columns
        part->makeReflector();
        if (m_started)
            part->m_reflector->start();
    }
    TableUpdate update;
    update.kind = kind;
    m_deliver(std::move(update));
}

void ReflectorFeed::stop()
{
    m_started = false;
    m_spacesCall.reset();
    m_wholeTimer.reset();
    m_wholeCall.reset();
    for (const auto& part : m_parts)
        part->m_reflector->stop();
}

void ReflectorFeed::restart()
{
    for (const auto& part : m_parts)
        part->m_reflector->restart();
}

void ReflectorFeed::reopen()
{
    if (!m_split) {
        restart();
        return;
    }
    // Rights may be others now: ask for the whole again.
    m_spacesCall.reset();
    m_wholeTimer.reset();
    m_wholeCall.reset();
    m_parts.clear();
    m_pending.clear();
    m_split = false;
    m_reset = true;
    m_started = false;
    start();
}

void ReflectorFeed::kick()
{
    for (const auto& part : m_parts)
        part->m_reflector->kick();
}

void ReflectorFeed::verify()
{
    for (const auto& part : m_parts)
        part->m_reflector->verify();
}

void ReflectorFeed::setUndecided(bool undecided)
{
    m_undecided = undecided;
    linkChanged();
}

bool ReflectorFeed::notServed() const
{
    return std::ranges::any_of(m_parts, [](const auto& part) {
        const ReflectorStatus& s = part->m_reflector->status();
        return s.refused && s.error && s.error->httpStatus == 404;
    });
}

void ReflectorFeed::onStatus()
{
    using Phase = ReflectorStatus::Phase;
    if (m_parts.size() == 1) {
        const ReflectorStatus& s = m_parts.front()->m_reflector->status();
        if (s.phase == Phase::Refused && s.error && s.error->httpStatus == 403 && !m_split && m_setup.kind.namespaced &&
            m_setup.space.isEmpty()) {
            m_split = true;
            splitBySpace();
        } else if (s.phase == Phase::Refused && s.error && s.error->httpStatus == 404) {
            emit versionMissing();
        }
    }
    linkChanged();
}

/// The whole cluster is forbidden: look into each namespace that can be listed, else into the context's own.
void ReflectorFeed::splitBySpace()
{
    net::Request request;
    request.path = "/api/v1/namespaces";
    request.query = "resourceVersion=0";
    request.headers = {{"Accept", "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"}};
    auto body = std::make_shared<QByteArray>();
    auto status = std::make_shared<int>(0);
    m_spacesCall = m_services.transport.open(
        request, {[status](const net::ResponseHead& head) { *status = head.status; },
                  [body](QByteArrayView bytes) { body->append(bytes); },
                  [this, body, status](const std::optional<Error>& error) {
                      QStringList spaces;
                      if (!error && *status == 200) {
                          const QJsonArray items = QJsonDocument::fromJson(*body).object().value("items"_L1).toArray();
                          for (const auto& item : items)
                              spaces += item.toObject().value("metadata"_L1).toObject().value("name"_L1).toString();
                      }
                      if (spaces.isEmpty() || spaces.size() > maxSpaces)
                          spaces = {m_setup.homeSpace.isEmpty() ? u"default"_s : m_setup.homeSpace};
                      // Parts must not go while one of their reflectors is on the stack.
                      QMetaObject::invokeMethod(
                          this,
                          [this, spaces] {
                              m_parts.front()->m_reflector->stop(); // its rows would be these rows again
                              for (const QString& space : spaces)
                                  addPart(space);
                              for (size_t i = 1; i < m_parts.size(); ++i)
                                  m_parts[i]->m_reflector->start();
                              linkChanged();
                              askForTheWhole();
                          },
                          Qt::QueuedConnection);
                  }});
}

/// A right that comes later, or a server that had just started and did not know its rules yet, must not leave a table
/// with a part of the cluster for good. One object is asked for; what is in it does not matter.
void ReflectorFeed::askForTheWhole()
{
    if (!m_setup.options.watch)
        return;
    m_wholeTimer = m_services.clock.after(this, m_wholeWaits.next(), [this] {
        net::Request request;
        request.path = m_setup.kind.path();
        request.query = "limit=1";
        request.headers = {
            {"Accept", "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"}};
        auto status = std::make_shared<int>(0);
        m_wholeCall = m_services.transport.open(
            request, {[status](const net::ResponseHead& head) { *status = head.status; }, [](QByteArrayView) {},
                      [this, status](const std::optional<Error>& error) {
                          const bool allowed = !error && *status == 200;
                          // The call must not go while it is on the stack.
                          QMetaObject::invokeMethod(
                              this,
                              [this, allowed] {
                                  if (!m_split || !m_started)
                                      return;
                                  if (allowed)
                                      reopen();
                                  else
                                      askForTheWhole();
                              },
                              Qt::QueuedConnection);
                      }});
    });
}

} // namespace wk::cluster
