using System.Collections.Immutable;
using System.Text.Json;
using HaCluster.Planning.Proof;
using HaCluster.Planning.Proof.Documents;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Tests.Proof;

/// <summary>What <c>ha prove --json</c> writes.</summary>
public sealed class ProofDocumentTests
{
    [Fact]
    public void Violations_have_typed_subjects_and_fixes_have_edits()
    {
        var proof = Written(SmallCluster.Create() with { NatGateways = [new NatGateway("nat", SmallCluster.Zones[0], SmallCluster.Zones)] });
        Assert.Equal(("hacluster.proof/3", "violated"), (Text(proof, "format"), Text(proof, "verdict")));
        var violation = Assert.Single(proof.GetProperty("violations").EnumerateArray());
        Assert.Equal(("nat-gateways", "NAT", "no-route"), (Text(violation.GetProperty("subject"), "kind"), Text(violation.GetProperty("subject"), "name"), Text(violation, "cause")));
        Assert.Contains(violation.GetProperty("scenarios").EnumerateArray(), scenario => Text(scenario, "class") == "zone-lost");
        var fix = Assert.Single(proof.GetProperty("fixes").EnumerateArray());
        Assert.Equal((1, "setting"), (fix.GetProperty("number").GetInt32(), Text(fix, "kind")));
        Assert.Equal([1], violation.GetProperty("fixes").EnumerateArray().Select(number => number.GetInt32()));
        var edit = Assert.Single(fix.GetProperty("edits").EnumerateArray());
        Assert.Equal(("nat", "single", "perZone"), (Text(edit, "key"), Text(edit, "from"), Text(edit, "to")));
        // Nothing has been tried on the program.
        Assert.False(fix.GetProperty("verified").GetBoolean());
    }

    [Fact]
    public void What_was_not_understood_is_listed_and_never_holds()
    {
        var proof = Written(SmallCluster.Create() with { Unknown = [new UnknownObject("Rollout shop/web", "a kind of another group")] });
        Assert.Equal("incomplete", Text(proof, "verdict"));
        Assert.Equal("Rollout shop/web", Text(Assert.Single(proof.GetProperty("incomplete").EnumerateArray()), "subject"));
    }

    [Fact]
    public void Namesakes_have_their_kind_and_what_no_fix_reaches_has_advice()
    {
        var model = SmallCluster.Create();
        var web = SmallCluster.Web() with { Namespace = "default", HasNamesake = true };
        var closed = new NamespaceQuota("default", "nobody", ImmutableSortedDictionary.Create<string, decimal>(StringComparer.Ordinal).Add("pods", 0));
        var advised = Written(model with { Workloads = [.. model.Workloads, web], Quotas = model.Quotas.Add(closed) }).GetProperty("violations")[0];
        Assert.Contains("--namespace NAME", Text(advised, "advice"), StringComparison.Ordinal);

        var alone = Written(model.Change("shop/web", one => one with { Replicas = 1, HasNamesake = true }));
        Assert.Contains(alone.GetProperty("violations").EnumerateArray(), violation =>
            violation.GetProperty("subject").TryGetProperty("objectKind", out var kind) && kind.GetString() == "Deployment" && !violation.TryGetProperty("advice", out _));
    }

    private static JsonElement Written(ClusterModel model)
    {
        using var stream = new MemoryStream();
        ProofDocumentWriter.Write(stream, Prover.Prove(model), "test");
        return JsonSerializer.Deserialize<JsonElement>(stream.ToArray());
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
