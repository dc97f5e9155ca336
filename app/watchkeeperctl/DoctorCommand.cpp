// SPDX-License-Identifier: GPL-3.0-or-later
#include "Commands.h"
#include "cluster/doctor/Doctor.h"

#include <QtCore/QCoreApplication>

namespace wk::ctl {

using namespace Qt::StringLiterals;

namespace {

void printStep(const cluster::DoctorStep& step)
{
    printLine(u"%1  %2  %3"_s.arg(cluster::doctorStateName(step.state), -8).arg(step.title, -18).arg(step.sentence));
    for (const QString& text : {step.detail, step.remedy.isEmpty() ? QString() : u"-> "_s + step.remedy}) {
        const auto lines = text.split(u'\n', Qt::SkipEmptyParts);
        for (const QString& line : lines)
            printLine(QString(30, u' ') + line);
    }
}

} // namespace

int runDoctor(const Arguments& arguments, Running& running)
{
    cluster::Doctor::Subject subject = cluster::Doctor::Subject::standard(arguments.context);
    if (!arguments.kubeconfig.isEmpty()) {
        subject.files = {arguments.kubeconfig};
        subject.explicitFile = true;
    }
    static SystemClock clock;
    auto owner = std::make_unique<cluster::Doctor>(subject, clock);
    cluster::Doctor* doctor = owner.get();
    QObject::connect(doctor, &cluster::Doctor::stepFinished, doctor, &printStep);
    QObject::connect(doctor, &cluster::Doctor::finished, doctor, [doctor] {
        const auto failure = doctor->failure();
        QCoreApplication::exit(!failure ? Done : failure->kind == Error::Kind::Forbidden ? Refused : NoConnection);
    });
    doctor->start();
    running = std::move(owner);
    return -1;
}

} // namespace wk::ctl
