using System.CommandLine;
using System.Net;
using System.Text.Json;
using Amazon.Runtime;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Hosting;
using HaCluster.Ledger.Indexing;
using HaCluster.Ledger.Records;
using HaCluster.Ledger.Serving;
using HaCluster.Ledger.Verification;
using HaCluster.Ledger.Writing;
using HaCluster.Services;
using PublicKey = HaCluster.Ledger.Proof.PublicKey;

namespace HaCluster.Ledger.Arguments;

/// <summary>The command line: <c>ledger</c> receives records; <c>ledger verify</c>, <c>prove</c>, <c>check</c> and <c>token</c> do one thing and end.</summary>
internal static class CommandLine
{
    /// <summary>Stopped, intact, proved.</summary>
    public const int Done = 0;

    /// <summary><c>verify</c> found a breach, or <c>check</c> a proof that proves nothing.</summary>
    public const int Broken = 1;

    /// <summary>An argument is wrong, a file or an archive cannot be read, the port is taken, or there is nothing to verify.</summary>
    public const int Unusable = 2;

    private const string Description = """
        Receives finance records, keeps them in an archive and proves that they were not changed (infra/Services/Ledger/README.md).

        Exit codes: 0 stopped, intact or proved; 1 a breach was found, or a proof is wrong; 2 wrong arguments, an unreadable file or archive, a port in use, nothing to verify.
        """;

    private static readonly Option<string> Listen = new("--listen") { Description = "ADDRESS:PORT to listen on. Default 127.0.0.1:9810.", HelpName = "ADDRESS:PORT", DefaultValueFactory = _ => "127.0.0.1:9810" };
    private static readonly Option<string> Data = new("--data") { Description = "Folder of the spool, and by default of the archive and the signing key. Default ledger-data.", HelpName = "DIR", DefaultValueFactory = _ => "ledger-data" };
    private static readonly Option<string?> Archive = new("--archive") { Description = "Where records are kept: a folder, or s3://BUCKET[/PREFIX]. Default: archive in the folder of --data.", HelpName = "PLACE" };
    private static readonly Option<string?> Key = new("--key") { Description = "Key that signs checkpoints: a file in PEM format, made when it is missing, or kms:KEY. Default: signing-key.pem in the folder of --data.", HelpName = "KEY" };
    private static readonly Option<bool> PlainHttp = new("--plain-http") { Description = "Allow plain HTTP on an address other than loopback, for a proxy in front that terminates TLS." };
    private static readonly Option<int?> RetentionYears = new("--retention-years") { Description = "Years that each object is locked in S3. Records older than that may be missing from the archive. Default: the bucket's own lock; no record may be missing.", HelpName = "YEARS" };
    private static readonly Option<string> LockMode = new("--lock") { Description = "Mode of the lock. governance: roles with s3:BypassGovernanceRetention can remove it. compliance: nobody can. bucket: the bucket's default retention locks objects, and the service needs no permission to do so. Default governance.", HelpName = "MODE", DefaultValueFactory = _ => "governance" };
    private static readonly Option<int?> Batch = new("--batch") { Description = "Milliseconds that a record waits for others, 0 to 200. Default: 20; with S3 20 to 200, depending on the load.", HelpName = "MILLISECONDS" };
    private static readonly Option<int> CheckpointRecords = new("--checkpoint-records") { Description = "Sign a checkpoint after this many records. Default 10000.", HelpName = "RECORDS", DefaultValueFactory = _ => 10_000 };
    private static readonly Option<int> CheckpointSeconds = new("--checkpoint-seconds") { Description = "Sign a checkpoint of new records after this many seconds. Default 3600.", HelpName = "SECONDS", DefaultValueFactory = _ => 3600 };
    private static readonly Option<int> Window = new("--window") { Description = "Number of recent records per stream in which a repeated record is recognised; 40 bytes of memory each. Default 1000000.", HelpName = "RECORDS", DefaultValueFactory = _ => 1_000_000 };

    private static readonly Option<int> VerifyEvery = new("--verify-every") { Description = "Hours after which the service verifies its own archive again; 0: never. Default 24.", HelpName = "HOURS", DefaultValueFactory = _ => 24 };

    private static readonly Option<string?> Index = IndexCommands.IndexOption("Index for searches: a file (SQLite), https://DOMAIN (OpenSearch), or none. Default: index.db in the folder of --data.");
    private static readonly Option<string?> IndexRegion = IndexCommands.RegionOption();

