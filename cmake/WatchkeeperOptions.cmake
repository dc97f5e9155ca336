# SPDX-License-Identifier: GPL-3.0-or-later
# Compiler settings shared by every target.
option(WATCHKEEPER_WERROR "Warnings are errors" OFF)
set(WATCHKEEPER_SANITIZE "" CACHE STRING "Sanitizers, as in -fsanitize= (address,undefined or thread)")

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_AUTOMOC ON)
set(CMAKE_AUTORCC ON)
set(CMAKE_AUTOMOC_COMPILER_PREDEFINES ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Precompiled headers and ccache agree only with these sloppiness settings (ccache manual, "Precompiled headers"). What is not in the
  # cache is not preprocessed first (depend mode): a build from nothing takes a tenth less.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      "${CMAKE_COMMAND}" -E env CCACHE_DEPEND=1
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime "${CCACHE_PROGRAM}")
endif()

add_library(watchkeeper_flags INTERFACE)
target_compile_definitions(watchkeeper_flags INTERFACE
  QT_NO_FOREACH QT_NO_CAST_TO_ASCII QT_NO_CAST_FROM_ASCII QT_NO_URL_CAST_FROM_STRING QT_NO_NARROWING_CONVERSIONS_IN_CONNECT
  QT_STRICT_ITERATORS QT_MESSAGELOGCONTEXT WATCHKEEPER_VERSION="${PROJECT_VERSION}")
if(CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
  target_compile_options(watchkeeper_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wnon-virtual-dtor -Woverloaded-virtual -Wshadow=local -Wformat=2
    -fstack-protector-strong -fvisibility=hidden -fpch-preprocess)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 14)
    # False alarms on std::variant, std::optional and QString's moves once -O2 inlines them (GCC bugs 80635, 105562, 107852);
    # the address and undefined sanitizers look for what these would find.
    target_compile_options(watchkeeper_flags INTERFACE -Wno-maybe-uninitialized -Wno-array-bounds -Wno-stringop-overflow
                           -Wno-stringop-overread -Wno-restrict -Wno-dangling-pointer)
  endif()
  if(CMAKE_BUILD_TYPE MATCHES "Release|RelWithDebInfo")
    target_compile_options(watchkeeper_flags INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
    target_link_options(watchkeeper_flags INTERFACE -Wl,-z,relro,-z,now)
  endif()
  if(WATCHKEEPER_WERROR)
    target_compile_options(watchkeeper_flags INTERFACE -Werror)
  endif()
  if(WATCHKEEPER_SANITIZE)
    target_compile_options(watchkeeper_flags INTERFACE -fsanitize=${WATCHKEEPER_SANITIZE} -fno-omit-frame-pointer
                           -fno-sanitize-recover=all)
    target_link_options(watchkeeper_flags INTERFACE -fsanitize=${WATCHKEEPER_SANITIZE})
  endif()
endif()

# How tests run under a sanitizer: what it is told about libraries that are not ours stands, with reasons, in these files.
set(WATCHKEEPER_TEST_ENVIRONMENT "")
if(WATCHKEEPER_SANITIZE MATCHES "thread")
  set(WATCHKEEPER_TEST_ENVIRONMENT "TSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/support/tsan.supp")
elseif(WATCHKEEPER_SANITIZE MATCHES "address")
  set(WATCHKEEPER_TEST_ENVIRONMENT
      "ASAN_OPTIONS=detect_leaks=1" "UBSAN_OPTIONS=print_stacktrace=1"
      "LSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/support/lsan.supp:print_suppressions=0")
endif()
