// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/runners/CommandRunner.h"

#include "changes/actions/ActionKind.h"
#include "changes/plan/Passwords.h"
#include "platform/ProcessEnd.h"

#include <QtCore/QJsonArray>
#include <QtCore/QProcess>

#ifdef Q_OS_UNIX
#include <csignal>
#include <unistd.h>
#endif

namespace wk::changes {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::CommandRunner)
};

/// The end of what a program says, without what looks like a password.
class Tail
{
public:
    void add(const QByteArray& bytes)
    {
        m_total += bytes.size();
        m_bytes += bytes;
        if (m_bytes.size() > 2 * CommandRunner::maxOutput)
            m_bytes = m_bytes.last(CommandRunner::maxOutput);
    }
    /// U+0000 and half characters, which no database stores, are replaced.
    [[nodiscard]] QString text() const
    {
        return passwords::masked(
            QString::fromUtf8(m_bytes.last(size())).replace(QChar(u'\0'), QChar::ReplacementCharacter));
    }
    [[nodiscard]] qint64 omitted() const { return m_total - size(); }
    [[nodiscard]] QString lastLine() const
    {
        const QByteArray line = m_bytes.trimmed();
        return passwords::masked(QString::fromUtf8(line.sliced(line.lastIndexOf('\n') + 1)).trimmed()).left(200);
    }

private:
    [[nodiscard]] qsizetype size() const { return std::min(m_bytes.size(), CommandRunner::maxOutput); }

    QByteArray m_bytes;
    qint64 m_total = 0;
};

/// To the process and all that it started.
void signalGroup(const QProcess& process, bool kill)
{
#ifdef Q_OS_UNIX
    if (process.processId() > 0)
        ::kill(-pid_t(process.processId()), kill ? SIGKILL : SIGTERM);
#else
    Q_UNUSED(process);
    Q_UNUSED(kill);
#endif
}

class CommandJob final : public Promising<Performed>
{
public:
    CommandJob(Clock& clock, const QProcessEnvironment& environment, const Step& step, StepRunner::BeforeSending before,
               StepRunner::Progress progress)
        : m_clock(clock), m_environment(environment), m_step(step), m_record(std::move(before)),
          m_progress(std::move(progress)), m_before(beforeOutside(step)),
          m_limitMs(step.parameters.value("withinSeconds"_L1).toInteger(300) * 1000)
    {
    }
    ~CommandJob() override
    {
        if (m_process && m_process->state() != QProcess::NotRunning)
            signalGroup(*m_process, true);
        platform::endProcess(std::move(m_process));
    }

