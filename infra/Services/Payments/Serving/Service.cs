using System.Net;
using System.Net.Security;
using HaCluster.Payments.Access;
using HaCluster.Payments.Store;
using HaCluster.Services;

namespace HaCluster.Payments.Serving;

/// <summary>The long-running program.</summary>
internal static class Service
{
    public static async Task RunAsync(ServeOptions options, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        using var end = new StopSignals(cancellationToken);
        try
        {
            await using var service = await RunningService.StartAsync(options, error, end.Token);
            await SayAsync(output, options, service);
            await service.WaitAsync(end.Token);
        }
        catch (OperationCanceledException) when (end.Token.IsCancellationRequested)
        {
            // As asked.
        }
    }

    public static WebApplication Create(ServeOptions options, RequestGate gate, Action<IEndpointRouteBuilder> map)
    {
        var builder = WebServer.CreateBuilder(options.Listen, largestRequest: 64 << 10, slowestBody: 1000, options.Certificate is { } certificate
            ? _ => new SslServerAuthenticationOptions { ServerCertificateContext = certificate.Current.Context, AllowRenegotiation = false }
            : null);
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        app.UseRouting();
        app.Use(next => context => gate.PassAsync(context, next));
        map(app);
        return app;
    }

    /// <exception cref="FormatException">Anybody who reaches the address could move money.</exception>
    public static async Task RequireKeysAsync(Database database, IPEndPoint listen, CancellationToken cancellationToken)
    {
        if (!IPAddress.IsLoopback(listen.Address) && !await database.ReadAsync(session => session.HasKeysAsync(), cancellationToken))
            throw new FormatException($"--listen is {listen}, which others can reach, and there is no key: anyone could move money; create one first with `payments key add`");
    }

    private static async Task SayAsync(TextWriter output, ServeOptions options, RunningService service)
    {
        var hasKeys = await service.Database.ReadAsync(session => session.HasKeysAsync());
        output.WriteLine($"payments: listening on {service.Address}");
        output.WriteLine($"  try it on {new Uri(service.Address, OpenApiPages.PagePath)}");
        output.WriteLine($"  store     {service.Database.Description}{(options.ConnectionString is null ? " (one process; --database FILE for PostgreSQL and replicas)" : "")}");
        output.WriteLine($"  networks  bitcoin {options.Networks.Bitcoin.Name.ToLowerInvariant()}, ethereum chain {options.Networks.EthereumChainId}{(options.Networks == Wallets.Networks.Development ? " (for development: their coins are worth nothing)" : "")}");
        output.WriteLine($"  callers   {(hasKeys ? "those with a key" : "anyone on this computer, for everything, without a key (`payments key add` creates one)")}");
        output.WriteLine($"  secrets   {Secrets(options)}");
        output.WriteLine($"  deposits  {(Chains(options) is { Length: > 0 } chains ? $"are found on {chains}" : "are not found, because no node is set: use --ethereum URL or --bitcoin URL (in development nodes on 127.0.0.1:8545 and 127.0.0.1:18443 are found automatically)")}");
        output.WriteLine($"  transfers {Waits(options)}");
    }

    private static string Chains(ServeOptions options) => string.Join(" and ", new[] { Chain("bitcoin", options.Bitcoin), Chain("ethereum", options.Ethereum) }.OfType<string>());

    // Without what may be a password before the host.
    private static string? Chain(string name, Uri? node) => node is null ? null : $"{name} ({node.Authority})";

    private static string Secrets(ServeOptions options) => options switch
    {
        { SealKeys: not null } => "webhook secrets are sealed with --seal-key",
        { ConnectionString: null } => $"webhook secrets are sealed with the key in {options.OwnSealKey}, which this service created; back up both this file and the database",
        _ => "webhook secrets cannot be stored, so no webhook and no wallet with forwarders can be created (use --seal-key FILE)",
    };

    private static string Waits(ServeOptions options) => options switch
    {
        { Signer: null } => "are accepted but wait for a signer, except those of cold wallets: start `payments signer`, then use --signer SOCKET (in development a signer with the same --data is found automatically)",
        { Ethereum: null, Bitcoin: null } => "are accepted but wait for a node: use --ethereum URL or --bitcoin URL (in development nodes on 127.0.0.1:8545 and 127.0.0.1:18443 are found automatically)",
        _ => $"go out on {Chains(options)}",
    };
}
