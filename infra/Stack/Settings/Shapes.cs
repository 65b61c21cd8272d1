using System.Globalization;
using Cronos;

namespace HaCluster.Stack.Settings;

/// <summary>Every shape that a text in the settings can have to have: names, ARNs, addresses, images, times.</summary>
public static partial class Shapes
{
    /// <summary>A name in the longest IAM role, <c>NAME-load-balancer-controller</c>, has 64 characters at most (a test derives it from the declared roles).</summary>
    public const int LongestClusterName = 39;

    /// <summary>https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html.</summary>
    public const int LongestRoleName = 64;

    // Pods are named after the site, with a hash and a suffix behind it, in 63 characters.
    private const int LongestSiteName = 40;

    // https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html gives 256, with the name of the cluster in front.
    private const int LongestRepository = 200;

    // --- names

    public static Shape ClusterName { get; } = new(
        ClusterNamePattern(),
        $"AWS takes it into the names of roles and keys: use lower-case letters, digits and dashes, a letter first, {LongestClusterName} characters at most",
        "payments-prod")
    {
        // Beginnings that AWS keeps for itself: key aliases of its services (alias/aws/), and ids of security groups.
        Further = name => name == "aws" || name.StartsWith("sg-", StringComparison.Ordinal) ? "AWS keeps names that begin like this for itself: choose another" : null,
    };

    /// <summary>A label of RFC 1123: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names.</summary>
    public static Shape KubernetesName { get; } = new(
        KubernetesNamePattern(), "use lower-case letters, digits and dashes, 63 at most, no dash at either end", "shop");

    public static Shape SiteName { get; } = new(
        SiteNamePattern(), $"use lower-case letters, digits and dashes, a letter first, {LongestSiteName} at most", "shop");

    /// <summary>It goes into the name of a role, <c>CLUSTER-deploy-NAME</c>.</summary>
    public static Shape EnvironmentName { get; } = new(
        EnvironmentNamePattern(), "it goes into the name of a role: use lower-case letters, digits and dashes, a letter first, 17 at most", "production");

    public static Shape WorkloadName { get; } = new(
        WorkloadNamePattern(), "a workload is named by namespace and name, such as chains/bitcoin", "chains/bitcoin");

    public static Shape DatabaseName { get; } = new(
        DatabaseNamePattern(), "a database is named by lower-case letters, digits and underscores, a letter first, 63 at most", "app", "shop_orders");

    /// <summary>https://docs.opensearch.org/latest/api-reference/index-apis/create-index/.</summary>
    public static Shape IndexPrefix { get; } = new(
        IndexPrefixPattern(), "an index is named in lower-case letters, digits and dashes, a letter first, 60 at most", "finance");

    public static Shape EnvironmentVariable { get; } = new(
        EnvironmentVariablePattern(), "use letters, digits and underscores, no digit first", "LOG_LEVEL");

    /// <summary>
    /// The narrowest of the services, IAM and EKS: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html. The driver of volumes takes its
    /// tags as key=value, so a key has no =.
    /// </summary>
    public static Shape TagKey { get; } = new(
        TagKeyPattern(), "AWS takes letters, digits, spaces and _ . : / + - @ in the names of tags, 128 at most: leave out the rest", "CostCenter");

    public static Shape TagValue { get; } = new(
        TagValuePattern(), "AWS takes letters, digits, spaces and _ . : / + - = @ in the values of tags, 256 at most: leave out the rest", "production", "");

    // --- AWS

    public static Shape Region { get; } = new(RegionPattern(), "a region looks like eu-central-1 (a zone such as eu-central-1a is not one)", "eu-central-1", "us-gov-west-1");

    public static Shape RoleArn { get; } = new(
        RoleArnPattern(), "the ARN of an IAM role is expected here, such as arn:aws:iam::123456789012:role/admin", "arn:aws:iam::123456789012:role/admin");

    public static Shape IdentityProviderArn { get; } = new(
        IdentityProviderArnPattern(), "it looks like arn:aws:iam::123456789012:oidc-provider/gitlab.com", "arn:aws:iam::123456789012:oidc-provider/gitlab.com");

    public static Shape HostedZoneId { get; } = new(
        HostedZoneIdPattern(),
        "the id of a hosted zone looks like Z0123456789ABCDEFGHIJ: `aws route53 list-hosted-zones` shows it after /hostedzone/",
        "Z0123456789ABCDEFGHIJ");

