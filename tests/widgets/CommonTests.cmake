# SPDX-License-Identifier: GPL-3.0-or-later
watchkeeper_test(NAME common_table PCH gui SOURCES test_common_table.cpp "${CMAKE_SOURCE_DIR}/tests/table/TableFixture.h"
  LINKS watchkeeper::widgets_common)
watchkeeper_test(NAME common_widgets PCH gui SOURCES test_common_widgets.cpp LINKS watchkeeper::widgets_common)

# Renders every state of the common widgets, light and dark: gallery DIRECTORY. Not installed.
watchkeeper_program(NAME gallery PCH gui SOURCES gallery/main.cpp "${CMAKE_SOURCE_DIR}/tests/table/TableFixture.h"
  LINKS watchkeeper::widgets_common)
