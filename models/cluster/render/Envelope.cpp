// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/render/Envelope.h"

#include <QtCore/QCoreApplication>

#include <protozero/pbf_reader.hpp>

#include <stdexcept>

namespace wk::cluster::render {

namespace {

std::unexpected<Error> malformed(const char* detail)
{
    return fail(Error::Kind::Protocol,
                QCoreApplication::translate("wk::Decoder", "The server's answer is not valid protobuf"),
                QString::fromUtf8(detail));
}

std::string_view view(protozero::pbf_reader& reader)
{
    if (!reader.has_wire_type(protozero::pbf_wire_type::length_delimited))
        throw std::invalid_argument("a field with the wrong wire type");
    const protozero::data_view bytes = reader.get_view();
    return {bytes.data(), bytes.size()};
}

QByteArrayView bytes(std::string_view text) { return {text.data(), qsizetype(text.size())}; }

} // namespace

void readTypeMeta(std::string_view meta, Envelope& envelope)
{
    protozero::pbf_reader reader{meta.data(), meta.size()};
    while (reader.next()) {
        if (reader.tag() == 1)
            envelope.apiVersion = view(reader);
        else if (reader.tag() == 2)
            envelope.kind = view(reader);
        else
            reader.skip();
    }
}

Result<Envelope> openEnvelope(QByteArrayView message)
{
    if (message.size() < 4 || std::string_view(message.data(), 4) != protobufMagic)
        return malformed("it does not begin with k8s");
    try {
        Envelope envelope;
        protozero::pbf_reader reader{message.data() + 4, static_cast<std::size_t>(message.size() - 4)};
        while (reader.next()) {
            switch (reader.tag()) {
            case 1: readTypeMeta(view(reader), envelope); break;
            case 2: envelope.raw = bytes(view(reader)); break;
            case 3:
                if (!view(reader).empty())
                    return malformed("the object has a content encoding");
                break;
            default: reader.skip();
            }
        }
        return envelope;
    } catch (const std::exception& e) {
        return malformed(e.what());
    }
}

Result<ProtobufEvent> openEvent(QByteArrayView frame)
{
    try {
        ProtobufEvent event;
        protozero::pbf_reader reader{frame.data(), static_cast<std::size_t>(frame.size())};
        while (reader.next()) {
            if (reader.tag() == 1) {
                event.type = view(reader);
            } else if (reader.tag() == 2) {
                const std::string_view extension = view(reader);
                protozero::pbf_reader raw{extension.data(), extension.size()};
                while (raw.next()) {
                    if (raw.tag() == 1)
                        event.object = bytes(view(raw));
                    else
                        raw.skip();
                }
            } else {
                reader.skip();
            }
        }
        return event;
    } catch (const std::exception& e) {
        return malformed(e.what());
    }
}

} // namespace wk::cluster::render
