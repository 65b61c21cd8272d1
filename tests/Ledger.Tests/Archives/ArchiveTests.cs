using System.Runtime.Versioning;
using Amazon.S3;
using Amazon.S3.Model;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Tests.Peers;

namespace HaCluster.Ledger.Tests.Archives;

/// <summary>What every archive does.</summary>
public abstract class ArchiveTests
{
    private protected abstract Task<IArchive> OpenAsync();

    [SkippableFact]
    public async Task An_object_is_written_once()
    {
        using var archive = await OpenAsync();
        Assert.True(await archive.TryPutAsync("segments/a/1.ndjson", "one"u8.ToArray(), default));
        Assert.False(await archive.TryPutAsync("segments/a/1.ndjson", "two"u8.ToArray(), default));
        Assert.Equal("one"u8.ToArray(), await archive.ReadAsync("segments/a/1.ndjson", default));
        Assert.Null(await archive.ReadAsync("segments/a/2.ndjson", default));
    }

    [SkippableFact]
    public async Task Of_many_writers_of_one_name_exactly_one_succeeds()
    {
        using var archive = await OpenAsync();
        var tries = await Task.WhenAll(Enumerable.Range(0, 8).Select(async writer => (writer, Won: await Task.Run(() => archive.TryPutAsync("segments/a/1.ndjson", new byte[] { (byte)writer }, default)))));
        Assert.Equal([(byte)Assert.Single(tries, one => one.Won).writer], (await archive.ReadAsync("segments/a/1.ndjson", default))!);
    }

    [SkippableFact]
    public async Task Objects_are_listed_in_order_after_a_name_and_folders_by_name()
    {
        using var archive = await OpenAsync();
        foreach (var name in new[] { "segments/b/3.ndjson", "segments/b/1.ndjson", "segments/b/2.ndjson", "checkpoints/b/1.json", "segments/a/9.ndjson" })
            Assert.True(await archive.TryPutAsync(name, "x"u8.ToArray(), default));
        Assert.Equal(["segments/b/1.ndjson", "segments/b/2.ndjson", "segments/b/3.ndjson"], await ListAsync(archive, ""));
        Assert.Equal(["segments/b/3.ndjson"], await ListAsync(archive, "segments/b/2.ndjson"));
        Assert.Equal(["a", "b"], await archive.FoldersAsync("segments/", default));
        Assert.Empty(await archive.FoldersAsync("nothing/", default));
    }

    private static async Task<List<string>> ListAsync(IArchive archive, string after)
    {
        var names = new List<string>();
        await foreach (var name in archive.ListAsync("segments/b/", after, default))
            names.Add(name);
        return names;
    }
}

public sealed class FolderArchiveTests : ArchiveTests, IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    private protected override Task<IArchive> OpenAsync() => Task.FromResult<IArchive>(new FolderArchive(_scratch.At("archive")));

    [Fact]
    public async Task A_folder_that_cannot_be_written_to_is_an_archive_that_is_away()
    {
        await File.WriteAllTextAsync(_scratch.At("file"), "");
        using var archive = new FolderArchive(_scratch.At("file"));
        await Assert.ThrowsAsync<ArchiveUnavailableException>(() => archive.TryPutAsync("segments/a/1.ndjson", "x"u8.ToArray(), default));
    }

    [SkippableFact, UnsupportedOSPlatform("windows")]
    public async Task A_file_of_the_archive_is_not_for_writing()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no modes");
        using var archive = await OpenAsync();
        await archive.TryPutAsync("segments/a/1.ndjson", "x"u8.ToArray(), default);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.GroupRead, File.GetUnixFileMode(_scratch.At("archive/segments/a/1.ndjson")));
    }
}

[Collection(MotoCollection.Name)]
public sealed class S3ArchiveTests(Moto moto) : ArchiveTests
{
    private readonly string _bucket = $"finance-{Guid.NewGuid():N}";

    private protected override async Task<IArchive> OpenAsync()
    {
        await moto.S3().PutBucketAsync(new PutBucketRequest { BucketName = _bucket, ObjectLockEnabledForBucket = true });
        return new S3Archive(moto.S3(), _bucket, "prefix/", null, TimeProvider.System);
    }

    [SkippableFact]
    public async Task Objects_are_locked_as_the_service_was_told()
    {
        using var bucket = await OpenAsync();
        using var archive = new S3Archive(moto.S3(), _bucket, "", new ObjectRetention(10, IsCompliance: true), TimeProvider.System);
        Assert.True(await archive.TryPutAsync("segments/a/1.ndjson", "x"u8.ToArray(), default));
        using var s3 = moto.S3();
        var stored = await s3.GetObjectMetadataAsync(_bucket, "segments/a/1.ndjson");
        Assert.Equal(ObjectLockMode.Compliance, stored.ObjectLockMode);
        Assert.InRange((stored.ObjectLockRetainUntilDate!.Value.ToUniversalTime() - DateTime.UtcNow.AddYears(10)).TotalHours, -1, 1);
    }

    [SkippableFact]
    public async Task A_bucket_that_does_not_lock_is_told_from_one_that_does()
    {
        using var archive = (S3Archive)await OpenAsync();
        Assert.Contains("without a default retention", await archive.MissingLockAsync(default), StringComparison.Ordinal);
        using var s3 = moto.S3();
        await s3.PutObjectLockConfigurationAsync(new PutObjectLockConfigurationRequest
        {
            BucketName = _bucket,
            ObjectLockConfiguration = new ObjectLockConfiguration
            {
                ObjectLockEnabled = ObjectLockEnabled.Enabled,
                Rule = new ObjectLockRule { DefaultRetention = new DefaultRetention { Mode = ObjectLockRetentionMode.Governance, Years = 10 } },
            },
        });
        Assert.Null(await archive.MissingLockAsync(default));
        await s3.PutBucketAsync($"{_bucket}-open");
        using var open = new S3Archive(moto.S3(), $"{_bucket}-open", "", null, TimeProvider.System);
        Assert.Contains("has no object lock", await open.MissingLockAsync(default), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_bucket_that_is_not_there_is_an_archive_that_is_away()
    {
        using var archive = new S3Archive(moto.S3(), "there-is-none", "", null, TimeProvider.System);
        await Assert.ThrowsAsync<ArchiveUnavailableException>(() => archive.TryPutAsync("segments/a/1.ndjson", "x"u8.ToArray(), default));
        await Assert.ThrowsAsync<ArchiveUnavailableException>(() => archive.ReadAsync("segments/a/1.ndjson", default));
    }
}
