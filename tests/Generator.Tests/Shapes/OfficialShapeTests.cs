using Aws = Pulumi.Aws;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Generator.Tests.Shapes;

/// <summary>Members whose shape is easy to get wrong, as the official C# packages declare them.</summary>
public class OfficialShapeTests
{
    [Theory]
    // Inputs: required, optional, lists, maps.
    [InlineData(typeof(Aws.Ec2.SubnetArgs), "VpcId", "Input<string>")]
    [InlineData(typeof(Aws.Ec2.SubnetArgs), "CidrBlock", "Input<string>?")]
    [InlineData(typeof(Aws.Ec2.SubnetArgs), "MapPublicIpOnLaunch", "Input<bool>?")]
    [InlineData(typeof(Aws.Ec2.SubnetArgs), "Tags", "InputMap<string>")]
    [InlineData(typeof(Aws.Eks.NodeGroupArgs), "SubnetIds", "InputList<string>")]
    [InlineData(typeof(Aws.Eks.ClusterArgs), "VpcConfig", "Input<Pulumi.Aws.Eks.Inputs.ClusterVpcConfigArgs>")]
    [InlineData(typeof(Aws.Eks.NodeGroupArgs), "Taints", "InputList<Pulumi.Aws.Eks.Inputs.NodeGroupTaintArgs>")]
    [InlineData(typeof(Aws.Eks.Inputs.NodeGroupScalingConfigArgs), "DesiredSize", "Input<int>")]
    [InlineData(typeof(Aws.Ec2.Inputs.LaunchTemplateInstanceRequirementsMemoryGibPerVcpuArgs), "Min", "Input<double>?")]
    // What Node takes as string, document or resource is a string in C#.
    [InlineData(typeof(Aws.Iam.RoleArgs), "AssumeRolePolicy", "Input<string>")]
    [InlineData(typeof(Aws.Iam.RolePolicyAttachmentArgs), "Role", "Input<string>")]
    [InlineData(typeof(Aws.Iam.RolePolicyAttachmentArgs), "PolicyArn", "Input<string>")]
    // Names that C# has for itself.
    [InlineData(typeof(Aws.Iam.PolicyArgs), "PolicyDocument", "Input<string>")]
    [InlineData(typeof(Aws.Iam.Policy), "PolicyDocument", "Output<string>")]
    [InlineData(typeof(Aws.AutoScaling.TagArgs), "TagDetails", "Input<Pulumi.Aws.AutoScaling.Inputs.TagTagArgs>")]
    [InlineData(typeof(Aws.AutoScaling.TagState), "TagDetails", "Input<Pulumi.Aws.AutoScaling.Inputs.TagTagGetArgs>?")]
    [InlineData(typeof(Kubernetes.Types.Inputs.Core.V1.ContainerPortArgs), "ContainerPortValue", "Input<int>")]
    [InlineData(typeof(Kubernetes.ProviderArgs), "KubeConfig", "Input<string>?")]
    // Outputs of AWS: nullable unless always there; lists never.
    [InlineData(typeof(Aws.Ec2.LaunchTemplate), "Arn", "Output<string>")]
    [InlineData(typeof(Aws.Ec2.LaunchTemplate), "Description", "Output<string?>")]
    [InlineData(typeof(Aws.Ec2.LaunchTemplate), "DisableApiTermination", "Output<bool?>")]
    [InlineData(typeof(Aws.Ec2.LaunchTemplate), "LatestVersion", "Output<int>")]
    [InlineData(typeof(Aws.Ec2.LaunchTemplate), "Tags", "Output<ImmutableDictionary<string, string>?>")]
    [InlineData(typeof(Aws.Ec2.LaunchTemplate), "VpcSecurityGroupIds", "Output<ImmutableArray<string>>")]
    [InlineData(typeof(Aws.Ec2.LaunchTemplate), "CpuOptions", "Output<Pulumi.Aws.Ec2.Outputs.LaunchTemplateCpuOptions?>")]
    [InlineData(typeof(Aws.Ec2.LaunchTemplate), "MetadataOptions", "Output<Pulumi.Aws.Ec2.Outputs.LaunchTemplateMetadataOptions>")]
    [InlineData(typeof(Aws.Eks.Outputs.ClusterVpcConfig), "VpcId", "string?")]
    [InlineData(typeof(Aws.Eks.Outputs.ClusterVpcConfig), "EndpointPublicAccess", "bool?")]
    [InlineData(typeof(Aws.Eks.Outputs.ClusterVpcConfig), "SubnetIds", "ImmutableArray<string>")]
    [InlineData(typeof(Aws.Eks.Outputs.NodeGroupResource), "RemoteAccessSecurityGroupId", "string?")]
    // Functions: plain values, inputs, results.
    [InlineData(typeof(Aws.GetAvailabilityZonesArgs), "State", "string?")]
    [InlineData(typeof(Aws.GetAvailabilityZonesArgs), "ExcludeNames", "List<string>")]
    [InlineData(typeof(Aws.GetAvailabilityZonesArgs), "Filters", "List<Pulumi.Aws.Inputs.GetAvailabilityZonesFilterArgs>")]
    [InlineData(typeof(Aws.GetAvailabilityZonesInvokeArgs), "Filters", "InputList<Pulumi.Aws.Inputs.GetAvailabilityZonesFilterInputArgs>")]
    [InlineData(typeof(Aws.GetAvailabilityZonesResult), "Names", "ImmutableArray<string>")]
    [InlineData(typeof(Aws.GetAvailabilityZonesResult), "Filters", "ImmutableArray<Pulumi.Aws.Outputs.GetAvailabilityZonesFilterResult>")]
    [InlineData(typeof(Aws.GetAvailabilityZonesResult), "AllAvailabilityZones", "bool?")]
    // Kubernetes: outputs are never nullable, unions and JSON have types of their own.
    [InlineData(typeof(Kubernetes.Core.V1.Namespace), "Metadata", "Output<Pulumi.Kubernetes.Types.Outputs.Meta.V1.ObjectMeta>")]
    [InlineData(typeof(Kubernetes.Types.Inputs.Core.V1.NamespaceArgs), "Metadata", "Input<Pulumi.Kubernetes.Types.Inputs.Meta.V1.ObjectMetaArgs>?")]
    [InlineData(typeof(Kubernetes.Types.Inputs.Core.V1.ServiceSpecArgs), "Type", "InputUnion<string, Pulumi.Kubernetes.Core.V1.ServiceSpecType>?")]
    [InlineData(typeof(Kubernetes.Types.Outputs.Core.V1.ServiceSpec), "Type", "string")]
    [InlineData(typeof(Kubernetes.Types.Inputs.Core.V1.ServicePortArgs), "TargetPort", "InputUnion<int, string>?")]
    [InlineData(typeof(Kubernetes.Types.Outputs.Core.V1.ServicePort), "TargetPort", "Union<int, string>")]
    [InlineData(typeof(Kubernetes.Types.Outputs.Core.V1.ServiceSpec), "AllocateLoadBalancerNodePorts", "bool")]
    [InlineData(typeof(Kubernetes.Types.Inputs.Meta.V1.ManagedFieldsEntryArgs), "FieldsV1", "InputJson?")]
    [InlineData(typeof(Kubernetes.Types.Outputs.Meta.V1.ManagedFieldsEntry), "FieldsV1", "JsonElement")]
    [InlineData(typeof(Kubernetes.Types.Inputs.Helm.V3.ReleaseArgs), "Values", "InputMap<object>")]
    [InlineData(typeof(Kubernetes.Types.Inputs.Helm.V3.ReleaseArgs), "ValueYamlFiles", "InputList<AssetOrArchive>")]
    [InlineData(typeof(Kubernetes.Types.Inputs.Helm.V3.ReleaseArgs), "ResourceNames", "InputMap<ImmutableArray<string>>")]
    [InlineData(typeof(Kubernetes.Types.Inputs.Helm.V3.ReleaseArgs), "Compat", "Input<string>?")]
    [InlineData(typeof(Kubernetes.Types.Inputs.Provider.KubeClientSettingsArgs), "Qps", "Input<double>?")]
    [InlineData(typeof(Kubernetes.Types.Inputs.Core.V1.ResourceQuotaSpecArgs), "Hard", "InputMap<string>")]
    public void MembersHaveTheOfficialType(Type type, string member, string expected)
        => Assert.Equal(expected, MemberShapes.TypeOf(type, member));