    void start() override
    {
        await(m_record(m_before), [this](const Result<void>& recorded) {
            if (recorded)
                launch();
            else
                end(fail(recorded.error()));
        });
    }

private:
    void launch()
    {
        m_process = std::make_unique<QProcess>();
        m_process->setProcessEnvironment(m_environment);
        m_process->setProcessChannelMode(QProcess::MergedChannels);
        m_process->setStandardInputFile(QProcess::nullDevice());
        m_process->setWorkingDirectory(m_step.parameters.value("workingDirectory"_L1).toString());
#ifdef Q_OS_UNIX
        m_process->setChildProcessModifier([] { ::setpgid(0, 0); });
#endif
        connect(m_process.get(), &QProcess::readyRead, this, [this] { read(); });
        connect(m_process.get(), &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
            if (error == QProcess::FailedToStart)
                end(fail(Error::Kind::NotFound,
                         Texts::tr("The program “%1” could not be started: %2. Nothing was done.")
                             .arg(m_step.target.name, m_process->errorString())));
        });
        connect(m_process.get(), &QProcess::finished, this, [this] { ended(); });
        m_startMs = m_clock.monotonicMs();
        m_limit = m_clock.after(this, m_limitMs, [this] { tooLate(); });
        QStringList arguments;
        const QJsonArray list = m_step.parameters.value("arguments"_L1).toArray();
        for (const auto& argument : list)
            arguments << argument.toString();
        m_process->start(m_step.target.name, arguments);
    }

    void read()
    {
        m_output.add(m_process->readAll());
        if (m_progress && !m_quiet) {
            m_progress(m_output.lastLine());
            m_quiet = m_clock.after(this, 250, [this] { m_quiet.reset(); }); // a program may say a lot
        }
    }

    void tooLate()
    {
        m_late = true;
        signalGroup(*m_process, false);
        m_limit = m_clock.after(this, CommandRunner::graceMs, [this] {
            signalGroup(*m_process, true);
            m_process->kill();
        });
    }

    void ended()
    {
        m_limit.reset();
        m_output.add(m_process->readAll());
        const QString program = m_step.target.name, output = m_output.text();
        const QString look = Texts::tr("Look at what it did before you run it again.");
        if (m_late) {
            end(fail(Error::Kind::Conflict,
                     Texts::tr("The program “%1” was ended after %2 s: it is not known what it did until then.")
                         .arg(program)
                         .arg(m_limitMs / 1000),
                     output, look));
        } else if (m_process->exitStatus() == QProcess::CrashExit) {
            end(fail(Error::Kind::Conflict, Texts::tr("The program “%1” was ended by a signal.").arg(program), output,
                     look));
        } else if (const int code = m_process->exitCode(); code != 0) {
            end(fail(Error::Kind::Conflict,
                     Texts::tr("The program “%1” ended with exit code %2: %3")
                         .arg(program, QString::number(code), m_output.lastLine()),
                     output, look));
        } else {
            succeed(program, output);
        }
    }

    void succeed(const QString& program, const QString& output)
    {
        Performed out;
        out.sentence = Texts::tr("The program “%1” ended well.").arg(program);
        out.inverse = m_before.inverse;
        out.result = {{u"sentence"_s, out.sentence},
                      {u"exitCode"_s, 0},
                      {u"output"_s, output},
                      {u"omittedBytes"_s, m_output.omitted()},
                      {u"milliseconds"_s, m_clock.monotonicMs() - m_startMs}};
        end(std::move(out));
    }

    Clock& m_clock;
    const QProcessEnvironment m_environment;
    const Step m_step;
    StepRunner::BeforeSending m_record;
    StepRunner::Progress m_progress;
    const Before m_before;
    const qint64 m_limitMs;
    qint64 m_startMs = 0;
    std::unique_ptr<QProcess> m_process;
    Tail m_output;
    bool m_late = false;
    std::shared_ptr<void> m_limit, m_quiet;
};

} // namespace

Before beforeOutside(const Step& step)
{
    Before out;
    const ActionKind* kind = actionKind(step.name);
    if (const auto prepared = kind->prepare(step, {}, {}))
        out.inverse = prepared->inverse;
    return out;
}

QProcessEnvironment CommandRunner::cleaned(const QProcessEnvironment& base)
{
    static const QStringList kept{u"PATH"_s,           u"HOME"_s,
                                  u"USER"_s,           u"LOGNAME"_s,
                                  u"SHELL"_s,          u"LANG"_s,
                                  u"LANGUAGE"_s,       u"TZ"_s,
                                  u"TMPDIR"_s,         u"XDG_CONFIG_HOME"_s,
                                  u"XDG_CACHE_HOME"_s, u"XDG_RUNTIME_DIR"_s,
                                  u"KUBECONFIG"_s,     u"SystemRoot"_s,
                                  u"ComSpec"_s,        u"PATHEXT"_s,
                                  u"TEMP"_s,           u"TMP"_s,
                                  u"USERPROFILE"_s,    u"APPDATA"_s};
    QProcessEnvironment out;
    const QStringList names = base.keys();
    for (const QString& name : names) {
        if (kept.contains(name) || name.startsWith("LC_"_L1))
            out.insert(name, base.value(name));
    }
    return out;
}

QFuture<Result<Performed>> CommandRunner::perform(const Step& step, StepRunner::BeforeSending before,
                                                  StepRunner::Progress progress)
{
    return m_jobs.run(
        std::make_unique<CommandJob>(m_clock, m_environment, step, std::move(before), std::move(progress)));
}

QFuture<Result<Observation>> CommandRunner::observe(const Step& step, const Before&)
{
    return QtFuture::makeReadyFuture(Result<Observation>(Observation{
        Observation::State::Mixed,
        Texts::tr("Nobody can tell what the program “%1” did. Look at it yourself.").arg(step.target.name)}));
}

} // namespace wk::changes
