// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/Health.h"

#include "widgets/common/Icons.h"

#include <QtCore/QCoreApplication>

using namespace Qt::StringLiterals;

namespace wk::widgets {

QString healthWord(table::Health health)
{
    const auto tr = [](const char* text) { return QCoreApplication::translate("wk::Health", text); };
    switch (health) {
    case table::Health::None: return {};
    case table::Health::Good: return tr("Good");
    case table::Health::Info: return tr("Info");
    case table::Health::Warning: return tr("Warning");
    case table::Health::Bad: return tr("Bad");
    case table::Health::Unknown: return tr("Unknown");
    }
    return {};
}

QString healthIconName(table::Health health)
{
    switch (health) {
    case table::Health::None: return {};
    case table::Health::Good: return u"good"_s;
    case table::Health::Info: return u"info"_s;
    case table::Health::Warning: return u"warning"_s;
    case table::Health::Bad: return u"bad"_s;
    case table::Health::Unknown: return u"unknown"_s;
    }
    return {};
}

Theme::Token healthToken(table::Health health)
{
    switch (health) {
    case table::Health::None: return Theme::Token::Text;
    case table::Health::Good: return Theme::Token::Good;
    case table::Health::Info: return Theme::Token::Info;
    case table::Health::Warning: return Theme::Token::Warning;
    case table::Health::Bad: return Theme::Token::Bad;
    case table::Health::Unknown: return Theme::Token::Unknown;
    }
    return Theme::Token::Text;
}

QIcon healthIcon(table::Health health)
{
    return health == table::Health::None ? QIcon() : icon(healthIconName(health), healthToken(health));
}

} // namespace wk::widgets
