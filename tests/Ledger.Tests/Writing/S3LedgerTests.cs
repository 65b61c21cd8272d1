using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Amazon.S3.Model;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Proof;
using HaCluster.Ledger.Tests.Peers;
using HaCluster.Ledger.Verification;
using HaCluster.Ledger.Writing;
using HaCluster.Services;

namespace HaCluster.Ledger.Tests.Writing;

/// <summary>The ledger over moto: S3 with object lock and a key of KMS.</summary>
[Collection(MotoCollection.Name)]
public sealed class S3LedgerTests(Moto moto)
{
    [SkippableFact]
    public async Task Two_instances_over_a_locked_bucket_make_one_chain_that_a_key_of_KMS_signs()
    {
        var bucket = $"finance-{Guid.NewGuid():N}";
        using var s3 = moto.S3();
        using var kms = moto.Kms();
        await s3.PutBucketAsync(new PutBucketRequest { BucketName = bucket, ObjectLockEnabledForBucket = true });
        var key = await kms.CreateKeyAsync(new CreateKeyRequest { KeySpec = KeySpec.ECC_NIST_P256, KeyUsage = KeyUsageType.SIGN_VERIFY });
        using var signer = await KmsSigner.OpenAsync(moto.Kms(), key.KeyMetadata.KeyId, default);
        using var archive = new S3Archive(moto.S3(), bucket, "ledger/", new ObjectRetention(1, IsCompliance: false), TimeProvider.System);
        using var ledgers = new Ledgers(archive) { Options = new LogOptions { Linger = TimeSpan.Zero, CheckpointRecords = 8 } };
        await using (var one = await OpenAsync("one"))
        await using (var two = await OpenAsync("two"))
        {
            await Task.WhenAll(Enumerable.Range(0, 24).Select(number => StreamLogTests.StoreAsync(number % 2 == 0 ? one : two, Ledgers.Records(number, 1))));
            Assert.Equal([1L], (await StreamLogTests.StoreAsync(one, [Ledgers.Record((await ledgers.IdsAsync())[0], $$"""{"n":{{(await ledgers.IdsAsync())[0][2..]}}}""")])).Sequences.ToList());
        }

        Assert.Equal(24, (await ledgers.IdsAsync()).Distinct().Count());
        var report = Assert.Single(await new Verifier(archive, [signer.PublicKey], []).VerifyAsync(default));
        Assert.Equal((null, 24L, 24L), (report.Finding, report.Size, report.Signed));

        // And a new process finds it all again.
        await using var later = await OpenAsync("three");
        Assert.Equal(0, 24 - (await StreamLogTests.StoreAsync(later, Ledgers.Records(0, 24))).Repeated);

        async Task<StreamLogs> OpenAsync(string instance)
        {
            var logs = new StreamLogs(new LogContext(archive, signer, ledgers.Options, TimeProvider.System, ledgers.Observer, NoFaults.Instance, instance), ledgers.Spool(instance));
            using var limit = new CancellationTokenSource(Waiting.Limit);
            await logs.OpenAsync(limit.Token);
            return logs;
        }
    }
}
