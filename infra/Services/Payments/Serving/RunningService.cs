using HaCluster.Payments.Access;
using HaCluster.Payments.Books;
using HaCluster.Payments.Chains;
using HaCluster.Payments.FinanceLog;
using HaCluster.Payments.Forwarding;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Sealing;
using HaCluster.Payments.Sending;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Store;
using HaCluster.Payments.Sweeping;
using HaCluster.Payments.Tracing;
using HaCluster.Payments.Wallets;
using HaCluster.Payments.Webhooks;
using HaCluster.Payments.Working;
using HaCluster.Services;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace HaCluster.Payments.Serving;

/// <summary>A service that takes requests and sends transfers until it is disposed of: then it answers what has begun, gives its leases up and ends.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stop;
    private readonly IReadOnlyList<WorkerLoop> _loops;
    private readonly IReadOnlyList<IDisposable> _connections;
    private readonly AuditQueue _trail;
    private readonly Reloader _reloader;
    private readonly IReadOnlyList<Task> _working;

    private RunningService(WebApplication app, Database database, IReadOnlyList<WorkerLoop> loops, IReadOnlyList<IDisposable> connections, AuditQueue trail, Reloader reloader, CancellationTokenSource stop)
    {
        (_app, Database, _loops, _connections, _trail, _reloader, _stop) = (app, database, loops, connections, trail, reloader, stop);
        _working = [.. loops.Select(loop => Task.Run(() => loop.RunAsync(_stop.Token)))];
    }

    public Database Database { get; }

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public IReadOnlyList<Endpoint> Endpoints => _app.Services.GetRequiredService<EndpointDataSource>().Endpoints;

    public static async Task<RunningService> StartAsync(ServeOptions options, TextWriter error, CancellationToken cancellationToken, TimeProvider? time = null)
    {
        var clock = time ?? TimeProvider.System;
        Database database = options.ConnectionString is { } setting ? new PostgreSqlDatabase(setting) : new SqliteDatabase(Path.Combine(options.Data, "payments.db"));
        var stop = new CancellationTokenSource();
        var connections = new List<IDisposable>();
        AuditQueue? trail = null;
        try
        {
            await database.MigrateAsync(cancellationToken);
            await Service.RequireKeysAsync(database, options.Listen, cancellationToken);
            var log = new EventLog(error, clock, "subject");
            var version = typeof(RunningService).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
            var metrics = new PaymentsMetrics(log, version);
            if (options.Collector is { } collector)
                connections.AddRange([Traces.Send(collector, version), Traces.SendMetrics(collector, version), metrics.Publish()]);
            var targets = new WebhookTargets(options.Networks == Networks.Development, options.WebhookNetworks);
            var seal = options.SealKeys ?? (options.ConnectionString is null ? Reloaded<SealKeys>.Fixed(SealKeys.ReadOrMake(options.OwnSealKey)) : null);
            var (secrets, forwarders) = (new WebhookSecrets(seal), new ForwarderSecrets(seal));
            var limits = new RateLimits(options.RateLimit);
            connections.Add(limits);
            trail = new AuditQueue(database, metrics);
            var context = new WorkerContext(database, metrics, clock, Ids.New("replica", clock.GetUtcNow()), options.Sender.Lease);
            var loops = Workers(options, database, targets, secrets, metrics, clock, connections).Append(new ForwarderSecretWorker(database, forwarders, clock))
                .Select(worker => new WorkerLoop(worker, context)).ToList();
            var app = Service.Create(options, new RequestGate(database, limits, trail, metrics, clock), routes =>
            {
                new WalletRoutes(database, options.Networks, forwarders, clock).Map(routes);
                new AddressRoutes(database, options.Networks, forwarders, clock).Map(routes);
                new PolicyRoutes(database, options.Networks, clock).Map(routes);
                new ForwarderRoutes(database, forwarders, clock).Map(routes);
                new BatchingRoutes(database, clock).Map(routes);
                new TransferRoutes(database, options.Networks, clock).Map(routes);
                new ColdRoutes(database, options.Networks, clock).Map(routes);
                new BookRoutes(database, metrics, clock).Map(routes);
                new ReconciliationRoutes(database, clock).Map(routes);
                new WebhookRoutes(database, targets, secrets, clock).Map(routes);
                new ForwardingRoutes(database, options.Networks, clock).Map(routes);
                new EventStream(database, metrics, clock, stop.Token).Map(routes);
                routes.MapGet(OpenApiPages.DocumentPath, OpenApiPages.DocumentAsync);
                OpenApiPages.MapPage(routes, "Payments");
                new HealthRoutes(database, metrics, clock, stop.Token).Map(routes);
            });
            await Listening.StartAsync(app, "--listen", options.Listen, cancellationToken);
            var signer = options.Signer as SignerAddress.MutualTls;
            var reloader = new Reloader(
                [.. new IReloaded?[] { options.ConnectionString, options.Certificate, options.SealKeys, signer?.Authority, options.Ledger?.Token, options.Ledger?.Authority }.OfType<IReloaded>().Where(one => one.What.Length > 0)], (one, result) => result.Write(one, log), options.ReloadEvery);
            return new RunningService(app, database, loops, connections, trail, reloader, stop);
        }
        catch
        {
            connections.ForEach(connection => connection.Dispose());
            stop.Dispose();
            if (trail is not null)
                await trail.DisposeAsync();
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Until it is to end, or a defect ends it.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        if (_loops.Count > 0)
            await (await Task.WhenAny(_working).WaitAsync(cancellationToken));
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _app.StopAsync(CancellationToken.None);
        await _trail.DisposeAsync();
        await Task.WhenAll(_working).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        foreach (var loop in _loops)
            await loop.GiveUpAsync();
        await _app.DisposeAsync();
        await _reloader.DisposeAsync();
        foreach (var connection in _connections)
            connection.Dispose();
        await Database.DisposeAsync();
        _stop.Dispose();
    }

    /// <summary>All that works beside the answering of requests: what can be done with these options.</summary>
    private static IEnumerable<IWorker> Workers(ServeOptions options, Database database, WebhookTargets targets, WebhookSecrets secrets, PaymentsMetrics metrics, TimeProvider clock, List<IDisposable> connections)
    {
        var ethereum = options.Ethereum is { } ethereumUrl ? new EthereumNode(Connect(ethereumUrl)) : null;
        var bitcoin = options.Bitcoin is { } bitcoinUrl ? new BitcoinNode(Connect(bitcoinUrl), options.Networks.Bitcoin) : null;
        var watching = new WatcherContext(database, metrics, NoFaults.Instance, clock, options.Deposits);
        if (bitcoin is not null)
            yield return new ChainWatcher(new BitcoinReader(database, bitcoin, options.Networks), null, watching);
        if (ethereum is not null)
        {
            var reader = new EthereumReader(database, ethereum, options.Networks, options.Deposits);
            yield return new ChainWatcher(reader, new EthereumOpener(ethereum, reader, watching), watching);
        }

        IEnumerable<IChainBalances?> balances =
        [
            bitcoin is null ? null : new BitcoinBalances(database, bitcoin, options.Networks),
            ethereum is null ? null : new EthereumBalances(database, ethereum, options.Deposits, clock),
        ];
        yield return new Reconciler([.. balances.OfType<IChainBalances>()], database, metrics, clock);

        var webhooks = new WebhookClient(targets);
        connections.Add(webhooks);
        yield return new WebhookWorker(database, webhooks, secrets, metrics, clock);
        if (options.Ledger is { } ledger)
        {
            var delivery = new LedgerWorker(database, ledger, metrics, clock);
            connections.Add(delivery);
            yield return delivery;
        }

        IEnumerable<IForwardingChain?> chains = [ethereum is null ? null : new EthereumForwarding(ethereum), bitcoin is null ? null : new BitcoinForwarding(database, bitcoin, options.Networks)];
        yield return new ForwardingWorker(database, [.. chains.OfType<IForwardingChain>()], ethereum is null ? null : new EthereumSweeping(ethereum), metrics, NoFaults.Instance, clock);
        var signer = options.Signer is { } address ? new CountedSigner(new SignerClient(address), metrics) : null;
        if (signer is not null)
            connections.Add(signer);
        var context = new SenderContext(database, signer, options.Networks, metrics, NoFaults.Instance, clock, options.Sender, options.Deposits);
        if (ethereum is not null)
            yield return new SenderWorker(new EthereumSender(context, ethereum), context);
        if (bitcoin is not null)
            yield return new SenderWorker(new BitcoinSender(context, bitcoin), context);

        NodeClient Connect(Uri url)
        {
            var client = new NodeClient(url);
            connections.Add(client);
            return client;
        }
    }
}
