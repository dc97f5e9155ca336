// SPDX-License-Identifier: GPL-3.0-or-later
// What the messages of many kinds are made of.
#pragma once

#include "cluster/render/Message.h"

namespace wk::cluster::render::schema {

inline constexpr Message ownerReference("OwnerReference", text(1, "kind"), text(3, "name"), flag(6, "controller"));

inline constexpr Message objectMeta("ObjectMeta", text(1, "name"), text(3, "namespace"), text(5, "uid"),
                                    text(6, "resourceVersion"), integer(7, "generation"), time(8, "creationTimestamp"),
                                    time(9, "deletionTimestamp"), integer(10, "deletionGracePeriodSeconds"),
                                    textMap(11, "labels"), textMap(12, "annotations"),
                                    objects(13, "ownerReferences", ownerReference), texts(14, "finalizers"));

// Where the annotations are not read they are skipped: last-applied configurations are long.
inline constexpr Message plainMeta("ObjectMeta", text(1, "name"), text(3, "namespace"), text(5, "uid"),
                                   text(6, "resourceVersion"), integer(7, "generation"), time(8, "creationTimestamp"),
                                   time(9, "deletionTimestamp"), integer(10, "deletionGracePeriodSeconds"),
                                   textMap(11, "labels"), objects(13, "ownerReferences", ownerReference),
                                   texts(14, "finalizers"));

/// An object as most are: metadata, spec and status under their usual numbers.
struct Kind : Message<3>
{
    constexpr Kind(std::string_view name, const Schema& spec, const Schema& status, const Schema& meta = plainMeta)
        : Message(name, object(1, "metadata", meta), object(2, "spec", spec), object(3, "status", status))
    {
    }
};

inline constexpr Message metadataOnly("PartialObjectMetadata", object(1, "metadata", objectMeta));

inline constexpr Message listMeta("ListMeta", text(2, "resourceVersion"), text(3, "continue"),
                                  integer(4, "remainingItemCount"));

inline constexpr Message statusCause("StatusCause", text(1, "reason"), text(2, "message"), text(3, "field"));
inline constexpr Message statusDetails("StatusDetails", text(1, "name"), text(2, "group"), text(3, "kind"),
                                       objects(4, "causes", statusCause), integer(5, "retryAfterSeconds"));
inline constexpr Message statusMessage("Status", object(1, "metadata", listMeta), text(2, "status"), text(3, "message"),
                                       text(4, "reason"), object(5, "details", statusDetails), integer(6, "code"));

inline constexpr Message requirement("LabelSelectorRequirement", text(1, "key"), text(2, "operator"),
                                     texts(3, "values"));
inline constexpr Message labelSelector("LabelSelector", textMap(1, "matchLabels"),
                                       objects(2, "matchExpressions", requirement));

// {type, status, ..., reason, message} with the numbers of core/v1 and batch/v1 conditions.
inline constexpr Message condition("Condition", text(1, "type"), text(2, "status"), time(4, "lastTransitionTime"),
                                   text(5, "reason"), text(6, "message"));
// The same of apps/v1 replica sets, autoscaling and apiextensions, which have no probe time.
inline constexpr Message shortCondition("Condition", text(1, "type"), text(2, "status"), time(3, "lastTransitionTime"),
                                        text(4, "reason"), text(5, "message"));
inline constexpr Message deploymentCondition("DeploymentCondition", text(1, "type"), text(2, "status"),
                                             text(4, "reason"), text(5, "message"), time(7, "lastTransitionTime"));

inline constexpr Message objectReference("ObjectReference", text(1, "kind"), text(2, "namespace"), text(3, "name"),
                                         text(7, "fieldPath"));

} // namespace wk::cluster::render::schema
