// SPDX-License-Identifier: GPL-3.0-or-later
#include "watchkeeper/shots/Shots.h"

#include "watchkeeper/Composition.h"

#include <QtCore/QDir>
#include <QtCore/QTimer>
#include <QtGui/QPainter>
#include <QtWidgets/QApplication>
#include <QtWidgets/QDialog>

#include <cstdio>

namespace wk::app {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 limitMs = 60'000;
/// After a change of size or colours, until everything has drawn itself anew.
constexpr int settleMs = 120;
/// Cells that have just changed glow; a picture of a calm moment waits for that to end.
constexpr int calmMs = 400;

constexpr QSize sizes[] = {{1440, 900}, {1024, 700}};

} // namespace

Shots::Shots(Composition& composition, const CommandLine& line, QObject* parent)
    : QObject(parent), m_composition(composition), m_directory(line.shotsDir), m_only(line.shotsOnly)
{
}

Shots::~Shots() = default;

MainWindow& Shots::window() { return m_composition.window(); }
widgets::ClusterPanel& Shots::panel() { return *window().clusterPanel(); }

void Shots::begin()
{
    if (!QDir().mkpath(m_directory)) {
        std::fprintf(stderr, "watchkeeper: the folder %s cannot be made\n", qPrintable(m_directory));
        QCoreApplication::exit(1);
        return;
    }
    m_home = window().currentPlace();
    const auto current = m_composition.platforms().place(m_home);
    const bool plain = !current || !current->platform;
    for (const Place& place : m_composition.platforms().places()) {
        if (place.primary && place.context) {
            m_homes.append(place.id);
        }
    }
    // A platform says more than a plain context.
    if (plain && !m_homes.isEmpty())
        m_home = m_homes.first();
    if (m_home.isEmpty()) {
        std::fprintf(stderr, "watchkeeper: there is no context to draw; give one with --kubeconfig\n");
        QCoreApplication::exit(1);
        return;
    }
    window().openPlace(m_home);
    plan();
    next();
}

void Shots::plan()
{
    planOverview();
    planCluster();
    planDetail();
    planTrouble();
    planMonitoring();
    planChanges();
    planActions();
    planRest();
}

/// Steps are named as the pictures that they lead to.
bool Shots::isWanted(const QString& name) const
{
    return m_only.isEmpty() || std::ranges::any_of(m_only, [&](const QString& only) {
               return name.startsWith(only) || only.startsWith(name);
           });
}

void Shots::next()
{
    while (!m_steps.empty() && !isWanted(m_steps.front().name))
        m_steps.pop_front();
    if (m_steps.empty()) {
        finish();
        return;
    }
    m_steps.front().prepare();
    m_waited.start();
    await();
}

void Shots::await()
{
    Step& step = m_steps.front();
    const QString missing = step.missing();
    if (missing.isEmpty()) {
        if (step.title.isEmpty())
            finishStep();
        else
            QTimer::singleShot(calmMs, this, [this] { draw(0); });
        return;
    }
    if (m_waited.elapsed() > limitMs) {
        m_failures.append(tr("%1: could not be shown within %2 s: %3").arg(step.name).arg(limitMs / 1000).arg(missing));
        if (step.after)
            step.after();
        m_steps.pop_front();
        QTimer::singleShot(0, this, &Shots::next);
        return;
    }
    QTimer::singleShot(pollMs, this, &Shots::await);
}

void Shots::draw(int variant)
{
    const bool dark = variant & 1;
    const QSize size = sizes[(variant >> 1) & 1];
    if (variant == 4) {
        finishStep();
        return;
    }
    m_composition.settings().set(Settings::Key::Scheme, dark ? u"dark"_s : u"light"_s);
    window().resize(size);
    QTimer::singleShot(settleMs, this, [this, variant, dark, size] {
        Step& step = m_steps.front();
        save(u"%1-%2-%3x%4.png"_s.arg(step.name, dark ? u"dark"_s : u"light"_s).arg(size.width()).arg(size.height()),
             step.dialog ? step.dialog() : nullptr);
        draw(variant + 1);
    });
}

void Shots::save(const QString& name, QDialog* dialog)
{
    QPixmap picture = window().grab();
    if (dialog) {
        QPainter painter(&picture);
        painter.fillRect(picture.rect(), QColor(0, 0, 0, 90));
        const QPixmap above = dialog->grab();
        const QPoint corner((picture.width() - above.width()) / 2, (picture.height() - above.height()) / 2);
        painter.drawPixmap(corner, above);
    }
    if (picture.save(QDir(m_directory).filePath(name)))
        ++m_written;
    else
        m_failures.append(tr("%1 could not be written").arg(name));
}

void Shots::finishStep()
{
    const Step step = std::move(m_steps.front());
    m_steps.pop_front();
    if (!step.title.isEmpty()) {
        const QString words = step.describe();
        m_lines.append(
            u"%1 (%2-*.png)%3"_s.arg(step.title, step.name, words.isEmpty() ? QString() : u"\n    "_s + words));
    }
    if (step.after)
        step.after();
    QTimer::singleShot(0, this, &Shots::next);
}

void Shots::finish()
{
    QFile file(QDir(m_directory).filePath(u"shots.txt"_s));
    const QString head = tr("Watchkeeper %1: each state light and dark, 1440x900 and 1024x700; %2 pictures.")
                             .arg(QStringLiteral(WATCHKEEPER_VERSION))
                             .arg(m_written);
    const QString text = head + u"\n\n"_s + m_lines.join(u"\n"_s) + u'\n';
    if (!file.open(QIODevice::WriteOnly) || file.write(text.toUtf8()) < 0)
        m_failures.append(file.errorString());
    for (const QString& failure : std::as_const(m_failures))
        std::fprintf(stderr, "watchkeeper: %s\n", qPrintable(failure));
    std::printf("%d pictures in %s\n", m_written, qPrintable(m_directory));
    std::fflush(stdout);
    QCoreApplication::exit(m_failures.isEmpty() ? 0 : 1);
}

} // namespace wk::app
