using HaCluster.Stack.Identities;
using HaCluster.Stack.Naming;
using HaCluster.Stack.Network;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Settings.Network;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Cluster;

/// <summary>Input of <see cref="ControlPlane"/>.</summary>
public sealed record ControlPlaneArgs
{
    public required StackScope Scope { get; init; }

    public required ControlPlaneSettings Settings { get; init; }

    public required ClusterNetwork Network { get; init; }

    public required Ipv4Cidr ServiceCidr { get; init; }

    public required string LogGroup { get; init; }

    public required Input<string> LogKeyArn { get; init; }

    public required Input<string> SecretsKeyArn { get; init; }
}

/// <summary>The EKS control plane: API servers and etcd over the zones, who may use them, and where their logs go.</summary>
public sealed class ControlPlane : ComponentResource
{
    public const string TypeToken = "ha-cluster:cluster:Cluster";

    private readonly StackScope _scope;

    public ControlPlane(string name, ControlPlaneArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var scope = args.Scope;
        _scope = scope;
        Resource logs = CreateLogGroup(name, args);
        var (role, permissions) = CreateRole(args);

        Cluster = new Aws.Eks.Cluster(
            name,
            new Aws.Eks.ClusterArgs
            {
                Name = scope.ClusterName,
                Version = args.Settings.Version.Kubernetes,
                RoleArn = role.Arn,

                // Add-ons are declared one by one, with versions; those that EKS installs by default would not be managed.
                BootstrapSelfManagedAddons = false,
                DeletionProtection = args.Settings.DeletionProtection,
                EnabledClusterLogTypes = { "api", "audit", "authenticator", "controllerManager", "scheduler" },
                AccessConfig = new Aws.Eks.Inputs.ClusterAccessConfigArgs
                {
                    AuthenticationMode = "API",

                    // Whoever makes the cluster also declares what is in it, in the same run.
                    BootstrapClusterCreatorAdminPermissions = true,
                },
                EncryptionConfig = new Aws.Eks.Inputs.ClusterEncryptionConfigArgs
                {
                    Resources = { "secrets" },
                    Provider = new Aws.Eks.Inputs.ClusterEncryptionConfigProviderArgs { KeyArn = args.SecretsKeyArn },
                },
                KubernetesNetworkConfig = new Aws.Eks.Inputs.ClusterKubernetesNetworkConfigArgs
                {
                    IpFamily = "ipv4",
                    ServiceIpv4Cidr = args.ServiceCidr.ToString(),
                },
                UpgradePolicy = new Aws.Eks.Inputs.ClusterUpgradePolicyArgs { SupportType = args.Settings.SupportType },
                VpcConfig = VpcConfig(args),
                ZonalShiftConfig = new Aws.Eks.Inputs.ClusterZonalShiftConfigArgs { Enabled = true },
                Tags = scope.Tags.Named(scope.ClusterName),
            },

            // The log group first, or EKS makes one that keeps logs forever; the permissions last to go, or EKS cannot clean up.
            new CustomResourceOptions { Parent = this, DependsOn = new[] { logs }.Concat(permissions).ToArray() });

        OidcProvider = new Aws.Iam.OpenIdConnectProvider(
            name,
            new Aws.Iam.OpenIdConnectProviderArgs
            {
                Url = Cluster.Identities.Apply(identities => identities[0].Oidcs[0].Issuer!),
                ClientIdLists = { "sts.amazonaws.com" },
                Tags = scope.Tags.Named(scope.ClusterName),
            },
            new CustomResourceOptions { Parent = this });

        GrantAccess(args);
        KubeConfig = KubeConfigFor(profile: null);
        RegisterOutputs(new Dictionary<string, object?>
        {
            ["arn"] = Cluster.Arn,
            ["endpoint"] = Cluster.Endpoint,
            ["oidcProviderArn"] = OidcProvider.Arn,
        });
    }

    public Aws.Eks.Cluster Cluster { get; }

    /// <summary>Lets IAM trust service accounts of this cluster, for software that cannot use pod identity yet.</summary>
    public Aws.Iam.OpenIdConnectProvider OidcProvider { get; }

    /// <summary>A kubeconfig that gets a token from the AWS CLI when it is used, and contains none.</summary>
    public Output<string> KubeConfig { get; }

