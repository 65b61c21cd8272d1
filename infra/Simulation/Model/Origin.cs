namespace HaCluster.Simulation.Model;

/// <summary>The origin of an object: who declares or creates it.</summary>
/// <param name="Urn">The URN of the program's resource behind it; null for other origins.</param>
public abstract record Origin(string? Urn)
{
    /// <summary>A resource of the program.</summary>
    public sealed record Program(string Urn) : Origin(Urn)
    {
        public override string ToString() => "the program";
    }

    /// <summary>A Helm chart, or a controller that it installs.</summary>
    /// <param name="Urn">The URN of the release, or of the resource for which the controller creates the object.</param>
    public sealed record Chart(string? Urn, string Name, string? Version) : Origin(Urn)
    {
        public override string ToString() => Version is null ? $"chart {Name}" : $"chart {Name} {Version}";
    }

    /// <summary>An EKS add-on.</summary>
    /// <param name="IsPublished">Whether AWS publishes its manifests; otherwise they are guessed.</param>
    public sealed record Addon(string? Urn, string Name, bool IsPublished = true) : Origin(Urn)
    {
        public override string ToString() => $"add-on {Name}";
    }

    /// <summary>A file of manifests, or of a dump of a live cluster.</summary>
    /// <param name="Line">Null for formats without lines.</param>
    /// <param name="Part">Which document or item of the file; empty when it has one.</param>
    public sealed record File(string Path, long? Line = null, string Part = "") : Origin((string?)null)
    {
        public override string ToString() => $"{Path}{(Line is { } line ? $":{line}" : "")}{Part}";
    }
}
