# SPDX-License-Identifier: GPL-3.0-or-later
# Actions and checks: what they are, and what carries them out.
set(changes_action_sources
  ActionField.h ActionJobs.cpp ActionJobs.h ActionKind.cpp ActionKind.h Call.cpp Call.h CheckKind.cpp CheckKind.h CheckRunner.cpp CheckRunner.h
  CheckWorld.h ClusterAccess.cpp ClusterAccess.h ClusterActions.cpp ClusterActions.h Jobs.h ManifestText.cpp ManifestText.h MutationSender.cpp MutationSender.h
  CommandRunner.cpp CommandRunner.h OutsideRunner.h PerformJob.cpp PerformJob.h PlanBinding.cpp PlanBinding.h PlanRunner.cpp PlanRunner.h Prometheus.cpp Prometheus.h SilenceRunner.cpp SilenceRunner.h SilenceSteps.cpp SilenceSteps.h SqlRunner.cpp SqlRunner.h
  WebClient.cpp WebClient.h
  actions/Autoscaling.cpp actions/Config.cpp actions/Fields.cpp actions/Fields.h actions/Kube.cpp actions/Kube.h actions/Nodes.cpp actions/ObjectAction.h
  actions/Objects.cpp actions/Outside.cpp actions/PodTemplate.cpp actions/Pods.cpp actions/Rollout.cpp actions/Scaling.cpp actions/Silences.cpp
  actions/Traffic.cpp
  checks/CheckJob.h checks/ClusterChecks.cpp checks/OutsideChecks.cpp checks/ValueChecks.cpp
  runners/SilenceReach.h runners/SilenceReach.cpp runners/SqlEffects.cpp runners/SqlEffects.h runners/SqlSession.cpp runners/SqlSession.h)
