// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/HttpTransport.h"

#include "net/HttpExchange.h"
#include "net/HttpRemedies.h"
#include "net/TlsAtExit.h"
#include "net/TlsSetup.h"

#include <QtCore/QCoreApplication>
#include <QtNetwork/QNetworkAccessManager>
#include <QtNetwork/QNetworkRequest>

#include <list>

namespace wk::net {

using namespace Qt::StringLiterals;

Q_COREAPP_STARTUP_FUNCTION(leaveTlsToTheEnd)

namespace {

/// Of Qt's six connections per manager; the rest is left for connections that are still closing.
constexpr int StreamsPerManager = 4;
constexpr qsizetype ReadChunkBytes = 256 << 10;

std::unique_ptr<QNetworkAccessManager> makeManager(const QNetworkProxy& proxy)
{
    auto manager = std::make_unique<QNetworkAccessManager>();
    manager->setProxy(proxy);
    manager->setAutoDeleteReplies(false);
    manager->setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
    manager->setTransferTimeout(0); // one that is set here cannot be switched off for a single request
    return manager;
}

void setHeaders(QNetworkRequest& request, const Headers& headers)
{
    for (const auto& [name, value] : headers) {
        // Two headers of one name (Impersonate-Group): Qt before 6.8 keeps only the last. It writes a value as it is,
        // so a second field line inside the value reaches the server as a header of its own. Values with line breaks
        // from outside never come here: open() refuses them.
        const QByteArray before =
            request.hasRawHeader(name) ? request.rawHeader(name) + "\r\n" + name + ": " : QByteArray();
        request.setRawHeader(name, before + value);
    }
}

bool isSafe(const Headers& headers)
{
    const auto clean = [](const QByteArray& s) { return !s.contains('\r') && !s.contains('\n') && !s.contains('\0'); };
    return std::ranges::all_of(headers,
                               [&](const auto& h) { return clean(h.first) && clean(h.second) && !h.first.isEmpty(); });
}

/// What the caller holds.
class Handle final : public Exchange
{
public:
    explicit Handle(std::shared_ptr<HttpExchange> run) : m_run(std::move(run)) {}
    ~Handle() override { m_run->cancel(); }
    void setPaused(bool paused) override { m_run->setPaused(paused); }

private:
    std::shared_ptr<HttpExchange> m_run;
};

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::net::HttpTransport)
};

} // namespace

class HttpTransport::Pool : public std::enable_shared_from_this<HttpTransport::Pool>
{
public:
    Pool(HttpOptions options, Clock& clock) : m_options(std::move(options)), m_clock(clock)
    {
        m_gzip = m_options.compression == HttpOptions::Compression::On ||
                 (m_options.compression == HttpOptions::Compression::Auto &&
                  (!isNearAddress(m_options.base.host()) || !effectiveProxy(m_options).isEmpty()));
        if (const auto tls = tlsSetup(m_options))
            m_tls = *tls;
        else
            m_broken = tls.error();
        if (const auto proxy = proxySetup(effectiveProxy(m_options), m_options.asked))
            m_proxy = *proxy;
        else
            m_broken = proxy.error();
        const QString scheme = m_options.base.scheme();
        if ((scheme != "https"_L1 && scheme != "http"_L1) || m_options.base.host().isEmpty()) {
            m_broken = Error{Error::Kind::BadInput,
                             Texts::tr("“%1” is no http:// or https:// address.").arg(m_options.base.toDisplayString()),
                             {},
                             remedyText(Remedy::Scheme, m_options.asked)};
        } else if (!isSafe(m_options.defaultHeaders)) {
            m_broken = Error{Error::Kind::BadInput,
                             Texts::tr("A credential or a name holds a line break and cannot be sent."),
                             {},
                             {}};
        }
        m_prefix =
            m_options.base
                .adjusted(QUrl::RemoveQuery | QUrl::RemoveFragment | QUrl::StripTrailingSlash | QUrl::RemoveUserInfo)
                .toEncoded();
    }