    /// <summary>The same for one profile of the AWS CLI.</summary>
    public Output<string> KubeConfigFor(string? profile) => Output.Tuple(Cluster.Endpoint, Cluster.CertificateAuthority).Apply(cluster =>
        ExecKubeConfig.Json(_scope.ClusterName, _scope.Account.Region, cluster.Item1, cluster.Item2.Data ?? "", profile));

    private Aws.CloudWatch.LogGroup CreateLogGroup(string name, ControlPlaneArgs args) => new(
        name,
        new Aws.CloudWatch.LogGroupArgs
        {
            Name = args.LogGroup,
            RetentionInDays = args.Settings.LogRetentionDays,
            KmsKeyId = args.LogKeyArn,
            Tags = args.Scope.Tags.Named(args.LogGroup),
        },
        new CustomResourceOptions { Parent = this });

    private (Aws.Iam.Role Role, Resource[] Permissions) CreateRole(ControlPlaneArgs args)
    {
        var scope = args.Scope;
        var role = ServiceRole.Create(
            "control-plane", scope, "eks", "Runs the EKS control plane", scope.Account.Arn("eks", $"cluster/{scope.ClusterName}"), this);
        var managed = new Aws.Iam.RolePolicyAttachment(
            "control-plane-AmazonEKSClusterPolicy",
            new Aws.Iam.RolePolicyAttachmentArgs { Role = role.Name, PolicyArn = scope.Account.ManagedPolicy("AmazonEKSClusterPolicy") },
            new CustomResourceOptions { Parent = this });

        // https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html
        var key = new Aws.Iam.RolePolicy(
            "control-plane-secrets-key",
            new Aws.Iam.RolePolicyArgs
            {
                Name = "secrets-key",
                Role = role.Name,
                Policy = ((Output<string>)args.SecretsKeyArn).Apply(arn => PolicyDocument.Json(new PolicyStatement
                {
                    Sid = "SecretsKey",
                    Actions = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:ListGrants"],
                    Resources = [arn],
                })),
            },
            new CustomResourceOptions { Parent = this });
        return (role, [managed, key]);
    }

    private static Aws.Eks.Inputs.ClusterVpcConfigArgs VpcConfig(ControlPlaneArgs args)
    {
        var publicCidrs = args.Settings.PublicAccessCidrs;
        var config = new Aws.Eks.Inputs.ClusterVpcConfigArgs
        {

            // Subnets of their own for the interfaces of the API server: network policies can then name it without naming every pod.
            // https://docs.aws.amazon.com/eks/latest/best-practices/subnets.html#_vpc_and_subnet_considerations
            SubnetIds = args.Network.EndpointSubnetIds,
            EndpointPrivateAccess = true,
            EndpointPublicAccess = !publicCidrs.IsEmpty,
        };

        // Without a public endpoint EKS refuses the list.
        if (!publicCidrs.IsEmpty)
            config.PublicAccessCidrs = publicCidrs.Select(cidr => cidr.ToString()).ToList();
        return config;
    }

    private void GrantAccess(ControlPlaneArgs args)
    {
        Grant("admin", args.Settings.Admins, "AmazonEKSClusterAdminPolicy");
        Grant("viewer", args.Settings.Viewers, "AmazonEKSViewPolicy");

        void Grant(string kind, IReadOnlyList<string> roles, string policy)
        {
            foreach (var role in roles)
            {
                // arn:PARTITION:iam::ACCOUNT:role/NAME, the account and the name identify the role.
                var parts = role.Split(':');
                var name = $"{kind}-{parts[4]}-{parts[5]["role/".Length..]}";
                var entry = new Aws.Eks.AccessEntry(
                    name,
                    new Aws.Eks.AccessEntryArgs
                    {
                        ClusterName = Cluster.Name,
                        PrincipalArn = role,
                        Type = "STANDARD",
                        Tags = args.Scope.Tags.Named(args.Scope.NameOf(name)),
                    },
                    new CustomResourceOptions { Parent = this });
                _ = new Aws.Eks.AccessPolicyAssociation(
                    name,
                    new Aws.Eks.AccessPolicyAssociationArgs
                    {
                        ClusterName = Cluster.Name,
                        PrincipalArn = entry.PrincipalArn,
                        PolicyArn = Output.Format($"arn:{args.Scope.Account.Partition}:eks::aws:cluster-access-policy/{policy}"),
                        AccessScope = new Aws.Eks.Inputs.AccessPolicyAssociationAccessScopeArgs { Type = "cluster" },
                    },
                    new CustomResourceOptions { Parent = this });
            }
        }
    }
}
