// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/unapproved/UnapprovedDesk.h"

namespace wk::changes {

using namespace Qt::StringLiterals;

QString UnapprovedItem::key() const
{
    return QStringList{platform, target.cluster, target.group, target.kind, target.space, target.name, resourceVersion}
        .join(u'/');
}

const UnapprovedItem* UnapprovedDesk::item(const QString& key) const
{
    const auto it = std::ranges::find(items(), key, &UnapprovedItem::key);
    return it == items().end() ? nullptr : &*it;
}

int UnapprovedDesk::open() const
{
    return int(std::ranges::count_if(items(), [](const UnapprovedItem& item) { return !item.byController(); }));
}

} // namespace wk::changes
