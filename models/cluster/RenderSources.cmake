# SPDX-License-Identifier: GPL-3.0-or-later
# Bytes from the wire to rows.
list(APPEND cluster_sources
  render/ProtobufWriter.cpp render/ProtobufWriter.h
  render/Schema.h render/Schemas.cpp)