    std::shared_ptr<HttpExchange> open(const Request& request, Handlers handlers)
    {
        auto run = std::make_shared<HttpExchange>(m_options, m_clock, request, std::move(handlers), m_buffer);
        m_runs.push_back(run);
        run->released = [weak = weak_from_this(), raw = run.get()] {
            if (const auto pool = weak.lock())
                pool->forget(raw);
        };
        if (m_broken) {
            run->startFailed(*m_broken);
        } else if (!isSafe(request.headers)) {
            run->startFailed({Error::Kind::BadInput, Texts::tr("A request header holds a line break."), {}, {}});
        } else {
            run->start(managerFor(request.lane, run.get()), build(request));
        }
        return run;
    }

    void close()
    {
        const auto runs = std::exchange(m_runs, {});
        for (const auto& run : runs)
            run->cancel();
        m_streams.clear();
        m_calls.reset();
    }

    [[nodiscard]] int running() const { return int(m_runs.size()); }
    [[nodiscard]] int streamManagers() const { return int(m_streams.size()); }
    [[nodiscard]] const HttpOptions& options() const { return m_options; }

private:
    struct StreamSlot
    {
        std::unique_ptr<QNetworkAccessManager> manager;
        std::vector<const HttpExchange*> users;
    };

    QNetworkRequest build(const Request& request) const
    {
        QByteArray address = m_prefix + request.path;
        if (!request.query.isEmpty())
            address += '?' + request.query;
        QNetworkRequest out(QUrl::fromEncoded(address));
        out.setSslConfiguration(m_tls);
        if (!m_options.tlsServerName.isEmpty())
            out.setPeerVerifyName(m_options.tlsServerName);
        out.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
        out.setAttribute(QNetworkRequest::HttpPipeliningAllowedAttribute, false);
        out.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
        out.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
        out.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
        out.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
        out.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
        // Lists compress better than Qt's bomb check allows; maxCallBytes takes its place.
        out.setDecompressedSafetyCheckThreshold(-1);
        setHeaders(out, m_options.defaultHeaders);
        setHeaders(out, request.headers);
        // Where the header is absent, Qt announces gzip and inflates; where it is set, Qt leaves the body alone.
        if (!m_gzip)
            out.setRawHeader("Accept-Encoding", "identity");
        return out;
    }

    QNetworkAccessManager& managerFor(Request::Lane lane, const HttpExchange* run)
    {
        if (lane == Request::Lane::Call) {
            if (!m_calls)
                m_calls = makeManager(m_proxy);
            return *m_calls;
        }
        for (StreamSlot& slot : m_streams) {
            if (slot.users.size() < StreamsPerManager) {
                slot.users.push_back(run);
                return *slot.manager;
            }
        }
        m_streams.push_back({makeManager(m_proxy), {run}});
        return *m_streams.back().manager;
    }

    void forget(const HttpExchange* run)
    {
        std::erase_if(m_runs, [run](const auto& r) { return r.get() == run; });
        for (StreamSlot& slot : m_streams)
            std::erase(slot.users, run);
    }

    HttpOptions m_options;
    Clock& m_clock;
    QSslConfiguration m_tls;
    QNetworkProxy m_proxy;
    std::optional<Error> m_broken;
    QByteArray m_prefix;
    bool m_gzip = true;
    std::shared_ptr<QByteArray> m_buffer = std::make_shared<QByteArray>(ReadChunkBytes, Qt::Uninitialized);
    std::unique_ptr<QNetworkAccessManager> m_calls;
    std::list<StreamSlot> m_streams;
    std::vector<std::shared_ptr<HttpExchange>> m_runs;
};

HttpTransport::HttpTransport(HttpOptions options, Clock& clock)
    : m_pool(std::make_shared<Pool>(std::move(options), clock))
{
}

HttpTransport::~HttpTransport() { m_pool->close(); }

std::unique_ptr<Exchange> HttpTransport::open(const Request& request, Handlers handlers)
{
    return std::make_unique<Handle>(m_pool->open(request, std::move(handlers)));
}

const HttpOptions& HttpTransport::options() const { return m_pool->options(); }
int HttpTransport::running() const { return m_pool->running(); }
int HttpTransport::streamManagers() const { return m_pool->streamManagers(); }

} // namespace wk::net
