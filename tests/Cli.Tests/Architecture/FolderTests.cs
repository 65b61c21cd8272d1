using System.Xml.Linq;
using HaCluster.Cli.Tests.Processes;

namespace HaCluster.Cli.Tests.Architecture;

/// <summary>Arrows between folders and between projects run one way.</summary>
public sealed class FolderTests
{
    /// <summary>Pairs of folders that use each other. They may become fewer: a type that two folders need is moved to where it belongs.</summary>
    private static readonly (string Project, string Pair, string Reason)[] Exceptions =
    [
        ("infra/Services/Payments", "Books, Scanning", "what is found in a block is booked in the same transaction; the comparison with the chain asks for what was found"),
        ("infra/Services/Payments", "Books, Transfers", "a transfer reserves and ends in the books in the transaction that moves it; the comparison with the chain asks for those that are open"),
        ("infra/Services/Payments", "Forwarding, Scanning", "a replaced block suspends forwarding in the transaction that takes its deposits back; a sweep asks how far the chain was looked through"),
        ("infra/Services/Payments", "Forwarding, Transfers", "a round is transfers; a transfer whose block is replaced suspends forwarding in the same transaction"),
        ("module/Cmdlets", "Connections, Running", "Connect-HaCluster is a cmdlet like the others, which find their connection where it keeps it"),
        ("module/Cmdlets", "Connections, Twin", "Connect-HaCluster finds running twins; Stop-HaTwin ends the connections to its own"),
        ("module/Operations", "Databases, Zones", "a zone is switched with the writers of its databases; a failover asks which zones traffic is shifted away from"),
        ("module/Operations", "Journal, Running", "the journal keeps requests and steps as they are, and whoever runs them writes it"),
    ];

    [Theory]
    [InlineData("infra/Services/Payments", "payments", "HaCluster.Payments")]
    [InlineData("infra/Services/Ledger", "ledger", "HaCluster.Ledger")]
    [InlineData("infra/Twin", "HaCluster.Twin", "HaCluster.Twin")]
    [InlineData("infra/Account", "HaCluster.Account", "HaCluster.Account")]
    [InlineData("module/Operations", "HaCluster.Operations", "HaCluster.Operations")]
    [InlineData("module/Cmdlets", "HaCluster.Cmdlets", "HaCluster.Cmdlets")]
    public void No_two_folders_use_each_other(string project, string assembly, string root)
    {
        var folders = Read(project, assembly, root);
        var excepted = Exceptions.Where(exception => exception.Project == project).Select(exception => exception.Pair).ToList();
        var others = folders.Pairs.Except(excepted).Select(folders.Describe).ToList();
        Assert.True(others.Count == 0, string.Join('\n', others));
        Assert.Empty(excepted.Except(folders.Pairs).Select(pair => $"{project}: {pair}: remove this exception"));
    }

    [Theory]
    [InlineData("infra/Services/Payments", "payments", "HaCluster.Payments", "Amounts")]
    [InlineData("infra/Services/Ledger", "ledger", "HaCluster.Ledger", "Records")]
    public void A_leaf_uses_no_other_folder(string project, string assembly, string root, string leaf) => Assert.Empty(Read(project, assembly, root).UsedBy(leaf));

    /// <summary>Tests apart.</summary>
    [Theory]
    [InlineData("infra/Cli")]
    [InlineData("module/Cmdlets")]
    [InlineData("infra/Services/Ledger")]
    [InlineData("infra/Services/Payments")]
    [InlineData("infra/Services/Sentinel")]
    public void Nothing_is_built_on(string project) => Assert.DoesNotContain(Projects, other => ReferencesOf(other).Contains(project));

    [Fact]
    public void Operations_cannot_tell_the_twin_from_the_real_thing() => Assert.DoesNotContain("infra/Twin", ReferencesOf("module/Operations"));

    private static IEnumerable<string> Projects => new[] { "infra", "module" }
        .SelectMany(part => Directory.EnumerateFiles(Path.Combine(Ha.Checkout, part), "*.csproj", SearchOption.AllDirectories))
        .Select(file => Path.GetRelativePath(Ha.Checkout, Path.GetDirectoryName(file)!).Replace('\\', '/'));

    /// <summary>What a project is compiled against; what is only built with it, or beside it, is left out.</summary>
    private static IEnumerable<string> ReferencesOf(string project)
    {
        var file = Directory.GetFiles(Path.Combine(Ha.Checkout, project), "*.csproj").Single();
        return XDocument.Load(file).Descendants("ProjectReference").Where(reference => (string?)reference.Attribute("ReferenceOutputAssembly") != "false")
            .Select(reference => Path.GetRelativePath(Ha.Checkout, Path.GetFullPath(Path.GetDirectoryName((string)reference.Attribute("Include")!)!, Path.GetDirectoryName(file)!)).Replace('\\', '/'));
    }

    private static Folders Read(string project, string assembly, string root) =>
        new(Path.Combine(Ha.Checkout, project, "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", $"{assembly}.dll"), root);
}
