using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Naming;

/// <summary>The account, region and partition of the engine's credentials; none of them is hard-coded.</summary>
public sealed class AwsAccount
{
    private AwsAccount(string region, Output<string> id, Output<Aws.GetPartitionResult> partition)
    {
        Region = region;
        Id = id;
        Partition = partition.Apply(found => found.Partition);
        DnsSuffix = partition.Apply(found => found.DnsSuffix);
        EndpointPrefix = partition.Apply(found => found.ReverseDnsPrefix);
    }

    public string Region { get; }

    /// <summary>Twelve digits.</summary>
    public Output<string> Id { get; }

    /// <summary><c>aws</c>, <c>aws-cn</c>, <c>aws-us-gov</c> ...</summary>
    public Output<string> Partition { get; }

    /// <summary>Ending of service principals that carry a region: <c>amazonaws.com</c> in most partitions.</summary>
    public Output<string> DnsSuffix { get; }

    /// <summary>Beginning of the names of endpoint services: <c>com.amazonaws</c> in most partitions.</summary>
    public Output<string> EndpointPrefix { get; }

    public static AwsAccount LookUp(string region) => new(
        region,
        Aws.GetCallerIdentity.Invoke().Apply(identity => identity.AccountId),
        Aws.GetPartition.Invoke());

    /// <summary>ARN of a resource in this account and region.</summary>
    public Output<string> Arn(string service, Input<string> resource) =>
        Output.Format($"arn:{Partition}:{service}:{Region}:{Id}:{resource}");

    /// <summary>ARN of a policy that AWS maintains.</summary>
    public Output<string> ManagedPolicy(string name) => Output.Format($"arn:{Partition}:iam::aws:policy/{name}");
}