    /// <summary>https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html.</summary>
    public static Shape SecretName { get; } = new(
        SecretNamePattern(), "the name of a secret in AWS Secrets Manager has letters, digits and / _ + = . @ -, such as my-cluster/slack", "my-cluster/slack");

    public static Shape Ec2InstanceType { get; } = new(
        Ec2InstanceTypePattern(), "an instance type is a family and a size, such as m7i.large", "m7i.large", "m7i-flex.large", "u7i-12tb.224xlarge", "m7i.metal-24xl");

    /// <summary>
    /// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.DBInstanceClass.Types.html. Older t classes have no Performance
    /// Insights, and smaller ones no room for Aurora.
    /// </summary>
    public static Shape DatabaseClass { get; } = new(
        DatabaseClassPattern(), "Aurora runs on classes of the families r, x and t4g, from db.t4g.medium on: choose one such as db.r7g.large", "db.r7g.large", "db.t4g.medium");

    public static Shape SearchInstanceType { get; } = new(
        SearchInstanceTypePattern(), "a type of OpenSearch is a family, a size and the word search, such as r7g.large.search", "r7g.large.search");

    public static Shape KubernetesVersion { get; } = new(KubernetesVersionPattern(), "a Kubernetes version on EKS is a minor version such as 1.35", "1.35");

    // --- addresses

    public static Shape DomainName { get; } = new(
        DomainNamePattern(), "write a full name in lower case, such as shop.your-company.com: no scheme, path, port, wildcard or dot at the end", "shop.your-company.com")
    {
        Further = name => name.Length > 253 ? "a name in DNS has 253 characters at most: shorten it" : null,
    };

    public static Shape Email { get; } = new(EmailPattern(), "an address such as on-call@your-company.com is expected here", "on-call@your-company.com");

    /// <summary>An address without a password, a query or a fragment: it is shown in messages, and paths are put behind it.</summary>
    public static Shape PageAddress { get; } = new(
        PageAddressPattern(), "the address of a page is expected here, such as https://alertmanager.example.com", "https://alertmanager.example.com", "http://localhost:9093");

    public static Shape ProbeAddress { get; } = new(
        ProbeAddressPattern(), "the whole address is expected here, such as https://example.com/health", "https://example.com/health");

    public static Shape HttpsAddress { get; } = new(
        HttpsAddressPattern(), "an https address is expected here, such as https://mainnet.checkpoint.sigp.io", "https://mainnet.checkpoint.sigp.io");

    public static Shape HttpPath { get; } = new(HttpPathPattern(), "a path such as /healthz is expected here", "/healthz", "/");

    public static Shape Cidr { get; } = new(CidrPattern(), "write an IPv4 block such as 10.0.0.0/16", "10.0.0.0/16");

    /// <summary>https://slack.com/help/articles/201402297-Create-a-channel.</summary>
    public static Shape SlackChannel { get; } = new(
        SlackChannelPattern(), "a channel is # and up to 79 lower-case letters, digits, dashes and underscores, in quotes (YAML sees a comment after a bare #): \"#alerts\"", "#alerts");

    // --- images and code

    /// <summary>https://github.com/distribution/reference/blob/main/reference.go, with a tag or a digest that always means the same image.</summary>
    public static Shape PinnedImage { get; } = new(
        ImagePattern(),
        "an image with a tag or digest is expected here, such as ghcr.io/your-company/shop:1.4.2",
        "ghcr.io/your-company/shop:1.4.2",
        "registry.example:5000/shop@sha256:0000000000000000000000000000000000000000000000000000000000000000")
    {
        Further = PinFault,
    };

    public static Shape Repository { get; } = new(
        RepositoryPattern(),
        "a repository has lower-case letters and digits, with single . _ - / between them, and no tag; the name of the cluster is put in front",
        "shop",
        "team/shop-api")
    {
        Further = name => name.Length > LongestRepository ? $"it is too long: {LongestRepository} characters at most" : null,
    };

    public static Shape GitRef { get; } = new(GitRefPattern(), "a branch or tag has letters, digits and . _ - / in it, and * for any part", "main", "release/*")
    {
        Further = name => name.All(letter => letter is '*' or '/') ? "it matches every one, those that nobody protects too: name the protected ones, such as main or release/*" : null,
    };

    public static Shape GitLabAddress { get; } = new(
        GitLabAddressPattern(), "the address of a GitLab looks like https://gitlab.example.com: HTTPS, no port, no slash at the end", "https://gitlab.example.com");

