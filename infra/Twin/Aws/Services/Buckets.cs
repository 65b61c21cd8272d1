using HaCluster.Planning.Facts;
using HaCluster.Twin.Aws.Protocols;
using static HaCluster.Twin.Aws.Protocols.XmlAnswers;

namespace HaCluster.Twin.Aws.Services;

/// <summary>https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html: the buckets that the program declares, without any content.</summary>
internal sealed class Buckets(Account account)
{
    public IEnumerable<object?> Answer(AwsCall call)
    {
        var names = account.All("aws:s3/bucket:Bucket").Select(bucket => bucket.Inputs.At("bucket").Text() ?? bucket.Id ?? bucket.Name).Order(StringComparer.Ordinal).ToList();
        var (page, next) = Paging.Of(names, call.Find("continuation-token"), call.Number("max-buckets"));
        return
        [
            El("Owner", El("ID", account.Id)),
            List("Buckets", "Bucket", page.Select(name => new object?[] { El("Name", name), El("CreationDate", Account.Iso(account.At(TimeSpan.Zero))), El("BucketRegion", account.Region) })),
            next is null ? null : El("ContinuationToken", next),
        ];
    }
}
