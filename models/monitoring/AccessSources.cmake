# SPDX-License-Identifier: GPL-3.0-or-later
# How a server of figures is reached: what the platform file says, with the secret out of the keychain.
target_sources(watchkeeper_monitoring PRIVATE ServerLogins.cpp ServerLogins.h)
target_link_libraries(watchkeeper_monitoring PUBLIC watchkeeper::secrets)
