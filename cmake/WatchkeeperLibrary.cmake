# SPDX-License-Identifier: GPL-3.0-or-later
# watchkeeper_library(NAME cluster FOLDER models/cluster LINKS watchkeeper::net ... SOURCES ...)
#
# One static library per folder. Its headers are included as "<folder name>/Header.h" and reach exactly those targets
# that link it: every library has an include root of its own in the build tree that holds nothing but a link to its
# folder. Including the header of a library that is not linked (a floor above, say) therefore does not compile.

# Precompiled headers, built once per kind and shared: core (Qt Core and the standard library), net, gui.
function(_watchkeeper_pch name)
  cmake_parse_arguments(A "" "" "LINKS;HEADERS" ${ARGN})
  file(GENERATE OUTPUT "${CMAKE_BINARY_DIR}/pch_${name}.cpp" CONTENT "// Holds the precompiled header '${name}'.\n")
  add_library(watchkeeper_pch_${name} OBJECT "${CMAKE_BINARY_DIR}/pch_${name}.cpp")
  set_target_properties(watchkeeper_pch_${name} PROPERTIES AUTOMOC OFF)
  target_link_libraries(watchkeeper_pch_${name} PRIVATE watchkeeper_flags ${A_LINKS})
  target_precompile_headers(watchkeeper_pch_${name} PRIVATE ${A_HEADERS})
endfunction()

set(_std <algorithm> <array> <atomic> <chrono> <cstdint> <deque> <expected> <functional> <map> <memory> <mutex> <optional>
         <span> <string> <string_view> <unordered_map> <utility> <variant> <vector>)
macro(watchkeeper_define_pch)
  if(NOT TARGET watchkeeper_pch_core)
    _watchkeeper_pch(core LINKS Qt6::Core HEADERS ${_std} <QtCore/QtCore>)
    _watchkeeper_pch(net LINKS Qt6::Core Qt6::Network HEADERS ${_std} <QtCore/QtCore> <QtNetwork/QtNetwork>)
    _watchkeeper_pch(gui LINKS Qt6::Core Qt6::Gui Qt6::Widgets HEADERS ${_std} <QtCore/QtCore> <QtWidgets/QtWidgets>)
  endif()
endmacro()

# watchkeeper_use_pch(TARGET): takes the richest header that the target's own links allow.
function(watchkeeper_use_pch target)
  cmake_parse_arguments(A "" "KIND" "" ${ARGN})
  target_precompile_headers(${target} REUSE_FROM watchkeeper_pch_${A_KIND})
endfunction()

