using System.Net;
using System.Xml.Linq;
using HaCluster.Ledger.Archives;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace HaCluster.Ledger.Tests.Faults;

/// <summary>
/// What the ledger uses of S3, of our own making: one bucket in a folder, written once by If-None-Match, with faults that a real one cannot be told to have. moto is the
/// peer of the other tests.
/// </summary>
internal sealed class LoopbackS3 : IAsyncDisposable
{
    public const string Bucket = "finance";

    private const int PageSize = 1000;

    private readonly FolderArchive _objects;
    private readonly Random _random;
    private readonly Dictionary<S3Fault, int> _suffered = [];
    private readonly Lock _lock = new();
    private WebApplication _app = null!;
    private volatile S3Fault _fault = S3Fault.None;
    private int _lost;

    private LoopbackS3(string folder, int seed) => (_objects, _random) = (new FolderArchive(folder), new Random(seed));

    public string Endpoint => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <summary>What about half of the requests suffer from.</summary>
    public S3Fault Fault
    {
        get => _fault;
        set => _fault = value;
    }

    /// <summary>So many segments are acknowledged, and are not stored.</summary>
    public int Lost
    {
        get => _lost;
        set => _lost = value;
    }

    /// <summary>Requests that suffered from each fault.</summary>
    public IReadOnlyDictionary<S3Fault, int> Suffered
    {
        get
        {
            lock (_lock)
                return new Dictionary<S3Fault, int>(_suffered);
        }
    }

    public static async Task<LoopbackS3> StartAsync(string folder, int seed)
    {
        var s3 = new LoopbackS3(folder, seed);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        s3._app = builder.Build();
        s3._app.Run(s3.AnswerAsync);
        await s3._app.StartAsync();
        return s3;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _objects.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var fault = Draw();
        switch (fault)
        {
            case S3Fault.Slow:
                await Task.Delay(Draw(50, 500), context.RequestAborted);
                break;
            case S3Fault.Throttled:
                await ErrorAsync(context, HttpStatusCode.ServiceUnavailable, "SlowDown");
                return;
            case S3Fault.Failing:
                await ErrorAsync(context, HttpStatusCode.InternalServerError, "InternalError");
                return;
            case S3Fault.Reset or S3Fault.Away:
                context.Abort();
                return;
        }

        var key = context.Request.Path.Value!["/".Length..] is var path && path.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash ? path[(slash + 1)..] : "";
        if (HttpMethods.IsPut(context.Request.Method))
            await PutAsync(context, key, fault);
        else if (key.Length > 0)
            await GetAsync(context, key);
        else if (context.Request.Query.ContainsKey("list-type"))
            await ListAsync(context);
        else
            await ErrorAsync(context, HttpStatusCode.NotFound, "ObjectLockConfigurationNotFoundError");
    }

    private async Task PutAsync(HttpContext context, string key, S3Fault fault)
    {
        using var content = new MemoryStream();
        await context.Request.Body.CopyToAsync(content, context.RequestAborted);
        if (context.Request.Headers.IfNoneMatch != "*")
        {
            await ErrorAsync(context, HttpStatusCode.NotImplemented, "NotImplemented");
            return;
        }

        var isLost = key.StartsWith("segments/", StringComparison.Ordinal) && Interlocked.Decrement(ref _lost) >= 0;
        if (!isLost && !await _objects.TryPutAsync(key, content.ToArray(), CancellationToken.None))
            await ErrorAsync(context, HttpStatusCode.PreconditionFailed, "PreconditionFailed");
        else if (fault == S3Fault.LostAnswers)
            context.Abort();
        else
            context.Response.Headers.ETag = "\"stored\"";
    }

    private async Task GetAsync(HttpContext context, string key)
    {
        if (await _objects.ReadAsync(key, context.RequestAborted) is { } content)
            await context.Response.Body.WriteAsync(content, context.RequestAborted);
        else
            await ErrorAsync(context, HttpStatusCode.NotFound, "NoSuchKey");
    }

    private async Task ListAsync(HttpContext context)
    {
        string Query(string name) => context.Request.Query[name].ToString();
        var prefix = Query("prefix");
        XNamespace s3 = "http://s3.amazonaws.com/doc/2006-03-01/";
        var result = new XElement(s3 + "ListBucketResult");
        if (Query("delimiter").Length > 0)
        {
            result.Add((await _objects.FoldersAsync(prefix, default)).Select(folder => new XElement(s3 + "CommonPrefixes", new XElement(s3 + "Prefix", $"{prefix}{folder}/"))));
        }
        else
        {
            var names = new List<string>();
            await foreach (var name in _objects.ListAsync(prefix, Query("continuation-token") is { Length: > 0 } token ? token : Query("start-after"), context.RequestAborted))
                names.Add(name);
            result.Add(new XElement(s3 + "IsTruncated", names.Count > PageSize));
            if (names.Count > PageSize)
                result.Add(new XElement(s3 + "NextContinuationToken", names[PageSize - 1]));
            result.Add(names.Take(PageSize).Select(name => new XElement(s3 + "Contents", new XElement(s3 + "Key", name))));
        }

        context.Response.ContentType = "application/xml";
        await context.Response.WriteAsync(result.ToString());
    }

    private static Task ErrorAsync(HttpContext context, HttpStatusCode status, string code)
    {
        context.Response.StatusCode = (int)status;
        context.Response.ContentType = "application/xml";
        return context.Response.WriteAsync($"<Error><Code>{code}</Code><Message>{code}</Message></Error>");
    }

    /// <summary>Away is away for all.</summary>
    private S3Fault Draw()
    {
        lock (_lock)
        {
            var fault = _fault;
            if (fault == S3Fault.None || (fault != S3Fault.Away && _random.Next(2) == 0))
                return S3Fault.None;
            _suffered[fault] = _suffered.GetValueOrDefault(fault) + 1;
            return fault;
        }
    }

    private int Draw(int from, int to)
    {
        lock (_lock)
            return _random.Next(from, to);
    }
}

internal enum S3Fault
{
    None,
    Slow,
    Throttled,
    Failing,

    /// <summary>Connections are cut before anything is stored.</summary>
    Reset,

    /// <summary>Connections are cut after it was stored.</summary>
    LostAnswers,
    Away,
}
