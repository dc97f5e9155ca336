// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QObject>

namespace wk::app {

/// Ends the event loop in order when the system asks the program to end (SIGTERM, SIGINT, SIGHUP; on Windows nothing),
/// so that what it started, the person's own store above all, is ended with it. A second signal ends it at once.
class EndSignals : public QObject
{
    Q_OBJECT
public:
    /// One for each program.
    explicit EndSignals(QObject* parent = nullptr);
    ~EndSignals() override;

private:
    void onSignal();
};

} // namespace wk::app
