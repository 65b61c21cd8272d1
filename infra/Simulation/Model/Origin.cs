namespace HaCluster.Simulation.Model;

/// <summary>Who declares an object of the cluster, or makes it.</summary>
/// <param name="Urn">Of the program's resource behind it; null when it is not of the program.</param>
public abstract record Origin(string? Urn)
{
    /// <summary>A resource of the program.</summary>
    public sealed record Program(string Urn) : Origin(Urn)
    {
        public override string ToString() => "the program";
    }

    /// <summary>A Helm chart, or a controller that it installs.</summary>
    /// <param name="Urn">Of the release, or of the resource for which the controller makes the object.</param>
    public sealed record Chart(string? Urn, string Name, string? Version) : Origin(Urn)
    {
        public override string ToString() => Version is null ? $"chart {Name}" : $"chart {Name} {Version}";
    }

    /// <summary>An EKS add-on.</summary>
    /// <param name="IsPublished">AWS publishes its manifests; what they say is guessed otherwise.</param>
    public sealed record Addon(string? Urn, string Name, bool IsPublished = true) : Origin(Urn)
    {
        public override string ToString() => $"add-on {Name}";
    }

    /// <summary>A file of manifests, or of a dump of a live cluster.</summary>
    /// <param name="Line">Null where the format does not tell.</param>
    /// <param name="Part">Which document or item of the file; empty when it has one.</param>
    public sealed record File(string Path, long? Line = null, string Part = "") : Origin((string?)null)
    {
        public override string ToString() => $"{Path}{(Line is { } line ? $":{line}" : "")}{Part}";
    }
}
