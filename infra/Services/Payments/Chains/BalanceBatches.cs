using System.Numerics;

namespace HaCluster.Payments.Chains;

/// <summary>What many addresses have at one block, as many at once as the node takes. It is not for two readers at a time.</summary>
internal sealed class BalanceBatches(NodeClient client)
{
    private const int MostAtOnce = 200;

    private readonly BatchedCalls _balances = new(client, "eth_getBalance", MostAtOnce);
    private readonly BatchedCalls _calls = new(client, "eth_call", MostAtOnce);

    /// <param name="token">Null: of ether.</param>
    /// <param name="height">Of the block.</param>
    /// <returns>Of the first ones of the addresses, at least of one.</returns>
    /// <exception cref="NodeRefusedException">It does not say: the token fails, or the node no longer has the state at this block.</exception>
    public async Task<IReadOnlyList<BigInteger>> AskAsync(string? token, IEnumerable<string> addresses, long height, CancellationToken cancellationToken)
    {
        var block = EthereumNode.Hex(height);
        object[][] calls = [.. addresses.Take(MostAtOnce).Select(address => new[] { token is null ? address : EthereumNode.BalanceCall(token, address), block })];
        var answers = await (token is null ? _balances : _calls).AskAsync(calls, _ => false, cancellationToken);
        return [.. answers.Select(answer => token is null ? EthereumNode.Number(answer.Result) : EthereumNode.ReadTokenBalance(token, answer.Result, block))];
    }
}
