using System.Reflection;

namespace HaCluster.Cmdlets.Tests.Hosting;

/// <summary>Where things are that these tests use.</summary>
internal static class Checkout
{
    public static string Root => Repository.Root;

    /// <summary>The importable folder that <c>dotnet build module/Cmdlets</c> makes.</summary>
    public static string Module { get; } = Path.Combine(Root, "module", "bin", "HaCluster");

    public static string Manifest { get; } = Path.Combine(Module, "HaCluster.psd1");

    public static string Runbooks { get; } = Path.Combine(Root, "examples", "runbooks");

    /// <summary>NuGet's folder of unpacked packages.</summary>
    public static string Packages { get; } =
        typeof(Checkout).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(entry => entry.Key == "Packages").Value!;
}
