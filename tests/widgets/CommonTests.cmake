# SPDX-License-Identifier: GPL-3.0-or-later
foreach(subject rows columns tools)
  watchkeeper_test(NAME common_table_${subject} PCH gui LINKS watchkeeper::widgets_common
    SOURCES test_common_table_${subject}.cpp TableBench.h "${CMAKE_SOURCE_DIR}/tests/table/TableFixture.h")
endforeach()
watchkeeper_test(NAME common_widgets PCH gui SOURCES test_common_widgets.cpp LINKS watchkeeper::widgets_common)
watchkeeper_test(NAME command_palette PCH gui SOURCES test_command_palette.cpp LINKS watchkeeper::widgets_common)

# Renders every state of the common widgets, light and dark: gallery DIRECTORY. Not installed.
watchkeeper_program(NAME gallery PCH gui SOURCES gallery/main.cpp "${CMAKE_SOURCE_DIR}/tests/table/TableFixture.h"
  LINKS watchkeeper::widgets_common)
