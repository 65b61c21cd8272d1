namespace HaCluster.Engine.Running;

/// <summary>The <c>dotnet</c> that starts other assemblies of this product.</summary>
public static class DotnetHost
{
    private static readonly string Program = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";

    /// <summary>
    /// The host of this process where it is one, then <c>DOTNET_ROOT</c>, then whatever is on <c>PATH</c>. PowerShell as a .NET tool runs in dotnet; an
    /// installed one brings a runtime of its own, which cannot start others.
    /// </summary>
    public static string Path =>
        System.IO.Path.GetFileName(Environment.ProcessPath) == Program ? Environment.ProcessPath!
        : Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root && File.Exists(System.IO.Path.Combine(root, Program)) ? System.IO.Path.Combine(root, Program)
        : Program;
}
