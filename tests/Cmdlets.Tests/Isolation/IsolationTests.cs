using HaCluster.Cmdlets.Tests.Hosting;

namespace HaCluster.Cmdlets.Tests.Isolation;

/// <summary>The module runs beside other versions of its libraries, and in several runspaces.</summary>
public sealed class IsolationTests
{
    [SkippableFact]
    public void A_session_with_other_versions_of_its_libraries_uses_the_module()
    {
        Pwsh.Require();
        using var scratch = new Scratch();
        File.WriteAllText(scratch.At("kubeconfig"), "apiVersion: v1\nkind: Config\ncontexts: [{name: here, context: {cluster: c, user: u}}]\n");
        var yaml = Path.Combine(Checkout.Packages, "yamldotnet", "16.3.0", "lib", "net8.0", "YamlDotNet.dll");
        var aws = Path.Combine(Checkout.Packages, "awssdk.core", "4.0.102.19", "lib", "net8.0", "AWSSDK.Core.dll");
        var (exitCode, output) = Pwsh.Run($$"""
            $ErrorActionPreference = 'Stop'
            Add-Type -Path '{{yaml}}', '{{aws}}'
            [YamlDotNet.Serialization.DeserializerBuilder]::new().Build().Deserialize('a: 1') | Out-Null
            Import-Module '{{Checkout.Manifest}}'
            try { Connect-HaCluster -Kubeconfig '{{scratch.At("kubeconfig")}}' -Context nowhere } catch { $_.FullyQualifiedErrorId }
            try { Get-HaStack nowhere -ProjectDirectory '{{Checkout.Root}}' } catch { $_.FullyQualifiedErrorId }
            [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -in 'YamlDotNet', 'AWSSDK.Core', 'KubernetesClient', 'HaCluster.Operations', 'HaCluster.Results' } |
                ForEach-Object { "$($_.GetName().Name) $($_.GetName().Version.Major) in $([System.Runtime.Loader.AssemblyLoadContext]::GetLoadContext($_).Name)" } | Sort-Object
            """);
        Assert.True(exitCode == 0, output);
        Assert.Contains("ContextNotFound", output, StringComparison.Ordinal);
        Assert.Contains("InvalidInput", output, StringComparison.Ordinal);
        var places = output.Split('\n').Select(line => line.Trim()).Where(line => line.Contains(" in ", StringComparison.Ordinal)).ToList();
        Assert.Contains("YamlDotNet 16 in Default", places);
        Assert.Contains("YamlDotNet 18 in HaCluster", places);
        Assert.Contains(places, place => place.StartsWith("HaCluster.Operations", StringComparison.Ordinal) && place.EndsWith("in HaCluster", StringComparison.Ordinal));
        Assert.Single(places, place => place.StartsWith("HaCluster.Results", StringComparison.Ordinal));
        Assert.DoesNotContain(places, place => place.StartsWith("KubernetesClient", StringComparison.Ordinal) && !place.EndsWith("in HaCluster", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void Importing_loads_neither_the_engine_nor_its_libraries()
    {
        Pwsh.Require();
        var (exitCode, output) = Pwsh.Run($"""
            Import-Module '{Checkout.Manifest}'
            Get-Command -Module HaCluster | Out-Null
            [AppDomain]::CurrentDomain.GetAssemblies().GetName().Name
            """);
        Assert.True(exitCode == 0, output);
        Assert.Contains("HaCluster.Cmdlets", output, StringComparison.Ordinal);
        Assert.DoesNotContain("HaCluster.Operations", output, StringComparison.Ordinal);
        Assert.DoesNotContain("KubernetesClient", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Parallel_runspaces_import_and_use_it_at_once()
    {
        using var shell = new Shell();
        var result = shell.Run($"1..6 | ForEach-Object -ThrottleLimit 6 -Parallel {{ Import-Module '{Checkout.Manifest}'; (Get-HaStack prod -ProjectDirectory '{Checkout.Root}').Name }}").Clean();
        Assert.Equal(Enumerable.Repeat("prod", 6), result.Output.Select(item => item.ToString()));
    }

    [Fact]
    public void Removing_it_in_one_runspace_leaves_it_usable_in_another()
    {
        using var staying = new Shell();
        using (var leaving = new Shell())
            leaving.Run("Remove-Module HaCluster").Clean();
        Assert.Equal("prod", staying.Run($"(Get-HaStack prod -ProjectDirectory '{Checkout.Root}').Name").Clean().Text);
    }

    [SkippableFact]
    public void A_job_in_another_process_and_one_in_a_thread_use_it()
    {
        Pwsh.Require();
        var (exitCode, output) = Pwsh.Run($$"""
            $ErrorActionPreference = 'Stop'
            $work = { Import-Module '{{Checkout.Manifest}}'; (Get-HaStack prod -ProjectDirectory '{{Checkout.Root}}').Name }
            'thread ' + (Start-ThreadJob $work | Receive-Job -Wait -AutoRemoveJob)
            'process ' + (Start-Job $work | Receive-Job -Wait -AutoRemoveJob)
            """);
        Assert.True(exitCode == 0, output);
        Assert.Contains("thread prod", output, StringComparison.Ordinal);
        Assert.Contains("process prod", output, StringComparison.Ordinal);
    }
}
