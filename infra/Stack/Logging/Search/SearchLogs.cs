using System.Collections.Immutable;
using HaCluster.Stack.Identities;
using HaCluster.Stack.Naming;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Logging.Search;

/// <summary>Input of <see cref="SearchLogs"/>.</summary>
public sealed record SearchLogsArgs
{
    public required StackScope Scope { get; init; }

    public required Input<string> KeyArn { get; init; }

    public required int RetentionDays { get; init; }

    /// <summary>ARN of the domain, which alone may write.</summary>
    public required Output<string> DomainArn { get; init; }
}

/// <summary>Log groups that OpenSearch writes about itself: who did what, errors, and what was slow.</summary>
public sealed class SearchLogs : ComponentResource
{
    public const string TypeToken = "ha-cluster:logging:SearchLogs";

    private readonly SearchLogsArgs _args;

    public SearchLogs(string name, SearchLogsArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        _args = args;
        var scope = args.Scope;
        var names = new LogGroupNames(scope.ClusterName);
        Groups =
        [
            ("AUDIT_LOGS", Create("search-audit", names.SearchAudit)),
            ("ES_APPLICATION_LOGS", Create("search-errors", names.SearchErrors)),
            ("SEARCH_SLOW_LOGS", Create("search-slow-queries", names.SearchSlowQueries)),
            ("INDEX_SLOW_LOGS", Create("search-slow-indexing", names.SearchSlowIndexing)),
        ];

        // An account may have ten such policies per region, so one serves all four groups.
        Permission = new Aws.CloudWatch.LogResourcePolicy(
            name,
            new Aws.CloudWatch.LogResourcePolicyArgs
            {
                PolicyName = scope.NameOf("search"),
                PolicyDocument = Output.Tuple(Output.All(Groups.Select(group => group.Group.Arn)), scope.Account.Id, args.DomainArn)
                    .Apply(found => PolicyDocument.Json(Write(found.Item1, found.Item2, found.Item3))),
            },
            new CustomResourceOptions { Parent = this });
        RegisterOutputs();
    }

    /// <summary>Log groups with the type of log that OpenSearch Service writes there.</summary>
    public ImmutableArray<(string Kind, Aws.CloudWatch.LogGroup Group)> Groups { get; }

    /// <summary>Must be there before the domain, which tries to write at once.</summary>
    public Aws.CloudWatch.LogResourcePolicy Permission { get; }

    private Aws.CloudWatch.LogGroup Create(string name, string group) => new(
        name,
        new Aws.CloudWatch.LogGroupArgs
        {
            Name = group,
            RetentionInDays = _args.RetentionDays,
            KmsKeyId = _args.KeyArn,
            Tags = _args.Scope.Tags.Named(group),
        },
        new CustomResourceOptions { Parent = this });

    // https://docs.aws.amazon.com/opensearch-service/latest/developerguide/createdomain-configure-slow-logs.html
    private static PolicyStatement Write(ImmutableArray<string> groups, string account, string domain) => new()
    {
        Sid = "OpenSearchLogs",
        Principal = ("Service", "es.amazonaws.com"),
        Actions = ["logs:PutLogEvents", "logs:PutLogEventsBatch", "logs:CreateLogStream"],
        Resources = [.. groups.Select(group => $"{group}:*")],
        Conditions = [PolicyCondition.Is("aws:SourceAccount", account), PolicyCondition.IsArn("aws:SourceArn", domain)],
    };
}
