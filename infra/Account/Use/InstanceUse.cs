using System.Collections.Immutable;
using System.Globalization;
using HaCluster.Account.Wire;

namespace HaCluster.Account.Use;

/// <summary>vCPUs of the instances that run, by the quota they count against.</summary>
/// <param name="quotas">All vCPU quotas that matter.</param>
/// <param name="quotaOf">The quota of an instance type, on demand or spot; null for one without.</param>
internal sealed class InstanceUse(
    AwsConnection connection, ClusterOwnership ownership, ImmutableArray<string> quotas, Func<string, bool, string?> quotaOf) : IUseReader
{
    private const int MaxTypesPerCall = 100;

    public string Subject => "running instances";

    public ImmutableArray<(string Service, string Code)> Quotas => [.. quotas.Select(code => ("ec2", code))];

    public async Task<ImmutableArray<ResourceUse>> ReadAsync(CancellationToken cancellationToken)
    {
        var instances = await RunningAsync(cancellationToken);
        var sizes = await SizesAsync([.. instances.Select(instance => instance.Type).Distinct().Order(StringComparer.Ordinal)], cancellationToken);
        return [.. quotas.Select(Of)];

        ResourceUse Of(string code)
        {
            var counted = instances.Where(instance => instance.Code == code).ToList();
            return new ResourceUse("ec2", code, counted.Sum(Size), counted.Where(instance => instance.IsOurs).Sum(Size));
        }

        decimal Size((string Type, string? Code, bool IsOurs) instance) => sizes.GetValueOrDefault(instance.Type);
    }

    private async Task<List<(string Type, string? Code, bool IsOurs)>> RunningAsync(CancellationToken cancellationToken)
    {
        var running = new List<(string, string?, bool)>();
        await foreach (var reservation in Ec2Count.ItemsAsync(connection, "DescribeInstances", "reservationSet", [], 1000, cancellationToken))
        {
            foreach (var instance in reservation.List("instancesSet"))
            {
                // The quota counts running instances; pending ones are about to be.
                if (instance.Text("instanceState", "name") is not ("running" or "pending") || instance.Text("instanceType") is not { } type)
                    continue;
                var isSpot = instance.Text("instanceLifecycle") == "spot";
                running.Add((type, quotaOf(type, isSpot), ownership.Owns(instance.Tags("tagSet"))));
            }
        }

        return running;
    }

    /// <summary>The quota counts the vCPUs a type has by default, even if some are disabled on an instance.</summary>
    private async Task<Dictionary<string, decimal>> SizesAsync(ImmutableArray<string> types, CancellationToken cancellationToken)
    {
        var sizes = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var chunk in types.Chunk(MaxTypesPerCall))
        {
            var asked = chunk.Select((type, i) => ($"InstanceType.{i + 1}", type)).ToArray();
            var pages = connection.Query(AwsService.Ec2).PagesAsync("DescribeInstanceTypes", asked, "nextToken", "NextToken", cancellationToken);
            await foreach (var page in pages)
            {
                foreach (var type in page.List("instanceTypeSet"))
                {
                    if (type.Text("instanceType") is { } name
                        && decimal.TryParse(type.Text("vCpuInfo", "defaultVCpus"), NumberStyles.Integer, CultureInfo.InvariantCulture, out var count))
                        sizes[name] = count;
                }
            }
        }

        return sizes;
    }
}