    public static Shape GitLabProject { get; } = new(
        GitLabProjectPattern(), "the path of a project looks like group/project or group/subgroup/project: no address in front, no * in it", "group/project");

    // --- times and amounts

    public static Shape Duration { get; } = new(DurationPattern(), "write a time from 1s to 24h, such as 90s, 10m or 1h", "10m", "90s", "24h")
    {
        Further = text => ParseDuration(text) is var time && time > TimeSpan.Zero && time <= TimeSpan.FromHours(24) ? null : "write a time from 1s to 24h, such as 90s, 10m or 1h",
    };

    /// <summary>Five fields, as Velero and CronJobs of Kubernetes read them (https://pkg.go.dev/github.com/robfig/cron/v3#hdr-CRON_Expression_Format).</summary>
    public static Shape Cron { get; } = new(
        CronPattern(), "five fields of cron are expected here: minute, hour, day, month, weekday, as in \"30 */12 * * *\"", "30 */12 * * *", "42 1 * * 1-5", "0 0 1 JAN *")
    {
        Further = CronFault,
    };

    /// <summary>A share of requests, as <c>0.999</c>.</summary>
    public static Shape Objective { get; } = new(
        ObjectivePattern(), "the share of requests that must succeed in 30 days is a number from 0.9 to 0.9999, in quotes", "0.999", "0.9")
    {
        Further = text => decimal.Parse(text, CultureInfo.InvariantCulture) is >= 0.9m and <= 0.9999m
            ? null
            : "the share of requests that must succeed in 30 days is a number from 0.9 to 0.9999, in quotes",
    };

    /// <summary>Cores; the number itself is read by <see cref="HaCluster.Stack.Settings.Quantity"/>.</summary>
    public static Shape Cores { get; } = new(QuantityPattern(), "cores such as 2, 1.5 or 500m are expected here", "500m", "2", "1.5");

    /// <summary>Bytes; the number itself is read by <see cref="HaCluster.Stack.Settings.Quantity"/>.</summary>
    public static Shape Bytes { get; } = new(QuantityPattern(), "a size such as 512Mi or 16Gi is expected here", "16Gi", "512Mi", "1e9");

    /// <summary>Reads a text of the shape <see cref="Duration"/>.</summary>
    public static TimeSpan ParseDuration(string text) => int.Parse(text.AsSpan(0, text.Length - 1), CultureInfo.InvariantCulture) * text[^1] switch
    {
        's' => TimeSpan.FromSeconds(1),
        'm' => TimeSpan.FromMinutes(1),
        _ => TimeSpan.FromHours(1),
    };

    private static string? PinFault(string image)
    {
        if (image.Contains('@', StringComparison.Ordinal))
            return null;

        // A colon before the last slash belongs to the port of the registry.
        var last = image[(image.LastIndexOf('/') + 1)..];
        var colon = last.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            return "without a tag it means latest, so that two replicas may run different code: name a version, or a digest";

        return last[(colon + 1)..] == "latest" ? "two replicas may run different code, and nothing can be rolled back: name a version, or a digest" : null;
    }

    // Cronos takes more than the Go library does: 7 for Sunday, and ranges that run over the end.
    private static string? CronFault(string text)
    {
        CronExpression expression;
        try
        {
            expression = CronExpression.Parse(text);
        }
        catch (CronFormatException exception)
        {
            return $"{exception.Message.TrimEnd('.')}; write minute, hour, day, month and weekday, as in \"30 */12 * * *\"";
        }

        var fields = text.Split(' ');
        if (WeekdaySevenPattern().IsMatch(fields[4]))
            return "Kubernetes counts weekdays from 0, Sunday, to 6: write 0 for Sunday";
        if (fields.SelectMany(field => field.Split(',')).FirstOrDefault(IsReversed) is { } range)
            return $"the range {range} ends before it begins, which Kubernetes refuses: write two ranges with a comma";
        return expression.GetNextOccurrence(DateTime.UnixEpoch) is null ? "no day is like that, so it would never run: correct day or month" : null;
    }

    private static bool IsReversed(string item) =>
        item.Split('/')[0].Split('-') is [var from, var to]
        && int.TryParse(from, CultureInfo.InvariantCulture, out var first) && int.TryParse(to, CultureInfo.InvariantCulture, out var last) && first > last;
}
