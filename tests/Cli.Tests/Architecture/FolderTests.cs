using System.Collections.Concurrent;

namespace HaCluster.Cli.Tests.Architecture;

/// <summary>Arrows between the folders of a project run one way.</summary>
public sealed class FolderTests
{
    /// <summary>Arrows that close rings. They may become fewer: a type that two folders need is moved to where it belongs.</summary>
    private static readonly (string Project, string Arrow, string Reason)[] Exceptions =
    [
        ("infra/Services/Payments", "Scanning -> Books", "what is found in a block is booked in the same transaction; the comparison with the chain asks for what was found"),
        ("infra/Services/Payments", "Scanning -> Forwarding", "a replaced block suspends forwarding in the transaction that takes its deposits back; a sweep asks how far the chain was looked through"),
        ("infra/Services/Payments", "Transfers -> Books", "a transfer reserves and ends in the books in the transaction that moves it; the comparison with the chain asks for those that are open"),
        ("infra/Services/Payments", "Transfers -> Forwarding", "a transfer whose block is replaced suspends forwarding in the same transaction; a round is transfers"),
        ("module/Operations", "Databases -> Zones", "a failover asks which zones traffic is shifted away from; a zone is switched with the writers of its databases"),
        ("module/Operations", "Running -> Journal", "whoever runs steps writes the journal, which keeps requests and steps as they are"),
    ];

    /// <summary>Its names and namespaces are those of the official SDK, which wires and resources share.</summary>
    private const string Official = "infra/Sdk/Pulumi";

    /// <summary>All of its classes are generated.</summary>
    private const string WithoutSources = "infra/Sdk/Pulumi.Aws";

    /// <summary>Each is read once.</summary>
    private static readonly ConcurrentDictionary<string, Folders> Known = new();

    public static TheoryData<string> All => [.. Projects.All.Except([Official, WithoutSources])];

    [Theory]
    [MemberData(nameof(All))]
    public void No_folders_use_each_other_in_a_ring(string project)
    {
        var folders = Read(project);
        var excepted = Exceptions.Where(exception => exception.Project == project).Select(exception => exception.Arrow).ToList();
        Assert.NotEmpty(folders.Names);
        Assert.Empty(folders.Outside);
        var rings = folders.Rings(excepted).ToList();
        Assert.True(rings.Count == 0, string.Join("\n\n", rings));
        Assert.Empty(excepted.Where(arrow => !folders.IsNeeded(arrow, excepted)).Select(arrow => $"{project}: {arrow} closes no ring any more: remove this exception"));
    }

    [Fact]
    public void Exceptions_are_of_projects_that_are_there()
    {
        Assert.Empty(Exceptions.Select(exception => exception.Project).Except(Projects.All));
        Assert.NotEmpty(Read(Official).Rings([]));
        Assert.Empty(Projects.SourcesOf(WithoutSources));
    }

    [Theory]
    [InlineData("infra/Services/Payments", "Amounts")]
    [InlineData("infra/Services/Ledger", "Records")]
    [InlineData("infra/Services/Sentinel", "Arguments")]
    [InlineData("infra/Stack", "Software")]
    [InlineData("infra/Stack", "Settings", "Software")]
    [InlineData("infra/Cli", "Terminal")]
    [InlineData("infra/Cli", "Running", "Terminal")]
    [InlineData("infra/Cli", "Views", "ExitCode", "Images", "Running", "Terminal")]
    [InlineData("infra/Planning", "Facts", "Capacity")]
    [InlineData("infra/Planning", "Modelling", "Capacity", "Facts", "Rendering", "Stacks")]
    public void A_folder_near_the_ground_uses_only_what_is_below_it(string project, string folder, params string[] below)
    {
        var folders = Read(project);
        Assert.Contains(folder, folders.Names);
        Assert.Equal(below, folders.UsedBy(folder));
    }

    /// <summary>One in the project file would be an arrow that no source shows, and a global one in a source would be one of every file.</summary>
    [Fact]
    public void Usings_are_those_of_each_source() => Assert.All(Projects.All, project =>
    {
        Assert.Empty(Projects.GlobalUsingsOf(project));
        Assert.DoesNotContain(Projects.SourcesOf(project), source => File.ReadLines(source).Any(line => line.StartsWith("global using ", StringComparison.Ordinal)));
    });

    private static Folders Read(string project) => Known.GetOrAdd(project, _ => new Folders(Projects.SourcesOf(project), Projects.RootNamespaceOf(project)));
}
