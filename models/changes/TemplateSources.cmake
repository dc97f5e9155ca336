# SPDX-License-Identifier: GPL-3.0-or-later
# Plan templates: reading them, filling them in, and what a platform file offers to their parameters.
set(changes_template_sources
  PlanTemplate.cpp PlanTemplate.h PlanTemplateLoader.cpp PlanTemplateLoader.h PlanTemplateStore.cpp
  TemplateFacts.cpp TemplateFacts.h TemplateManifest.cpp TemplateManifest.h TemplateReader.cpp TemplateReader.h
  TemplateScope.cpp TemplateScope.h TemplateSpec.h TemplateTrial.cpp
  ${CMAKE_SOURCE_DIR}/resources/plans/plans.qrc)