    [Theory]
    [InlineData(typeof(Aws.Ec2.SubnetArgs), "VpcId", "vpcId", true, false)]
    [InlineData(typeof(Aws.Ec2.SubnetArgs), "CidrBlock", "cidrBlock", false, false)]
    [InlineData(typeof(Aws.Eks.NodeGroupArgs), "SubnetIds", "subnetIds", true, false)]
    [InlineData(typeof(Aws.Iam.PolicyArgs), "PolicyDocument", "policy", true, false)]
    [InlineData(typeof(Aws.ProviderArgs), "Region", "region", false, false)]
    [InlineData(typeof(Aws.ProviderArgs), "DefaultTags", "defaultTags", false, true)]
    [InlineData(typeof(Aws.ProviderArgs), "AllowedAccountIds", "allowedAccountIds", false, true)]
    [InlineData(typeof(Kubernetes.ProviderArgs), "EnableServerSideApply", "enableServerSideApply", false, true)]
    [InlineData(typeof(Kubernetes.Types.Inputs.Helm.V3.ReleaseArgs), "Chart", "chart", true, false)]
    [InlineData(typeof(Kubernetes.Types.Inputs.Helm.V3.ReleaseArgs), "DisableCRDHooks", "disableCRDHooks", false, false)]
    public void InputsKeepTheirNameOnTheWireAndWhetherTheyAreRequired(Type type, string member, string name, bool required, bool json)
        => Assert.Equal((name, required, json), MemberShapes.InputOf(type, member));

