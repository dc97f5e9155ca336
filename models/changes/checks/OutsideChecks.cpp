// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/checks/CheckJob.h"

namespace wk::changes {

using namespace Qt::StringLiterals;

namespace {

/// What cannot be reached is not well: that is an answer, too.
class Http final : public CheckJob
{
public:
    using CheckJob::CheckJob;
    static constexpr qint64 intervalMs = 2'000;

protected:
    void look() override
    {
        if (!m_world.web) {
            seen(fail(Error::Kind::Unsupported, CheckTexts::tr("The web cannot be asked here.")));
            return;
        }
        await(m_world.web->get(QUrl(parameter("url"_L1))), [this](const Result<Answer>& answer) {
            if (answer) {
                seen(httpLook(m_step, *answer));
                return;
            }
            QString words = answer.error().sentence;
            if (words.endsWith(u'.'))
                words.chop(1);
            seen(Look{Look::State::Not, words});
        });
    }
};

class Confirm final : public CheckJob
{
public:
    using CheckJob::CheckJob;
    static constexpr qint64 intervalMs = 0; // asked once

    /// The person need not answer any more.
    ~Confirm() override { m_asked.cancel(); }

protected:
    void look() override
    {
        if (!m_world.confirmer) {
            seen(fail(Error::Kind::Unsupported, CheckTexts::tr("There is nobody here to ask.")));
            return;
        }
        waitFor({Look::State::Not, CheckTexts::tr("nobody has answered")});
        m_asked = m_world.confirmer->ask(m_step, parameter("question"_L1));
        await(m_asked, [this](const Result<Confirmation>& answer) {
            if (!answer) {
                seen(fail(answer.error()));
                return;
            }
            const QString who = answer->by.isEmpty() ? CheckTexts::tr("The person") : answer->by;
            QString words = (answer->yes ? CheckTexts::tr("%1 said yes") : CheckTexts::tr("%1 said no")).arg(who);
            if (!answer->comment.isEmpty())
                words += u": "_s + answer->comment;
            seen(Look{answer->yes ? Look::State::Holds : Look::State::Never, words});
        });
    }

private:
    QFuture<Result<Confirmation>> m_asked;
};

} // namespace

Look httpLook(const Step& step, const Answer& answer)
{
    const qint64 wanted = step.parameters.value("status"_L1).toInteger(200);
    const QString status = CheckTexts::tr("it answered %1").arg(answer.status);
    if (answer.status != wanted)
        return {Look::State::Not, status};
    const QString text = step.parameters.value("contains"_L1).toString();
    if (text.isEmpty())
        return {Look::State::Holds, status};
    if (!answer.body.contains(text.toUtf8()))
        return {Look::State::Not, CheckTexts::tr("%1, without “%2”").arg(status, text.left(80))};
    return {Look::State::Holds, CheckTexts::tr("%1, with “%2”").arg(status, text.left(80))};
}

CheckMaker httpCheck() { return makerOf<Http>(); }
CheckMaker confirmCheck() { return makerOf<Confirm>(); }

} // namespace wk::changes
