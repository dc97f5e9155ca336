// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/Icons.h"

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtGui/QGuiApplication>
#include <QtGui/QIconEngine>
#include <QtGui/QPainter>
#include <QtGui/QPixmapCache>
#include <QtSvg/QSvgRenderer>

// Outside any namespace, as Q_INIT_RESOURCE demands: the resources of a static library are not registered by
// themselves.
static void registerIcons() { Q_INIT_RESOURCE(watchkeeper_icons); }

using namespace Qt::StringLiterals;

namespace wk::widgets {

namespace {

QString pathOf(QStringView name)
{
    registerIcons();
    return u":/wk/icons/%1.svg"_s.arg(name);
}

/// Draws one of our icons with the colour that the palette or the theme has at that moment.
class TintedIconEngine final : public QIconEngine
{
public:
    TintedIconEngine(QString name, std::optional<Theme::Token> token) : m_name(std::move(name)), m_token(token) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override
    {
        const double scale = painter->device() ? painter->device()->devicePixelRatioF() : 1.0;
        QPixmap pixmap = scaledPixmap(rect.size() * scale, mode, state, scale);
        pixmap.setDevicePixelRatio(scale);
        painter->drawPixmap(rect, pixmap);
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        return scaledPixmap(size, mode, state, 1.0);
    }

    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State, qreal) override
    {
        const QColor color = colorFor(mode);
        const QString key =
            u"wk:%1:%2:%3x%4"_s.arg(m_name, color.name(QColor::HexArgb)).arg(size.width()).arg(size.height());
        QPixmap pixmap;
        if (QPixmapCache::find(key, &pixmap))
            return pixmap;
        QFile file(pathOf(m_name));
        if (size.isEmpty() || !file.open(QIODevice::ReadOnly))
            return {};
        QByteArray svg = file.readAll();
        svg.replace("currentColor", color.name(QColor::HexRgb).toLatin1());
        QSvgRenderer renderer(svg);
        pixmap = QPixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        painter.setOpacity(color.alphaF());
        const int side = std::min(size.width(), size.height());
        renderer.render(&painter, QRectF((size.width() - side) / 2.0, (size.height() - side) / 2.0, side, side));
        painter.end();
        QPixmapCache::insert(key, pixmap);
        return pixmap;
    }

    QIconEngine* clone() const override { return new TintedIconEngine(*this); }
    QString key() const override { return u"wk.tinted"_s; }
    bool isNull() override { return false; }

private:
    [[nodiscard]] QColor colorFor(QIcon::Mode mode) const
    {
        const QPalette palette = QGuiApplication::palette();
        if (mode == QIcon::Disabled)
            return palette.color(QPalette::Disabled, QPalette::WindowText);
        if (m_token)
            return Theme::of(nullptr).color(*m_token);
        return mode == QIcon::Selected ? palette.color(QPalette::HighlightedText) : palette.color(QPalette::WindowText);
    }

    QString m_name;
    std::optional<Theme::Token> m_token;
};

QIcon makeIcon(QStringView name, std::optional<Theme::Token> token)
{
    return QFile::exists(pathOf(name)) ? QIcon(new TintedIconEngine(name.toString(), token)) : QIcon();
}

} // namespace

QIcon icon(QStringView name) { return makeIcon(name, std::nullopt); }

QIcon icon(QStringView name, Theme::Token token) { return makeIcon(name, token); }

QIcon applicationIcon()
{
    QIcon result;
    QSvgRenderer renderer(pathOf(u"watchkeeper"));
    for (const int side : {16, 24, 32, 48, 64, 128, 256}) {
        QPixmap pixmap(side, side);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        renderer.render(&painter);
        painter.end();
        result.addPixmap(pixmap);
    }
    return result;
}

QStringList iconNames()
{
    registerIcons();
    QStringList names;
    for (const QString& file : QDir(u":/wk/icons"_s).entryList({u"*.svg"_s}, QDir::Files, QDir::Name)) {
        const QString name = file.chopped(4);
        if (name != u"watchkeeper" && !name.endsWith(u"-light") && !name.endsWith(u"-dark"))
            names.append(name);
    }
    return names;
}

} // namespace wk::widgets
