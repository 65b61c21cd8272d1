using System.Collections.Immutable;
using System.Globalization;
using HaCluster.Stack.Guardrails;
using HaCluster.Stack.Identities;
using HaCluster.Stack.Naming;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Settings.Databases;
using HaCluster.Stack.Settings.Namespaces;
using HaCluster.Stack.Software;
using HaCluster.Stack.Workloads;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Batch.V1;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Pulumi.Kubernetes.Types.Inputs.Networking.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Databases.Users;

/// <summary>Input of <see cref="UserSetup"/>.</summary>
internal sealed record UserSetupArgs
{
    public required Foundation Foundation { get; init; }

    public required DatabaseSettings Settings { get; init; }

    public required AuroraDatabase Database { get; init; }

    public required DatabaseProxy Proxy { get; init; }

    public required ImmutableArray<DatabaseUser> Users { get; init; }
}

/// <summary>
/// Makes the users of a database and changes their passwords: a job in the cluster at <c>pulumi up</c>, whenever the users or the scripts change,
/// and a CronJob that looks every night whose password is old enough. The database has no public address, so the program itself cannot. The pod
/// reads the master user's secret by its own AWS identity: no copy of it is ever in Kubernetes.
/// </summary>
internal sealed class UserSetup : ComponentResource
{
    public const string TypeToken = "ha-cluster:databases:UserSetup";

    private const string Setup = "/setup";
    private const string Work = "/work";
    private const int User = 65534;
    private const int Retries = 3;
    private const int WaitSeconds = 300;
    private const int PauseSeconds = 5;
    private const int DeadlineSeconds = 1_800;
    private const int SecondsPerDay = 86_400;

    // UTC, after backups (see AuroraDatabase). Once a night is often enough: a rotation is due after days.
    private const string Schedule = "17 5 * * *";

    // The AWS CLI is written in Python.
    private static readonly ContainerSize Size = new("50m", "500m", "256Mi", "64Mi");

    private readonly UserSetupArgs _args;
    private readonly string _name;

    public UserSetup(string name, UserSetupArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        _args = args;
        _name = name;
        var foundation = args.Foundation;
        var identity = new PodIdentity(
            name,
            new PodRoleArgs
            {
                Scope = foundation.Scope,
                Purpose = $"Makes users of the {args.Settings.Engine.Aurora} database and changes their passwords",
                Namespace = ClusterNamespaces.Platform,
                ServiceAccount = name,
                Policy = Policy(),
            },
            foundation.Cluster,
            new ComponentResourceOptions { Parent = this });
        ImmutableArray<Resource> after = [identity, AllowEgress(), args.Proxy.Target, .. foundation.Ready];
        var child = new CustomResourceOptions { Parent = this, Provider = foundation.Provider, DependsOn = after };
        var account = new Kubernetes.Core.V1.ServiceAccount(
            name,
            new ServiceAccountArgs { Metadata = Metadata(name), AutomountServiceAccountToken = false },
            child);
        var files = Files();
        var fullName = files.Apply(set => $"{name}-{ContentHash.Of(set)}");
        var config = new Kubernetes.Core.V1.ConfigMap(
            name,
            new ConfigMapArgs { Metadata = Metadata(fullName), Immutable = true, Data = files.Apply(set => set.ToImmutableDictionary()) },
            child);
        Job = new Kubernetes.Batch.V1.Job(
            name,
            new JobArgs { Metadata = Metadata(fullName), Spec = JobSpec(config, account) },
            CustomResourceOptions.Merge(child, new CustomResourceOptions { CustomTimeouts = new CustomTimeouts { Create = TimeSpan.FromSeconds(DeadlineSeconds) } }));
        _ = new Kubernetes.Batch.V1.CronJob(
            name,
            new CronJobArgs
            {
                Metadata = Metadata(name),
                Spec = new CronJobSpecArgs
                {
                    Schedule = Schedule,
                    TimeZone = "Etc/UTC",
                    ConcurrencyPolicy = "Forbid",
                    StartingDeadlineSeconds = 3_600,
                    SuccessfulJobsHistoryLimit = 1,
                    FailedJobsHistoryLimit = 3,
                    JobTemplate = new JobTemplateSpecArgs { Spec = JobSpec(config, account) },
                },
            },
            CustomResourceOptions.Merge(child, new CustomResourceOptions { DependsOn = { Job } }));
        RegisterOutputs();
    }

    /// <summary>Done when every user has connected through the proxy, and the secrets to deliver have a value.</summary>
    public Kubernetes.Batch.V1.Job Job { get; }

    private DatabaseEngine Engine => _args.Settings.Engine;

    private StackScope Scope => _args.Foundation.Scope;

    private bool IsMySql => Engine == DatabaseEngine.MySql;

    private Output<ImmutableSortedDictionary<string, string>> Files() => Output
        .All(_args.Users.Select(user => Output.Tuple(user.LoginSecrets[0], user.LoginSecrets[1], user.DeliveredSecret)
            .Apply(arns => $"{user.Name} {arns.Item1} {arns.Item2} {arns.Item3} {user.Database}\n")))
        .Apply(lines => ImmutableSortedDictionary.CreateRange<string, string>(
            StringComparer.Ordinal,
            [
                new(UserScripts.Users, string.Concat(lines)),
                new(UserScripts.Prepare, UserScripts.PrepareText.ReplaceLineEndings("\n")),
                new(UserScripts.Apply, UserScripts.ApplyOf(Engine)),
                new(UserScripts.Publish, UserScripts.PublishText.ReplaceLineEndings("\n")),
            ]));

