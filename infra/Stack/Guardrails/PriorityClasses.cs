using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Pulumi.Kubernetes.Types.Inputs.Scheduling.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Guardrails;

/// <summary>Priorities of pods when a zone is lost and capacity is short.</summary>
public sealed class PriorityClasses : ComponentResource
{
    public const string TypeToken = "ha-cluster:guardrails:PriorityClasses";

    /// <summary>Moves money: payment services, ledgers.</summary>
    public const string Critical = "critical";

    /// <summary>What the critical ones call: chain nodes, gateways, alerting.</summary>
    public const string High = "high";

    /// <summary>Everything that names no class.</summary>
    public const string Standard = "standard";

    /// <summary>Waits for capacity and never preempts others: builds, reports.</summary>
    public const string Batch = "batch";

    /// <summary>Value of <see cref="High"/>.</summary>
    internal const int HighValue = 100_000;

    public PriorityClasses(string name, Kubernetes.Provider provider, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        Declare(Critical, 1_000_000, "Payment services and ledgers", provider);
        Declare(High, HighValue, "What critical services call", provider);
        Declare(Standard, 1_000, "Everything that names no class", provider, isDefault: true);
        Declare(Batch, -100, "Work that can wait; never preempts", provider, preempts: false);
        RegisterOutputs();
    }

    private void Declare(string name, int value, string purpose, Kubernetes.Provider provider, bool isDefault = false, bool preempts = true) =>
        _ = new Kubernetes.Scheduling.V1.PriorityClass(
            name,
            new PriorityClassArgs
            {
                Metadata = new ObjectMetaArgs { Name = name },
                Value = value,
                Description = purpose,
                GlobalDefault = isDefault,
                PreemptionPolicy = preempts ? "PreemptLowerPriority" : "Never",
            },
            new CustomResourceOptions { Parent = this, Provider = provider });
}
