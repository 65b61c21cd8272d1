using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Running;
using k8s.Models;

namespace HaCluster.Operations.Workloads;

/// <summary>Sets the replicas of a workload, and waits until they are ready.</summary>
public sealed record ScaleWorkload(WorkloadReference Workload, int Replicas, TimeSpan Timeout) : OperationRequest
{
    public override string Command => "Set-HaWorkloadScale";

    public override string Target => Workload.ToString();

    internal override async Task<Draft> PlanAsync(StepContext context, CancellationToken cancellationToken)
    {
        var (workload, refusal) = await WorkloadReading.ResolveAsync(context, Workload, cancellationToken);
        if (workload is null)
            return Draft.Refused(refusal!);
        if (workload.Kind == "DaemonSet" || Replicas < 0)
        {
            return Draft.Refused(new Refusal
            {
                Code = "NotScalable",
                Kind = FailureKind.InvalidInput,
                Reason = Replicas < 0 ? $"{Replicas} is not a number of replicas" : $"{workload} has one pod per node and no replicas",
                Advice = Replicas < 0 ? "Give 0 or more" : "Scale a node pool instead (Set-HaNodePoolScale)",
            });
        }
        return new Draft($"Scale {workload} from {workload.Replicas} to {Replicas}", [new ScaleStep(workload.Kind, workload.Namespace, workload.Name, Replicas, Timeout)])
        {
            Refusals =
            [
                .. await AutoscalerRefusalsAsync(context, workload, cancellationToken),
                .. Replicas > workload.Replicas ? await QuotaRoom.RefusalsAsync(context, workload, Replicas, cancellationToken) : [],
            ],
            Warnings = Replicas == 0 ? [$"{workload} stops serving"] : Replicas == 1 && workload.Replicas > 1 ? [$"{workload} does not survive the loss of a node with one replica"] : [],
        };
    }

    private static async Task<IReadOnlyList<Refusal>> AutoscalerRefusalsAsync(StepContext context, WorkloadReading workload, CancellationToken cancellationToken) =>
    [
        .. from autoscaler in (await context.Kubernetes.ListAsync(Kinds.Autoscalers, ListScope.In(workload.Namespace), cancellationToken)).Items
           where autoscaler.Spec.ScaleTargetRef.Kind == workload.Kind && autoscaler.Spec.ScaleTargetRef.Name == workload.Name
           let owner = OwnerOf(autoscaler)
           select new Refusal
           {
               Code = "OwnedByAutoscaler",
               Reason = $"the replicas of {workload} belong to {owner} ({autoscaler.Spec.MinReplicas ?? 1} to {autoscaler.Spec.MaxReplicas}), which would reset them",
               Advice = $"Change the bounds of {owner}; -Force sets them until it acts again",
               Forceable = true,
           },
    ];

    /// <summary>KEDA makes an autoscaler for each of its ScaledObjects, and that is where the bounds are changed.</summary>
    private static string OwnerOf(V2HorizontalPodAutoscaler autoscaler) =>
        autoscaler.Metadata.Labels?.TryGetValue("scaledobject.keda.sh/name", out var scaled) == true
            ? $"KEDA ScaledObject {autoscaler.Metadata.NamespaceProperty}/{scaled}"
            : $"HorizontalPodAutoscaler {autoscaler.Metadata.NamespaceProperty}/{autoscaler.Metadata.Name}";
}
