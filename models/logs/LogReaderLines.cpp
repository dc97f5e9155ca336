// SPDX-License-Identifier: GPL-3.0-or-later
// What becomes of the lines that a stream brings.
#include "logs/LogReaderParts.h"
#include "logs/LogTime.h"

namespace wk::logs {

void LogReader::take(Stream& stream, QByteArrayView line, bool cut, LogBatch& batch)
{
    const auto stamped = readStamp(line);
    if (!stamped) { // the kubelet's own words
        batch.add(m_lastKey, line, LineKind::Text, cut);
        return;
    }
    using enum ResumeGuard::Replay::Verdict;
    const auto verdict = stream.replay.judge(stamped->ns, stamped->text);
    if (verdict == Known || stamped->ns < m_setup.sinceNs.value_or(stamped->ns))
        return;
    if (verdict == NewAfterGap)
        addGap(batch, tr("the server does not have the lines any more that followed"));
    m_guard.took(stamped->ns, stamped->text);
    m_lastKey = qMax(m_lastKey, stamped->ns);
    batch.add(m_lastKey, stamped->text, LineKind::Text, cut);
}

void LogReader::finishText()
{
    LogBatch batch;
    m_live->cutter.finish([&](QByteArrayView line, bool cut) { take(*m_live, line, cut, batch); });
    deliver(std::move(batch));
}

void LogReader::addGap(LogBatch& batch, const QString& why)
{
    ++m_state.gaps;
    const QString last = m_lastKey > 0 ? tr("after %1").arg(QString::fromUtf8(stampText(m_lastKey))) : tr("here");
    batch.add(m_lastKey,
              tr("Lines of %1 in %2 may be missing %3: %4.").arg(m_setup.container, m_setup.pod, last, why).toUtf8(),
              LineKind::Gap);
}

void LogReader::deliver(LogBatch&& batch)
{
    if (batch.isEmpty())
        return;
    batch.source = m_setup.source;
    const qint64 bytes = batch.text.size();
    m_underWay += bytes;
    m_events.lines(std::move(batch), [link = m_link, bytes, this] {
        link->post([this, bytes] {
            m_underWay -= bytes;
            pauseOrGoOn();
        });
    });
    pauseOrGoOn();
}

void LogReader::pauseOrGoOn()
{
    if (m_live && m_live->exchange && (m_underWay > maxUnderWay || m_underWay <= maxUnderWay / 2))
        m_live->exchange->setPaused(m_underWay > maxUnderWay);
}

} // namespace wk::logs
