using System.Collections.Immutable;
using HaCluster.Stack.Chains.Upkeep;
using HaCluster.Stack.Settings.Namespaces;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Batch.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Chains.Replicas;

/// <summary>Input of <see cref="NodeRollout"/>.</summary>
public sealed record NodeRolloutArgs
{
    public required ChainArgs Chain { get; init; }

    public required ChainNodes Nodes { get; init; }

    /// <summary>The sets.</summary>
    public required ImmutableArray<Resource> After { get; init; }
}

/// <summary>
/// Updates several StatefulSets of one chain, one node at a time: the sets do not replace pods by themselves, and every ten minutes one node of
/// an old revision is evicted if the chain's budget allows it, which means that all others are ready.
/// </summary>
public sealed class NodeRollout : ComponentResource
{
    public const string TypeToken = "ha-cluster:chains:Rollout";

    public NodeRollout(string name, NodeRolloutArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var job = $"{args.Nodes.Chain}-rollout";
        var sets = args.Nodes.Sets.Select(set => set.Name).ToArray();
        var account = args.Chain.Maintenance.Account(
            job,
            this,
            Maintenance.Rule("apps", "statefulsets", ["get"], sets),
            Maintenance.Rule("", "pods", ["list"]),
            Maintenance.Rule("", "pods/eviction", ["create"], [.. args.Nodes.Pods]));
        _ = new Kubernetes.Batch.V1.CronJob(
            job,
            new CronJobArgs
            {
                Metadata = Maintenance.Metadata(job),
                Spec = new CronJobSpecArgs
                {
                    Schedule = "*/10 * * * *",
                    ConcurrencyPolicy = "Forbid",
                    SuccessfulJobsHistoryLimit = 1,
                    FailedJobsHistoryLimit = 1,
                    JobTemplate = new JobTemplateSpecArgs
                    {
                        Spec = new JobSpecArgs
                        {
                            BackoffLimit = 0,
                            ActiveDeadlineSeconds = 300,
                            Template = Maintenance.Pod(
                                job,
                                MaintenanceScripts.Rollout,
                                ("NAMESPACE", ClusterNamespaces.Chains),
                                ("SETS", string.Join(' ', sets))),
                        },
                    },
                },
            },
            args.Chain.Child(this, [.. account, .. args.After]));
        RegisterOutputs();
    }
}
