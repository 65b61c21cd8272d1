using HaCluster.Cli.Tests.Processes;

namespace HaCluster.Cli.Tests.Architecture;

/// <summary>A file is read in one sitting.</summary>
public sealed class FileLengthTests
{
    private const int Most = 300;

    private static readonly string[] Foreign = ["bin", "obj", "node_modules", ".git", "artifacts"];

    /// <summary>Longer ones, with their lines: each may only become shorter, and none is added.</summary>
    private static readonly Dictionary<string, int> Longer = new()
    {
        ["infra/Services/Ledger/Indexing/OpenSearch/OpenSearchIndex.cs"] = 314,
        ["infra/Services/Ledger/Writing/StreamLog.cs"] = 342,
        ["infra/Twin/Aws/Services/Ec2.cs"] = 322,
        ["infra/Twin/World/Declarations.cs"] = 334,
        ["module/Operations/Journal/OperationLease.cs"] = 328,
        ["module/Operations/Running/OperationRunner.cs"] = 317,
        ["module/Operations/Viewing/PodReader.cs"] = 352,
        ["tests/Ledger.Tests/Indexing/LoopbackOpenSearch.cs"] = 339,
        ["tests/Ledger.Tests/Reading/ReadingTests.cs"] = 338,
        ["tests/Ledger.Tests/Serving/ReceiverTests.cs"] = 306,
        ["tests/Ledger.Tests/Verification/TamperingTests.cs"] = 330,
        ["tests/Operations.Tests/Operating/ReleaseTests.cs"] = 315,
        ["tests/Operations.Tests/Running/RunnerTests.cs"] = 328,
        ["tests/Payments.Tests/Sending/EthereumSenderTests.cs"] = 319,
    };

    [Fact]
    public void No_file_has_more_lines_than_the_longest_that_is_read_in_one_sitting()
    {
        var found = Under(new DirectoryInfo(Ha.Checkout)).Select(file => (Path: Path.GetRelativePath(Ha.Checkout, file).Replace('\\', '/'), Lines: File.ReadLines(file).Count())).Where(file => file.Lines > Most).ToList();
        Assert.Empty(found.Where(file => file.Lines > Longer.GetValueOrDefault(file.Path, Most)).Select(file => $"{file.Path} has {file.Lines} lines; {Longer.GetValueOrDefault(file.Path, Most)} are the limit: split it by theme"));
        Assert.Empty(Longer.Where(known => found.SingleOrDefault(file => file.Path == known.Key).Lines < known.Value).Select(known => $"{known.Key} is shorter than {known.Value} lines: write how long it is, or take it out when it has {Most} or less"));
    }

    private static IEnumerable<string> Under(DirectoryInfo directory) =>
        directory.EnumerateFiles("*.cs").Select(file => file.FullName).Concat(directory.EnumerateDirectories().Where(each => !Foreign.Contains(each.Name)).SelectMany(Under));
}
