using Amazon.S3;
using Amazon.S3.Model;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Arguments;
using HaCluster.Ledger.Tests.Peers;
using HaCluster.Ledger.Tests.Writing;

namespace HaCluster.Ledger.Tests.Archives;

[Collection(MotoCollection.Name)]
public sealed class LegalHoldTests(Moto moto)
{
    private readonly string _bucket = $"finance-{Guid.NewGuid():N}";

    [SkippableFact]
    public async Task A_part_of_a_stream_is_held_with_the_checkpoint_and_the_key_that_prove_it()
    {
        using var s3 = moto.S3();
        await s3.PutBucketAsync(new PutBucketRequest { BucketName = _bucket, ObjectLockEnabledForBucket = true });
        using var archive = new S3Archive(moto.S3(), _bucket, "ledger/", null, TimeProvider.System);
        using var ledgers = new Ledgers(archive) { Options = new() { Linger = TimeSpan.Zero, CheckpointRecords = 10 } };
        // Segments 1-5, 6-10, ..., 26-30; checkpoints 10, 20, 30.
        await using (var logs = await ledgers.OpenAsync())
        {
            for (var segment = 0; segment < 6; segment++)
                await StreamLogTests.StoreAsync(logs, Ledgers.Records(1 + 5 * segment, 5));
        }

        var holds = new LegalHolds(archive, Ledgers.Stream);
        var part = await holds.HoldAsync(true, 8, 12, default);
        string[] expected =
        [
            ArchiveNames.Segment(Ledgers.Stream, 6), ArchiveNames.Segment(Ledgers.Stream, 11), ArchiveNames.Segment(Ledgers.Stream, 16),
            ArchiveNames.Checkpoint(Ledgers.Stream, 10), ArchiveNames.Checkpoint(Ledgers.Stream, 20), ArchiveNames.Key(ledgers.Signer.PublicKey.Id),
        ];
        Assert.Equal(expected, part.Names);
        Assert.Equal((3, 6L, 20L), (part.Segments, part.First, part.Signed));
        var (whole, held) = await holds.ListAsync(1, long.MaxValue, default);
        Assert.Equal(expected, held);
        Assert.Equal(10, whole.Names.Count);

        // Neither retention nor permission lets an object go that is held.
        var version = (await s3.ListVersionsAsync(_bucket, $"ledger/{expected[0]}")).Versions.Single().VersionId;
        await Assert.ThrowsAsync<AmazonS3Exception>(() => s3.DeleteObjectAsync(new DeleteObjectRequest { BucketName = _bucket, Key = $"ledger/{expected[0]}", VersionId = version, BypassGovernanceRetention = true }));

        await holds.HoldAsync(false, 1, 30, default);
        Assert.Empty((await holds.ListAsync(1, long.MaxValue, default)).Held);
        await s3.DeleteObjectAsync(_bucket, $"ledger/{expected[0]}", version);
        Assert.Equal(0, (await new LegalHolds(archive, "audit").HoldAsync(true, 1, 40, default)).Segments);
    }

    [SkippableFact]
    public async Task A_bucket_without_object_lock_holds_nothing_and_says_so()
    {
        using var s3 = moto.S3();
        await s3.PutBucketAsync(_bucket);
        using var archive = new S3Archive(moto.S3(), _bucket, "", null, TimeProvider.System);
        using var ledgers = new Ledgers(archive);
        await using (var logs = await ledgers.OpenAsync())
            await StreamLogTests.StoreAsync(logs, Ledgers.Records(1, 1));
        Assert.Contains($"s3://{_bucket}/ does not hold ", (await Assert.ThrowsAsync<ArchiveUnavailableException>(() => new LegalHolds(archive, Ledgers.Stream).HoldAsync(true, 1, 1, default))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--archive is ledger-data/archive, a folder, which cannot hold its files", "hold", "set", "payments", "--archive", "ledger-data/archive")]
    [InlineData("--archive is missing; write --archive PLACE", "hold", "list", "payments")]
    [InlineData("'a/b' is not a name of a stream", "hold", "release", "a/b", "--archive", "s3://bucket")]
    [InlineData("--from is 5 and --to is 4", "hold", "set", "payments", "--archive", "s3://bucket", "--from", "5", "--to", "4")]
    [InlineData("--from is 'x'; write a whole number", "hold", "set", "payments", "--archive", "s3://bucket", "--from", "x")]
    public async Task Wrong_arguments_are_refused_with_what_to_do(string message, params string[] arguments)
    {
        using var error = new StringWriter();
        Assert.Equal(CommandLine.Unusable, await CommandLine.RunAsync(arguments, error, error));
        Assert.Contains(message, error.ToString(), StringComparison.Ordinal);
    }
}
