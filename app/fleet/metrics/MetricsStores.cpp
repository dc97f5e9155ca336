// SPDX-License-Identifier: GPL-3.0-or-later
// What the exporters of PostgreSQL and Redis show, and what the business counts.
#include "fleet/metrics/Metrics.h"
#include "fleet/world/Rng.h"
#include "fleet/world/Traffic.h"

#include <cmath>

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

double loadOf(const Cluster& c) { return platformRate(c.spec, c.seed, c.nowMs) / std::max(1.0, c.spec.peakRps); }

struct Figure
{
    const char *platform, *name, *type, *help;
    double (*value)(const Cluster&, double rate);
    const char *label = nullptr, *is = nullptr;
};

double whole(double value) { return std::floor(value); }
double served(const Cluster& c, double share) { return whole(c.served * share); }
double everyUser(const Cluster& c, double aDay) { return whole(double(c.nowMs) / 86'400'000.0 * aDay - 19'000 * aDay); }

// What each platform counts of its business; `served` are the requests that it has answered.
const Figure figures[] = {
    {"streamgate", "active_users", "gauge", "Users who did something lately.",
     [](const Cluster&, double rate) { return std::round(rate * 5.2); }},
    {"streamgate", "content_uploads_total", "counter", "Uploads.",
     [](const Cluster& c, double) { return whole(c.uploads); }},
    {"streamgate", "streaming_sessions_active", "gauge", "Streams that are being sent.",
     [](const Cluster&, double rate) { return std::round(rate * 2.1); }},
    {"streamgate", "users_total", "counter", "Users.", [](const Cluster& c, double) { return everyUser(c, 140); }},
    {"streamgate", "revenue_usd_total", "counter", "Takings.",
     [](const Cluster& c, double) { return whole(c.revenue * 100) / 100; }},
    {"social-live", "active_users", "gauge", "Users who did something lately.",
     [](const Cluster&, double rate) { return std::round(rate * 5.2); }},
    {"social-live", "posts_created_total", "counter", "Posts.",
     [](const Cluster& c, double) { return served(c, 0.0008); }},
    {"social-live", "content_uploads_total", "counter", "Uploads.",
     [](const Cluster& c, double) { return whole(c.uploads); }},
    {"social-live", "streaming_sessions_active", "gauge", "Streams that are being sent.",
     [](const Cluster&, double rate) { return std::round(rate * 0.6); }},
    {"social-live", "users_total", "counter", "Users.", [](const Cluster& c, double) { return everyUser(c, 61); }},
    {"social-live", "revenue_usd_total", "counter", "Takings.",
     [](const Cluster& c, double) { return whole(c.revenue * 100) / 100; }},
    {"stratmaster", "active_users", "gauge", "Users who did something lately.",
     [](const Cluster&, double rate) { return std::round(rate * 2.4); }},
    {"stratmaster", "active_sessions", "gauge", "Sessions that are open.",
     [](const Cluster&, double rate) { return std::round(rate * 3.1); }},
    {"stratmaster", "workflows_finished_total", "counter", "Workflows that ended.",
     [](const Cluster& c, double) { return served(c, 0.00057); }, "outcome", "completed"},
    {"stratmaster", "workflows_finished_total", "counter", "Workflows that ended.",
     [](const Cluster& c, double) { return served(c, 0.00004); }, "outcome", "failed"},
    {"stratmaster", "approval_workflow_duration_seconds_sum", "counter", "Time from request to decision.",
     [](const Cluster& c, double) { return served(c, 0.0002) * 5'040; }},
    {"stratmaster", "approval_workflow_duration_seconds_count", "counter", "Approvals that were decided.",
     [](const Cluster& c, double) { return served(c, 0.0002); }},
    {"stratmaster", "constitutional_checks_total", "counter", "Constitutional checks.",
     [](const Cluster& c, double) { return served(c, 0.00394); }, "result", "passed"},
    {"stratmaster", "constitutional_checks_total", "counter", "Constitutional checks.",
     [](const Cluster& c, double) { return served(c, 0.00006); }, "result", "failed"},
    {"stratmaster", "user_satisfaction_score", "gauge", "Score of user satisfaction, 1 to 5.",
     [](const Cluster& c, double) { return 4.3 + 0.15 * smoothNoise(c.seed ^ 0x5a, c.nowMs, 86'400'000); }},
    {"stratmaster", "ml_inference_duration_seconds_sum", "counter", "Time that inferences took.",
     [](const Cluster& c, double) { return served(c, 0.15) * 0.18; }},
    {"stratmaster", "ml_inference_duration_seconds_count", "counter", "Inferences.",
     [](const Cluster& c, double) { return served(c, 0.15); }},
    {"tchat", "active_users", "gauge", "Users who did something lately.",
     [](const Cluster&, double rate) { return std::round(rate * 9.5); }},
    {"tchat", "messages_sent_total", "counter", "Messages sent.",
     [](const Cluster& c, double) { return served(c, 0.35); }},
    {"tchat", "notifications_sent_total", "counter", "Notifications delivered.",
     [](const Cluster& c, double) { return served(c, 0.22); }},
    {"tchat", "payments_total", "counter", "Payments.", [](const Cluster& c, double) { return served(c, 0.0039); },
     "result", "succeeded"},
    {"tchat", "payments_total", "counter", "Payments.", [](const Cluster& c, double) { return served(c, 0.00008); },
     "result", "failed"},
    {"tchat", "revenue_usd_total", "counter", "Takings.",
     [](const Cluster& c, double) { return whole(c.revenue * 100) / 100; }},
};

} // namespace

void exposePostgres(Exposition& t, const Cluster& c)
{
    const double load = loadOf(c), wave = smoothNoise(c.seed ^ 0xdb, c.nowMs, 120'000);
    const QString db = c.spec.id;
    const auto one = [&](const char* name, const char* type, const char* help, double value) {
        t.family(name, type, help);
        t.sample({{"datname", db}}, value);
    };
    t.family("pg_up", "gauge", "Whether PostgreSQL answers.");
    t.sample({}, 1);
    t.family("pg_settings_max_connections", "gauge", "Connection limit.");
    t.sample({}, 100);
    t.family("pg_settings_superuser_reserved_connections", "gauge", "Connections kept for superusers.");
    t.sample({}, 3);
    t.family("pg_stat_activity_count", "gauge", "Sessions by state.");
    t.sample({{"datname", db}, {"state", u"active"_s}}, std::round(3 + 14 * load + wave));
    t.sample({{"datname", db}, {"state", u"idle"_s}}, std::round(15 + 38 * load));
    one("pg_stat_database_numbackends", "gauge", "Connections.", std::round(18 + 52 * load + 4 * wave));
    one("pg_stat_database_xact_commit", "counter", "Committed transactions.", std::floor(c.transactions));
    one("pg_stat_database_xact_rollback", "counter", "Rolled back transactions.", std::floor(c.transactions * 0.004));
    one("pg_stat_database_blks_hit", "counter", "Blocks found in shared buffers.", std::floor(c.transactions * 88.6));
    one("pg_stat_database_blks_read", "counter", "Blocks read from disk.", std::floor(c.transactions * 1.2));
    one("pg_stat_statements_calls_total", "counter", "Statements.", std::floor(c.transactions * 3));
    one("pg_stat_statements_seconds_total", "counter", "Time that statements took.", c.statementSeconds);
    one("pg_long_running_transactions", "gauge", "Transactions open for more than a minute.",
        std::max(0.0, std::round(1.2 * load + 1.4 * wave)));
    one("pg_database_size_bytes", "gauge", "Size of the database.",
        std::floor(42e9 + double(c.nowMs % (365LL * 86'400'000)) / 1000.0 * 180));
}

void exposeRedis(Exposition& t, const Cluster& c)
{
    const double load = loadOf(c), wave = smoothNoise(c.seed ^ 0xdb, c.nowMs, 120'000);
    const auto one = [&](const char* name, const char* type, const char* help, double value) {
        t.family(name, type, help);
        t.sample({}, value);
    };
    one("redis_up", "gauge", "Whether Redis answers.", 1);
    one("redis_connected_clients", "gauge", "Clients.", std::round(40 + 160 * load));
    one("redis_config_maxclients", "gauge", "Limit of clients.", 10'000);
    one("redis_memory_used_bytes", "gauge", "Memory in use.", std::floor(4.1e8 + 5.5e8 * load + 2e7 * wave));
    one("redis_memory_max_bytes", "gauge", "Memory limit.", 2147483648.0);
    one("redis_keyspace_hits_total", "counter", "Look-ups that found a key.", std::floor(c.cacheHits));
    one("redis_keyspace_misses_total", "counter", "Look-ups that found none.", std::floor(c.cacheMisses));
}

void exposeBusiness(Exposition& t, const Cluster& c)
{
    const double rate = platformRate(c.spec, c.seed, c.nowMs);
    for (const Figure& figure : figures) {
        if (c.spec.id != QLatin1StringView(figure.platform))
            continue;
        t.family(figure.name, figure.type, figure.help);
        if (figure.label)
            t.sample({{figure.label, QString::fromLatin1(figure.is)}}, figure.value(c, rate));
        else
            t.sample({}, figure.value(c, rate));
    }
}

} // namespace wk::fleet
