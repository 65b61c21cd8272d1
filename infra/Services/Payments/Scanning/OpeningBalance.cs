using System.Numerics;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Store;

namespace HaCluster.Payments.Scanning;

/// <summary>What the addresses of a wallet had at a block, of which a part is read in each round: of many addresses a round would take longer than its lease.</summary>
internal sealed class OpeningBalance(Unopened one, BlockReference at)
{
    private readonly Dictionary<string, BigInteger> _amounts = new(StringComparer.Ordinal);

    public Unopened One => one;

    public BlockReference At => at;

    /// <summary>When it was last read on, as a timestamp.</summary>
    public long Touched { get; set; }

    /// <summary>What has something, by address.</summary>
    public IReadOnlyDictionary<string, BigInteger> Amounts => _amounts.Where(amount => amount.Value > 0).ToDictionary(StringComparer.Ordinal);

    /// <param name="isTimeUp">Whether the rest is left to the next round.</param>
    /// <returns>False: it is.</returns>
    public async Task<bool> ReadOnAsync(Database database, BalanceBatches balances, Func<bool> isTimeUp, CancellationToken cancellationToken)
    {
        // Some may have been given out while others were read.
        while (await MissingAsync(database, cancellationToken) is [_, ..] missing)
        {
            for (var asked = 0; asked < missing.Length;)
            {
                if (isTimeUp())
                    return false;
                var found = await balances.AskAsync(one.Token, missing.Skip(asked), at.Number, cancellationToken);
                foreach (var (address, amount) in missing.Skip(asked).Zip(found))
                    _amounts[address] = amount;
                asked += found.Count;
            }
        }

        return true;
    }

    private async Task<string[]> MissingAsync(Database database, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> all = one.Token is null ? [one.Sender!] : await database.ReadAsync(session => session.AllAddressesAsync(one.Wallet), cancellationToken);
        return [.. all.Where(address => !_amounts.ContainsKey(address))];
    }
}
