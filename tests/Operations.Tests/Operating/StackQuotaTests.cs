using System.Collections.Immutable;
using System.Text;
using HaCluster.Operations.Running;
using HaCluster.Operations.Stacks;
using HaCluster.Operations.Tests.Worlds;
using HaCluster.Operations.Workloads;
using HaCluster.Twin.Tests.World;

namespace HaCluster.Operations.Tests.Operating;

/// <summary>A quota that is changed in the cluster, and the setting that keeps it.</summary>
public sealed class StackQuotaTests : OperatingTests
{
    private static readonly ImmutableSortedDictionary<string, string> Hard = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, new Dictionary<string, string>
    {
        ["requests.cpu"] = "40500m",
        ["limits.cpu"] = "401",
        ["requests.memory"] = "200Gi",
        ["limits.memory"] = "301Gi",
        ["requests.ephemeral-storage"] = "201Gi",
        ["limits.ephemeral-storage"] = "302Gi",
        ["requests.storage"] = "30Ti",
        ["pods"] = "101",
        ["persistentvolumeclaims"] = "51",
        ["services.loadbalancers"] = "7",
    });

    [Fact]
    public async Task The_program_declares_the_limits_that_were_written_for_every_namespace_that_has_a_setting()
    {
        using var scratch = Stack();
        var project = StackProject.Find(scratch.Path);
        string[] namespaces = ["chains", "delivery", "logging", "monitoring", "payments", "platform", "signing", "shop"];
        foreach (var name in namespaces)
            project.PlanQuota("prod", name, null, Hard).Write();
        var declared = (await PlannedStack.Of("quotas", File.ReadAllText(scratch.At("Pulumi.prod.yaml")))).Model.Quotas;
        foreach (var name in namespaces)
        {
            var quota = Assert.Single(declared, quota => quota.Namespace == name && quota.Name == "quota");
            Assert.Equal(Hard.ToDictionary(limit => limit.Key, limit => SetQuota.Read(limit.Value)), Hard.Keys.ToDictionary(resource => resource, resource => quota.Hard[resource]));
        }
    }

    [Theory]
    [InlineData("kube-system", null, "pods", "no setting of the stack controls quota kube-system")]
    [InlineData("default", null, "pods", "no setting of the stack controls quota default")]
    [InlineData("site-hello", null, "pods", "no setting of the stack controls quota site-hello")]
    [InlineData("chains", "use-a-lower-priority-class", "pods", "no setting of the stack controls quota use-a-lower-priority-class")]
    [InlineData("chains", null, "count/secrets", "no setting of the stack controls count/secrets")]
    [InlineData("other", null, "pods", "stack prod does not declare this namespace")]
    public void What_no_setting_controls_is_not_written(string @namespace, string? quota, string resource, string problem)
    {
        using var scratch = Stack();
        var refused = Assert.Throws<HaClusterException>(() => StackProject.Find(scratch.Path).PlanQuota("prod", @namespace, quota, new Dictionary<string, string> { [resource] = "5" }));
        Assert.Equal((FailureKind.InvalidInput, problem), (refused.Kind, refused.Problem));
    }

    [Theory]
    [InlineData("payments", "the next pulumi up resets this, unless the stack file says the same: ha-cluster:quotas.payments.memoryLimit: 96Gi, ha-cluster:quotas.payments.pods: 60")]
    [InlineData("signing", "the next pulumi up resets this, unless the stack file says the same: ha-cluster:quotas.signing.memoryLimit: 96Gi, ha-cluster:quotas.signing.pods: 60")]
    [InlineData("shop", "the next pulumi up resets this, unless the stack file says the same: ha-cluster:namespaces.shop.quota.memoryLimit: 96Gi, ha-cluster:namespaces.shop.quota.pods: 60")]
    [InlineData("site-hello", "no setting controls limits.memory, pods of quota site-hello/quota: if the stack declares it, the next pulumi up resets it")]
    [InlineData("kube-system", "no setting controls limits.memory, pods of quota kube-system/quota: if the stack declares it, the next pulumi up resets it")]
    public async Task A_change_warns_which_settings_reset_it(string @namespace, string warning)
    {
        Put("resourcequotas", @namespace, "quota", """{"spec":{"hard":{"pods":"50"}},"status":{"hard":{"pods":"50"},"used":{"pods":"9"}}}""");
        var request = new SetQuota(@namespace, null, new Dictionary<string, string> { ["limits.memory"] = "96Gi", ["pods"] = "60" });
        Assert.Equal([warning], (await RunAsync(request)).Warnings);
        Assert.Empty((await RunAsync(request with { IsInStackFile = true })).Warnings);
        Assert.Equal([warning], request.ResetWarnings);
    }

    /// <summary>Killed between cluster and file.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whoever_resumes_a_change_is_warned_that_the_stack_file_does_not_have_it(bool isInStackFile)
    {
        Put("resourcequotas", "shop", "quota", """{"spec":{"hard":{"pods":"50"}}}""");
        var request = new SetQuota("shop", null, new Dictionary<string, string> { ["pods"] = "60" }) { IsInStackFile = isInStackFile };
        await Assert.ThrowsAnyAsync<Exception>(() => Process(new Faults { KillAfterChange = 1 }).Runner.RunAsync(request, RunOptions.Default, default));

        var resumed = await Runner.ResumeAsync((await Runner.ListAsync(default))[0].Id, RunOptions.Default, default);

        Assert.Equal(OperationState.Succeeded, resumed.State);
        Assert.Equal(request.ResetWarnings, resumed.Warnings);
    }

    [Fact]
    public async Task With_the_stack_file_only_the_quota_that_its_setting_controls_is_changed()
    {
        Put("resourcequotas", "shop", "mine", """{"spec":{"hard":{"pods":"50"}}}""");
        Put("resourcequotas", "shop", "quota", """{"spec":{"hard":{"requests.cpu":"8"}}}""");
        var request = new SetQuota("shop", null, new Dictionary<string, string> { ["pods"] = "60" });
        Assert.Equal("quota/shop/mine", Assert.Single((await RunAsync(request)).Steps).Id);
        Assert.Equal("quota/shop/quota", Assert.Single((await RunAsync(request with { IsInStackFile = true })).Steps).Id);
    }

    [Theory]
    [InlineData("utf-8", false)]
    [InlineData("utf-8", true)]
    [InlineData("utf-16", true)]
    public void A_stack_file_keeps_its_encoding(string name, bool hasMark)
    {
        using var scratch = Stack();
        var (path, encoding) = (scratch.At("Pulumi.prod.yaml"), Encoding.GetEncoding(name));
        var mark = hasMark ? encoding.GetPreamble() : [];
        File.WriteAllBytes(path, [.. mark, .. encoding.GetBytes($"# für ada\n{File.ReadAllText(path)}")]);

        var edit = StackProject.Find(scratch.Path).PlanQuota("prod", "shop", null, Hard);
        edit.Write();

        Assert.Equal([.. mark, .. encoding.GetBytes(edit.After)], File.ReadAllBytes(path));
        Assert.StartsWith("# für ada\n", edit.After, StringComparison.Ordinal);
        Assert.Equal(FailureKind.Conflict, Assert.Throws<HaClusterException>(edit.Write).Kind);
    }

    /// <summary>The stack prod with a namespace of the user.</summary>
    private static Scratch Stack()
    {
        var scratch = new Scratch();
        foreach (var file in new[] { "Pulumi.yaml", "Pulumi.prod.yaml" })
            scratch.Write(file, File.ReadAllText(Path.Combine(Repository.Root, file)).Replace("ha-cluster:namespaces: {}", "ha-cluster:namespaces: { shop: {} }", StringComparison.Ordinal));
        return scratch;
    }
}
