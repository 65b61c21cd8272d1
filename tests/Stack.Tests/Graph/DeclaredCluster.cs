using System.Text.Json;
using HaCluster.Stack.Tests.Settings;
using Pulumi;
using Pulumi.Testing;

namespace HaCluster.Stack.Tests.Graph;

/// <summary>Runs the program under mocks. It reads its settings from the environment, so only one run goes on at a time.</summary>
internal static class DeclaredCluster
{
    private static readonly SemaphoreSlim OneAtATime = new(1, 1);

    public static Task<IReadOnlyList<RecordedResource>> FromAsync(string json) => FromAsync(json, "r-1a", "r-1b", "r-1c", "r-1d");

    public static Task<IReadOnlyList<RecordedResource>> FromAsync(string json, params string[] zones) => FromAsync(json, new ClusterMocks(zones));

    /// <summary>In an account that answers as it is told.</summary>
    public static async Task<IReadOnlyList<RecordedResource>> FromAsync(string json, ClusterMocks mocks)
    {
        var config = Configuration.Flatten(json).ToDictionary(pair => $"ha-cluster:{pair.Key}", pair => pair.Value);
        config["aws:region"] = "eu-central-1";

        await OneAtATime.WaitAsync();
        try
        {
            Environment.SetEnvironmentVariable("PULUMI_CONFIG", JsonSerializer.Serialize(config));
            await Deployment.TestAsync<HaClusterStack>(mocks, new TestOptions { ProjectName = "ha-cluster", StackName = "test", IsPreview = false });
        }
        finally
        {
            Environment.SetEnvironmentVariable("PULUMI_CONFIG", null);
            OneAtATime.Release();
        }

        return mocks.Resources;
    }

    public static IReadOnlyList<RecordedResource> Of(this IEnumerable<RecordedResource> resources, string type) =>
        [.. resources.Where(resource => resource.Type == type)];

    public static RecordedResource One(this IEnumerable<RecordedResource> resources, string type, string name) =>
        Assert.Single(resources, resource => resource.Type == type && resource.Name == name);
}
