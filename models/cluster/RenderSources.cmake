# SPDX-License-Identifier: GPL-3.0-or-later
# Bytes from the wire to rows: encodings (Envelope, ObjectTree, JsonSplitter, *Decoders), kinds (*Kind(s).cpp), words.
list(APPEND cluster_sources
  render/AutoscalerKind.cpp render/BatchKinds.cpp render/ConfigKinds.cpp render/EventKind.cpp render/NetworkKinds.cpp
  render/NodeKinds.cpp render/PodKind.cpp render/StorageKinds.cpp render/WorkloadKinds.cpp
  render/BuiltInRenderer.cpp render/BuiltInRenderer.h
  render/Cells.cpp render/Cells.h
  render/Envelope.cpp render/Envelope.h
  render/Health.cpp render/Health.h
  render/Interner.h
  render/JsonDecoders.cpp render/JsonDecoders.h
  render/JsonReader.cpp render/JsonReader.h
  render/JsonSplitter.cpp render/JsonSplitter.h
  render/KindSpec.h
  render/KubectlText.cpp render/KubectlText.h
  render/Message.h
  render/ObjectTree.cpp render/ObjectTree.h render/ObjectDump.cpp
  render/ProtobufDecoders.cpp render/ProtobufDecoders.h
  render/ProtobufWriter.cpp render/ProtobufWriter.h
  render/Registry.cpp
  render/Schema.h render/SchemaParts.h render/AutoscalerSchemas.h render/Schemas.cpp
  render/StatusDecoder.cpp
  render/TableDecoders.cpp render/TableDecoders.h
  render/TableRenderer.cpp render/TableRenderer.h
  render/WatchTypes.cpp render/WatchTypes.h)
