using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Chains;

namespace HaCluster.Payments.Books;

/// <summary>How far the balances of a comparison were read: asset by asset, addresses of all wallets together.</summary>
/// <param name="addresses">Of all wallets.</param>
internal sealed class EthereumReading(Comparison comparison, IReadOnlyList<(string Address, string Wallet)> addresses)
{
    private readonly Queue<string> _assets = new(comparison.Wallets.SelectMany(books => books.Booked.Keys).Distinct(StringComparer.Ordinal));
    private string? _asset;
    private (string Address, string Wallet)[] _asking = [];
    private int _asked;

    public Comparison Comparison => comparison;

    public Dictionary<(string Wallet, string Asset), BigInteger> Amounts { get; } =
        comparison.Wallets.SelectMany(books => books.Booked.Keys.Select(asset => (books.Wallet.Id, asset))).ToDictionary(one => one, _ => BigInteger.Zero);

    /// <summary>Assets that cannot be compared, and why.</summary>
    public Dictionary<string, string> Refused { get; } = new(StringComparer.Ordinal);

    /// <param name="isTimeUp">Whether the rest is left to the next round.</param>
    /// <returns>False: it is.</returns>
    public async Task<bool> ReadOnAsync(BalanceBatches balances, Func<bool> isTimeUp, CancellationToken cancellationToken)
    {
        for (; _asked < _asking.Length || Next();)
        {
            if (isTimeUp())
                return false;
            var token = Asset.TryParse(_asset!, out var parsed) ? parsed.Token : null;
            IReadOnlyList<BigInteger> found;
            try
            {
                found = await balances.AskAsync(token, _asking.Skip(_asked).Select(one => one.Address), comparison.At.Number, cancellationToken);
            }
            catch (NodeRefusedException exception) when (token is not null)
            {
                // Where the node has forgotten the block, it refuses ether as well, and nothing can be compared.
                await balances.AskAsync(null, [_asking[_asked].Address], comparison.At.Number, cancellationToken);
                // A contract may refuse for good, such as while it is paused: the other assets are compared.
                Refused[_asset!] = exception.Message;
                _asked = _asking.Length;
                continue;
            }

            foreach (var ((_, wallet), amount) in _asking.Skip(_asked).Zip(found))
                Amounts[(wallet, _asset!)] += amount;
            _asked += found.Count;
        }

        return true;
    }

    private bool Next()
    {
        while (_assets.TryDequeue(out _asset))
        {
            // Of wallets that are newer than the comparison, and of those that do not have the asset in the books yet, nothing is asked.
            (_asking, _asked) = ([.. addresses.Where(one => Amounts.ContainsKey((one.Wallet, _asset)))], 0);
            if (_asking.Length > 0)
                return true;
        }

        return false;
    }
}
