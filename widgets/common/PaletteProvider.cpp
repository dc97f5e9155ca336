// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/PaletteProvider.h"

namespace wk::widgets {

search::NameSearch::Source PaletteList::names()
{
    QStringList titles;
    for (const Item& item : m_items)
        titles << item.entry.title;
    return [titles] {
        auto out = std::make_shared<search::NameList>();
        for (const QString& title : titles)
            out->add(title);
        return out;
    };
}

void PaletteList::setWhyNot(int index, const QString& whyNot)
{
    if (index >= m_items.size() || m_items.at(index).entry.whyNot == whyNot)
        return;
    m_items[index].entry.whyNot = whyNot;
    emit changed();
}

void PaletteList::trigger(int index)
{
    if (const auto run = m_items.at(index).run)
        run();
}

} // namespace wk::widgets
