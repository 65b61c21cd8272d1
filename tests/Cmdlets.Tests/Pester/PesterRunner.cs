using System.Xml.Linq;
using HaCluster.Cmdlets.Tests.Hosting;

namespace HaCluster.Cmdlets.Tests.Pester;

/// <summary>Pester 6 in a <c>pwsh</c> of its own.</summary>
internal static class PesterRunner
{
    private const string Version = "6.2.0";

    public static string Folder { get; } = Path.Combine(Checkout.Root, "tests", "Cmdlets.Tests", "Pester");

    /// <summary>Runs the tests of a file, and fails with those that failed.</summary>
    public static void Run(string file)
    {
        Pwsh.Require();
        using var scratch = new Scratch();
        var pester = Path.Combine(Checkout.Packages, "pester", Version, "tools");
        var modules = Directory.CreateDirectory(scratch.At("Pester")).FullName;
        Copy(pester, Path.Combine(modules, Version));
        var report = scratch.At("results.xml");
        var (exitCode, output) = Pwsh.Run($$"""
            $ErrorActionPreference = 'Stop'
            $env:PSModulePath = '{{scratch.Path}}' + [IO.Path]::PathSeparator + '{{Path.GetDirectoryName(Checkout.Module)}}' + [IO.Path]::PathSeparator + $env:PSModulePath
            Import-Module Pester -RequiredVersion {{Version}}
            $configuration = New-PesterConfiguration
            $configuration.Run.Path = '{{Path.Combine(Folder, file)}}'
            $configuration.Run.Exit = $true
            $configuration.TestResult.Enabled = $true
            $configuration.TestResult.OutputFormat = 'JUnitXml'
            $configuration.TestResult.OutputPath = '{{report}}'
            $configuration.Output.RenderMode = 'Plaintext'
            Invoke-Pester -Configuration $configuration
            """);
        Assert.True(File.Exists(report), output);
        var cases = XDocument.Load(report).Descendants("testcase").ToList();
        var failed = cases.Where(one => one.Element("failure") is not null || one.Element("error") is not null)
            .Select(one => $"{one.Attribute("name")?.Value}: {one.Element("failure")?.Attribute("message")?.Value ?? one.Element("error")?.Value}").ToList();
        Assert.True(failed.Count == 0, string.Join('\n', failed));
        Assert.True(exitCode == 0 && cases.Count > 0, output);
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