function(watchkeeper_library)
  cmake_parse_arguments(A "" "NAME;FOLDER;PCH" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  watchkeeper_define_pch()
  if(NOT A_PCH)
    set(A_PCH core)
  endif()
  set(target watchkeeper_${A_NAME})
  add_library(${target} STATIC ${A_SOURCES})
  add_library(watchkeeper::${A_NAME} ALIAS ${target})
  get_filename_component(leaf "${A_FOLDER}" NAME)
  # Widgets share names with models (cluster, ...): their headers are "widgets/<folder>/Header.h".
  if(A_FOLDER MATCHES "^widgets/")
    set(leaf "widgets/${leaf}")
  endif()
  set(root "${CMAKE_BINARY_DIR}/include/${A_NAME}")
  get_filename_component(parent "${root}/${leaf}" DIRECTORY)
  file(MAKE_DIRECTORY "${parent}")
  if(NOT EXISTS "${root}/${leaf}")
    file(CREATE_LINK "${CMAKE_SOURCE_DIR}/${A_FOLDER}" "${root}/${leaf}" SYMBOLIC)
  endif()
  target_include_directories(${target} PUBLIC "${root}")
  target_link_libraries(${target} PUBLIC ${A_LINKS} PRIVATE watchkeeper_flags ${A_PRIVATE_LINKS})
  watchkeeper_use_pch(${target} KIND ${A_PCH})
endfunction()

# What ThreadSanitizer has to be told about Qt (tests/support/TsanQt.cpp), for a program of that preset.
function(_watchkeeper_sanitizer_support target)
  if(NOT WATCHKEEPER_SANITIZE MATCHES "thread")
    return()
  endif()
  if(NOT TARGET watchkeeper_tsan_qt)
    add_library(watchkeeper_tsan_qt OBJECT "${CMAKE_SOURCE_DIR}/tests/support/TsanQt.cpp")
    set_target_properties(watchkeeper_tsan_qt PROPERTIES AUTOMOC OFF)
    target_link_libraries(watchkeeper_tsan_qt PRIVATE watchkeeper_flags Qt6::Core)
  endif()
  target_link_libraries(${target} PRIVATE $<TARGET_OBJECTS:watchkeeper_tsan_qt>)
  foreach(symbol
      _ZN11QMetaObject16invokeMethodImplEP7QObjectPN9QtPrivate15QSlotObjectBaseEN2Qt14ConnectionTypeEPv
      _ZN11QThreadPool5startESt8functionIFvvEEi _ZN7QThread4waitE14QDeadlineTimer _ZNK20QFutureInterfaceBase6derefTEv)
    target_link_options(${target} PRIVATE "LINKER:--wrap=${symbol}")
  endforeach()
endfunction()

# watchkeeper_program(NAME watchkeeperctl PCH net SOURCES ... LINKS ...)
function(watchkeeper_program)
  cmake_parse_arguments(A "" "NAME;PCH" "SOURCES;LINKS" ${ARGN})
  watchkeeper_define_pch()
  if(NOT A_PCH)
    set(A_PCH core)
  endif()
  add_executable(${A_NAME} ${A_SOURCES})
  target_link_libraries(${A_NAME} PRIVATE watchkeeper_flags ${A_LINKS})
  watchkeeper_use_pch(${A_NAME} KIND ${A_PCH})
  _watchkeeper_sanitizer_support(${A_NAME})
  set_target_properties(${A_NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
endfunction()

# watchkeeper_test(NAME table PCH core SOURCES ... LINKS ... [LABELS live])
# The test program becomes tests/bin/test_<name>; every function in it is one CTest case through Qt Test's own reporting.
function(watchkeeper_test)
  cmake_parse_arguments(A "" "NAME;PCH;TIMEOUT" "SOURCES;LINKS;LABELS" ${ARGN})
  watchkeeper_define_pch()
  if(NOT A_PCH)
    set(A_PCH core)
  endif()
  if(NOT A_TIMEOUT)
    set(A_TIMEOUT 300)
  endif()
  if(WATCHKEEPER_SANITIZE)
    math(EXPR A_TIMEOUT "${A_TIMEOUT} * 6")
  endif()
  set(target test_${A_NAME})
  add_executable(${target} ${A_SOURCES})
  target_link_libraries(${target} PRIVATE watchkeeper_flags ${A_LINKS} Qt6::Test)
  target_compile_definitions(${target} PRIVATE TEST_DATA="${CMAKE_CURRENT_SOURCE_DIR}/data" SOURCE_ROOT="${CMAKE_SOURCE_DIR}")
  watchkeeper_use_pch(${target} KIND ${A_PCH})
  _watchkeeper_sanitizer_support(${target})
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests/bin")
  add_test(NAME ${A_NAME} COMMAND ${target})
  set_tests_properties(${A_NAME} PROPERTIES TIMEOUT ${A_TIMEOUT} LABELS "${A_LABELS}"
    ENVIRONMENT "QT_QPA_PLATFORM=offscreen;LC_ALL=C.UTF-8;TZ=UTC;QT_SCALE_FACTOR=1;WATCHKEEPER_BIN=${CMAKE_BINARY_DIR}/bin;${WATCHKEEPER_TEST_ENVIRONMENT}")
endfunction()

# watchkeeper_one_at_a_time(TEST...): tests that start whole clusters. One of them runs at a time, beside the small ones, and they begin first: the
# longest chain decides how long all take.
function(watchkeeper_one_at_a_time)
  set_tests_properties(${ARGN} PROPERTIES RESOURCE_LOCK clusters COST 1000)
endfunction()
