using System.Globalization;
using HaCluster.Workloads.Tests.Rendered;
using YamlDotNet.RepresentationModel;

namespace HaCluster.Workloads.Tests.Chains;

/// <summary>The sentinel's container in the pods that <c>ha render</c> writes for <c>prod</c>.</summary>
internal static class RenderedSentinel
{
    /// <summary>StatefulSets of chain nodes.</summary>
    public static string[] Sets { get; } = ["bitcoin", "ethereum-geth", "ethereum-reth"];

    public static async Task<YamlNode> PodAsync(string set) => (await SetAsync(set))["template"]["spec"];

    public static async Task<int> ReplicasAsync(string set) => int.Parse(((YamlScalarNode)(await SetAsync(set))["replicas"]).Value!, CultureInfo.InvariantCulture);

    public static YamlNode In(YamlNode pod) => Assert.Single((YamlSequenceNode)pod["initContainers"], container => ((YamlScalarNode)container["name"]).Value == "sentinel");

    public static async Task<IReadOnlyList<string>> ArgumentsAsync(string set) =>
        [.. ((YamlSequenceNode)In(await PodAsync(set))["args"]).Select(argument => ((YamlScalarNode)argument).Value!)];

    public static YamlNode Load(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return stream.Documents[0].RootNode;
    }

    private static async Task<YamlNode> SetAsync(string set) => Load((await RenderedStack.Prod).Files[$"65-statefulset-chains-{set}.yaml"])["spec"];
}
