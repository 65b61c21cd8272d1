using System.Collections.Concurrent;
using System.Collections.Immutable;
using Pulumi.Testing;

namespace HaCluster.Stack.Tests.Graph;

/// <summary>Answers as AWS would for a region with a few zones, and remembers what was declared.</summary>
internal sealed class ClusterMocks(params string[] zones) : IMocks
{
    public const string Account = "123456789012";

    /// <summary>Security group of all nodes and their pods.</summary>
    public const string NodeGroup = "sg-nodes";

    public const string SearchRoleArn = "arn:aws-test:iam::123456789012:role/aws-service-role/opensearchservice.amazonaws.com/AWSServiceRoleForAmazonOpenSearchService";

    /// <summary>Tags of the account's role for OpenSearch; null when it has none.</summary>
    public IReadOnlyDictionary<string, string>? SearchRole { get; init; }

    private readonly ConcurrentBag<RecordedResource> _resources = [];

    public IReadOnlyList<RecordedResource> Resources => [.. _resources.OrderBy(resource => resource.Type, StringComparer.Ordinal).ThenBy(resource => resource.Name, StringComparer.Ordinal)];

    public Task<(string? id, object state)> NewResourceAsync(MockResourceArgs args)
    {
        var resource = new RecordedResource(args.Type!, args.Name!, args.Inputs);
        _resources.Add(resource);
        var state = args.Inputs
            .SetItem("arn", $"arn:aws:mock:eu-central-1:{Account}:{args.Type!.Split(':')[^1]}/{args.Name}");
        return Task.FromResult<(string?, object)>(($"{args.Name}-id", args.Type switch
        {
            "aws:eks/cluster:Cluster" => state.SetItem("endpoint", "https://cluster.example").SetItem("certificateAuthority", Map(("data", "Y2E=")))
                .SetItem("vpcConfig", ((ImmutableDictionary<string, object>)args.Inputs["vpcConfig"]).SetItem("clusterSecurityGroupId", NodeGroup))
                .SetItem("identities", ImmutableArray.Create<object>(Map(("oidcs", ImmutableArray.Create<object>(Map(("issuer", "https://oidc.example/id/1"))))))),
            "aws:rds/cluster:Cluster" => state.SetItem("masterUserSecrets", ImmutableArray.Create<object>(Map(("secretArn", $"secret-of-{args.Name}")))),
            "aws:rds/proxy:Proxy" or "aws:rds/proxyEndpoint:ProxyEndpoint" => state.SetItem("endpoint", $"{args.Name}.example"),
            "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup" => state.SetItem("name", "default"),
            "aws:kms/alias:Alias" when args.Inputs.TryGetValue("namePrefix", out var prefix) => state.SetItem("name", $"{prefix}20261128"),
            "aws:kms/key:Key" => state.SetItem("keyId", args.Name!),
            "aws:acm/certificate:Certificate" => state.SetItem("domainValidationOptions", ImmutableArray.Create<object>(Map(
                ("resourceRecordName", $"_proof.{args.Inputs["domainName"]}."), ("resourceRecordType", "CNAME"), ("resourceRecordValue", "_value.acm-validations.aws.")))),
            "aws:lb/loadBalancer:LoadBalancer" => state.SetItem("dnsName", "edge-1.eu-central-1.elb.example").SetItem("arnSuffix", "app/edge/1"),
            "aws:lb/targetGroup:TargetGroup" => state.SetItem("arnSuffix", "targetgroup/edge/1"),
            "aws:route53/record:Record" => state.SetItem("fqdn", args.Inputs["name"]),
            "aws:sqs/queue:Queue" => state.SetItem("url", $"https://sqs.example/{args.Inputs["name"]}"),
            "aws:ec2/launchTemplate:LaunchTemplate" => state.SetItem("latestVersion", 1),
            _ => state,
        }));
    }

    public Task<object> CallAsync(MockCallArgs args) => Task.FromResult<object>(args.Token switch
    {
        "aws:index/getAvailabilityZones:getAvailabilityZones" => args.Args.SetItem("names", zones.ToImmutableArray()),
        "aws:index/getCallerIdentity:getCallerIdentity" => Map(("accountId", Account)),
        "aws:index/getPartition:getPartition" => Map(("partition", "aws-test"), ("dnsSuffix", "test.example"), ("reverseDnsPrefix", "example.test")),
        "aws:iam/getRoles:getRoles" => Map(
            ("arns", ImmutableArray<string>.Empty),
            ("names", SearchRole is null ? ImmutableArray<string>.Empty : ["AWSServiceRoleForAmazonOpenSearchService"])),
        "aws:iam/getRole:getRole" => Map(("arn", SearchRoleArn), ("tags", SearchRole!.ToImmutableDictionary())),
        var token => throw new InvalidOperationException($"the program makes a lookup that the mocks do not know: {token}"),
    });

    private static ImmutableDictionary<string, object> Map(params (string Key, object Value)[] entries) =>
        entries.ToImmutableDictionary(entry => entry.Key, entry => entry.Value);
}
