using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using HaCluster.Sentinel.Arguments;
using HaCluster.Sentinel.Nodes;

namespace HaCluster.Sentinel.Commands;

/// <summary>The command line: <c>sentinel --listen=... --chain=... ...</c> to watch a node, <c>sentinel check URL</c> to look at one once.</summary>
internal static class CommandLine
{
    public const int Done = 0;

    /// <summary>A part of the program broke: a defect, which is printed. Kubernetes starts it again.</summary>
    public const int Broken = 1;

    /// <summary><c>check</c>: the node may not be used.</summary>
    public const int NotReady = 1;

    /// <summary>An argument is unknown, missing or malformed, a file cannot be read, the port is taken.</summary>
    public const int Unusable = 2;

    private const string Description = """
        Watches one blockchain node and answers its probes: GET /ready, /live and /metrics (infra/Stack/Chains/SENTINEL.md).

        Exit codes: 0 stopped, or 'check' found the node ready; 1 'check' found it not ready, or a defect ended the program; 2 wrong arguments, an unreadable file, a port in use.
        """;

    private static readonly Option<string> Listen = new("--listen") { Description = "ADDRESS:PORT to listen on, plain HTTP. Default 127.0.0.1:9800.", HelpName = "ADDRESS:PORT" };
    private static readonly Option<string> ChainName = new("--chain") { Description = "bitcoin or ethereum.", HelpName = "NAME" };
    private static readonly Option<string> Network = new("--network") { Description = "Network that the node must belong to, such as mainnet, regtest, sepolia, or a number (chain id).", HelpName = "NAME" };
    private static readonly Option<string> Client = new("--client") { Description = "Value of the client label of all metrics: btcd, bitcoind, geth, reth, nethermind, erigon.", HelpName = "NAME" };
    private static readonly Option<string> Rpc = new("--rpc") { Description = "JSON-RPC URL of the node in this pod.", HelpName = "URL" };
    private static readonly Option<string?> UserFile = new("--rpc-user-file") { Description = "File with the user for HTTP basic authentication.", HelpName = "FILE" };
    private static readonly Option<string?> PasswordFile = new("--rpc-password-file") { Description = "File with the password for HTTP basic authentication.", HelpName = "FILE" };
    private static readonly Option<string?> AuthorityFile = new("--rpc-ca-file") { Description = "CA certificate of the node (PEM); no other CA is trusted.", HelpName = "FILE" };
    private static readonly Option<string?> CertificateFile = new("--rpc-certificate-file") { Description = "Certificate that the node should serve (PEM).", HelpName = "FILE" };
    private static readonly Option<string?> Consensus = new("--consensus") { Description = "Beacon API URL of the consensus client in this pod.", HelpName = "URL" };
    private static readonly Option<int?> TipAge = new("--tip-age") { Description = "Largest age of a fresh head, in seconds; 0: the age is not checked. Default 7200 (bitcoin), 60 (ethereum).", HelpName = "SECONDS" };
    private static readonly Option<int?> Lag = new("--lag") { Description = "Largest number of blocks behind the best sibling. Default 2 (bitcoin), 8 (ethereum).", HelpName = "BLOCKS" };
    private static readonly Option<int?> Stall = new("--stall") { Description = "Longest time without progress while siblings advance, in seconds. Default 3600 (bitcoin), 900 (ethereum).", HelpName = "SECONDS" };
    private static readonly Option<string[]> Node = new("--node") { Description = "URL of the sentinel of a node; may be repeated. The URL whose host begins with POD_NAME is this sentinel.", HelpName = "URL" };
    private static readonly Option<string?> Data = new("--data") { Description = "Directory of the node's data volume, to measure its growth.", HelpName = "DIR" };

