using System.Runtime.InteropServices;

namespace HaCluster.Payments.Chains;

/// <summary>
/// Asks a node the same of many things, as many at once as it takes and as fit into an answer. What it takes is found out: limits of nodes and of proxies before them differ, and some take no batch at all.
/// </summary>
/// <param name="most">Calls at once.</param>
internal sealed class BatchedCalls(NodeClient client, string method, int most)
{
    /// <summary>Bytes of answers that a batch is made for. What comes next may be larger than what came before.</summary>
    private const int FittingAnswers = NodeClient.LargestAnswer / 4;

    /// <summary>Answers after which a batch as large as one that was refused is tried again.</summary>
    private const int TryAgain = 100;

    private readonly int _most = most;
    private int _ceiling = most;
    private int _taken;

    /// <summary>Calls that are made at once now.</summary>
    public int Size { get; private set; } = Math.Min(16, most);

    /// <param name="isAnswer">Errors that are the answer to a call. Any other may be one of the batch, as when geth says that the response is too large: only a call that is made alone gets it.</param>
    /// <returns>Answers to the first ones of the calls, at least to one.</returns>
    /// <exception cref="NodeRefusedException">The first call alone got an error that is no answer.</exception>
    public async Task<IReadOnlyList<NodeAnswer>> AskAsync(IReadOnlyList<object[]> calls, Func<NodeRefusedException, bool> isAnswer, CancellationToken cancellationToken)
    {
        while (Math.Min(Size, calls.Count) is > 1 and var count)
        {
            try
            {
                var answers = await client.CallManyAsync(method, [.. calls.Take(count)], cancellationToken);
                NodeAnswer[] given = [.. answers.TakeWhile(answer => answer.Refusal is null || isAnswer(answer.Refusal))];
                if (given.Length == count)
                    Took(given);
                else
                    Shrink(count);
                if (given.Length > 0)
                    return given;
            }
            catch (BatchRefusedException)
            {
                Shrink(count);
            }
            catch (NodeUnreachableException)
            {
                // A slow node may answer fewer in the time.
                Shrink(count);
                throw;
            }
        }

        NodeAnswer[] alone = [await AskAloneAsync(calls[0], isAnswer, cancellationToken)];
        Took(alone);
        return alone;
    }

    private async Task<NodeAnswer> AskAloneAsync(object[] parameters, Func<NodeRefusedException, bool> isAnswer, CancellationToken cancellationToken)
    {
        try
        {
            return new NodeAnswer(await client.CallAsync(method, cancellationToken, parameters));
        }
        catch (NodeRefusedException refusal) when (isAnswer(refusal))
        {
            return new NodeAnswer(refusal);
        }
    }

    private void Took(NodeAnswer[] answers)
    {
        if (_ceiling < _most && ++_taken >= TryAgain)
            _ceiling = _most;
        var bytes = answers.Sum(answer => answer.Refusal is null ? (long)JsonMarshal.GetRawUtf8Value(answer.Result).Length : 0);
        var grown = answers.Length >= Size ? 2L * Size : Size;
        Size = (int)Math.Clamp(Math.Min(grown, FittingAnswers / Math.Max(1, bytes / answers.Length)), 1, _ceiling);
    }

    private void Shrink(int count) => (Size, _ceiling, _taken) = (count / 2, count / 2, 0);
}
