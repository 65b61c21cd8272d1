using System.Net.Sockets;
using System.Runtime.InteropServices;
using HaCluster.Sentinel.Answers;
using HaCluster.Sentinel.Arguments;
using HaCluster.Sentinel.Nodes;
using HaCluster.Sentinel.Watching;

namespace HaCluster.Sentinel.Commands;

/// <summary>The long-running program: watchers and the web server over one <see cref="Watch"/>.</summary>
internal static class Service
{
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(SentinelOptions options, TextWriter error, CancellationToken cancellationToken)
    {
        using var stopping = new Stopping(TimeProvider.System);
        await using var app = Create(options, TimeProvider.System, stopping, error);
        // The default would end the program at once.
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            stopping.Ask();
        });
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = true;
            stopping.EndNow();
        });
        // A watcher that breaks stops the host: the program has to end with it, or nobody would start it again.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping.End, app.Lifetime.ApplicationStopping);
        try
        {
            await app.StartAsync(end.Token);
            await Task.Delay(Timeout.Infinite, end.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            await app.StopAsync(CancellationToken.None);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Ended while it started.
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            error.WriteLine($"sentinel: --listen={options.Listen}: {exception.Message.ReplaceLineEndings(" ")}");
            return CommandLine.Unusable;
        }

        if (FaultOf(app) is not { } fault)
            return CommandLine.Done;
        error.WriteLine($"sentinel: defect: {fault}");
        return CommandLine.Broken;
    }

    /// <summary>Why a watcher broke: the host only stops for it.</summary>
    private static Exception? FaultOf(WebApplication app) =>
        app.Services.GetServices<IHostedService>().OfType<BackgroundService>().Select(watcher => watcher.ExecuteTask?.Exception?.GetBaseException()).FirstOrDefault(fault => fault is not null);

    /// <param name="clock">Of the watchers and decisions.</param>
    public static WebApplication Create(SentinelOptions options, TimeProvider clock, Stopping stopping, TextWriter log)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Limits.MaxConcurrentConnections = 200;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
            kestrel.Listen(options.Listen);
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));

        var watch = new Watch(options, clock);
        var metrics = new SentinelMetrics(options, watch, clock);
        var http = new HttpAccess(options.Rpc, NodeWatcher.Timeout);
        var node = NodeOf(options.Chain, new JsonRpc(http, metrics.Node), clock);
        builder.Services.AddSingleton<IHostedService>(new NodeWatcher(options, watch, node, http, stopping, new VerdictLog(log), clock));
        if (options.Consensus is { } consensus)
        {
            var beacon = new BeaconNode(new HttpAccess(new NodeAccess(WithSlash(consensus)), NodeWatcher.Timeout, HttpAccess.LargestOfOthers), metrics.Node);
            builder.Services.AddSingleton<IHostedService>(new ConsensusWatcher(watch, beacon, clock));
        }

        foreach (var sibling in options.Siblings)
        {
            builder.Services.AddSingleton<IHostedService>(
                new SiblingWatcher(watch, sibling, new HttpAccess(new NodeAccess(sibling.Url), SiblingWatcher.Timeout, HttpAccess.LargestOfOthers), clock));
        }

        var app = builder.Build();
        var probes = new Probes(options, watch, metrics);
        app.Run(probes.AnswerAsync);
        return app;
    }

    public static IChainNode NodeOf(Chain chain, JsonRpc rpc, TimeProvider clock) =>
        chain == Chain.Bitcoin ? new BitcoinNode(rpc, clock) : new EthereumNode(rpc, clock);

    /// <summary>Paths are taken below it.</summary>
    public static Uri WithSlash(Uri url) => url.AbsolutePath.EndsWith('/') ? url : new UriBuilder(url) { Path = url.AbsolutePath + "/" }.Uri;
}
