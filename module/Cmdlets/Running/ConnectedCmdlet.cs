using System.Management.Automation;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Sessions;
using HaCluster.Operations.Connecting;

namespace HaCluster.Cmdlets.Running;

/// <summary>A cmdlet that asks a connected cluster.</summary>
public abstract class ConnectedCmdlet : HaCmdlet
{
    /// <summary>Name of the connection, as Get-HaConnection lists it. Default: the one that was connected last. Objects of another connection bring theirs along when they are piped.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Connection { get; set; }

    /// <exception cref="HaClusterException">Nothing is connected, or not under this name.</exception>
    private protected ClusterSession Session()
    {
        var connection = OpenConnections.Find(Connection);
        connection.RequireTwin();
        return connection.Session;
    }

    /// <summary>Writes what came from the cluster, with the name of its connection, so that what it is piped to asks the same cluster.</summary>
    private protected void WriteOf<T>(T item)
        where T : notnull
    {
        var shown = new PSObject(item);
        shown.Properties.Add(new PSNoteProperty(nameof(Connection), OpenConnections.Find(Connection).Name));
        WriteObject(shown);
    }

    /// <summary>Writes what was read, and a warning for each part that could not be.</summary>
    private protected void WriteOf<T>(IEnumerable<T> items, IEnumerable<UnknownPart> unknown)
        where T : notnull
    {
        foreach (var item in items)
            WriteOf(item);
        foreach (var part in unknown)
            WriteWarning($"{part.Part} could not be read: {part.Reason}");
    }

    /// <summary>Keeps what one of the names or patterns matches; none given keeps all.</summary>
    private protected static IEnumerable<T> Matching<T>(IEnumerable<T> items, string[]? patterns, Func<T, string> of)
    {
        if (patterns is null or { Length: 0 })
            return items;
        var wildcards = patterns.Select(pattern => new WildcardPattern(pattern, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant)).ToArray();
        return items.Where(item => wildcards.Any(wildcard => wildcard.IsMatch(of(item))));
    }

    /// <summary>An exact name that nothing has is an error, as with Get-Process; a pattern that matches nothing is not.</summary>
    private protected void WriteMissing<T>(IReadOnlyCollection<T> all, string[]? names, Func<T, string> of, string what)
    {
        foreach (var name in names?.Where(name => !WildcardPattern.ContainsWildcardCharacters(name)) ?? [])
        {
            if (all.All(item => !string.Equals(of(item), name, StringComparison.OrdinalIgnoreCase)))
                Report(Errors.RecordOf(Missing(what, name, all.Select(of))));
        }
    }

    private static HaClusterException Missing(string what, string name, IEnumerable<string> there)
    {
        var names = there.Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal);
        return new HaClusterException(FailureKind.NotFound, "", $"{what} {name}", "does not exist", Advice.Available(names, $"The cluster has no {what}"));
    }
}
