using HaCluster.Payments.Chains;
using HaCluster.Payments.Serving;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Arguments;

/// <summary>
/// What a service for development works with where nobody said anything else: nodes of this computer on the ports that anvil and Bitcoin Core (regtest) listen on, and a signer in its folder. They are looked for
/// once, at the start, and named in what the service says of itself.
/// </summary>
internal static class LocalPeers
{
    public static readonly Uri Ethereum = new("http://127.0.0.1:8545");
    public static readonly Uri Bitcoin = new("http://127.0.0.1:18443");

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <summary>Adds what is there. With PostgreSQL or on a network whose coins are worth something, nothing is guessed.</summary>
    /// <param name="limit">Time in which a node has to answer; default: a second.</param>
    public static async Task<ServeOptions> AddAsync(ServeOptions options, Uri ethereum, Uri bitcoin, CancellationToken cancellationToken, TimeSpan? limit = null)
    {
        if (options.ConnectionString is not null || options.Networks != Networks.Development)
            return options;
        var socket = Path.Combine(options.Data, SignerCommand.SocketFile);
        return options with
        {
            Ethereum = options.Ethereum ?? await FindAsync(ethereum, (client, token) => new EthereumNode(client).RequireChainAsync(options.Networks.EthereumChainId, token), limit ?? Limit, cancellationToken),
            Bitcoin = options.Bitcoin ?? await FindAsync(bitcoin, (client, token) => new BitcoinNode(client, options.Networks.Bitcoin).HeadAsync(token), limit ?? Limit, cancellationToken),
            Signer = options.Signer ?? (File.Exists(socket) ? new SignerAddress.UnixSocket(socket) : null),
        };
    }

    /// <param name="ask">Asks what the service would ask, such as for the chain: what wants a password or is of another chain is not meant.</param>
    /// <returns>Null: no such node is there.</returns>
    private static async Task<Uri?> FindAsync(Uri url, Func<NodeClient, CancellationToken, Task> ask, TimeSpan within, CancellationToken cancellationToken)
    {
        using var client = new NodeClient(url);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(within);
        try
        {
            await ask(client, limit.Token);
            return url;
        }
        catch (Exception exception) when (exception is NodeUnreachableException or NodeRefusedException or InvalidOperationException or FormatException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }
}
