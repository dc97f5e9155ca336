// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QObject>
#include <QtCore/QSocketNotifier>

#include <memory>

namespace wk::ctl {

/// What a person or a pipeline says while a command runs: lines of standard input, and Ctrl+C (SIGINT, SIGTERM), which
/// does not end the program while this exists.
class ChangeInput : public QObject
{
    Q_OBJECT
public:
    explicit ChangeInput(QObject* parent = nullptr);
    ~ChangeInput() override;

    /// Reads from here on. Each line is told as it comes.
    void read();
    [[nodiscard]] bool hasEnded() const { return m_ended; }

signals:
    void line(const QString& text);
    /// Nobody will say anything any more. Told once.
    void ended();
    void interrupted();

private:
    void readMore();

    QByteArray m_buffer;
    std::unique_ptr<QSocketNotifier> m_input, m_signals;
    bool m_ended = false;
};

} // namespace wk::ctl
