// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "watchkeeper/Platforms.h"

#include <QtWidgets/QDialog>

class QLabel;
class QLineEdit;
class QPushButton;
class QTreeWidget;

namespace wk::app {

/// Chooses a platform's cluster or a plain context; or, for a platform without one, the context through which it is
/// reached. Type to narrow, arrows to move, Enter to choose.
///
/// objectNames inside: "placeFilter", "placeList", "placeOpen", "placeBind", "placeAddFile".
class PlaceChooser : public QDialog
{
    Q_OBJECT
public:
    PlaceChooser(Platforms& platforms, Clusters& clusters, QWidget* parent = nullptr);

    /// Opens anything.
    void chooseAny(const QString& currentId);
    /// Binds a context to that place.
    void chooseContextFor(const Place& place);

signals:
    void chosen(const QString& placeId);
    void bindingChosen(const QString& placeId, const wk::platform::ContextId& context);
    void addFileRequested();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void refill();
    void restyle();
    void filter(const QString& text);
    void accept() override;
    void refreshButtons();

    Platforms& m_platforms;
    Clusters& m_clusters;
    std::optional<Place> m_binding;
    QString m_current;
    QLabel* m_heading;
    QLineEdit* m_filter;
    QTreeWidget* m_list;
    QLabel* m_errors;
    QPushButton* m_open;
    QPushButton* m_bind;
};

} // namespace wk::app
