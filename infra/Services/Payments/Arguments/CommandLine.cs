using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using HaCluster.Payments.FinanceLog;
using HaCluster.Payments.Sealing;
using HaCluster.Payments.Serving;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Store;
using HaCluster.Payments.Wallets;
using HaCluster.Services;
using NBitcoin;

namespace HaCluster.Payments.Arguments;

/// <summary>The command line: <c>payments</c> serves; <c>payments signer</c> signs; <c>payments key</c>, <c>payments new-key</c> and <c>payments forwarders</c> do one thing and end.</summary>
internal static class CommandLine
{
    public const int Done = 0;

    /// <summary>An argument is wrong, a file or the database cannot be used, or the port is taken.</summary>
    public const int Unusable = 2;

    private const string Description = """
        Addresses and transfers on Bitcoin and Ethereum, each paid once (infra/Services/Payments/README.md).

        Exit codes: 0 stopped or done; 2 wrong arguments, an unusable file or database, a port in use.
        """;

    internal static readonly Option<string> Data = new("--data") { Description = "Folder of the database, when it is SQLite. Default payments-data.", HelpName = "DIR", DefaultValueFactory = _ => "payments-data", Recursive = true };
    internal static readonly Option<string?> DatabaseFile = new("--database") { Description = "File with a connection string of PostgreSQL. Default: SQLite in the folder of --data.", HelpName = "FILE", Recursive = true };
    internal static readonly Option<string> BitcoinNetwork = new("--network") { Description = "Bitcoin network: regtest, testnet or main. Default regtest.", HelpName = "NAME", DefaultValueFactory = _ => "regtest", Recursive = true };
    internal static readonly Option<long> EthereumChain = new("--ethereum-chain") { Description = "Ethereum chain id. Default 31337, that of a development node.", HelpName = "ID", DefaultValueFactory = _ => 31337, Recursive = true };

