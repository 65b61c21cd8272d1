using System.CommandLine;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Hosting;
using HaCluster.Ledger.Proof;
using HaCluster.Ledger.Verification;

namespace HaCluster.Ledger.Arguments;

/// <summary><c>ledger verify</c>.</summary>
internal static class VerifyCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var place = CommandLine.ArchiveArgument();
        var keys = new Option<string[]>("--key") { Description = "Public key that may sign checkpoints, in PEM format; may be repeated. Without it the keys in the archive are trusted.", HelpName = "FILE" };
        var checkpoints = new Option<string[]>("--checkpoint") { Description = "A checkpoint kept elsewhere: the archive must have its records unchanged, and may only continue after them. May be repeated.", HelpName = "FILE" };
        var retention = new Option<int?>("--retention-years") { Description = "Records older than that may be missing, because their lock has ended, if signed checkpoints cover them. Default: no record may be missing.", HelpName = "YEARS" };
        var command = new Command("verify", "Walk an archive and name the first thing in each stream that was changed, deleted, reordered, cut off or back-dated.") { place, keys, checkpoints, retention };
        command.SetAction((parsed, token) => CommandLine.GuardAsync(error, async () =>
        {
            using var archive = StorageAddresses.OpenArchive(parsed.GetValue(place)!);
            var trusted = (parsed.GetValue(keys) ?? []).Select(CommandLine.ReadKey).ToArray();
            var expected = (parsed.GetValue(checkpoints) ?? []).Select(file => CommandLine.Named(file, () => SignedCheckpoint.Parse(File.ReadAllBytes(file)))).ToArray();
            var years = parsed.GetValue(retention);
            if (years is < 1 or > 100)
                return CommandLine.UsageError(error, $"--retention-years is {years}; write a whole number from 1 to 100");
            var reports = await new Verifier(archive, trusted, expected) { Retention = years is { } kept ? new Retention(kept) : null }.VerifyAsync(token);
            if (reports.Count == 0)
                return CommandLine.UsageError(error, $"{archive.Address} has no stream: there is nothing to verify");
            foreach (var report in reports)
                Report.Write(output, report);
            if (trusted.Length == 0)
                output.WriteLine("keys: those in the archive were trusted; give --key with a public key that you keep elsewhere");
            return reports.All(report => report.Finding is null) ? CommandLine.Done : CommandLine.Broken;
        }));
        return command;
    }
}
