using System.Text.Json;
using HaCluster.Stack.Tests.Graph;

namespace HaCluster.Stack.Tests.Logging;

public class BucketTests
{
    private static readonly string[] Names = ["audit", "finance-log", "search-snapshots"];

    [Fact]
    public async Task Every_bucket_is_closed_encrypted_and_keeps_versions()
    {
        var resources = await DeclaredCluster.FromAsync("{}");

        foreach (var name in Names)
        {
            var closed = resources.One("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", name);
            foreach (var each in new[] { "blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets" })
                Assert.Equal(true, closed.At(each));
            Assert.Equal("BucketOwnerEnforced", resources.One("aws:s3/bucketOwnershipControls:BucketOwnershipControls", name).Text("rule.objectOwnership"));
            Assert.Equal("Enabled", resources.One("aws:s3/bucketVersioning:BucketVersioning", name).Text("versioningConfiguration.status"));

            var encryption = resources.One("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", name);
            Assert.Equal("aws:kms", encryption.Text("rules.0.applyServerSideEncryptionByDefault.sseAlgorithm"));
            Assert.EndsWith(
                name == "finance-log" ? "/logs-archive" : "/logs-search",
                encryption.Text("rules.0.applyServerSideEncryptionByDefault.kmsMasterKeyId"),
                StringComparison.Ordinal);

            var refusal = JsonDocument.Parse(resources.One("aws:s3/bucketPolicy:BucketPolicy", name).Text("policy")).RootElement.GetProperty("Statement")[0];
            Assert.Equal("Deny", refusal.GetProperty("Effect").GetString());
            Assert.Equal("false", refusal.GetProperty("Condition").GetProperty("Bool").GetProperty("aws:SecureTransport").GetString());
            Assert.Equal(2, refusal.GetProperty("Resource").GetArrayLength());

            var rule = resources.One("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", name);
            Assert.Equal(7d, Number(rule.At("rules.0.abortIncompleteMultipartUpload.daysAfterInitiation")));
        }
    }

    [Fact]
    public async Task Names_hold_the_account_so_that_no_other_has_them()
    {
        var buckets = (await DeclaredCluster.FromAsync("""{"name":"a-name-of-39-characters-which-is-all-xx"}""")).Of("aws:s3/bucket:Bucket")
            .Where(bucket => Names.Contains(bucket.Name)).ToArray();

        Assert.Equal(3, buckets.Length);
        Assert.All(buckets, bucket =>
        {
            Assert.EndsWith("-123456789012", bucket.Text("bucket"), StringComparison.Ordinal);
            Assert.InRange(bucket.Text("bucket").Length, 3, 63);
        });
    }

    [Theory]
    [InlineData("{}", "GOVERNANCE", 10)]
    [InlineData("""{"logging":{"finance":{"lock":"compliance","retentionYears":7}}}""", "COMPLIANCE", 7)]
    public async Task Finance_records_are_locked_for_years_and_outlast_no_lock(string settings, string mode, int years)
    {
        var resources = await DeclaredCluster.FromAsync(settings);
        var held = Assert.Single(resources.Of("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"), each => each.Name == "finance-log");
        var age = resources.One("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "finance-log");

        Assert.Equal(true, resources.One("aws:s3/bucket:Bucket", "finance-log").At("objectLockEnabled"));
        Assert.Equal(mode, held.Text("rule.defaultRetention.mode"));
        Assert.Equal(years, Number(held.At("rule.defaultRetention.years")));
        Assert.InRange(Number(age.At("rules.1.expiration.days")), years * 365.25, years * 366d + 2);
        // Without checkpoints and keys nothing that is left could be verified.
        Assert.Equal("segments/", age.Text("rules.1.filter.prefix"));
        Assert.Null(age.At("rules.0.expiration"));
    }

    [Fact]
    public async Task Finance_records_can_be_read_at_once_for_as_long_as_they_are_kept()
    {
        var rule = (await DeclaredCluster.FromAsync("{}")).One("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "finance-log");

        // Verification and a new index read every object: classes that have to be restored first would break both.
        Assert.Equal(["INTELLIGENT_TIERING"], rule.List("rules.0.transitions").Cast<IReadOnlyDictionary<string, object>>().Select(each => each["storageClass"]));
    }

    [Fact]
    public async Task No_object_of_the_finance_archive_is_replaced_by_another_of_its_name()
    {
        var policy = JsonDocument.Parse((await DeclaredCluster.FromAsync("{}")).One("aws:s3/bucketPolicy:BucketPolicy", "finance-log").Text("policy"));

        var refusal = Assert.Single(policy.RootElement.GetProperty("Statement").EnumerateArray(), each => each.GetProperty("Action").GetString() == "s3:PutObject");
        Assert.Equal("Deny", refusal.GetProperty("Effect").GetString());
        Assert.Equal("true", refusal.GetProperty("Condition").GetProperty("Null").GetProperty("s3:if-none-match").GetString());
        Assert.Equal("true", refusal.GetProperty("Condition").GetProperty("Bool").GetProperty("s3:ObjectCreationOperation").GetString());
        Assert.EndsWith("/*", refusal.GetProperty("Resource").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "GLACIER_IR", 400)]
    [InlineData("""{"logging":{"audit":{"days":7,"archiveDays":20}}}""", null, 20)]
    public async Task Copies_of_audit_records_move_only_where_that_is_cheaper(string settings, string? storageClass, int days)
    {
        var rule = (await DeclaredCluster.FromAsync(settings)).One("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "audit");

        Assert.Equal(storageClass, rule.At("rules.0.transitions") is null ? null : rule.Text("rules.0.transitions.0.storageClass"));
        Assert.Equal(days, Number(rule.At("rules.0.expiration.days")));
    }

    [Fact]
    public async Task Snapshots_stay_where_OpenSearch_can_read_them_at_once()
    {
        var resources = await DeclaredCluster.FromAsync("{}");

        Assert.Null(resources.One("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "search-snapshots").At("rules.0.transitions"));
        Assert.Equal(false, resources.One("aws:s3/bucket:Bucket", "search-snapshots").At("objectLockEnabled"));
    }

    [Fact]
    public async Task The_finance_service_can_add_and_read_and_nothing_else()
    {
        var actions = await ActionsAsync("{}");

        Assert.Contains("s3:PutObject", actions);
        Assert.DoesNotContain(actions, action => action.Contains("Delete", StringComparison.Ordinal) || action.Contains("Bypass", StringComparison.Ordinal)
            || action.StartsWith("s3:PutObjectRetention", StringComparison.Ordinal) || action.Contains("LegalHold", StringComparison.Ordinal)
            || action.Contains('*', StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_sets_legal_holds_only_where_the_settings_say_so() =>
        Assert.Equal(
            ["s3:GetObjectLegalHold", "s3:PutObjectLegalHold"],
            (await ActionsAsync("""{"logging":{"finance":{"legalHold":true}}}""")).Except(await ActionsAsync("{}")).Order(StringComparer.Ordinal));

    private static async Task<string[]> ActionsAsync(string settings) =>
        [.. JsonDocument.Parse((await DeclaredCluster.FromAsync(settings)).One("aws:iam/rolePolicy:RolePolicy", "finance-log").Text("policy"))
            .RootElement.GetProperty("Statement").EnumerateArray()
            .SelectMany(statement => statement.GetProperty("Action").EnumerateArray().Select(action => action.GetString()!))];

    private static double Number(object? value) => Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture);
}
