using System.Collections.Immutable;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Network;

/// <summary>Finds the zones of the region.</summary>
public static class ZoneLookup
{
    /// <summary>
    /// Zones that cannot host an EKS control plane, by the ids that are the same in every account
    /// (https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html).
    /// </summary>
    private static readonly string[] WithoutEks = ["cac1-az3", "use1-az3", "usw1-az2"];

    /// <summary>The first <paramref name="count"/> zones of the region by name.</summary>
    /// <remarks>
    /// It waits for the answer, where the rest of the program passes outputs on: a region that does not fit must be refused before anything
    /// is declared, and with one message, not one for each resource that would have used the answer. A stack is made in its constructor,
    /// which cannot await; no synchronisation context is there to be blocked.
    /// </remarks>
    /// <exception cref="RunException">The region is unknown or has fewer zones.</exception>
    public static ImmutableArray<string> Find(string region, int count) => FindAsync(region, count).GetAwaiter().GetResult();

    private static async Task<ImmutableArray<string>> FindAsync(string region, int count)
    {
        Aws.GetAvailabilityZonesResult found;
        try
        {
            found = await Aws.GetAvailabilityZones.InvokeAsync(new Aws.GetAvailabilityZonesArgs
            {
                State = "available",
                ExcludeZoneIds = [.. WithoutEks],

                // Only zones without opt-in: no local or wavelength zones.
                Filters = [new Aws.Inputs.GetAvailabilityZonesFilterArgs { Name = "opt-in-status", Values = ["opt-in-not-required"] }],
            });
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The kind of exception depends on what failed: the engine, the provider, the credentials. The user needs its words only.
            throw new RunException($"aws:region is {region}; its zones could not be looked up: check the region and the AWS credentials: {failure.Message}");
        }

        return Choose(found.Names, region, count);
    }

    /// <summary>Chooses <paramref name="count"/> zones of those found.</summary>
    /// <exception cref="RunException">There are fewer.</exception>
    public static ImmutableArray<string> Choose(IReadOnlyCollection<string> found, string region, int count) => found.Count >= count
        ? [.. found.Order(StringComparer.Ordinal).Take(count)]
        : throw new RunException(
            $"ha-cluster:zones is {count}; {region} has {found.Count} zones that EKS can use ({string.Join(", ", found.Order(StringComparer.Ordinal))}): "
            + $"set {Math.Max(2, found.Count)} or choose another region");
}
