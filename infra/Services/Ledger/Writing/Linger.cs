namespace HaCluster.Ledger.Writing;

/// <summary>
/// How long the first record of a segment waits for others. Each segment is an object, and S3 charges for each: when records still come in the second half of a
/// wait, the next one is twice as long, and when none did it is half as long. So a producer that waits for each answer is not held up, and many at once share objects.
/// </summary>
internal sealed class Linger
{
    private readonly TimeSpan _shortest;
    private readonly TimeSpan _longest;

    public Linger(TimeSpan shortest, TimeSpan longest) => (_shortest, _longest, Current) = (shortest, longest, shortest);

    public TimeSpan Current { get; private set; }

    /// <param name="last">When in the wait the last record came.</param>
    public void Adapt(TimeSpan last)
    {
        var next = last > Current / 2 ? Current * 2 : Current / 2;
        Current = next < _shortest ? _shortest : next > _longest ? _longest : next;
    }
}
