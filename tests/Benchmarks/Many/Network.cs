using Pulumi;
using Aws = Pulumi.Aws;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Benchmarks.Many;

/// <summary>A VPC, 49 subnets in it and a config map for each: the mix of plain values and dependencies that programs have.</summary>
internal sealed class Network : ComponentResource
{
    private const int Subnets = 49;

    /// <summary>This, the VPC, its subnets and their config maps.</summary>
    public const int ResourceCount = 2 + 2 * Subnets;

    public Network(string name) : base("benchmarks:index:Network", name)
    {
        var inside = new CustomResourceOptions { Parent = this };
        var vpc = new Aws.Ec2.Vpc(name, new()
        {
            CidrBlock = "10.0.0.0/16",
            EnableDnsHostnames = true,
            Tags = { ["Name"] = name, ["Project"] = "benchmarks" },
        }, inside);
        for (var index = 0; index < Subnets; index++)
            Declare($"{name}-{index}", index, vpc, inside);
        RegisterOutputs(new Dictionary<string, object?> { ["vpcId"] = vpc.Id });
    }

    private static void Declare(string name, int index, Aws.Ec2.Vpc vpc, CustomResourceOptions inside)
    {
        var subnet = new Aws.Ec2.Subnet(name, new()
        {
            VpcId = vpc.Id,
            CidrBlock = $"10.0.{index}.0/24",
            AvailabilityZone = "eu-central-1a",
            MapPublicIpOnLaunch = false,
            Tags = { ["Name"] = name, ["Project"] = "benchmarks", ["Index"] = $"{index}" },
        }, inside);
        _ = new Kubernetes.Core.V1.ConfigMap(name, new()
        {
            Metadata = new Kubernetes.Types.Inputs.Meta.V1.ObjectMetaArgs { Name = name, Labels = { ["app"] = "benchmarks" } },
            Data = { ["subnet"] = subnet.Id, ["arn"] = Output.Format($"{subnet.Arn}/{vpc.Arn}"), ["text"] = new string('x', 200) },
        }, inside);
    }
}
