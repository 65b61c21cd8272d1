using System.Collections.Immutable;
using System.Net;

namespace HaCluster.Sentinel.Arguments;

/// <summary>Validated arguments of the sentinel; see SENTINEL.md.</summary>
internal sealed record SentinelOptions
{
    public required IPEndPoint Listen { get; init; }

    public required Chain Chain { get; init; }

    /// <summary>As the argument spells it; a label of every metric.</summary>
    public required string Network { get; init; }

    /// <summary>Such as <c>btcd</c> or <c>geth</c>; a label of every metric.</summary>
    public required string Client { get; init; }

    public required NodeAccess Rpc { get; init; }

    /// <summary>Beacon API of the consensus client in this pod; null without one.</summary>
    public Uri? Consensus { get; init; }

    public required Limits Limits { get; init; }

    /// <summary>Sentinels of the other nodes of the chain.</summary>
    public ImmutableArray<Sibling> Siblings { get; init; } = [];

    /// <summary>Empty outside Kubernetes.</summary>
    public required string Pod { get; init; }

    /// <summary>A directory of the node's data volume; null when it is not mounted here.</summary>
    public string? DataDirectory { get; init; }
}

internal enum Chain
{
    Bitcoin,
    Ethereum,
}

/// <summary>How the node in this pod is reached.</summary>
/// <param name="AuthorityFile">PEM; the only CA that is trusted. Null: the CAs of the system.</param>
/// <param name="CertificateFile">PEM; what the node should serve by now.</param>
internal sealed record NodeAccess(
    Uri Url, string? UserFile = null, string? PasswordFile = null, string? AuthorityFile = null, string? CertificateFile = null);

/// <param name="TipAge">Largest age of a fresh head; zero: the age is not checked.</param>
/// <param name="Lag">Most blocks behind the reference.</param>
/// <param name="Stall">Longest time without progress while siblings advance.</param>
internal sealed record Limits(TimeSpan TipAge, long Lag, TimeSpan Stall)
{
    /// <summary>
    /// Default limits. On Bitcoin, two hours without a block can happen by chance; on a chain whose blocks are made on demand
    /// the age has no meaning.
    /// </summary>
    public static Limits Of(Chain chain, string network) => chain == Chain.Bitcoin
        ? new Limits(network is "regtest" or "simnet" ? TimeSpan.Zero : TimeSpan.FromHours(2), 2, TimeSpan.FromHours(1))
        : new Limits(TimeSpan.FromSeconds(60), 8, TimeSpan.FromMinutes(15));
}

/// <summary>The sentinel of another node.</summary>
internal sealed record Sibling(string Name, Uri Url)
{
    /// <summary>Called by its host's first label, which in a StatefulSet is the name of the pod.</summary>
    public static Sibling At(Uri url) => new(
        IPAddress.TryParse(url.Host.Trim('[', ']'), out _) ? $"{url.Host}:{url.Port}" : url.Host.Split('.')[0], url);
}
