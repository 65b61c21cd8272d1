using System.CommandLine;
using System.Net.Sockets;
using Amazon.KeyManagementService;
using Amazon.Runtime;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Store;
using HaCluster.Payments.Wallets;
using HaCluster.Services;
using NBitcoin;

namespace HaCluster.Payments.Arguments;

/// <summary><c>payments signer</c>: the process that has the keys.</summary>
internal static class SignerCommand
{
    private static readonly TimeSpan ReloadEvery = TimeSpan.FromSeconds(10);

    internal static readonly Option<string?> PassphraseFile = new("--passphrase-file") { Description = "File with the passphrase of key files.", HelpName = "FILE" };

    private static readonly Option<string> KeysFile = new("--keys") { Description = "File with the keys, and what each may pay.", HelpName = "FILE", Required = true };
    /// <summary>Where it listens if nothing else is said, in the folder of --data.</summary>
    public const string SocketFile = "signer.sock";

    private static readonly Option<string> Socket = new("--socket") { Description = "Unix socket to listen on. Default: signer.sock in the folder of --data.", HelpName = "SOCKET" };

    private static readonly Option<string?> Listen = new("--listen") { Description = "ADDRESS:PORT to listen on instead of the socket, with mutual TLS: --certificate, --certificate-key, --client-ca and --client-name are needed.", HelpName = "ADDRESS:PORT" };
    private static readonly Option<string?> ClientCa = new("--client-ca") { Description = "Certificate authorities in PEM format that issue the certificate of the service.", HelpName = "FILE" };
    private static readonly Option<string?> ClientName = new("--client-name") { Description = "DNS name in the certificate of the service; no other client is accepted.", HelpName = "NAME" };

    public static Command Create(TextWriter output, TextWriter error)
    {
        var command = new Command("signer", "Sign transfers that its own policy allows.") { KeysFile, Socket, PassphraseFile, Listen, TlsArguments.CertificateFile, TlsArguments.CertificateKey, ClientCa, ClientName };
        command.SetAction((parsed, token) => CommandLine.GuardAsync(error, async () =>
        {
            var problems = new List<string>();
            var networks = CommandLine.ReadNetworks(parsed, problems);
            var endpoint = ReadEndpoint(parsed, problems);
            var journal = CommandLine.ReadConnectionString(parsed, problems);
            var folder = Path.GetFullPath(parsed.GetValue(CommandLine.Data)!);
            var socket = endpoint is null ? ReadSocket(Socket.Name, parsed.GetValue(Socket) ?? Path.Combine(folder, SocketFile), problems) : null;
            if (problems.Count > 0)
                return CommandLine.UsageError(error, [.. problems]);
            return await RunAsync(parsed.GetValue(KeysFile)!, ReadPassphrase(parsed), folder, socket, endpoint, journal, networks, output, error, token);
        }));
        return command;
    }

