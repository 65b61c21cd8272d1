using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace HaCluster.Ledger.Archives;

/// <summary>An archive in a bucket of S3. Every write is conditional, so that of two writers of one name exactly one succeeds.</summary>
/// <param name="prefix">Empty, or with a slash at its end.</param>
/// <param name="retention">Sent with every object; null: the bucket's own default holds.</param>
internal sealed class S3Archive(IAmazonS3 s3, string bucket, string prefix, ObjectRetention? retention, TimeProvider clock) : IArchive
{
    public const string Scheme = "s3://";

    public string Address => $"{Scheme}{bucket}/{prefix}";

    public async Task<bool> TryPutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var request = new PutObjectRequest
        {
            BucketName = bucket,
            Key = prefix + name,
            InputStream = MemoryMarshal.TryGetArray(content, out var bytes) ? new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false) : new MemoryStream(content.ToArray(), writable: false),
            // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
            IfNoneMatch = "*",
            // The content is at hand: it is hashed before it is sent, and a signature for each part of it would add nothing.
            UseChunkEncoding = false,
            MD5Digest = DigestOf(content.Span),
        };
        if (retention is not null)
        {
            request.ObjectLockMode = retention.IsCompliance ? ObjectLockMode.Compliance : ObjectLockMode.Governance;
            request.ObjectLockRetainUntilDate = clock.GetUtcNow().UtcDateTime.AddYears(retention.Years);
        }

        try
        {
            await s3.PutObjectAsync(request, cancellationToken);
            return true;
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.PreconditionFailed)
        {
            return false;
        }
        catch (Exception exception) when (IsFault(exception, cancellationToken))
        {
            throw Unavailable($"does not take {name}", exception);
        }
    }

    public async Task<byte[]?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await s3.GetObjectAsync(bucket, prefix + name, cancellationToken);
            using var content = new MemoryStream();
            await answer.ResponseStream.CopyToAsync(content, cancellationToken);
            return content.ToArray();
        }
        catch (AmazonS3Exception exception) when (exception.ErrorCode == "NoSuchKey")
        {
            return null;
        }
        catch (Exception exception) when (IsFault(exception, cancellationToken))
        {
            throw Unavailable($"does not give {name}", exception);
        }
    }

    public async IAsyncEnumerable<string> ListAsync(string folder, string after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = prefix + folder, StartAfter = after.Length == 0 ? null : prefix + after };
        do
        {
            var page = await ListAsync(request, cancellationToken);
            foreach (var item in page.S3Objects ?? [])
                yield return item.Key[prefix.Length..];
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (request.ContinuationToken is not null);
    }

    public async Task<IReadOnlyList<string>> FoldersAsync(string folder, CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = prefix + folder, Delimiter = "/" };
        var folders = new List<string>();
        do
        {
            var page = await ListAsync(request, cancellationToken);
            folders.AddRange((page.CommonPrefixes ?? []).Select(common => common[(prefix.Length + folder.Length)..].TrimEnd('/')));
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (request.ContinuationToken is not null);
        return folders;
    }

    /// <summary>Why records of this archive can be deleted; null when the bucket or this program locks each of them.</summary>
    public async Task<string?> MissingLockAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await s3.GetObjectLockConfigurationAsync(new GetObjectLockConfigurationRequest { BucketName = bucket }, cancellationToken);
            return retention is not null || answer.ObjectLockConfiguration?.Rule?.DefaultRetention is not null
                ? null
                : $"the bucket {bucket} has object lock without a default retention: records can be deleted; give the bucket one, or use --retention-years";
        }
        catch (AmazonS3Exception exception) when (exception.ErrorCode == "ObjectLockConfigurationNotFoundError")
        {
            return $"the bucket {bucket} has no object lock: records can be deleted by whoever may delete objects";
        }
        catch (Exception exception) when (IsFault(exception, cancellationToken))
        {
            throw Unavailable("does not tell its object lock", exception);
        }
    }

    /// <summary>Sets or releases the legal hold of an object: while it is set, nobody can delete the object, whatever its retention.</summary>
    /// <exception cref="ArchiveUnavailableException">The bucket does not do it, or does not answer.</exception>
    public async Task HoldAsync(string name, bool isHeld, CancellationToken cancellationToken)
    {
        var hold = new ObjectLockLegalHold { Status = isHeld ? ObjectLockLegalHoldStatus.On : ObjectLockLegalHoldStatus.Off };
        try
        {
            await s3.PutObjectLegalHoldAsync(new PutObjectLegalHoldRequest { BucketName = bucket, Key = prefix + name, LegalHold = hold }, cancellationToken);
        }
        catch (Exception exception) when (IsFault(exception, cancellationToken))
        {
            throw Unavailable($"does not {(isHeld ? "hold" : "release")} {name}", exception);
        }
    }

    /// <exception cref="ArchiveUnavailableException">The bucket does not answer.</exception>
    public async Task<bool> IsHeldAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await s3.GetObjectLegalHoldAsync(new GetObjectLegalHoldRequest { BucketName = bucket, Key = prefix + name }, cancellationToken);
            return answer.LegalHold?.Status == ObjectLockLegalHoldStatus.On;
        }
        catch (AmazonS3Exception exception) when (exception.ErrorCode == "NoSuchObjectLockConfiguration")
        {
            // So S3 says that none was ever set.
            return false;
        }
        catch (Exception exception) when (IsFault(exception, cancellationToken))
        {
            throw Unavailable($"does not tell the legal hold of {name}", exception);
        }
    }

    public void Dispose() => s3.Dispose();

    private async Task<ListObjectsV2Response> ListAsync(ListObjectsV2Request request, CancellationToken cancellationToken)
    {
        try
        {
            return await s3.ListObjectsV2Async(request, cancellationToken);
        }
        catch (Exception exception) when (IsFault(exception, cancellationToken))
        {
            throw Unavailable("does not list its objects", exception);
        }
    }

    /// <summary>Not every S3 takes a newer checksum instead, with which objects that are locked have to be sent (https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html).</summary>
#pragma warning disable CA5351 // Finds damage on the way only; the hashes of the format find changes.
    private static string DigestOf(ReadOnlySpan<byte> content) => Convert.ToBase64String(MD5.HashData(content));
#pragma warning restore CA5351

    private static bool IsFault(Exception exception, CancellationToken cancellationToken) => exception is AmazonServiceException or AmazonClientException or HttpRequestException or IOException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private ArchiveUnavailableException Unavailable(string what, Exception exception) => new($"{Address} {what}: {exception.Message}", exception);
}

/// <summary>How long S3 keeps an object from being deleted.</summary>
/// <param name="IsCompliance">Nobody can lift it, not even the owner of the account.</param>
internal sealed record ObjectRetention(int Years, bool IsCompliance);