    public static Task<int> RunAsync(string[] arguments, IReadOnlyDictionary<string, string?> environment, TextWriter output, TextWriter error)
    {
        var root = new RootCommand(Description);
        foreach (var option in new Option[] { Listen, ChainName, Network, Client, Rpc, UserFile, PasswordFile, AuthorityFile, CertificateFile, Consensus, TipAge, Lag, Stall, Node, Data })
            root.Options.Add(option);
        root.SetAction((parsed, token) => WatchAsync(parsed, environment, error, token));
        root.Subcommands.Add(Check(output, error));

        var parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors is [var first, ..])
            return Task.FromResult(UsageError(error, parsed.UnmatchedTokens is [var word, ..] ? $"'{word}' is not an argument of sentinel" : Explain(first)));
        return parsed.InvokeAsync(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            // Stopping is the service's own business: it goes on answering while the node shuts down.
            ProcessTerminationTimeout = null,
            Output = output,
            Error = error,
        });
    }

    private static Command Check(TextWriter output, TextWriter error)
    {
        var url = new Argument<string>("URL") { Description = "JSON-RPC URL of a node, or URL of a running sentinel." };
        var command = new Command("check", "Check a node once and report whether it may be used, and why not.") { url };
        foreach (var option in new Option[] { Network, UserFile, PasswordFile, AuthorityFile, Consensus, TipAge })
            command.Options.Add(option);
        command.SetAction(async (parsed, token) =>
        {
            var problems = new List<string>();
            var access = Access(parsed, UrlOf(parsed.GetValue(url)!, "URL", problems), problems);
            var consensus = parsed.GetValue(Consensus) is { } beacon ? UrlOf(beacon, "--consensus", problems) : null;
            return problems.Count > 0
                ? UsageError(error, problems[0])
                : await NodeCheck.RunAsync(access, consensus, parsed.GetValue(Network), parsed.GetValue(TipAge) is { } age ? TimeSpan.FromSeconds(age) : null, output, token);
        });
        return command;
    }

    private static Task<int> WatchAsync(ParseResult parsed, IReadOnlyDictionary<string, string?> environment, TextWriter error, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        var options = Read(parsed, environment.GetValueOrDefault("POD_NAME") ?? "", problems);
        return options is null || problems.Count > 0 ? Task.FromResult(UsageError(error, problems[0])) : Service.RunAsync(options, error, cancellationToken);
    }

    private static SentinelOptions? Read(ParseResult parsed, string pod, List<string> problems)
    {
        foreach (var option in new[] { ChainName, Network, Client, Rpc })
        {
            if (parsed.GetValue(option) is not { Length: > 0 })
                problems.Add($"{option.Name} is missing; {char.ToLowerInvariant(option.Description![0])}{option.Description[1..]}");
        }

        if (problems.Count > 0)
            return null;
        if (!Enum.TryParse<Chain>(parsed.GetValue(ChainName), ignoreCase: true, out var chain) || !Enum.IsDefined(chain) || char.IsAsciiDigit(parsed.GetValue(ChainName)![0]))
        {
            problems.Add($"--chain is '{parsed.GetValue(ChainName)}'; choose bitcoin or ethereum");
            return null;
        }

        var network = parsed.GetValue(Network)!;
        if (!Networks.IsKnown(chain, network))
            problems.Add($"--network is '{network}'; for {Networks.NameOf(chain)} choose one of {Networks.Choices(chain)}");
        var limits = Limits.Of(chain, network);
        var listen = parsed.GetValue(Listen) ?? "127.0.0.1:9800";
        if (!IPEndPoint.TryParse(listen, out var endPoint) || endPoint.Port == 0)
            problems.Add($"--listen is '{listen}'; write an address and a port, such as 0.0.0.0:9800");
        return new SentinelOptions
        {
            Listen = endPoint ?? new IPEndPoint(IPAddress.Loopback, 0),
            Chain = chain,
            Network = network,
            Client = parsed.GetValue(Client)!,
            Rpc = Access(parsed, UrlOf(parsed.GetValue(Rpc)!, "--rpc", problems), problems),
            Consensus = parsed.GetValue(Consensus) is { } beacon ? UrlOf(beacon, "--consensus", problems) : null,
            Limits = new Limits(
                Count(parsed, TipAge, problems) is { } age ? TimeSpan.FromSeconds(age) : limits.TipAge,
                Count(parsed, Lag, problems) ?? limits.Lag,
                Count(parsed, Stall, problems) is { } stall ? TimeSpan.FromSeconds(stall) : limits.Stall),
            Siblings =
            [
                .. (parsed.GetValue(Node) ?? []).Select(url => Sibling.At(UrlOf(url, "--node", problems)))
                    .Where(sibling => sibling.Name != pod)
                    .DistinctBy(sibling => sibling.Url),
            ],
            Pod = pod,
            DataDirectory = parsed.GetValue(Data) is { } directory ? Existing(directory, problems) : null,
        };
    }

    private static NodeAccess Access(ParseResult parsed, Uri url, List<string> problems)
    {
        var (user, password, authority) = (parsed.GetValue(UserFile), parsed.GetValue(PasswordFile), parsed.GetValue(AuthorityFile));
        // 'check' does not have it.
        var certificate = parsed.GetResult(CertificateFile) is null ? null : parsed.GetValue(CertificateFile);
        if (user is null != password is null)
            problems.Add($"{(user is null ? UserFile.Name : PasswordFile.Name)} is missing; set both a user and a password");
        foreach (var (name, file) in new[] { (UserFile.Name, user), (PasswordFile.Name, password), (AuthorityFile.Name, authority), (CertificateFile.Name, certificate) })
        {
            if (file is not null && Unreadable(file) is { } why)
                problems.Add($"{name}: {file} cannot be read: {why}");
            else if (file is not null && (file == authority || file == certificate) && ServedCertificate.OfFile(file) is null)
                problems.Add($"{name}: {file} has no certificate in PEM format");
        }

        return new NodeAccess(url, user, password, authority, certificate);
    }

    private static string? Unreadable(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception is FileNotFoundException or DirectoryNotFoundException ? "the file does not exist" : exception.Message;
        }
    }

    private static string? Existing(string directory, List<string> problems)
    {
        if (!Directory.Exists(directory))
            problems.Add($"--data: the directory {directory} does not exist");
        return directory;
    }

    private static string Explain(ParseError error) => error.SymbolResult is OptionResult { Option: Option<int?> option, Tokens: [var token, ..] }
        ? Whole(option, token.Value)
        : error.SymbolResult is ArgumentResult { Argument: var missing } ? $"{missing.Name} is missing; write the {missing.Description}" : error.Message;

    private static string Whole(Option<int?> option, string value) =>
        $"{option.Name} is {value}; write a whole number of {option.HelpName!.ToLowerInvariant()}, 0 or more";

    private static int? Count(ParseResult parsed, Option<int?> option, List<string> problems)
    {
        var value = parsed.GetValue(option);
        if (value < 0)
            problems.Add(Whole(option, $"{value}"));
        return value;
    }

    private static Uri UrlOf(string text, string argument, List<string> problems)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0)
            return url;
        problems.Add($"{argument} is '{Redacted(text)}'; write a URL such as http://127.0.0.1:8545{(text.Contains('@') ? ", without a password in it" : "")}");
        return new Uri("http://localhost");
    }

    /// <summary>Somebody may have written a password into it.</summary>
    private static string Redacted(string text) => text.LastIndexOf('@') is >= 0 and var at ? $"[...]{text[at..]}" : text;

    private static int UsageError(TextWriter error, string problem)
    {
        error.WriteLine($"sentinel: {problem.ReplaceLineEndings(" ")}");
        return Unusable;
    }
}
