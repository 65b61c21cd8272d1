using System.Text.Json;
using HaCluster.Cmdlets.Tests.Hosting;
using HaCluster.Cmdlets.Tests.Stacks;

namespace HaCluster.Cmdlets.Tests.Twin;

/// <summary>A stack is removed with its cluster drained first: on a twin of its own, since nothing of it is left. Pulumi is a stand-in, and deletes nothing.</summary>
[Collection(TwinCollection.Name)]
public sealed class RemovalTests(TwinFixture twin)
{
    [SkippableFact]
    public void Load_balancers_and_volumes_go_before_the_stack_and_what_is_left_is_listed()
    {
        Skip.If(OperatingSystem.IsWindows(), "the stand-in is a shell script");
        var shell = twin.Shell;
        var removed = shell.Run($"Start-HaTwin -Stack dev -TwinName removed -Speed 120 -TimeoutSeconds 600 -ProjectDirectory '{Checkout.Root}'").Clean().Single<TwinStatus>();
        using var account = new TwinEnvironment(removed);
        using var scratch = ProjectFolder.Of("dev");
        var outputs = JsonSerializer.Serialize(new { clusterName = "ha-cluster-dev", region = "eu-central-1", kubeconfig = File.ReadAllText(removed.Kubeconfig) });
        using var pulumi = new PulumiStandIn(scratch, outputs);
        try
        {
            var before = Objects(shell, removed);
            Assert.True(before.Volumes > 0 && before.Balancers > 0, $"{before}");
            shell.Run($"Remove-HaStack dev -WhatIf -ProjectDirectory '{scratch.Path}'").Clean();
            Assert.Equal(before, Objects(shell, removed));

            var result = shell.Run($"Remove-HaStack dev -Confirm:$false -PassThru -ProjectDirectory '{scratch.Path}'").Clean();
            var left = result.Single<StackDeployment>().Left;
            Assert.Equal((0, 0), Objects(shell, removed));
            Assert.Equal("destroy", pulumi.Commands[^1]);
            Assert.All(left, one => Assert.True(one.Kind == "log group" && one.Id.Length > 1, $"{one}"));
            Assert.NotEmpty(left);
            Assert.Contains(result.Progress, record => record.StatusDescription == "draining");

            // Killed, as when a laptop dies: what is connected to it says so, and does not look like a cluster without anything.
            shell.Run($"[void] (Connect-HaCluster -Local -TwinName removed -Name removed); [void] (Connect-HaCluster -Local -Twin tests); Stop-Process -Id {removed.ProcessId} -Force; Wait-Process -Id {removed.ProcessId} -ErrorAction Ignore").Clean();
            var ended = shell.Run("Get-HaCluster -Connection removed");
            Assert.Equal("NotConnected", ended.ErrorId);
            Assert.Contains("Start-HaTwin -Stack dev -TwinName removed; then Connect-HaCluster -Local -Twin removed", ended.Told, StringComparison.Ordinal);
            shell.Run("Disconnect-HaCluster removed").Clean();
        }
        finally
        {
            shell.Run("Stop-HaTwin removed");
        }
    }

    /// <summary>Volumes that the driver made and Services with a load balancer.</summary>
    private static (int Volumes, int Balancers) Objects(Shell shell, TwinStatus removed)
    {
        var connection = shell.Run($"[void] (Connect-HaCluster -Local -Twin {removed.Name} -Name removed); (Get-HaConnection removed).Endpoint").Clean().Text;
        Assert.Equal(new Uri(removed.Kubernetes).GetLeftPart(UriPartial.Authority), connection);
        try
        {
            using var client = new System.Net.Http.HttpClient(new System.Net.Http.HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true });
            client.DefaultRequestHeaders.Authorization = new("Bearer", File.ReadLines(removed.Kubeconfig).First(line => line.Contains("token: ", StringComparison.Ordinal)).Split("token: ")[1].Trim('"', ' '));
            int Count(string path, Func<JsonElement, bool> counts)
            {
                using var list = JsonDocument.Parse(client.GetStringAsync(new Uri(new Uri(connection), path)).GetAwaiter().GetResult());
                return list.RootElement.GetProperty("items").EnumerateArray().Count(counts);
            }

            return (Count("/api/v1/persistentvolumes", _ => true), Count("/api/v1/services", service => service.GetProperty("spec").GetProperty("type").GetString() == "LoadBalancer"));
        }
        finally
        {
            shell.Run("Disconnect-HaCluster removed; [void] (Connect-HaCluster -Local -Twin tests)").Clean();
        }
    }
}
