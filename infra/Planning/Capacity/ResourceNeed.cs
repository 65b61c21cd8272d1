using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Capacity;

/// <summary>Amounts by the names a <c>ResourceQuota</c> counts them under (<c>requests.cpu</c>, <c>pods</c>), in base units.</summary>
internal sealed class ResourceNeed
{
    private static readonly string[] Counted = ["cpu", "memory", "ephemeral-storage"];
    private readonly Dictionary<string, decimal> _amounts = new(StringComparer.Ordinal);

    public IEnumerable<KeyValuePair<string, decimal>> Amounts => _amounts.OrderBy(amount => amount.Key, StringComparer.Ordinal);

    public void Add(string name, decimal amount) => _amounts[name] = _amounts.GetValueOrDefault(name) + amount;

    /// <summary>Pods of one template; what a container leaves out comes from the namespace's defaults, as at admission.</summary>
    public void AddPods(PropertyValue? podSpec, int count, ContainerDefaults defaults)
    {
        Add("pods", count);
        foreach (var resource in Counted)
        {
            foreach (var (side, _) in ContainerDefaults.Sides)
            {
                var running = podSpec.At("containers").Items().Sum(container => defaults.Of(container, side, resource));
                // Init containers run one after the other and before the rest: the largest of them counts, if it is larger.
                var starting = podSpec.At("initContainers").Items().Select(container => defaults.Of(container, side, resource)).DefaultIfEmpty().Max();
                Add($"{side}.{resource}", count * Math.Max(running, starting));
            }
        }
    }

    public void AddClaim(PropertyValue? claimSpec, int count)
    {
        Add("persistentvolumeclaims", count);
        if (claimSpec.At("resources", "requests", "storage").Text() is { } size && Quantity.Parse(size) is { } bytes)
            Add("requests.storage", count * bytes);
    }
}
