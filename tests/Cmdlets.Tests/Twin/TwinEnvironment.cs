namespace HaCluster.Cmdlets.Tests.Twin;

/// <summary>The environment in which AWS tools talk to a twin, as <c>. environment</c> sets it in a shell.</summary>
internal sealed class TwinEnvironment : IDisposable
{
    private readonly List<string> _names = [];

    public TwinEnvironment(TwinStatus twin, params (string Name, string Value)[] others)
    {
        var settings = File.ReadLines(Path.Combine(Path.GetDirectoryName(twin.Kubeconfig)!, "environment")).Select(line => line["export ".Length..].Split('=', 2)).Select(parts => (Name: parts[0], Value: parts[1].Trim('\'').Replace(@"'\''", "'", StringComparison.Ordinal)));
        foreach (var (name, value) in settings.Concat(others))
        {
            Environment.SetEnvironmentVariable(name, value);
            _names.Add(name);
        }
    }

    public void Dispose() => _names.ForEach(name => Environment.SetEnvironmentVariable(name, null));
}
