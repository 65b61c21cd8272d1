using System.Text.RegularExpressions;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using HaCluster.Operations.Aws;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Monitoring;
using HaCluster.Operations.Pulumi;
using HaCluster.Planning.Modelling.Settings;
using HaCluster.Planning.Stacks;

namespace HaCluster.Operations.Connecting;

/// <summary>Connects to a cluster.</summary>
/// <param name="trace">Told of every call and retry, without secrets.</param>
public sealed partial class SessionConnector(KubernetesOptions? options = null, TimeProvider? time = null, Action<string>? trace = null) : ISessionConnector
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    public async Task<ClusterSession> ConnectAsync(ConnectionRequest request, CancellationToken cancellationToken)
    {
        var plan = request switch
        {
            { Twin: { } twin } => PlanTwin(twin, request),
            { Stack: not null } or { Outputs: not null } => await PlanStackAsync(request, cancellationToken),
            _ => PlanKubeconfig(request),
        };
        var (aws, withoutAws) = await OpenAwsAsync(plan, request, cancellationToken);
        KubernetesApi? api = null;
        try
        {
            api = new KubernetesApi(
                token => plan.Kubeconfig.ConfigureAsync(Tokens(plan, aws), token), options, _time, trace);
            var version = await api.ReadVersionAsync(cancellationToken);
            await RequireOneClusterAsync(plan, aws, cancellationToken);
            var uid = ClusterIdentity.ReadUidAsync(api, cancellationToken);
            var caller = await IdentifyAsync(api, cancellationToken);
            var identity = aws is null ? null : await aws.Identities.IdentifyAsync(cancellationToken);
            if (plan.Source != ConnectionSource.Twin && plan.Outputs is null && !request.AllowOtherClusters)
                await RequireOursAsync(api, aws, plan.ClusterName, cancellationToken);
            return new ClusterSession
            {
                Info = new ConnectionInfo(
                    plan.ClusterName, plan.Source, plan.Kubeconfig.Context, api.Endpoint.GetLeftPart(UriPartial.Authority), version, aws?.Region, identity?.Account,
                    caller.Length > 0 ? caller : identity?.Arn ?? "", plan.Stack, _time.GetUtcNow()),
                Identity = await uid is { } own ? new ClusterIdentity(own, identity?.Account, aws?.Region) : null,
                Kubernetes = api,
                Aws = aws,
                WithoutAws = withoutAws,
                Monitoring = MonitoringWire.Over(api),
                Outputs = plan.Outputs,
                Objectives = plan.Objectives ?? DeclaredObjectives.None,
                WithoutObjectives = plan.WithoutObjectives,
                Time = _time,
            };
        }
        catch
        {
            api?.Dispose();
            aws?.Dispose();
            throw;
        }
    }

    private static Plan PlanTwin(string name, ConnectionRequest request)
    {
        var folder = TwinFolder.Find(name);
        var environment = folder.ReadEnvironment();
        var kubeconfig = Kubeconfig.Load(folder.Kubeconfig, request.Context);
        var outputs = request.Outputs ?? folder.ReadOutputs();
        var (cluster, stack, objectives) = folder.ReadDescription();
        return new Plan(ConnectionSource.Twin, kubeconfig, outputs, outputs?.ClusterName ?? cluster ?? NameOf(kubeconfig))
        {
            Region = request.Region ?? outputs?.Region ?? environment.GetValueOrDefault("AWS_REGION") ?? environment.GetValueOrDefault("AWS_DEFAULT_REGION"),
            Credentials = request.AwsCredentials ?? TwinFolder.CredentialsOf(environment),
            Endpoint = request.AwsEndpoint ?? (environment.TryGetValue("AWS_ENDPOINT_URL", out var url) ? new Uri(url) : null),
            // A twin without an AWS of its own must never be operated through the real one.
            HasAws = environment.ContainsKey("AWS_ENDPOINT_URL") || request.AwsEndpoint is not null,
            Stack = stack,
            Objectives = objectives,
        };
    }

    private async Task<Plan> PlanStackAsync(ConnectionRequest request, CancellationToken cancellationToken)
    {
        var stack = request.Stack ?? request.Outputs!.ClusterName;
        var outputs = request.Outputs ?? StackOutputs.Parse(
            await new PulumiCli(request.ProjectDirectory ?? Directory.GetCurrentDirectory(), trace: trace).ReadOutputsAsync(stack, cancellationToken), stack);
        var kubeconfig = request.Kubeconfig is not null || outputs.Kubeconfig.Length == 0 ? Kubeconfig.Load(request.Kubeconfig, request.Context)
            : Kubeconfig.Parse(outputs.Kubeconfig, $"output kubeconfig of stack {stack}");
        var (objectives, withoutObjectives) = ReadObjectives(request);
        return new Plan(ConnectionSource.Stack, kubeconfig, outputs, outputs.ClusterName)
        {
            Objectives = objectives,
            WithoutObjectives = withoutObjectives,
            Region = request.Region ?? outputs.Region,
            Credentials = request.AwsCredentials,
            Endpoint = request.AwsEndpoint,
            Stack = request.Stack,
        };
    }

    /// <summary>From the stack file, as <c>ha prove</c>: a proof is about what is asked of the cluster now.</summary>
    private static (DeclaredObjectives? Read, UnknownPart? Unknown) ReadObjectives(ConnectionRequest request)
    {
        const string part = "objectives";
        if (request.Stack is not { } stack)
            return (null, new UnknownPart(part, $"the connection names no stack, so {DeclaredObjectives.Key} is not known", FailureKind.InvalidInput));
        try
        {
            var project = ProjectFile.Find(request.ProjectDirectory ?? Directory.GetCurrentDirectory(), fallback: null);
            var file = StackFile.ForStack(project, stack);
            return (DeclaredObjectives.Of(file.Config.GetValueOrDefault($"{project.Name}:{DeclaredObjectives.Setting}")?.ToConfigText()), null);
        }
        catch (Exception exception) when (exception is UnreadableInputException or IOException or UnauthorizedAccessException)
        {
            return (null, new UnknownPart(part, $"{DeclaredObjectives.Key} of stack {stack} could not be read: {exception.Message}", FailureKind.InvalidInput));
        }
    }

    private static Plan PlanKubeconfig(ConnectionRequest request)
    {
        var kubeconfig = Kubeconfig.Load(request.Kubeconfig, request.Context);
        return new Plan(ConnectionSource.Kubeconfig, kubeconfig, null, request.ClusterName ?? kubeconfig.TokenCommand?.Cluster ?? NameOf(kubeconfig))
        {
            Region = request.Region ?? kubeconfig.TokenCommand?.Region ?? RegionOf(kubeconfig),
            Credentials = request.AwsCredentials,
            Endpoint = request.AwsEndpoint,
        };
    }

    /// <returns>The services, or why there are none.</returns>
    private static async Task<(AwsServices? Aws, string? Without)> OpenAwsAsync(Plan plan, ConnectionRequest request, CancellationToken cancellationToken)
    {
        if (plan.Region is null || !plan.HasAws)
            return (null, plan.HasAws ? "neither the kubeconfig nor the request names a region" : "this twin does not simulate AWS");
        // Only a bare kubeconfig can be of use without AWS, and only if its credentials are not AWS's.
        var isOptional = plan.Source == ConnectionSource.Kubeconfig && plan.Kubeconfig.TokenCommand is null && request.Region is null;
        AwsServices? aws = null;
        try
        {
            aws = AwsWire.Open(plan.Region, plan.Credentials ?? CredentialsOf(plan.Kubeconfig.TokenCommand), plan.Endpoint);
            await aws.Identities.IdentifyAsync(cancellationToken);
            return (aws, null);
        }
        catch (HaClusterException exception) when (isOptional)
        {
            aws?.Dispose();
            return (null, exception.Message);
        }
        catch
        {
            aws?.Dispose();
            throw;
        }
    }

    private static Func<CancellationToken, Task<ClusterToken>>? Tokens(Plan plan, AwsServices? aws) => plan.Kubeconfig.TokenCommand is { } command && aws is not null
        ? token => aws.Identities.MakeTokenAsync(command.Cluster, token)
        : null;

    private static AWSCredentials? CredentialsOf(EksTokenCommand? command)
    {
        if (command is null or { Profile: null, Role: null })
            return null;
        AWSCredentials source;
        if (command.Profile is { } profile)
        {
            if (!new CredentialProfileStoreChain().TryGetAWSCredentials(profile, out source))
                throw new HaClusterException(FailureKind.CredentialsMissing, "", $"AWS profile {profile}", "the kubeconfig names it, and it does not exist or has no credentials", "Create it: aws configure sso --profile NAME");
        }
        else
        {
            try
            {
                source = Amazon.Runtime.Credentials.DefaultAWSCredentialsIdentityResolver.GetCredentials();
            }
            catch (AmazonClientException exception)
            {
                throw new HaClusterException(FailureKind.CredentialsMissing, "", $"role {command.Role}", $"no AWS credentials: {exception.Message}", "Log in (aws sso login), or set AWS_PROFILE", exception);
            }
        }

        return command.Role is { } role ? new AssumeRoleAWSCredentials(source, role, "ha-cluster") : source;
    }

    /// <summary>Servers before 1.28 cannot say it.</summary>
    private static async Task<string> IdentifyAsync(KubernetesApi api, CancellationToken cancellationToken)
    {
        try
        {
            return await api.IdentifyAsync(cancellationToken);
        }
        catch (HaClusterException exception) when (exception.Kind is FailureKind.NotFound or FailureKind.PermissionDenied)
        {
            return "";
        }
    }

    /// <summary>
    /// Kubernetes of one cluster and AWS of another of the same name, as with a profile of the wrong account, must never be operated together: the pods of one
    /// would be drained and the traffic of the other shifted.
    /// </summary>
    private static async Task RequireOneClusterAsync(Plan plan, AwsServices? aws, CancellationToken cancellationToken)
    {
        if (aws is null)
            return;
        EksCluster? found;
        try
        {
            found = await aws.Eks.FindClusterAsync(plan.ClusterName, cancellationToken);
        }
        catch (HaClusterException)
        {
            // Not allowed, or EKS has a bad hour: what says nothing does not say that it is another.
            return;
        }
        if (found is null or { Endpoint.Length: 0 } || plan.Kubeconfig.LeadsTo(found.Endpoint, found.CertificateAuthority))
            return;
        throw new HaClusterException(
            FailureKind.NotOurCluster, "EKS DescribeCluster", $"cluster {plan.ClusterName}",
            $"the kubeconfig and AWS are of two clusters with one name: the kubeconfig leads to {plan.Kubeconfig.Server}, and {found.Arn} is at {found.Endpoint} with other certificates",
            "Use credentials of the account and the region of the kubeconfig's cluster (AWS_PROFILE, AWS_REGION), or write the kubeconfig again: aws eks update-kubeconfig");
    }

    private static async Task RequireOursAsync(KubernetesApi api, AwsServices? aws, string cluster, CancellationToken cancellationToken)
    {
        if (aws is not null && await aws.Eks.FindClusterAsync(cluster, cancellationToken) is { } found && found.Tags.GetValueOrDefault("Cluster") == cluster && found.Tags.ContainsKey("ManagedBy"))
            return;
        var nodes = await api.ListAsync(Kinds.Nodes.As<System.Text.Json.Nodes.JsonObject>(), new ListScope(LabelSelector: PoolLabel), cancellationToken);
        if (nodes.Items.Count > 0)
            return;
        throw new HaClusterException(
            FailureKind.NotOurCluster, "", $"cluster {cluster}", $"it was not created by HaCluster: no node has the label {PoolLabel}{(aws is null ? "" : ", and EKS shows no tags of HaCluster")}",
            "Check the context; connect with the stack if it is yours");
    }

    /// <summary>infra/Stack/Nodes/NodePool.cs puts it on every node.</summary>
    internal const string PoolLabel = "ha-cluster/pool";

    /// <summary>EKS writes the cluster's ARN into kubeconfigs.</summary>
    private static string NameOf(Kubeconfig kubeconfig) => Arn().Match(kubeconfig.Cluster) is { Success: true } arn ? arn.Groups["name"].Value : kubeconfig.Cluster;

    private static string? RegionOf(Kubeconfig kubeconfig) =>
        Arn().Match(kubeconfig.Cluster) is { Success: true } arn ? arn.Groups["region"].Value
        : Host().Match(kubeconfig.Server) is { Success: true } host ? host.Groups["region"].Value
        : null;

    [GeneratedRegex(@"^arn:aws[-a-z]*:eks:(?<region>[-a-z0-9]+):[0-9]+:cluster/(?<name>.+)\z")]
    private static partial Regex Arn();

    [GeneratedRegex(@"^https://[A-Za-z0-9.]+\.(?<region>[a-z]{2}(-[a-z]+)+-[0-9])\.eks\.")]
    private static partial Regex Host();

    private sealed record Plan(ConnectionSource Source, Kubeconfig Kubeconfig, StackOutputs? Outputs, string ClusterName)
    {
        public string? Region { get; init; }

        public AWSCredentials? Credentials { get; init; }

        public Uri? Endpoint { get; init; }

        public bool HasAws { get; init; } = true;

        public string? Stack { get; init; }

        public DeclaredObjectives? Objectives { get; init; }

        public UnknownPart? WithoutObjectives { get; init; }
    }
}
