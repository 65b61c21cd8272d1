using HaCluster.Ledger.Writing;
using HaCluster.Services;

namespace HaCluster.Ledger.Tests.Writing;

/// <summary>What a power cut leaves of the spool.</summary>
public sealed class SpoolTests : IDisposable
{
    private readonly Scratch _scratch = new();

    private string PathOfFile => _scratch.At("payments.segment");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Segments_are_kept_one_behind_the_other_until_a_checkpoint_covers_them()
    {
        using (var spool = Open())
        {
            spool.Write("first"u8);
            spool.Write("second"u8);
            Assert.Equal(["first", "second"], Kept(spool));
            spool.TakeBack();
            spool.Write("another second"u8);
            Assert.Equal(["first", "another second"], Kept(spool));
        }

        using (var spool = Open())
        {
            Assert.Equal(["first", "another second"], Kept(spool));
            spool.Write("third"u8);
            Assert.Equal(["first", "another second", "third"], Kept(spool));
            spool.Restart();
            Assert.Equal(0, spool.Size);
            // As long as the first one was, so that what is behind it begins where the next one will.
            spool.Write("FIRST"u8);
        }

        using var last = Open();
        Assert.Equal(["FIRST"], Kept(last));
    }

    [Fact]
    public void Wherever_the_file_ends_the_segments_before_are_kept()
    {
        string[] segments = ["first", "second, which is longer", "third"];
        var ends = new List<long> { 0 };
        using (var spool = Open())
        {
            foreach (var segment in segments)
            {
                spool.Write(System.Text.Encoding.UTF8.GetBytes(segment));
                ends.Add(spool.Size);
            }
        }

        var whole = File.ReadAllBytes(PathOfFile);
        for (var length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(PathOfFile, whole[..length]);
            AssertKept(segments.Take(ends.FindLastIndex(end => end <= length)), $"cut off after {length} bytes");
            // A file system may have given the file its length before its content.
            File.WriteAllBytes(PathOfFile, [.. whole[..length], .. new byte[whole.Length - length]]);
            AssertKept(segments.Take(ends.FindLastIndex(end => end <= length)), $"zeros after {length} bytes");
        }
    }

    [Fact]
    public void Whichever_byte_is_torn_the_segments_before_it_are_kept_and_none_with_it()
    {
        string[] segments = ["first", "second", "third"];
        var ends = new List<long>();
        using (var spool = Open())
        {
            foreach (var segment in segments)
            {
                spool.Write(System.Text.Encoding.UTF8.GetBytes(segment));
                ends.Add(spool.Size);
            }
        }

        var whole = File.ReadAllBytes(PathOfFile);
        for (var place = 0; place < whole.Length; place++)
        {
            // A length may be far more than there is, or less than nothing.
            foreach (var bit in new byte[] { 1, 0x80 })
            {
                var torn = whole.ToArray();
                torn[place] ^= bit;
                File.WriteAllBytes(PathOfFile, torn);
                AssertKept(segments.Take(ends.FindIndex(end => place < end)), $"byte {place}, bit {bit}");
            }
        }
    }

    [Fact]
    public void Of_two_rounds_only_the_later_is_kept_wherever_its_first_segment_is_torn()
    {
        using (var spool = Open())
        {
            spool.Write("an old one"u8);
            spool.Write("an old one behind it"u8);
        }

        var before = File.ReadAllBytes(PathOfFile);
        using (var spool = Open())
        {
            spool.Restart();
            spool.Write("a new one!"u8);
        }

        var after = File.ReadAllBytes(PathOfFile);
        for (var written = 0; written <= after.Length; written++)
        {
            // The disk writes what is new in any order: from the front, or from the back.
            foreach (var isFront in new[] { true, false })
            {
                File.WriteAllBytes(PathOfFile, isFront ? [.. after[..written], .. before[written..]] : [.. before[..^written], .. after[^written..]]);
                using var spool = Open();
                var kept = Kept(spool);
                Assert.True(kept is [] or ["a new one!"] or ["an old one", "an old one behind it"], $"{written} {isFront}: {string.Join(", ", kept)}");
            }
        }
    }

    [Fact]
    public void Older_segments_are_given_up_before_the_file_has_more_than_64_MiB()
    {
        var large = new byte[33 << 20];
        using (var spool = Open())
        {
            spool.Write("first"u8);
            spool.Write(large);
            large[^1] = 1;
            spool.Write(large);
            Assert.InRange(spool.Size, large.Length, 64 << 20);
        }

        using var later = Open();
        Assert.Equal(1, Assert.Single(later.Read())[^1]);
    }

    private static List<string> Kept(Spool spool) => [.. spool.Read().Select(System.Text.Encoding.UTF8.GetString)];

    private void AssertKept(IEnumerable<string> expected, string what)
    {
        using var spool = Open();
        Assert.True(expected.SequenceEqual(Kept(spool)), $"{what}: {string.Join(", ", Kept(spool))}");
    }

    private Spool Open() => Spool.Open(_scratch.Path, "payments", NoFaults.Instance);
}
