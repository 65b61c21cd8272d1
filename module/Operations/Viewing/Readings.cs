using System.Text.Json.Serialization;
using HaCluster.Operations.Kubernetes;

namespace HaCluster.Operations.Viewing;

// The few fields that views need of objects other than pods.

internal abstract class ReadObject : IReadObject
{
    public MetaReading Metadata { get; set; } = new();

    ObjectIdentity IReadObject.Identity => new(Metadata.Namespace, Metadata.Name, Metadata.Uid ?? "", Metadata.ResourceVersion ?? "");
}

internal sealed class MetaReading
{
    public string Namespace { get; set; } = "";

    public string Name { get; set; } = "";

    public string? Uid { get; set; }

    public string? ResourceVersion { get; set; }

    public DateTimeOffset? CreationTimestamp { get; set; }
}

internal sealed class ConditionReading
{
    public string Type { get; set; } = "";

    public string Status { get; set; } = "";

    public string? Reason { get; set; }

    public string? Message { get; set; }
}

internal sealed class NodeReading : IReadObject
{
    public NodeMetaReading Metadata { get; set; } = new();

    public NodeSpecReading? Spec { get; set; }

    public NodeStatusReading? Status { get; set; }

    ObjectIdentity IReadObject.Identity => new("", Metadata.Name, Metadata.Uid ?? "", Metadata.ResourceVersion ?? "");

    public string Label(string name) => Metadata.Labels?.GetValueOrDefault(name) ?? "";

    [JsonIgnore]
    public string Zone => Label("topology.kubernetes.io/zone");

    [JsonIgnore]
    public string NodeGroup => Label("eks.amazonaws.com/nodegroup");

    [JsonIgnore]
    public string Ready => Status?.Conditions?.FirstOrDefault(one => one.Type == "Ready")?.Status ?? "Unknown";
}

internal sealed class NodeMetaReading
{
    public string Name { get; set; } = "";

    public string? Uid { get; set; }

    public string? ResourceVersion { get; set; }

    public DateTimeOffset? CreationTimestamp { get; set; }

    public Dictionary<string, string>? Labels { get; set; }
}

internal sealed class NodeSpecReading
{
    public string? ProviderID { get; set; }

    public bool Unschedulable { get; set; }

    public List<TaintReading>? Taints { get; set; }
}

internal sealed class TaintReading
{
    public string Key { get; set; } = "";

    public string Effect { get; set; } = "";
}

internal sealed class NodeStatusReading
{
    public List<ConditionReading>? Conditions { get; set; }

    public Dictionary<string, string>? Allocatable { get; set; }

    public NodeInfoReading? NodeInfo { get; set; }
}

internal sealed class NodeInfoReading
{
    public string? KubeletVersion { get; set; }
}

/// <summary>A Deployment, StatefulSet or DaemonSet.</summary>
internal sealed class WorkloadReading : ReadObject
{
    public WorkloadSpecReading? Spec { get; set; }

    public WorkloadStatusReading? Status { get; set; }
}

internal sealed class WorkloadSpecReading
{
    public int? Replicas { get; set; }

    public TemplateReading? Template { get; set; }
}

internal sealed class TemplateReading
{
    public TemplateMetaReading? Metadata { get; set; }

    public TemplateSpecReading? Spec { get; set; }
}

internal sealed class TemplateMetaReading
{
    public Dictionary<string, string>? Labels { get; set; }
}

internal sealed class TemplateSpecReading
{
    public List<ImageReading>? Containers { get; set; }
}

internal sealed class ImageReading
{
    public string? Image { get; set; }
}

internal sealed class WorkloadStatusReading
{
    public int Replicas { get; set; }

    public int ReadyReplicas { get; set; }

    public int UpdatedReplicas { get; set; }

    public int DesiredNumberScheduled { get; set; }

    public int NumberReady { get; set; }

    public int UpdatedNumberScheduled { get; set; }
}

internal sealed class BudgetReading : ReadObject
{
    public BudgetSpecReading? Spec { get; set; }

    public BudgetStatusReading? Status { get; set; }
}

internal sealed class BudgetSpecReading
{
    public SelectorReading? Selector { get; set; }
}

internal sealed class SelectorReading
{
    public Dictionary<string, string>? MatchLabels { get; set; }

    public List<RequirementReading>? MatchExpressions { get; set; }

    /// <summary>As Kubernetes matches labels (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors).</summary>
    public bool Matches(IReadOnlyDictionary<string, string> labels) =>
        (MatchLabels ?? []).All(wanted => labels.TryGetValue(wanted.Key, out var value) && value == wanted.Value)
        && (MatchExpressions ?? []).All(wanted =>
        {
            var has = labels.TryGetValue(wanted.Key, out var value);
            return wanted.Operator switch
            {
                "In" => has && wanted.Values?.Contains(value!) == true,
                "NotIn" => !has || wanted.Values?.Contains(value!) != true,
                "Exists" => has,
                "DoesNotExist" => !has,
                _ => false,
            };
        });
}

internal sealed class RequirementReading
{
    public string Key { get; set; } = "";

    public string Operator { get; set; } = "";

    public List<string>? Values { get; set; }
}

internal sealed class BudgetStatusReading
{
    public int DisruptionsAllowed { get; set; }
}

internal sealed class QuotaReading : ReadObject
{
    public QuotaStatusReading? Status { get; set; }
}

internal sealed class QuotaStatusReading
{
    public Dictionary<string, string>? Hard { get; set; }

    public Dictionary<string, string>? Used { get; set; }
}
