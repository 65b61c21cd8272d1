using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Conformance.Emit;

namespace HaCluster.Conformance.Cel;

/// <summary>
/// Evaluates admission policies with the CEL implementation from npm that <c>npm ci</c> installs in this folder. The package Cel of NuGet (0.3.3) would
/// spare Node.js, but checks no types before it runs: of the three wrong expressions in <see cref="GuardRailTests"/> it refuses one when it compiles.
/// It also has no <c>quantity</c> and no <c>join</c>, which the policies use.
/// </summary>
public static class CelEvaluator
{
    private static readonly string Folder = Path.Combine(Checkout.Root, "tests", "Conformance", "Cel");

    /// <summary>Why it cannot run here, and what to do; null when all is there.</summary>
    public static string? Missing { get; } =
        NodePackages.Node is null ? "needs Node.js on the PATH"
        : !File.Exists(Path.Combine(Folder, "node_modules", "@marcbachmann", "cel-js", "package.json"))
            ? "needs the npm package @marcbachmann/cel-js: run `npm ci` in tests/Conformance/Cel"
            : null;

    /// <summary>For each request, what the policies that are bound to it find wrong, by name of the policy.</summary>
    /// <param name="policies">Name, expressions and bindings of each; evaluate.mjs says in which form.</param>
    /// <param name="requests">Objects with what the API server knows about the request; the same.</param>
    /// <exception cref="InvalidOperationException">An expression is wrong, or breaks off on a request.</exception>
    public static async Task<IReadOnlyList<IReadOnlyDictionary<string, string>>> FindingsAsync(JsonArray policies, JsonArray requests)
    {
        var question = new JsonObject { ["policies"] = policies, ["requests"] = requests }.ToJsonString();
        var node = await Programs.RunAsync(NodePackages.Node!, ["evaluate.mjs"], Folder, input: question);
        return node.Succeeded
            ? JsonSerializer.Deserialize<List<Dictionary<string, string>>>(node.Output)!
            : throw new InvalidOperationException($"node evaluate.mjs ended with exit code {node.ExitCode}\n{node.Error}");
    }
}
