using System.Collections.Immutable;
using System.Text.RegularExpressions;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Policies.Iam;

namespace HaCluster.Planning.Policies.Rules;

internal sealed partial class IamConfusedDeputy : Policy
{
    public override string Id => "iam-confused-deputy";

    public override string Title => "AWS services use roles and resources for this account only";

    public override string Why =>
        "An AWS service acts for every account. Without a condition on the source, another account can make it use the roles and resources that trust it.";

    public override Uri Source { get; } = new("https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html#cross-service-confused-deputy-prevention");

    public override string Fix => "add a condition StringEquals aws:SourceAccount with the id of the account, or ArnLike aws:SourceArn with it in the ARN";

    // Services whose guide requires the condition in the trust policies of their roles, for the resources that such a program declares. EC2, Lambda and
    // others accept only roles passed inside the account, and send no source.
    private static readonly ImmutableHashSet<string> WithSource =
    [
        "eks", "pods.eks", "eks-fargate-pods", "rds", "monitoring.rds", "export.rds", "vpc-flow-logs", "firehose", "logs", "osis-pipelines", "es", "opensearchservice",
        "events", "scheduler", "pipes", "states", "ecs-tasks", "codebuild", "cloudtrail", "bedrock", "sagemaker", "ssm", "dms", "transfer",
    ];

    // Its guide has no condition for the bucket policy: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
    private const string LoadBalancerLogs = "logdelivery.elasticloadbalancing";

    internal override IEnumerable<Finding> Check(PolicyGraph graph)
    {
        foreach (var document in graph.Documents)
        {
            if (!document.IsUnderstood)
                yield return NotInspected("document", document.Subject);
            foreach (var statement in (document.Statements ?? []).Where(statement => statement.Allows && !IsBounded(statement)))
            {
                foreach (var principal in statement.Principals.Where(principal => principal.Kind == "Service" && SendsSource(principal.Name, document.Path)))
                    yield return Violation(document.Resource, $"{document.Path}, {statement.Name} allows {principal.Name} on behalf of every account");
            }
        }

        foreach (var permission in graph.Of("aws:lambda/permission:Permission"))
        {
            if (permission.Inputs.At("principal").Text() is { } principal && Suffix().IsMatch(principal)
                && !PolicyGraph.IsGiven(permission, "sourceAccount") && !PolicyGraph.IsGiven(permission, "sourceArn"))
                yield return Violation(permission, $"allows {principal} on behalf of every account: neither sourceAccount nor sourceArn is set");
        }
    }

    private static bool SendsSource(string principal, string path)
    {
        var service = Suffix().Replace(principal, "");
        // Some include a region: logs.eu-central-1.amazonaws.com.
        service = Region().Replace(service, "");
        return path == "assumeRolePolicy" ? WithSource.Contains(service) : service != LoadBalancerLogs;
    }

    private static bool IsBounded(Statement statement) => statement.Conditions.Any(condition => condition.Key.ToLowerInvariant() switch
    {
        "aws:sourceaccount" or "aws:sourceorgid" or "kms:calleraccount" or "sts:externalid" => condition.Pins(Wildcards.IsFixed),
        "aws:sourcearn" => condition.Pins(arn => Wildcards.IsFixed(arn) || OfAccount().IsMatch(arn)),
        "aws:sourceorgpaths" => condition.Pins(path => Wildcards.FixedStart(path).Contains('/', StringComparison.Ordinal)),
        // The encryption context names the resource with its account: https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html
        var key when key.StartsWith("kms:encryptioncontext:aws:", StringComparison.Ordinal) => condition.Pins(arn => Wildcards.IsFixed(arn) || OfAccount().IsMatch(arn)),
        _ => false,
    });

    [GeneratedRegex(@"\.(amazonaws\.com(\.cn)?|amazon\.com|aws\.internal)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Suffix();

    [GeneratedRegex(@"\.[a-z]{2}(-[a-z]+)+-[0-9]\z", RegexOptions.CultureInvariant)]
    private static partial Regex Region();

    [GeneratedRegex(@"^arn:[a-z*-]+:[^:*]+:[^:]*:[0-9]{12}:", RegexOptions.CultureInvariant)]
    private static partial Regex OfAccount();
}
