using System.Globalization;
using Cronos;
using HaCluster.Ledger.Records;
using HaCluster.Ledger.Serving;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Scanning;
using HaCluster.Stack.Settings.Payments;

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
        $"it becomes part of the names of roles and keys: use lower-case letters, digits and dashes, a letter first, at most {LongestClusterName} characters",
        "payments-prod")
    {
        // Beginnings that AWS keeps for itself: key aliases of its services (alias/aws/), and ids of security groups.
        Further = name => name == "aws" || name.StartsWith("sg-", StringComparison.Ordinal) ? "AWS reserves names that begin like this: choose another" : null,
    };

    /// <summary>A label of RFC 1123: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names.</summary>
    public static Shape KubernetesName { get; } = new(
        KubernetesNamePattern(), "use at most 63 lower-case letters, digits and dashes, with no dash at either end", "shop");

    public static Shape SiteName { get; } = new(
        SiteNamePattern(), $"use at most {LongestSiteName} lower-case letters, digits and dashes, a letter first", "shop");

    /// <summary>Part of the name of a role, <c>CLUSTER-deploy-NAME</c>.</summary>
    public static Shape EnvironmentName { get; } = new(
        EnvironmentNamePattern(), "it becomes part of the name of an IAM role: use at most 17 lower-case letters, digits and dashes, a letter first", "production");

    public static Shape WorkloadName { get; } = new(
        WorkloadNamePattern(), "write the namespace and name of a workload, such as chains/bitcoin", "chains/bitcoin");

    public static Shape DatabaseName { get; } = new(
        DatabaseNamePattern(), "the name of a database has at most 63 lower-case letters, digits and underscores, a letter first", "app", "shop_orders");

    public static Shape EnvironmentVariable { get; } = new(
        EnvironmentVariablePattern(), "use letters, digits and underscores, and do not start with a digit", "LOG_LEVEL");

    /// <summary>
    /// The strictest rules of all services, those of IAM and EKS: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html. The driver of volumes takes its
    /// tags as key=value, so a key has no =.
    /// </summary>
    public static Shape TagKey { get; } = new(
        TagKeyPattern(), "AWS allows at most 128 characters in the name of a tag: letters, digits, spaces and _ . : / + - @", "CostCenter");

    public static Shape TagValue { get; } = new(
        TagValuePattern(), "AWS allows at most 256 characters in the value of a tag: letters, digits, spaces and _ . : / + - = @", "production", "");

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
        DatabaseClassPattern(), "the program supports Aurora on classes of the families r, x and t4g, db.t4g.medium or larger: choose one such as db.r7g.large", "db.r7g.large", "db.t4g.medium");

    public static Shape SearchInstanceType { get; } = new(
        SearchInstanceTypePattern(), "an OpenSearch instance type has the form family.size.search, such as r7g.large.search", "r7g.large.search");

    public static Shape KubernetesVersion { get; } = new(KubernetesVersionPattern(), "write a minor version of Kubernetes, such as 1.35", "1.35");

    // --- addresses

    public static Shape DomainName { get; } = new(
        DomainNamePattern(), "write a full name in lower case, such as shop.your-company.com: no scheme, path, port, wildcard or dot at the end", "shop.your-company.com")
    {
        Further = name => name.Length > 253 ? "a DNS name has at most 253 characters: shorten it" : null,
    };

    public static Shape Email { get; } = new(EmailPattern(), "an address such as on-call@your-company.com is expected here", "on-call@your-company.com");

    /// <summary>An address without a password, a query or a fragment: it is shown in messages, and paths are appended to it.</summary>
    public static Shape PageAddress { get; } = new(
        PageAddressPattern(), "the URL of a page is expected here, such as https://alertmanager.example.com", "https://alertmanager.example.com", "http://localhost:9093");

    public static Shape ProbeAddress { get; } = new(
        ProbeAddressPattern(), "a full URL is expected here, such as https://example.com/health", "https://example.com/health");

    public static Shape HttpsAddress { get; } = new(
        HttpsAddressPattern(), "an https URL is expected here, such as https://mainnet.checkpoint.sigp.io", "https://mainnet.checkpoint.sigp.io");

    public static Shape HttpPath { get; } = new(HttpPathPattern(), "a path such as /healthz is expected here", "/healthz", "/");

    public static Shape Cidr { get; } = new(CidrPattern(), "write an IPv4 block such as 10.0.0.0/16", "10.0.0.0/16");

    /// <summary>https://slack.com/help/articles/201402297-Create-a-channel.</summary>
    public static Shape SlackChannel { get; } = new(
        SlackChannelPattern(), "write # and up to 79 lower-case letters, digits, dashes and underscores, in quotes (without them YAML reads # as a comment): \"#alerts\"", "#alerts");

    // --- payments, as the services read them

    public static Shape TokenAddress { get; } = new(TokenAddressPattern(), $"write the address of a contract, {EthereumAddress.Rule}", "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48")
    {
        Further = text => EthereumAddress.TryParse(text, out _) ? null : "its checksum is wrong, so a digit is: copy the address again, or write all of it in lower case if you are sure",
    };

    public static Shape Asset { get; } = new(AssetPattern(), "write bitcoin, ethereum, or ethereum/ADDRESS of a token", "bitcoin", "ethereum");

    public static Shape Confirmations { get; } = new(
        ConfirmationsPattern(), $"write a number of blocks, or blocks with the amounts up to which they are enough, such as {FinalityRule.Example}", "6", FinalityRule.Example, "12:1000000000000000000,finalized")
    {
        Further = text => DepositSettings.FaultOf(text, hasFinalized: true),
    };

    public static Shape BaseUnits { get; } = new(BaseUnitsPattern(), $"write {Amount.Rule}", "1000")
    {
        Further = text => Amount.TryParse(text, out _) ? null : $"write {Amount.Rule}",
    };

    public static Shape LedgerStream { get; } = new(LedgerStreamPattern(), $"write {Names.StreamRule}", "payments")
    {
        Further = name => ReservedStreams.Includes(name) ? "the finance log writes this stream itself: choose another name" : null,
    };

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
        "use lower-case letters and digits, with single . _ - / between them, and no tag; the program adds the name of the cluster in front",
        "shop",
        "team/shop-api")
    {
        Further = name => name.Length > LongestRepository ? $"it is too long: use at most {LongestRepository} characters" : null,
    };

    public static Shape GitRef { get; } = new(GitRefPattern(), "use letters, digits and . _ - / for a branch or tag, and * for any part of its name", "main", "release/*")
    {
        Further = name => name.All(letter => letter is '*' or '/') ? "it matches all of them, also those that are not protected: list the protected ones, such as main or release/*" : null,
    };

    public static Shape GitLabAddress { get; } = new(
        GitLabAddressPattern(), "the URL of a GitLab instance looks like https://gitlab.example.com: HTTPS, no port, no slash at the end", "https://gitlab.example.com");

    public static Shape GitLabProject { get; } = new(
        GitLabProjectPattern(), "the path of a project looks like group/project or group/subgroup/project, without the address of GitLab and without *", "group/project");

    // --- times and amounts

    public static Shape Duration { get; } = new(DurationPattern(), "write a duration from 1s to 24h, such as 90s, 10m or 1h", "10m", "90s", "24h")
    {
        Further = text => ParseDuration(text) is var time && time > TimeSpan.Zero && time <= TimeSpan.FromHours(24) ? null : "write a duration from 1s to 24h, such as 90s, 10m or 1h",
    };

    /// <summary>Five fields, as Velero and CronJobs of Kubernetes read them (https://pkg.go.dev/github.com/robfig/cron/v3#hdr-CRON_Expression_Format).</summary>
    public static Shape Cron { get; } = new(
        CronPattern(), "a cron expression with five fields is expected here (minute, hour, day, month, weekday), such as \"30 */12 * * *\"", "30 */12 * * *", "42 1 * * 1-5", "0 0 1 JAN *")
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
            return "without a tag it means latest, so two replicas may run different code: add a version or a digest";

        return last[(colon + 1)..] == "latest" ? "with latest, two replicas may run different code, and a rollback is impossible: use a version or a digest" : null;
    }

    // Cronos accepts more than the Go library: 7 for Sunday, and ranges that wrap around.
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
            return "Kubernetes numbers weekdays from 0 (Sunday) to 6: write 0 for Sunday";
        if (fields.SelectMany(field => field.Split(',')).FirstOrDefault(IsReversed) is { } range)
            return $"the range {range} ends before it begins, which Kubernetes refuses: write two ranges with a comma";
        return expression.GetNextOccurrence(DateTime.UnixEpoch) is null ? "no date matches it, so it would never run: correct day or month" : null;
    }

    private static bool IsReversed(string item) =>
        item.Split('/')[0].Split('-') is [var from, var to]
        && int.TryParse(from, CultureInfo.InvariantCulture, out var first) && int.TryParse(to, CultureInfo.InvariantCulture, out var last) && first > last;
}
