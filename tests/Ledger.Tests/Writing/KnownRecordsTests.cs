using HaCluster.Ledger.Writing;

namespace HaCluster.Ledger.Tests.Writing;

public sealed class KnownRecordsTests
{
    /// <summary>Beside a dictionary, over what a stream does: batches that are stored or taken back, a window that moves on, records of one key.</summary>
    [Theory]
    [InlineData(1, 50, 1)]
    [InlineData(2, 5000, 1)]
    [InlineData(3, 9000, 4_294_967_290)]
    public void It_knows_what_a_dictionary_of_the_window_knows(int seed, int window, long next)
    {
        var random = new Random(seed);
        var (known, expected) = (new KnownRecords(window), new SortedDictionary<long, (UInt128 Key, UInt128 Content)>());
        var keys = Enumerable.Range(0, 3 * window).Select(_ => new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64())).ToArray();
        for (var batch = 0; batch < 100; batch++)
        {
            // What may be taken back was not known before; what is read from an archive may have been.
            var (first, isPending) = (next, random.Next(4) == 0);
            for (var count = random.Next(window / 5); count > 0; count--)
            {
                var place = random.Next(keys.Length);
                if (isPending)
                    keys[place] = new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64());
                var content = new UInt128((ulong)next, 1);
                known.Add(keys[place], content, next);
                expected[next++] = (keys[place], content);
            }

            if (isPending)
            {
                var from = first + random.Next((int)(next - first + 1));
                known.TakeBack(from);
                while (next > from)
                    expected.Remove(--next);
            }

            known.Forget();
            while (expected.Count > window)
                expected.Remove(expected.Keys.First());
            Assert.Equal(expected.Count, known.Count);
            var latest = expected.GroupBy(one => one.Value.Key).ToDictionary(group => group.Key, group => group.Max(one => one.Key));
            for (var probe = 0; probe < 200; probe++)
            {
                var key = keys[random.Next(keys.Length)];
                Assert.Equal(latest.TryGetValue(key, out var sequence), known.TryFind(key, out var found));
                if (sequence > 0)
                    Assert.Equal(new Known(expected[sequence].Content, sequence), found);
            }
        }
    }

    [Fact]
    public void Records_behind_a_hole_are_the_only_ones_that_are_known()
    {
        var known = new KnownRecords(10);
        known.Add(1, 1, 1);
        known.Add(2, 2, 7);
        Assert.False(known.TryFind(1, out _));
        Assert.True(known.TryFind(2, out var found));
        Assert.Equal((7L, 1), (found.Sequence, known.Count));
    }

    [Fact]
    public void A_million_records_take_40_bytes_each()
    {
        const int Records = 1_000_000;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var known = new KnownRecords(Records);
        for (var sequence = 1; sequence <= Records; sequence++)
            known.Add((UInt128)sequence * 0x9E3779B97F4A7C15, 1, sequence);
        // Smaller tables on the way are as much again as half of the last.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / (double)Records, 32, 52);
        var full = GC.GetAllocatedBytesForCurrentThread();
        for (var sequence = Records + 1L; sequence <= 1.5 * Records; sequence++)
        {
            known.Add((UInt128)sequence * 0x9E3779B97F4A7C15, 1, sequence);
            known.Forget();
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - full, 0, 1_000_000);
    }
}
