using System.CommandLine;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Hosting;
using HaCluster.Ledger.Records;

namespace HaCluster.Ledger.Arguments;

/// <summary><c>ledger hold set|release|list</c>.</summary>
internal static class HoldCommand
{
    public static Command Create(TextWriter output, TextWriter error) => new("hold", "Keep records from being deleted when their retention ends (S3 legal hold), or release them.")
    {
        One("set", "Hold a stream, or some of its records, with the checkpoints that prove them.", error, async (holds, stream, from, to, token) =>
        {
            var part = await holds.HoldAsync(true, from, to, token);
            output.WriteLine($"{stream}: {Describe(part)} are on hold");
            if (part.Signed < to && part.Segments > 0)
                output.WriteLine($"  records after {part.Signed} have no checkpoint yet, and records written from now on are not on hold: set the hold again later");
            return part.Segments;
        }),
        One("release", "Release a hold. S3 does not count holds: where two overlap, both are released.", error, async (holds, stream, from, to, token) =>
        {
            var part = await holds.HoldAsync(false, from, to, token);
            output.WriteLine($"{stream}: {Describe(part)} are no longer on hold");
            return part.Segments;
        }),
        One("list", "List the objects of a stream that are on hold.", error, async (holds, stream, from, to, token) =>
        {
            var (part, held) = await holds.ListAsync(from, to, token);
            output.WriteLine($"{stream}: {held.Count} of {part.Names.Count} objects are on hold");
            foreach (var name in held)
                output.WriteLine($"  {name}");
            return part.Segments;
        }),
    };

    private static string Describe(HeldPart part) => $"{part.Segments} segments from record {part.First} on, and {part.Names.Count - part.Segments} checkpoints and keys";

    private static Command One(string name, string description, TextWriter error, Func<LegalHolds, string, long, long, CancellationToken, Task<int>> run)
    {
        var stream = new Argument<string>("STREAM") { Description = "Name of the stream." };
        var place = new Option<string>("--archive") { Description = "Where the records are: s3://BUCKET[/PREFIX].", HelpName = "PLACE", Required = true };
        var from = new Option<long>("--from") { Description = "First record. Default 1.", HelpName = "SEQUENCE", DefaultValueFactory = _ => 1 };
        var to = new Option<long?>("--to") { Description = "Last record. Default: the last one of the stream.", HelpName = "SEQUENCE" };
        var command = new Command(name, description) { stream, place, from, to };
        command.SetAction((parsed, token) => CommandLine.GuardAsync(error, async () =>
        {
            var (wanted, address, first, last) = (parsed.GetValue(stream)!, parsed.GetValue(place)!, parsed.GetValue(from), parsed.GetValue(to) ?? long.MaxValue);
            if (!Names.IsStream(wanted))
                return CommandLine.UsageError(error, $"'{wanted}' is not a name of a stream; write {Names.StreamRule}");
            if (first < 1 || last < first)
                return CommandLine.UsageError(error, $"--from is {first} and --to is {last}; write the first and the last record to hold, 1 or higher");
            if (!StorageAddresses.IsS3(address))
                return CommandLine.UsageError(error, $"--archive is {address}, a folder, which cannot hold its files; legal holds need s3://BUCKET with object lock");
            using var archive = (S3Archive)StorageAddresses.OpenArchive(address);
            return await run(new LegalHolds(archive, wanted), wanted, first, last, token) > 0
                ? CommandLine.Done
                : CommandLine.UsageError(error, $"{archive.Address} has no such records of the stream {wanted}");
        }));
        return command;
    }
}