    [Fact]
    public void AnEnumerationHasItsMembersAndNoOthers()
    {
        var members = typeof(Kubernetes.Core.V1.ServiceSpecType).GetProperties().ToDictionary(
            property => property.Name, property => (string)(Kubernetes.Core.V1.ServiceSpecType)property.GetValue(null)!);

        Assert.Equal(new Dictionary<string, string>
        {
            ["ClusterIP"] = "ClusterIP",
            ["ExternalName"] = "ExternalName",
            ["LoadBalancer"] = "LoadBalancer",
            ["NodePort"] = "NodePort",
        }, members);
        Assert.Empty(typeof(Kubernetes.Core.V1.ServiceSpecType).GetConstructors());
    }

    [Theory]
    [InlineData(typeof(Aws.Ec2.Vpc), "aws:ec2/vpc:Vpc", "7.48.0")]
    [InlineData(typeof(Aws.ArcZonalShift.ZonalAutoshiftConfiguration), "aws:arczonalshift/zonalAutoshiftConfiguration:ZonalAutoshiftConfiguration", "7.48.0")]
    [InlineData(typeof(Aws.Provider), "pulumi:providers:aws", "7.48.0")]
    [InlineData(typeof(Kubernetes.Rbac.V1.ClusterRole), "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "4.34.2")]
    [InlineData(typeof(Kubernetes.Helm.V3.Release), "kubernetes:helm.sh/v3:Release", "4.34.2")]
    public void ResourcesAreRegisteredWithTheirTokenAndVersion(Type type, string token, string version)
    {
        var attribute = Assert.IsAssignableFrom<Pulumi.ResourceTypeAttribute>(
            Assert.Single(type.GetCustomAttributes(typeof(Pulumi.ResourceTypeAttribute), inherit: false)));

        Assert.Equal((token, version), (attribute.Type, attribute.Version));
    }

    [Fact]
    public void ObjectsOfCustomResourceDefinitionsHaveTheOfficialShape()
    {
        var type = typeof(Kubernetes.ApiExtensions.CustomResourceArgs);

        Assert.True(type.IsAbstract);
        Assert.Equal(("apiVersion", false, false), MemberShapes.InputOf(type, "ApiVersion"));
        Assert.Equal("Input<Pulumi.Kubernetes.Types.Inputs.Meta.V1.ObjectMetaArgs>?", MemberShapes.TypeOf(type, "Metadata"));
        Assert.Equal(typeof(Kubernetes.KubernetesResource), typeof(Kubernetes.ApiExtensions.CustomResource).BaseType);
    }
}
