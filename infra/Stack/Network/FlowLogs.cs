using HaCluster.Stack.Identities;
using HaCluster.Stack.Naming;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Network;

/// <summary>Input of <see cref="FlowLogs"/>.</summary>
public sealed record FlowLogsArgs
{
    public required StackScope Scope { get; init; }

    public required Input<string> VpcId { get; init; }

    public required string LogGroup { get; init; }

    public required Input<string> KeyArn { get; init; }

    public required int RetentionDays { get; init; }
}

/// <summary>A record of every connection in the VPC.</summary>
public sealed class FlowLogs : ComponentResource
{
    public const string TypeToken = "ha-cluster:network:FlowLogs";

    // The shortest that AWS offers: an incident is looked at minute by minute.
    private const int AggregationSeconds = 60;

    public FlowLogs(string name, FlowLogsArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var scope = args.Scope;
        var logs = new Aws.CloudWatch.LogGroup(
            name,
            new Aws.CloudWatch.LogGroupArgs
            {
                Name = args.LogGroup,
                RetentionInDays = args.RetentionDays,
                KmsKeyId = args.KeyArn,
                Tags = scope.Tags.Named(args.LogGroup),
            },
            new CustomResourceOptions { Parent = this });

        var role = ServiceRole.Create(
            name, scope, "vpc-flow-logs", "Writes the flow logs of the VPC", scope.Account.Arn("ec2", "vpc-flow-log/*"), this);
        var policy = new Aws.Iam.RolePolicy(
            name,
            new Aws.Iam.RolePolicyArgs
            {
                Name = name,
                Role = role.Name,
                Policy = Output.Tuple(scope.Account.Arn("logs", $"log-group:{args.LogGroup}"), scope.Account.Arn("logs", "log-group:*"))
                    .Apply(arns => PolicyDocument.Json(Write(arns.Item1), List(arns.Item2))),
            },
            new CustomResourceOptions { Parent = this });

        _ = new Aws.Ec2.FlowLog(
            name,
            new Aws.Ec2.FlowLogArgs
            {
                VpcId = args.VpcId,
                TrafficType = "ALL",
                LogDestinationType = "cloud-watch-logs",
                LogDestination = logs.Arn,
                IamRoleArn = role.Arn,
                MaxAggregationInterval = AggregationSeconds,
                Tags = scope.Tags.Named(scope.NameOf(name)),
            },
            new CustomResourceOptions { Parent = this, DependsOn = { policy } });
        RegisterOutputs();
    }

    // https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html, without the right to make groups and for this group only.
    private static PolicyStatement Write(string groupArn) => new()
    {
        Sid = "WriteFlowLogs",
        Actions = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
        Resources = [groupArn, $"{groupArn}:*"],
    };

    // The service lists groups before it writes; this action cannot be narrowed to one of them.
    private static PolicyStatement List(string allGroups) => new()
    {
        Sid = "ListLogGroups",
        Actions = ["logs:DescribeLogGroups"],
        Resources = [allGroups],
    };
}