    private static readonly Option<string> Listen = new("--listen") { Description = "ADDRESS:PORT to listen on. Default 127.0.0.1:9820.", HelpName = "ADDRESS:PORT", DefaultValueFactory = _ => "127.0.0.1:9820" };
    private static readonly Option<string?> Bitcoin = new("--bitcoin") { Description = "URL of a Bitcoin node, or @FILE with it, where it has a password. Default: with SQLite on development networks one on 127.0.0.1:18443, if it answers.", HelpName = "URL" };
    private static readonly Option<string?> Ethereum = new("--ethereum") { Description = "URL of an Ethereum node, or @FILE with it. Default: with SQLite on development networks one on 127.0.0.1:8545, if it answers.", HelpName = "URL" };
    private static readonly Option<string?> Signer = new("--signer") { Description = "Unix socket of `payments signer`, or its URL, https://HOST:PORT, which gets the certificate of --certificate. Default: with SQLite on development networks signer.sock in the folder of --data, if it exists; otherwise none, and transfers wait for one.", HelpName = "SOCKET" };
    private static readonly Option<string?> SignerCa = new("--signer-ca") { Description = "Certificate authorities in PEM format that issue the certificate of the signer, where it has a URL.", HelpName = "FILE" };
    private static readonly Option<string?> Ledger = new("--ledger") { Description = "URL of the finance log (infra/Services/Ledger) that gets every event. Without a token it gets the certificate of --certificate, if it asks for one. Default: none.", HelpName = "URL" };
    private static readonly Option<string?> LedgerToken = new("--ledger-token-file") { Description = "File with the token of a producer of the finance log; read again when it changes.", HelpName = "FILE" };
    private static readonly Option<string?> LedgerAuthority = new("--ledger-ca") { Description = "Certificate authorities in PEM format that issue the certificate of the finance log. Default: those that the system trusts.", HelpName = "FILE" };
    private static readonly Option<string> LedgerStream = new("--ledger-stream") { Description = "Stream of the finance log. Default payments.", HelpName = "NAME", DefaultValueFactory = _ => "payments" };
    private static readonly Option<int> RateLimit = new("--rate-limit") { Description = "Requests per second per key; bursts may be twice as large. Default 500.", HelpName = "REQUESTS", DefaultValueFactory = _ => 500 };
    private static readonly Option<string?> Collector = new("--otlp") { Description = "URL of an OpenTelemetry collector that takes traces and metrics over HTTP, such as http://127.0.0.1:4318. Default: none.", HelpName = "URL" };
    private static readonly Option<string[]> WebhookNetworks = new("--webhook-networks") { Description = "Private networks, such as 10.20.0.0/16, that webhooks may be sent to. Default: none.", HelpName = "CIDR", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string?> SealKey = new("--seal-key") { Description = "File with random keys, one per line, newest first, that encrypt the secrets of webhooks and forwarders in the database. All replicas need the same file; it is read again when it changes. Default with SQLite: seal.key in the folder of --data, created if missing. With --database there is no default, and without the option no webhook and no wallet with forwarders can be created.", HelpName = "FILE" };
    private static readonly Option<bool> PlainHttp = new("--plain-http") { Description = "Allow plain HTTP on an address other than loopback, for a proxy in front that terminates TLS." };

    public static Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error)
    {
        var parsed = Create(output, error).Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (ArgumentErrors.Find(parsed, "payments") is { } wrong)
            return Task.FromResult(UsageError(error, wrong));
        return parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null, Output = output, Error = error });
    }

    /// <summary>All commands and options, for whoever only parses too.</summary>
    internal static RootCommand Create(TextWriter output, TextWriter error)
    {
        var root = new RootCommand(Description);
        foreach (var option in new Option[] { Listen, Data, DatabaseFile, BitcoinNetwork, EthereumChain, Bitcoin, Ethereum, Signer, SignerCa, Ledger, LedgerToken, LedgerAuthority, LedgerStream, RateLimit, Collector, WebhookNetworks, SealKey, TlsArguments.CertificateFile, TlsArguments.CertificateKey, PlainHttp }.Concat(DepositArguments.All))
            root.Options.Add(option);
        root.SetAction((parsed, token) => ServeAsync(parsed, output, error, token));
        foreach (var command in new[] { KeyCommands.Create(output, error), SignerCommand.Create(output, error), NewKeyCommand.Create(output, error), ForwardersCommand.Create(output) })
            root.Subcommands.Add(command);
        return root;
    }

    internal static int UsageError(TextWriter error, params string[] problems)
    {
        foreach (var problem in problems)
            error.WriteLine($"payments: {problem.ReplaceLineEndings(" ")}");
        return Unusable;
    }

    internal static async Task<int> GuardAsync(TextWriter error, Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception exception) when (exception is IOException or SocketException or UnauthorizedAccessException or FormatException or StoreUnavailableException or SignerUnavailableException)
        {
            return UsageError(error, exception.Message);
        }
    }

    /// <exception cref="FormatException">The file has no connection string.</exception>
    internal static Database OpenDatabase(ParseResult parsed)
    {
        var problems = new List<string>();
        var setting = ReadConnectionString(parsed, problems);
        return problems is [var problem, ..]
            ? throw new FormatException(problem)
            : setting is not null ? new PostgreSqlDatabase(setting) : new SqliteDatabase(Path.Combine(parsed.GetValue(Data)!, "payments.db"));
    }

    internal static Reloaded<string>? ReadConnectionString(ParseResult parsed, List<string> problems)
    {
        if (parsed.GetValue(DatabaseFile) is not { } file)
            return null;
        try
        {
            return new Reloaded<string>(DatabaseFile.Name, Read(), Read, _ => [file]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            problems.Add($"--database: {file}: {exception.Message}");
            return null;
        }

        string Read() => PostgreSqlDatabase.Check(File.ReadAllText(file).Trim());
    }

    internal static Networks ReadNetworks(ParseResult parsed, List<string> problems)
    {
        var name = parsed.GetValue(BitcoinNetwork);
        var network = name switch
        {
            "regtest" => Network.RegTest,
            "testnet" => Network.TestNet,
            "main" => Network.Main,
            _ => null,
        };
        if (network is null)
            problems.Add($"--network is '{name}'; choose regtest, testnet or main");
        var chain = parsed.GetValue(EthereumChain);
        if (chain < 1)
            problems.Add($"--ethereum-chain is {chain}; write 1 for the main network, or the id of another");
        return new Networks(network ?? Network.RegTest, chain);
    }

    private static Task<int> ServeAsync(ParseResult parsed, TextWriter output, TextWriter error, CancellationToken cancellationToken) => GuardAsync(error, async () =>
    {
        var problems = new List<string>();
        var options = Read(parsed, problems);
        if (options is null || problems.Count > 0)
            return UsageError(error, [.. problems]);
        await Service.RunAsync(await LocalPeers.AddAsync(options, LocalPeers.Ethereum, LocalPeers.Bitcoin, cancellationToken), output, error, cancellationToken);
        return Done;
    });

    private static ServeOptions? Read(ParseResult parsed, List<string> problems)
    {
        var listen = parsed.GetValue(Listen)!;
        var endPoint = TlsArguments.ReadEndPoint(listen);
        if (endPoint is null)
            problems.Add($"--listen is '{listen}'; write an address and a port, such as 127.0.0.1:9820");
        var certificate = TlsArguments.ReadCertificate(parsed, problems);
        if (endPoint is not null && !IPAddress.IsLoopback(endPoint.Address) && certificate is null && !parsed.GetValue(PlainHttp))
            problems.Add($"--listen is {listen}, and --certificate is missing: keys would be sent without TLS; give --certificate and --certificate-key, or --plain-http if a proxy in front terminates TLS");
        var networks = ReadNetworks(parsed, problems);
        var (bitcoin, ethereum, collector) = (ReadUrl(Bitcoin, parsed, problems), ReadUrl(Ethereum, parsed, problems), ReadUrl(Collector, parsed, problems));
        var rateLimit = parsed.GetValue(RateLimit);
        if (rateLimit is < 1 or > 100_000)
            problems.Add($"--rate-limit is {rateLimit}; write 1 to 100000 requests per second");
        var (ledger, webhookNetworks) = (ReadLedger(parsed, certificate, problems), ReadWebhookNetworks(parsed, problems));
        var deposits = DepositArguments.Read(parsed, problems);
        var connection = ReadConnectionString(parsed, problems);
        var sealKeys = ReadSealKeys(parsed, problems);
        var signer = ReadSigner(parsed, certificate, problems);
        return endPoint is null ? null : new ServeOptions
        {
            Listen = endPoint,
            Data = Path.GetFullPath(parsed.GetValue(Data)!),
            ConnectionString = connection,
            SealKeys = sealKeys,
            Networks = networks,
            Bitcoin = bitcoin,
            Ethereum = ethereum,
            Signer = signer,
            Certificate = certificate,
            Ledger = ledger,
            RateLimit = rateLimit,
            Collector = collector,
            WebhookNetworks = webhookNetworks,
            Deposits = deposits,
        };
    }

    private static LedgerOptions? ReadLedger(ParseResult parsed, Reloaded<ServerCertificate>? certificate, List<string> problems)
    {
        if (parsed.GetValue(Ledger) is null)
        {
            foreach (var option in new Option[] { LedgerToken, LedgerAuthority })
            {
                if (parsed.GetResult(option) is not null)
                    problems.Add($"{option.Name} needs --ledger URL");
            }

            return null;
        }

        if (ReadUrl(Ledger, parsed, problems) is not { } url)
            return null;
        if (url.Scheme == "http" && !url.IsLoopback)
            problems.Add("--ledger is http: its token and the events would be sent without TLS; write https, or an address of the loopback");
        var stream = parsed.GetValue(LedgerStream)!;
        if (stream.Length == 0)
            problems.Add("--ledger-stream is empty; write the name of a stream");
        var token = ReadLedgerToken(parsed, problems);
        // The finance log takes no token beside a certificate that it does not trust, such as a public one.
        return new LedgerOptions(url, stream, token, TlsArguments.ReadAuthority(LedgerAuthority, parsed, problems), parsed.GetValue(LedgerToken) is null ? certificate : null);
    }

    private static Reloaded<string>? ReadLedgerToken(ParseResult parsed, List<string> problems)
    {
        if (parsed.GetValue(LedgerToken) is not { } file)
            return null;
        try
        {
            return new Reloaded<string>(LedgerToken.Name, Read(), Read, _ => [file]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            problems.Add($"{LedgerToken.Name}: {file}: {exception.Message}");
            return null;
        }

        string Read() => File.ReadAllText(file).Trim() is { Length: > 0 } token ? token : throw new FormatException("it is empty; write a token that `ledger token` made");
    }

    private static Reloaded<SealKeys>? ReadSealKeys(ParseResult parsed, List<string> problems)
    {
        if (parsed.GetValue(SealKey) is not { } file)
            return null;
        try
        {
            return new Reloaded<SealKeys>(SealKey.Name, SealKeys.Read(file), () => SealKeys.Read(file), _ => [file]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            problems.Add($"{SealKey.Name}: {exception.Message}");
            return null;
        }
    }

    private static List<IPNetwork> ReadWebhookNetworks(ParseResult parsed, List<string> problems)
    {
        var networks = new List<IPNetwork>();
        foreach (var text in parsed.GetValue(WebhookNetworks) ?? [])
        {
            if (IPNetwork.TryParse(text, out var network))
                networks.Add(network);
            else
                problems.Add($"--webhook-networks is '{text}'; write networks such as 10.20.0.0/16");
        }

        return networks;
    }

    private static SignerAddress? ReadSigner(ParseResult parsed, Reloaded<ServerCertificate>? certificate, List<string> problems)
    {
        var authority = TlsArguments.ReadAuthority(SignerCa, parsed, problems);
        if (parsed.GetValue(Signer) is not { } text)
            return null;
        if (!text.Contains("://", StringComparison.Ordinal))
            return SignerCommand.ReadSocket(Signer.Name, text, problems) is { } socket ? new SignerAddress.UnixSocket(socket) : null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttps)
        {
            problems.Add("--signer is neither a Unix socket nor https://HOST:PORT");
            return null;
        }

        if (certificate is not null && authority is not null)
            return new SignerAddress.MutualTls(url, certificate, authority);
        if (problems.Count == 0)
            problems.Add($"--signer is {text}, which needs --signer-ca, --certificate and --certificate-key: the service and the signer show each other a certificate");
        return null;
    }

    private static Uri? ReadUrl(Option<string?> option, ParseResult parsed, List<string> problems)
    {
        if (parsed.GetValue(option) is not { } text)
            return null;
        try
        {
            if (Uri.TryCreate(text.StartsWith('@') ? File.ReadAllText(text[1..]).Trim() : text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
                return url;
            problems.Add($"{option.Name} is not a URL; write http://HOST:PORT, or @FILE with one in it");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{option.Name}: {text[1..]}: {exception.Message}");
        }

        return null;
    }
}
