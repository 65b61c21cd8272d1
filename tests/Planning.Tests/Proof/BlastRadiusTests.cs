using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Tests.Proof;

/// <summary>Each protection that is taken from the small cluster is missed, by name, with its fix. What one workload may take from the others: quotas and limits.</summary>
public sealed class BlastRadiusTests
{
    [Fact]
    public void An_update_needs_room_in_the_quota()
    {
        var model = SmallCluster.Create();
        var tight = model.Quotas.Select(quota => quota.Namespace == "shop" ? quota with { Hard = quota.Hard.SetItem("pods", 3) } : quota);
        var violation = Told.Only(model with { Quotas = [.. tight] }, Invariant.QuotaRoom, "ResourceQuota shop/quota");
        Assert.Contains("an update of shop/web needs 4 of pods, the quota allows 3", violation.Text, StringComparison.Ordinal);
        Assert.Equal((FixKind.Setting, "quotas.shop.pods", "3", "4"), (violation.Fix.Kind, violation.Fix.Edits.Single(edit => edit.Key.EndsWith("pods", StringComparison.Ordinal)) is var pods ? pods.Key : "", pods.From, pods.To));
        Assert.Contains(violation.Fix.Edits, edit => edit is { Key: "quotas.shop.memory", From: "10Gi", To: "11Gi" });
    }

    [Fact]
    public void A_namespace_without_a_quota_has_no_end()
    {
        var model = SmallCluster.Create();
        var violation = Told.Only(model with { Quotas = model.Quotas.RemoveAll(quota => quota.Namespace == "shop") }, Invariant.BlastRadius, "namespace shop");
        Assert.Equal("set namespaces.shop to {}", violation.Fix.ToString());
    }

    [Fact]
    public void A_container_without_a_limit_takes_its_node()
    {
        var violation = Told.Only(SmallCluster.Create().Change("shop/web", web => web with { Pods = web.Pods with { LimitsEphemeral = false } }), Invariant.BlastRadius, "shop/web");
        Assert.Equal(ScenarioClass.DiskFilled, violation.Scenario.Class);
    }
}
