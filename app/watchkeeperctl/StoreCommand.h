// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Commands.h"
#include "StoreAccess.h"
#include "core/BackgroundThread.h"
#include "core/ReceiverLink.h"
#include "store/Session.h"

namespace wk::ctl {

/// One `store VERB ...`: opens the store, does it and ends the program.
class StoreCommand : public QObject
{
    Q_OBJECT
public:
    using Work = std::function<Result<QStringList>(store::Session&)>;

    StoreCommand(std::unique_ptr<StoreAccess> access, Arguments arguments);
    ~StoreCommand() override;

    // Each opens the store first.
    void status();
    void whoami();
    void psqlUri();
    void init(const QStringList& admins);
    /// Does `work` on a connection of its own that waits, and prints what it answers.
    void work(StoreAccess::Schema schema, Work work);

private:
    template <typename F>
    void open(StoreAccess::Schema schema, F then);
    void runInBackground(const store::Address& address, Work work, std::function<void()> then);
    void printStatus(const QJsonObject& me);
    void askWho(std::function<void(const QJsonObject&)> then);
    void end(const Error& error);
    static void end(int code);

    std::unique_ptr<StoreAccess> m_access;
    Arguments m_arguments;
    std::shared_ptr<ReceiverLink> m_home = std::make_shared<ReceiverLink>(this);
    BackgroundThread m_thread{QStringLiteral("store work")};
};

} // namespace wk::ctl
