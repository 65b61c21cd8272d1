using System.Text.Json;

namespace HaCluster.Stack.Tests.Graph;

/// <summary>
/// A Deployment replaces all its pods at every release. A spread that counts the old ones too ends two in one zone and none in another: the
/// scheduler is told to count those of one release, by the hash that only pods of a Deployment have.
/// </summary>
public class SpreadTests
{
    private const string Everything = """
        {"delivery":{"gitlab":{"runnerSecret":"c/r"}},
         "sites":{"hello":{"image":"registry.example.com/hello:1.0","domain":"hello.example.com"}},"chains":{"ethereum":{"enabled":true}}}
        """;

    private static readonly string[] StatefulCharts = [".values.prometheus.prometheusSpec", ".values.alertmanager.alertmanagerSpec"];

    [Fact]
    public async Task Every_spread_of_a_deployment_counts_one_release_and_none_of_a_stateful_set()
    {
        var spreads = (await DeclaredCluster.FromAsync(Everything)).SelectMany(Spreads).ToArray();

        // Fronts, site, gateway, DNS, the autoscaler and every chart are among them, or this would say nothing.
        Assert.Superset(
            new HashSet<string>
            {
                "cluster-autoscaler", "coredns", "metrics-server", "aws-ebs-csi-driver", "load-balancer-controller", "gateway-controller", "gitlab-runner",
                "bitcoin-front", "site-hello", "cert-manager", "external-secrets",
            },
            spreads.Select(spread => spread.Name).ToHashSet());
        Assert.All(spreads, spread => Assert.True(spread.IsOfDeployment == spread.IsPerRelease, $"{spread.Name} {spread.Path}: {(spread.IsPerRelease ? "counts" : "does not count")} by release"));
    }

    private static IEnumerable<(string Name, string Path, bool IsOfDeployment, bool IsPerRelease)> Spreads(RecordedResource resource)
    {
        var texts = resource.Texts().ToArray();
        foreach (var (path, _) in texts.Where(text => text.Path.EndsWith(".topologyKey", StringComparison.Ordinal)))
        {
            var constraint = path[..path.LastIndexOf('.')];
            if (constraint.Contains("ffinity", StringComparison.Ordinal))
                continue;
            yield return (
                resource.Name,
                path,
                !resource.Type.EndsWith(":StatefulSet", StringComparison.Ordinal) && !StatefulCharts.Any(chart => path.StartsWith(chart, StringComparison.Ordinal)),
                texts.Any(text => text.Path == $"{constraint}.matchLabelKeys.0" && text.Value == "pod-template-hash"));
        }

        foreach (var (path, json) in texts.Where(text => text.Path == ".configurationValues"))
        {
            foreach (var spread in SpreadsIn(JsonDocument.Parse(json).RootElement))
                yield return (resource.Name, path, true, spread.TryGetProperty("matchLabelKeys", out var keys) && keys[0].GetString() == "pod-template-hash");
        }
    }

    private static IEnumerable<JsonElement> SpreadsIn(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object when element.TryGetProperty("topologyKey", out _) => [element],
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => SpreadsIn(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(SpreadsIn),
        _ => [],
    };
}
