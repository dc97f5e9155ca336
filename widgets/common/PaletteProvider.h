// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "search/NameSearch.h"

#include <QtCore/QObject>

namespace wk::widgets {

/// One thing that a palette can do.
struct PaletteEntry
{
    QString title;  ///< what is searched: "Scale", "api-gateway"
    QString detail; ///< beside it, quietly: "deployment in streamgate"
    QString shortcut;
    QString whyNot; ///< why it is not available, as a sentence; empty: it is
};

/// Entries of one kind for a palette. Names are searched on another thread, so they are handed out as a list that is
/// final; the rest of an entry is asked for only while it is shown.
class PaletteProvider : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    /// What its entries are, in a word: "Action", "Pod".
    [[nodiscard]] virtual QString section() const = 0;
    /// Taken when the palette opens. The function runs on another thread: it holds what it needs.
    [[nodiscard]] virtual search::NameSearch::Source names() = 0;
    /// By its place among the names.
    [[nodiscard]] virtual PaletteEntry entry(int index) const = 0;
    virtual void trigger(int index) = 0;

signals:
    /// Entries read differently now: an answer has come. Their names are the same.
    void changed();
};

/// A provider whose entries are few and known.
class PaletteList : public PaletteProvider
{
    Q_OBJECT
public:
    struct Item
    {
        PaletteEntry entry;
        std::function<void()> run;
    };
    explicit PaletteList(const QString& section, QObject* parent = nullptr)
        : PaletteProvider(parent), m_section(section)
    {
    }

    void setItems(QList<Item> items) { m_items = std::move(items); }
    /// An item can be done, or cannot.
    void setWhyNot(int index, const QString& whyNot);
    [[nodiscard]] const QList<Item>& items() const { return m_items; }

    [[nodiscard]] QString section() const override { return m_section; }
    [[nodiscard]] search::NameSearch::Source names() override;
    [[nodiscard]] PaletteEntry entry(int index) const override { return m_items.at(index).entry; }
    void trigger(int index) override;

private:
    QString m_section;
    QList<Item> m_items;
};

} // namespace wk::widgets