    /// <returns>Null: none is given.</returns>
    /// <exception cref="FormatException">It cannot be read.</exception>
    internal static string? ReadPassphrase(ParseResult parsed)
    {
        if (parsed.GetValue(PassphraseFile) is not { } file)
            return null;
        try
        {
            return File.ReadAllText(file).TrimEnd('\r', '\n');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"{PassphraseFile.Name}: {file}: {exception.Message}", exception);
        }
    }

    /// <returns>The whole path of a Unix socket; null: there can be none.</returns>
    internal static string? ReadSocket(string option, string path, List<string> problems)
    {
        var whole = Path.GetFullPath(path);
        try
        {
            _ = new UnixDomainSocketEndPoint(whole);
            return whole;
        }
        catch (ArgumentOutOfRangeException)
        {
            problems.Add($"{option}: {whole} is too long for a Unix socket, whose path may have about 100 bytes; choose a shorter path");
            return null;
        }
    }

    /// <summary>Opens the keys of a file of settings.</summary>
    /// <exception cref="FormatException">Something of it is wrong.</exception>
    internal static async Task<LocalSigner> OpenAsync(string keysFile, string? passphrase, string folder, Networks networks, TimeProvider clock, Database? journal, CancellationToken cancellationToken)
    {
        SignerSettings settings;
        try
        {
            settings = SignerSettings.Parse(await File.ReadAllTextAsync(keysFile, cancellationToken), networks);
        }
        catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"--keys: {keysFile}: {exception.Message}", exception);
        }

        var keys = new List<(SignerKey, IEthereumKey?, BitcoinAccount?)>();
        foreach (var key in settings.Keys)
        {
            if (key.Kms is { } kms)
            {
                keys.Add((key, await KmsEthereumKey.OpenAsync(KmsClient(kms), kms, cancellationToken), null));
                continue;
            }

            // Paths in the file are meant from where the file is.
            var path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(keysFile))!, key.File!);
            var file = KeyFile.Read(path);
            var secret = file.Open(passphrase ?? throw new FormatException($"--passphrase-file is missing; {path} needs one"));
            if (file.Chain.Split('/')[0] != key.Chain)
                throw new FormatException($"{path} is a key for {file.Chain}, but {keysFile} declares it as one for {key.Chain}");
            keys.Add(key.Chain == Asset.Ethereum
                ? (key, new FileEthereumKey(secret), null)
                : (key, null, new BitcoinAccount(ExtKey.CreateFromBytes(secret), file.Chain.Split('/')[1], networks.Bitcoin)));
        }

        return new LocalSigner(keys, folder, networks, clock, journal);
    }

    private static SignerEndpoint? ReadEndpoint(ParseResult parsed, List<string> problems)
    {
        var certificate = TlsArguments.ReadCertificate(parsed, problems);
        var authority = TlsArguments.ReadAuthority(ClientCa, parsed, problems);
        if (parsed.GetValue(Listen) is not { } listen)
            return null;
        if (TlsArguments.ReadEndPoint(listen) is not { } endPoint)
            problems.Add($"--listen is '{listen}'; write an address and a port, such as 0.0.0.0:8443");
        else if (certificate is not null && authority is not null && parsed.GetValue(ClientName) is { Length: > 0 } name)
            return new SignerEndpoint(endPoint, certificate, authority, name);
        else if (problems.Count == 0)
            problems.Add("--listen needs --certificate, --certificate-key, --client-ca and --client-name: otherwise anyone who reaches the port could request signatures");
        return null;
    }

    private static async Task<int> RunAsync(
        string keysFile, string? passphrase, string folder, string? socket, SignerEndpoint? endpoint, Reloaded<string>? journal, Networks networks, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        using var end = new StopSignals(cancellationToken);
        PrivateFolder.Create(folder);
        var log = new EventLog(error, TimeProvider.System, "subject");
        using var signer = await OpenAsync(keysFile, passphrase, folder, networks, TimeProvider.System, journal is null ? null : new PostgreSqlDatabase(journal), end.Token);
        await using var app = endpoint is null ? await SignerServer.StartAsync(signer, socket!, log, end.Token) : await SignerServer.StartAsync(signer, endpoint, log, end.Token);
        await using var reloader = new Reloader([.. new IReloaded?[] { journal, endpoint?.Certificate, endpoint?.Authority }.OfType<IReloaded>()], (setting, result) => result.Write(setting, log), ReloadEvery);
        output.WriteLine($"payments signer: listening on {(endpoint is null ? socket : endpoint.Listen)}");
        foreach (var key in signer.Keys)
            output.WriteLine($"  {key.Name}  {key.Chain}  {key.Sender ?? key.ExtendedPublicKey}");
        output.WriteLine($"  signs nothing while {Path.Combine(folder, LocalSigner.StopFile)} exists");
        await Task.Delay(Timeout.Infinite, end.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await app.StopAsync(CancellationToken.None);
        return CommandLine.Done;
    }

    private static AmazonKeyManagementServiceClient KmsClient(string key)
    {
        try
        {
            return new AmazonKeyManagementServiceClient(new AmazonKeyManagementServiceConfig { MaxErrorRetry = 2, Timeout = TimeSpan.FromSeconds(10) });
        }
        catch (AmazonClientException exception)
        {
            throw new FormatException($"the KMS key {key} cannot be used: {exception.Message}; set AWS_REGION", exception);
        }
    }
}
