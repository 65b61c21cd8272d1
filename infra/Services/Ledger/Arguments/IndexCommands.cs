using System.CommandLine;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Hosting;
using HaCluster.Ledger.Indexing;
using HaCluster.Ledger.Records;

namespace HaCluster.Ledger.Arguments;

/// <summary><c>ledger index rebuild</c> and <c>ledger index replay</c>.</summary>
internal static class IndexCommands
{
    public const string None = "none";

    public static Option<string?> IndexOption(string text) => new("--index")
    {
        Description = text,
        HelpName = "INDEX",
    };

    public static Option<string?> RegionOption() => new("--index-region")
    {
        Description = "Region of AWS in which requests to OpenSearch are signed. Default: the one in its host name; without one, requests are not signed.",
        HelpName = "REGION",
    };

    public static Command Create(TextWriter output, TextWriter error) => new("index", "Rebuild the index from the archive, or retry what it refused.")
    {
        Rebuild(output, error), Replay(output, error),
    };

    private static Command Rebuild(TextWriter output, TextWriter error)
    {
        var (place, index, region, streams) = Arguments();
        var command = new Command("rebuild", "Rebuild the index from an archive, even while the service runs. Searches use the current index until the new one is complete.")
        {
            place, index, region, streams,
        };
        command.SetAction((parsed, token) => CommandLine.GuardAsync(error, async () =>
        {
            using var archive = StorageAddresses.OpenArchive(parsed.GetValue(place)!);
            await using var target = StorageAddresses.OpenIndex(parsed.GetValue(index) ?? DefaultIndex, parsed.GetValue(region));
            var names = await StreamsAsync(archive, parsed.GetValue(streams) ?? [], token);
            if (names.Count == 0)
                return CommandLine.UsageError(error, $"{archive.Address} has no stream: there is nothing to index");
            foreach (var stream in names)
                await new Rebuilder(archive, target, output, TimeProvider.System).RebuildAsync(stream, token);
            return CommandLine.Done;
        }));
        return command;
    }

    private static Command Replay(TextWriter output, TextWriter error)
    {
        var (place, index, region, streams) = Arguments();
        var command = new Command("replay", "Retry the dead letters: the records that the index refused.") { place, index, region, streams };
        command.SetAction((parsed, token) => CommandLine.GuardAsync(error, async () =>
        {
            using var archive = StorageAddresses.OpenArchive(parsed.GetValue(place)!);
            await using var target = StorageAddresses.OpenIndex(parsed.GetValue(index) ?? DefaultIndex, parsed.GetValue(region));
            var left = 0L;
            foreach (var stream in await StreamsAsync(archive, parsed.GetValue(streams) ?? [], token))
            {
                var replayed = await new Replayer(archive, target).ReplayAsync(stream, token);
                left += replayed.Refused;
                output.WriteLine($"{stream}: {replayed.Accepted} dead letters were indexed, {replayed.Refused} were refused again");
            }

            return left == 0 ? CommandLine.Done : CommandLine.Broken;
        }));
        return command;
    }

    private static string DefaultIndex => Path.Combine("ledger-data", "index.db");

    private static (Argument<string> Archive, Option<string?> Index, Option<string?> Region, Option<string[]> Streams) Arguments() => (
        CommandLine.ArchiveArgument(),
        IndexOption("A file, or https://DOMAIN of OpenSearch. Default ledger-data/index.db."),
        RegionOption(),
        new Option<string[]>("--stream") { Description = "Only this stream; may be repeated. Default: all.", HelpName = "NAME" });

    private static async Task<IReadOnlyList<string>> StreamsAsync(IArchive archive, string[] wanted, CancellationToken cancellationToken)
    {
        var there = (await archive.StreamsAsync(cancellationToken)).Where(Names.IsStream).ToArray();
        if (wanted.FirstOrDefault(stream => !there.Contains(stream)) is { } unknown)
            throw new FormatException($"--stream: {archive.Address} has no stream {unknown}; it has {(there.Length == 0 ? "none" : string.Join(", ", there))}");
        return wanted.Length > 0 ? wanted : there;
    }
}