    public static Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error)
    {
        var parsed = Create(output, error).Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (ArgumentErrors.Find(parsed, "ledger") is { } wrong)
            return Task.FromResult(UsageError(error, wrong));
        return parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null, Output = output, Error = error });
    }

    /// <summary>All commands and options, for whoever only parses too.</summary>
    internal static RootCommand Create(TextWriter output, TextWriter error)
    {
        var root = new RootCommand(Description);
        foreach (var option in (Option[])
        [
            Listen, Data, Archive, Key, .. SecurityOptions.All, PlainHttp, RetentionYears, LockMode, Batch, CheckpointRecords, CheckpointSeconds, Window, VerifyEvery, Index, IndexRegion,
        ])
            root.Options.Add(option);
        root.SetAction((parsed, token) => ServeAsync(parsed, output, error, token));
        foreach (var command in new[]
        {
            VerifyCommand.Create(output, error), Prove(output, error), Check(output, error), HoldCommand.Create(output, error), Token(output, error), IndexCommands.Create(output, error),
        })
            root.Subcommands.Add(command);
        return root;
    }

    private static async Task<int> ServeAsync(ParseResult parsed, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        var options = Read(parsed, problems);
        if (options is null || problems.Count > 0)
            return UsageError(error, [.. problems]);
        try
        {
            await Service.RunAsync(options, output, error, cancellationToken);
            return Done;
        }
        catch (Exception exception) when (Service.IsOfArguments(exception))
        {
            return UsageError(error, exception.Message);
        }
    }

    private static ServeOptions? Read(ParseResult parsed, List<string> problems)
    {
        var listen = parsed.GetValue(Listen)!;
        if (!IPEndPoint.TryParse(listen, out var endPoint) || (endPoint.Port == 0 && !listen.EndsWith(":0", StringComparison.Ordinal)))
            problems.Add($"--listen is '{listen}'; write an address and a port, such as 127.0.0.1:9810");
        var (producers, certificate, authority, syslog) = SecurityOptions.Read(parsed, problems);
        if (endPoint is not null && !IPAddress.IsLoopback(endPoint.Address))
        {
            if (producers.Current.IsAnyone)
                problems.Add($"--listen is {listen}, which others can reach, and --producers is missing: anyone could write; give a file of producers (`ledger token` prints an entry for it)");
            if (certificate is null && !parsed.GetValue(PlainHttp))
                problems.Add($"--listen is {listen}, and --certificate is missing: tokens would be sent without TLS; give --certificate and --certificate-key, or --plain-http if a proxy in front terminates TLS");
        }

        var archive = parsed.GetValue(Archive) ?? Path.Combine(parsed.GetValue(Data)!, "archive");
        var mode = parsed.GetValue(LockMode);
        if (mode is not ("governance" or "compliance" or "bucket"))
            problems.Add($"--lock is '{mode}'; choose governance, compliance or bucket");
        ObjectRetention? retention = null;
        if (parsed.GetValue(RetentionYears) is { } years)
        {
            if (years is < 1 or > 100)
                problems.Add($"--retention-years is {years}; S3 locks objects for 1 to 100 years");
            if (!StorageAddresses.IsS3(archive))
                problems.Add("--retention-years needs an archive in S3; a folder cannot lock its files");
            retention = new ObjectRetention(years, mode == "compliance");
        }

        if (parsed.GetValue(Batch) is < 0 or > 200)
            problems.Add($"--batch is {parsed.GetValue(Batch)}; write a whole number from 0 to 200");
        Bound(parsed, CheckpointRecords, 1, 10_000_000, problems);
        Bound(parsed, CheckpointSeconds, 1, 86_400, problems);
        Bound(parsed, Window, 1, 100_000_000, problems);
        Bound(parsed, VerifyEvery, 0, 24 * 365, problems);
        return endPoint is null ? null : new ServeOptions
        {
            Listen = endPoint,
            Data = Path.GetFullPath(parsed.GetValue(Data)!),
            Archive = archive,
            Key = parsed.GetValue(Key) ?? Path.Combine(parsed.GetValue(Data)!, "signing-key.pem"),
            Producers = producers,
            Certificate = certificate,
            ClientAuthority = authority,
            Syslog = syslog,
            Retention = mode == "bucket" ? null : retention,
            VerifyEvery = parsed.GetValue(VerifyEvery) is > 0 and var hours ? TimeSpan.FromHours(hours) : null,
            Index = parsed.GetValue(Index) switch { null => Path.Combine(parsed.GetValue(Data)!, "index.db"), IndexCommands.None => null, var index => index },
            IndexRegion = parsed.GetValue(IndexRegion),
            Log = new LogOptions
            {
                Linger = TimeSpan.FromMilliseconds(parsed.GetValue(Batch) ?? 20),
                LongestLinger = parsed.GetValue(Batch) is null && StorageAddresses.IsS3(archive) ? TimeSpan.FromMilliseconds(200) : null,
                Retention = retention is null ? null : new Retention(retention.Years),
                CheckpointRecords = parsed.GetValue(CheckpointRecords),
                CheckpointEvery = TimeSpan.FromSeconds(parsed.GetValue(CheckpointSeconds)),
                Window = parsed.GetValue(Window),
            },
        };
    }

    private static void Bound(ParseResult parsed, Option<int> option, int least, int most, List<string> problems)
    {
        if (parsed.GetValue(option) is var value && (value < least || value > most))
            problems.Add($"{option.Name} is {value}; write a whole number from {least} to {most}");
    }

    private static Command Prove(TextWriter output, TextWriter error)
    {
        var id = new Argument<string>("ID") { Description = "Id of the record." };
        var place = ArchiveArgument();
        var stream = new Option<string>("--stream") { Description = "Stream of the record.", HelpName = "NAME", Required = true };
        var producer = new Option<string?>("--producer") { Description = "Producer of the record, when several use the id.", HelpName = "NAME" };
        var command = new Command("prove", "Print a proof that a record is in a stream, for someone who has only the public key.") { id, place, stream, producer };
        command.SetAction((parsed, token) => GuardAsync(error, async () =>
        {
            using var archive = StorageAddresses.OpenArchive(parsed.GetValue(place)!);
            var proof = await InclusionProof.FindAsync(archive, parsed.GetValue(stream)!, parsed.GetValue(id)!, parsed.GetValue(producer), token);
            output.Write(System.Text.Encoding.UTF8.GetString(proof.ToBytes()));
            return Done;
        }));
        return command;
    }

    private static Command Check(TextWriter output, TextWriter error)
    {
        var file = new Argument<string>("FILE") { Description = "File with a proof." };
        var key = new Option<string>("--key") { Description = "Public key in PEM format.", HelpName = "FILE", Required = true };
        var command = new Command("check", "Check a proof that `ledger prove` printed.") { file, key };
        command.SetAction((parsed, _) => GuardAsync(error, () =>
        {
            var name = parsed.GetValue(file)!;
            var proof = Named(name, () => InclusionProof.Parse(File.ReadAllBytes(name)));
            var fault = proof.FaultUnder(ReadKey(parsed.GetValue(key)!));
            output.WriteLine(fault is null
                ? $"proved: record {proof.Sequence} is in the stream {proof.Checkpoint.Stream}, of which {proof.Checkpoint.Size} records were signed at {proof.Checkpoint.At}"
                : $"not proved: {fault}");
            return Task.FromResult(fault is null ? Done : Broken);
        }));
        return command;
    }

    private static Command Token(TextWriter output, TextWriter error)
    {
        var name = new Argument<string>("NAME") { Description = "Name of the producer." };
        var streams = new Argument<string[]>("STREAM") { Description = "Streams that it may write to.", Arity = ArgumentArity.ZeroOrMore };
        var reads = new Option<string[]>("--reads") { Description = "Stream whose records it may search and export; may be repeated.", HelpName = "STREAM" };
        var command = new Command("token", "Create a token for a producer or a reader, and print its entry for the --producers file.") { name, streams, reads };
        command.SetAction(parsed =>
        {
            var (written, read) = (parsed.GetValue(streams) ?? [], parsed.GetValue(reads) ?? []);
            if (written.Length + read.Length == 0)
                return UsageError(error, "STREAM is missing; write the streams that it may write to, or --reads STREAM");
            string[] names = [parsed.GetValue(name)!, .. written, .. read];
            if (names.FirstOrDefault(one => !Names.IsStream(one)) is { } wrong)
                return UsageError(error, $"'{wrong}' is not a name of a producer or stream; write {Names.StreamRule}");
            if (written.FirstOrDefault(ReservedStreams.Includes) is { } reserved)
                return UsageError(error, $"the stream {reserved} is written by the ledger itself; it may be named in --reads");
            var (token, hash) = Producers.NewToken();
            output.WriteLine($"token, shown once: {token}");
            output.WriteLine($"{{\"producers\": [{{\"name\": {JsonSerializer.Serialize(parsed.GetValue(name), RecordJson.Default.String)}, \"tokenSha256\": [\"{hash}\"], {Of("streams", written)}{(written.Length > 0 && read.Length > 0 ? ", " : "")}{Of("reads", read)}}}]}}");
            return Done;

            static string Of(string member, string[] names) => names.Length == 0 ? "" : $"\"{member}\": [{string.Join(", ", names.Select(one => JsonSerializer.Serialize(one, RecordJson.Default.String)))}]";
        });
        return command;
    }

    internal static Argument<string> ArchiveArgument() => new("ARCHIVE")
    {
        Description = "Folder, or s3://BUCKET[/PREFIX]. Default ledger-data/archive.",
        DefaultValueFactory = _ => Path.Combine("ledger-data", "archive"),
    };

    internal static PublicKey ReadKey(string file) => Named(file, () => PublicKey.OfPem(File.ReadAllText(file)));

    /// <summary>Puts the name of the file before what is wrong with it.</summary>
    internal static T Named<T>(string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (FormatException exception)
        {
            throw new FormatException($"{file}: {exception.Message}", exception);
        }
    }

    internal static async Task<int> GuardAsync(TextWriter error, Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception exception) when (exception is ArchiveUnavailableException or IndexUnavailableException or FormatException or IOException or UnauthorizedAccessException or AmazonClientException)
        {
            return UsageError(error, exception.Message);
        }
    }

    internal static int UsageError(TextWriter error, params string[] problems)
    {
        foreach (var problem in problems)
            error.WriteLine($"ledger: {problem.ReplaceLineEndings(" ")}");
        return Unusable;
    }
}
