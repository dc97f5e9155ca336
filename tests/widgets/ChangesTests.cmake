# SPDX-License-Identifier: GPL-3.0-or-later
if(TARGET watchkeeper::widgets_changes)
  # Plans, requests and a desk in memory, for the tests and for the pictures.
  add_library(watchkeeper_change_stories STATIC changes/ChangeStories.cpp changes/ChangeStories.h changes/UnapprovedStories.cpp
              changes/UnapprovedStories.h)
  target_link_libraries(watchkeeper_change_stories PUBLIC watchkeeper::support_changes watchkeeper::widgets_changes
                        PRIVATE watchkeeper_flags)
  watchkeeper_use_pch(watchkeeper_change_stories KIND gui)
  foreach(name action_dialog execution_beside changes_panel request_view change_pages change_rules unapproved_page)
    watchkeeper_test(NAME ${name} PCH gui SOURCES changes/test_${name}.cpp changes/ChangesFixture.h LINKS watchkeeper_change_stories)
  endforeach()

  # Draws every state of the Changes panel, light and dark: changes_gallery DIRECTORY. Not installed.
  watchkeeper_program(NAME changes_gallery PCH gui SOURCES changes/gallery.cpp LINKS watchkeeper_change_stories Qt6::Test)
endif()
