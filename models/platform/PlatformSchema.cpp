// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/PlatformSchema.h"

#include "platform/PlatformWords.h"

namespace wk::platform {

void readSource(YamlReader& reader, QString& source) { reader.reference(u"source", Subject::Document, source); }

std::span<const YamlReader::Choice<Cadence>> cadences()
{
    static constexpr YamlReader::Choice<Cadence> choices[] = {
        {u"daily", Cadence::Daily},         {u"weekly", Cadence::Weekly},     {u"monthly", Cadence::Monthly},
        {u"quarterly", Cadence::Quarterly}, {u"annually", Cadence::Annually}, {u"on-change", Cadence::OnChange},
        {u"regularly", Cadence::Regularly}, {u"once", Cadence::Once},         {u"on-incident", Cadence::OnIncident},
    };
    return choices;
}

void readPlatform(const YamlNode& root, YamlReport& report, Platform& platform)
{
    YamlReader reader(root, report, Words::tr("platform"));
    reader.ownName(platform.name);
    reader.text(u"title", platform.title, YamlReader::Need::Required);
    reader.text(u"summary", platform.summary);
    readOperated(reader, platform);
    readMonitoring(reader, platform);
    readTargets(reader, platform);
    readPeople(reader, platform);
    readWork(reader, platform);
    reader.finish();
}

} // namespace wk::platform
