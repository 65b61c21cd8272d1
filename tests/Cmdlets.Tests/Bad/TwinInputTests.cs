using System.Management.Automation;
using System.Text.RegularExpressions;
using HaCluster.Cmdlets.Tests.Hosting;
using HaCluster.Cmdlets.Tests.Twin;

namespace HaCluster.Cmdlets.Tests.Bad;

/// <summary>Whatever goes wrong with a cluster that answers is one error record, which says what to do; nothing is half done.</summary>
[Collection(TwinCollection.Name)]
public sealed partial class TwinInputTests(TwinFixture twin)
{
    private const string Front = "-Namespace chains -Name bitcoin-front";

    private Shell Shell => twin.Shell;

    [Fact]
    public void An_expired_token_is_said_with_what_to_do()
    {
        using var scratch = new Scratch();
        var kubeconfig = File.ReadAllText(twin.Status.Kubeconfig);
        File.WriteAllText(scratch.At("kubeconfig"), Token().Replace(kubeconfig, "token: expired-secret-token"));
        var result = Shell.Run($"Connect-HaCluster -Kubeconfig '{scratch.At("kubeconfig")}'");
        Assert.Equal("CredentialsExpired", result.ErrorId);
        Assert.Equal(ErrorCategory.AuthenticationError, result.Error.CategoryInfo.Category);
        Assert.NotEmpty(result.Error.ErrorDetails.RecommendedAction);
        Assert.DoesNotContain("expired-secret-token", result.Told, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cluster_that_is_not_ours_is_not_connected_unless_asked_to()
    {
        using var gate = new Gate(new Uri(twin.Status.Kubernetes), (request, _) =>
            request.Url!.AbsolutePath == "/api/v1/nodes" ? (200, """{"kind":"NodeList","apiVersion":"v1","metadata":{"resourceVersion":"1"},"items":[]}""") : null);
        using var scratch = new Scratch();
        File.WriteAllText(scratch.At("kubeconfig"), KubeconfigOf(gate));
        var result = Shell.Run($"Connect-HaCluster -Kubeconfig '{scratch.At("kubeconfig")}' -Name theirs");
        Assert.Equal("NotOurCluster", result.ErrorId);
        Assert.Contains("Check the context", result.Told, StringComparison.Ordinal);
        Assert.Empty(Shell.Run("Get-HaConnection theirs").Clean().Output);
        Shell.Run($"Connect-HaCluster -Kubeconfig '{scratch.At("kubeconfig")}' -Name theirs -AllowOtherCluster; Disconnect-HaCluster theirs").Clean();
    }

    [Theory]
    [InlineData("Switch-HaZone eu-central-1x")]
    [InlineData("Restore-HaZone eu-central-1x")]
    [InlineData("Start-HaZoneShift eu-central-1x")]
    [InlineData("Stop-HaZoneShift eu-central-1x")]
    public void A_zone_that_does_not_exist_names_those_that_do(string command)
    {
        var result = Shell.Run($"{command} -Confirm:$false");
        Assert.Matches("Available: eu-central-1a .*eu-central-1b .*eu-central-1c", result.Told);
        Assert.NotEqual(ErrorCategory.NotSpecified, result.Error.CategoryInfo.Category);
        Assert.Matches(@"^Zone[A-Za-z]+\z", result.ErrorId);
    }

    [Fact]
    public void The_last_healthy_zone_is_not_given_up()
    {
        Shell.Run($"Switch-HaZone {twin.Zone} -Confirm:$false").Clean();
        try
        {
            var again = Shell.Run($"Switch-HaZone {twin.Zone} -Confirm:$false -PassThru").Clean().Single<OperationResult>();
            Assert.All(again.Steps, step => Assert.True(step.State is StepState.Unneeded or StepState.Done, $"{step.Title}: {step.State}"));
            var second = Shell.Run("Switch-HaZone eu-central-1b -Confirm:$false");
            Assert.IsType<OperationPlan>(second.Error.TargetObject);
            Assert.Contains(twin.Zone, second.Told, StringComparison.Ordinal);
            Assert.True(Shell.Run("Get-HaZone eu-central-1b").Clean().Single<ZoneStatus>() is { CordonedNodes: 0, Shift: null });
        }
        finally
        {
            Shell.Run($"Restore-HaZone {twin.Zone} -Confirm:$false").Clean();
        }
    }

    [Fact]
    public void A_pool_beyond_its_bounds_is_refused_with_what_would_fit()
    {
        var result = Shell.Run("Set-HaNodePoolScale (Get-HaNodePool 'general-*' | Where-Object CapacityType -eq ON_DEMAND).Name -Desired 900 -Max 900 -PassThru");
        Assert.Empty(result.Output);
        Assert.NotEmpty(result.Error.ErrorDetails.RecommendedAction);
        Assert.Equal(12, Shell.Run("Get-HaNodePool 'general-*' | Where-Object CapacityType -eq ON_DEMAND").Clean().Single<NodePoolStatus>().Max);
    }

    [Fact]
    public void An_image_that_never_becomes_ready_is_rolled_back()
    {
        var before = Shell.Run("(Get-HaWorkload bitcoin-front).Images").Clean().Text;
        // No pod can be created any more, so the new one never becomes ready.
        Shell.Run("$pods = (Get-HaQuota chains | Where-Object { $_.Name -eq 'quota' -and $_.Resource -eq 'pods' }).Hard; Set-HaQuota chains -Pods 1 -Force 3>$null").Clean();
        try
        {
            var result = Shell.Run($"Update-HaWorkload {Front} -Image public.ecr.aws/docker/library/haproxy:9.9.9 -TimeoutSeconds 5 -ObserveSeconds 0 -WarningAction Ignore");
            Assert.Equal("RolledBack", result.ErrorId);
            var failed = Assert.IsType<OperationResult>(result.Error.TargetObject);
            Assert.Equal(OperationState.RolledBack, failed.State);
            Assert.Equal(before, Shell.Run("(Get-HaWorkload bitcoin-front).Images").Clean().Text);
        }
        finally
        {
            Shell.Run("Set-HaQuota chains -Pods $pods 3>$null").Clean();
        }
    }

    [Fact]
    public void A_journal_of_a_newer_version_is_not_touched()
    {
        var id = Shell.Run("(Test-HaAlert -PassThru).Id").Clean().Text;
        var journal = Directory.EnumerateFiles(Shell.Run($"(Get-HaOperation {id}).Folder").Clean().Text, "*.jsonl").Single();
        var text = File.ReadAllText(journal);
        File.WriteAllText(journal, text.Replace("\"schema\":1", "\"schema\":99", StringComparison.Ordinal));
        try
        {
            var result = Shell.Run($"Undo-HaOperation {id} -Confirm:$false");
            Assert.Equal("JournalNotUsable", result.ErrorId);
            Assert.Contains("99", result.Told, StringComparison.Ordinal);
        }
        finally
        {
            File.WriteAllText(journal, text);
        }
    }

    [Fact]
    public void Of_two_operators_the_second_is_told_who_the_first_is()
    {
        Shell.Run($$"""
            $job = 1 | ForEach-Object -AsJob -Parallel { Import-Module '{{Checkout.Manifest}}'; Update-HaWorkload {{Front}} -Image public.ecr.aws/docker/library/haproxy:3.2.25-alpine -ObserveSeconds 3600 -ErrorAction SilentlyContinue }
            do { Start-Sleep -Milliseconds 100; $begun = Get-HaOperation -State Running } until ($begun -or $job.State -ne 'Running')
            """).Clean();
        try
        {
            var result = Shell.Run($"Suspend-HaNode {twin.Node}");
            Assert.Equal("OperationRunning", result.ErrorId);
            Assert.Equal(ErrorCategory.ResourceBusy, result.Error.CategoryInfo.Category);
            Assert.Contains(Environment.UserName, result.Told, StringComparison.Ordinal);
            Assert.Contains(Shell.Run("$begun.Id").Clean().Text, result.Told, StringComparison.Ordinal);
            Assert.False(Shell.Run($"Get-HaNode {twin.Node}").Clean().Single<NodeStatus>().IsCordoned);
        }
        finally
        {
            Shell.Run("Stop-HaOperation $begun.Id -Confirm:$false; [void] ($job | Receive-Job -Wait -AutoRemoveJob); Undo-HaOperation $begun.Id -Confirm:$false").Clean();
        }
    }

    [Fact]
    public void A_missing_permission_of_Kubernetes_is_named()
    {
        using var gate = new Gate(new Uri(twin.Status.Kubernetes), (request, _) => request.HttpMethod != "PATCH" || !request.Url!.AbsolutePath.StartsWith("/api/v1/nodes/", StringComparison.Ordinal) ? null
            : (403, """
                {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","reason":"Forbidden","code":403,
                 "message":"nodes \"n\" is forbidden: User \"ada\" cannot patch resource \"nodes\" in API group \"\" at the cluster scope"}
                """));
        using var scratch = new Scratch();
        File.WriteAllText(scratch.At("kubeconfig"), KubeconfigOf(gate));
        Shell.Run($"Connect-HaCluster -Kubeconfig '{scratch.At("kubeconfig")}' -Name limited").Clean();
        try
        {
            var result = Shell.Run($"Suspend-HaNode {twin.Node} -Connection limited -Force");
            var failed = Assert.IsType<OperationResult>(result.Error.TargetObject);
            Assert.Equal(OperationState.Failed, failed.State);
            Assert.Contains("cannot patch resource \"nodes\"", result.Told, StringComparison.Ordinal);
            Assert.Contains("Resume-HaOperation", result.Told, StringComparison.Ordinal);
            Shell.Run($"Undo-HaOperation {failed.Id} -Confirm:$false").Clean();
        }
        finally
        {
            Shell.Run("Disconnect-HaCluster limited").Clean();
        }
    }

    [Fact]
    public void A_missing_permission_of_AWS_is_named_and_what_it_hides_is_unknown()
    {
        using var gate = new Gate(new Uri(twin.Status.Aws), (_, body) => !body.Contains("Action=DescribeDBClusters", StringComparison.Ordinal) ? null
            : (403, """
                <ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>
                <Message>User: arn:aws:iam::123456789012:user/ada is not authorized to perform: rds:DescribeDBClusters</Message></Error><RequestId>r</RequestId></ErrorResponse>
                """));
        // A twin of another name, whose AWS is the gate.
        var folder = Path.GetDirectoryName(twin.Status.Kubeconfig)!;
        var other = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(folder)!, "limited")).FullName;
        foreach (var file in new[] { "kubeconfig", "twin.json", "environment" })
            File.WriteAllText(Path.Combine(other, file), File.ReadAllText(Path.Combine(folder, file)).Replace($"AWS_ENDPOINT_URL={twin.Status.Aws.TrimEnd('/')}", $"AWS_ENDPOINT_URL={gate.Address.ToString().TrimEnd('/')}", StringComparison.Ordinal));
        using var running = new FileStream(Path.Combine(other, "lock"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        Shell.Run("[void] (Connect-HaCluster -Local -Twin limited -Name limited)").Clean();
        try
        {
            var cluster = Shell.Run("Get-HaCluster -Connection limited").Clean().Single<ClusterStatus>();
            Assert.Contains(cluster.Unknown, part => part.Part == "databases" && part.Reason.Contains("rds:DescribeDBClusters", StringComparison.Ordinal));
            Assert.NotEqual(Health.Healthy, cluster.Health);
            var result = Shell.Run("Invoke-HaDatabaseFailover ha-cluster-prod-mysql -Connection limited -Confirm:$false");
            Assert.Equal("PermissionDenied", result.ErrorId);
            Assert.Contains("rds:DescribeDBClusters", result.Told, StringComparison.Ordinal);
        }
        finally
        {
            Shell.Run("Disconnect-HaCluster limited").Clean();
            Directory.Delete(other, recursive: true);
        }
    }

    /// <summary>Of the twin, but through a gate.</summary>
    private string KubeconfigOf(Gate gate)
    {
        var token = Token().Match(File.ReadAllText(twin.Status.Kubeconfig)).Groups[1].Value;
        return $$"""
            apiVersion: v1
            kind: Config
            current-context: gate
            clusters: [{name: gate, cluster: {server: "{{gate.Address}}" } }]
            users: [{name: gate, user: {token: "{{token}}" } }]
            contexts: [{name: gate, context: {cluster: gate, user: gate} }]
            """;
    }

    [GeneratedRegex("token: (.*)")]
    private static partial Regex Token();
}