    private JobSpecArgs JobSpec(Kubernetes.Core.V1.ConfigMap config, Kubernetes.Core.V1.ServiceAccount account) => new()
    {
        BackoffLimit = Retries,
        ActiveDeadlineSeconds = DeadlineSeconds,
        Template = new PodTemplateSpecArgs
        {
            Metadata = new ObjectMetaArgs { Labels = { ["app.kubernetes.io/name"] = _name } },
            Spec = new PodSpecArgs
            {
                ServiceAccountName = account.Metadata.Apply(metadata => metadata.Name),
                AutomountServiceAccountToken = false,
                EnableServiceLinks = false,
                RestartPolicy = "Never",
                PriorityClassName = PriorityClasses.Standard,
                SecurityContext = Hardening.Pod(User, User),
                InitContainers =
                {
                    Container("prepare", Pins.KubernetesTools, "bash", UserScripts.Prepare),
                    Container("apply", IsMySql ? Pins.MySqlClient : Pins.PostgreSqlClient, "sh", UserScripts.Apply),
                },
                Containers = { Container("publish", Pins.KubernetesTools, "bash", UserScripts.Publish) },
                Volumes =
                {
                    new VolumeArgs { Name = "setup", ConfigMap = new ConfigMapVolumeSourceArgs { Name = config.Metadata.Apply(metadata => metadata.Name) } },
                    // Passwords: never on a disk.
                    new VolumeArgs { Name = "work", EmptyDir = new EmptyDirVolumeSourceArgs { Medium = "Memory", SizeLimit = "16Mi" } },
                },
            },
        },
    };

    private ContainerArgs Container(string name, string image, string shell, string script) => new()
    {
        Name = name,
        Image = image,
        Command = { shell, $"{Setup}/{script}" },
        Env = Environment(script).Select(pair => new EnvVarArgs { Name = pair.Name, Value = pair.Value }).ToArray(),
        Resources = Size.Typed(),
        SecurityContext = Hardening.Container(),
        VolumeMounts =
        {
            new VolumeMountArgs { Name = "setup", MountPath = Setup, ReadOnly = true },
            new VolumeMountArgs { Name = "work", MountPath = Work },
        },
    };

    private (string Name, Input<string> Value)[] Environment(string script)
    {
        var common = new (string Name, Input<string> Value)[]
        {
            ("AWS_REGION", Scope.Account.Region), ("AWS_RETRY_MODE", "standard"), ("HOME", Work), ("SETUP", Setup), ("WORK", Work),
        };
        if (script == UserScripts.Publish)
            return common;

        if (script == UserScripts.Prepare)
        {
            return
            [
                .. common,
                ("AUTHORITIES", "/etc/ssl/certs/ca-certificates.crt"),
                ("MASTER_SECRET", _args.Database.SecretArn),
                ("ROTATION_SECONDS", Text(_args.Settings.RotationDays * SecondsPerDay)),
            ];
        }

        (string, Input<string>)[] server = IsMySql
            ?
            [
                ("DATABASE_HOST", _args.Proxy.Endpoint), ("DATABASE_PORT", Text(Engine.Port)),
                ("CLIENT_OPTIONS", $"--ssl-mode=VERIFY_IDENTITY --ssl-ca={Work}/authorities.crt"),
            ]
            :
            [
                ("PGHOST", _args.Proxy.Endpoint), ("PGPORT", Text(Engine.Port)), ("PGDATABASE", _args.Settings.Database),
                ("PGSSLMODE", "verify-full"), ("PGSSLROOTCERT", $"{Work}/authorities.crt"),
            ];
        return [.. common, .. server, ("PAUSE_SECONDS", Text(PauseSeconds)), ("WAIT_SECONDS", Text(WaitSeconds))];
    }

    private Output<string> Policy()
    {
        var users = Output.All(_args.Users.SelectMany(user => user.LoginSecrets.Append(user.DeliveredSecret)));
        return Output.Tuple(_args.Database.SecretArn, users, _args.Foundation.Keys.Databases.Arn, Scope.Account.DnsSuffix)
            .Apply(found => PolicyDocument.Json(
                new PolicyStatement { Sid = "ReadMaster", Actions = ["secretsmanager:GetSecretValue"], Resources = [found.Item1] },
                new PolicyStatement
                {
                    Sid = "ChangeUsers",
                    Actions = ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"],
                    Resources = found.Item2,
                },
                new PolicyStatement
                {
                    Sid = "UseKey",
                    Actions = ["kms:Decrypt", "kms:GenerateDataKey"],
                    Resources = [found.Item3],
                    Conditions = [PolicyCondition.Is("kms:ViaService", $"secretsmanager.{Scope.Account.Region}.{found.Item4}")],
                }));
    }

    // These pods, and this port: the rest of the platform has no business with databases.
    private Kubernetes.Networking.V1.NetworkPolicy AllowEgress() => new(
        _name,
        new NetworkPolicyArgs
        {
            Metadata = Metadata($"allow-{_name}"),
            Spec = new NetworkPolicySpecArgs
            {
                PodSelector = new LabelSelectorArgs { MatchLabels = { ["app.kubernetes.io/name"] = _name } },
                PolicyTypes = { "Egress" },
                Egress =
                {
                    new NetworkPolicyEgressRuleArgs
                    {
                        To = _args.Foundation.Network.Plan.Data.Select(block => new NetworkPolicyPeerArgs { IpBlock = new IPBlockArgs { Cidr = block.ToString() } }).ToArray(),
                        Ports = { new NetworkPolicyPortArgs { Protocol = "TCP", Port = Engine.Port } },
                    },
                },
            },
        },
        new CustomResourceOptions { Parent = this, Provider = _args.Foundation.Provider, DependsOn = _args.Foundation.Ready });

    private ObjectMetaArgs Metadata(Input<string> name) => new()
    {
        Name = name,
        Namespace = ClusterNamespaces.Platform,
        Labels = { ["app.kubernetes.io/name"] = _name },
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
