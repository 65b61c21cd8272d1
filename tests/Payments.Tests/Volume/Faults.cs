using System.Collections.Concurrent;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Store;
using HaCluster.Services;

namespace HaCluster.Payments.Tests.Volume;

/// <summary>What goes wrong, by chance of a seed that is printed: the same seed gives the same chances, but what they hit depends on the scheduling of the replicas.</summary>
internal sealed class Faults(int seed) : IFaultPoints
{
    private readonly Random _random = new(seed);
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>Nothing goes wrong any more: what is left has to come to its end.</summary>
    public bool AreOver { get; set; }

    public string Summary => string.Join(", ", _counts.OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => $"{count.Value} {count.Key}"));

    /// <summary>The process is gone here, or its database is.</summary>
    public void Reach(string point)
    {
        if (Happens(0.002, "abandoned at a point"))
            throw new AbandonedException(point);
        if (Happens(0.001, "store failures"))
            throw new StoreUnavailableException("a failure of the test");
    }

    public bool Happens(double probability, string what)
    {
        lock (_random)
        {
            if (AreOver || _random.NextDouble() >= probability)
                return false;
        }

        Count(what);
        return true;
    }

    public int Next(int least, int most)
    {
        lock (_random)
            return _random.Next(least, most + 1);
    }

    public void Count(string what) => _counts.AddOrUpdate(what, 1, (_, count) => count + 1);

    /// <summary>A round of a replica: whatever ends it, the next one goes on.</summary>
    public async Task RunAsync(Func<Task> round)
    {
        try
        {
            await round();
        }
        catch (Exception exception) when (exception is AbandonedException or NodeUnreachableException or NodeRefusedException or SignerUnavailableException or StoreUnavailableException or DuplicateException)
        {
            Count($"rounds ended by {exception.GetType().Name.Replace("Exception", "", StringComparison.Ordinal)}");
        }
    }

    /// <summary>The way to a node that loses calls, loses answers after the node has acted, and has a proxy in it that answers itself.</summary>
    public HttpMessageHandler Network() => new LossyNetwork(this);

    private sealed class LossyNetwork(Faults faults) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var isSend = (await request.Content!.ReadAsStringAsync(cancellationToken)).Contains("sendRawTransaction", StringComparison.OrdinalIgnoreCase);
            if (faults.Happens(isSend ? 0.02 : 0.0005, "calls lost"))
                throw new HttpRequestException("the connection was reset");
            if (faults.Happens(isSend ? 0.01 : 0.0005, "answers of a proxy"))
                return new HttpResponseMessage(System.Net.HttpStatusCode.BadGateway) { Content = new StringContent("<html>bad gateway</html>") };
            var answer = await base.SendAsync(request, cancellationToken);
            if (!faults.Happens(isSend ? 0.05 : 0.0005, isSend ? "answers lost after the node took a transaction" : "answers lost"))
                return answer;
            answer.Dispose();
            throw new HttpRequestException("the connection was reset");
        }
    }
}

/// <summary>A process that ends at a point: nothing of what follows is done.</summary>
internal sealed class AbandonedException(string point) : Exception(point);
