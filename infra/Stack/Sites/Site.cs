using HaCluster.Stack.Edge;
using HaCluster.Stack.Guardrails;
using HaCluster.Stack.Platform;
using HaCluster.Stack.Settings.Namespaces;
using HaCluster.Stack.Settings.Sites;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Apps.V1;
using Pulumi.Kubernetes.Types.Inputs.Autoscaling.V2;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Pulumi.Kubernetes.Types.Inputs.Policy.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Sites;

/// <summary>Input of <see cref="Site"/>.</summary>
public sealed record SiteArgs
{
    public required SiteSettings Settings { get; init; }

    public required Foundation Foundation { get; init; }

    public required PlatformServices Platform { get; init; }

    public required ClusterEdge Edge { get; init; }
}

/// <summary>
/// A site: replicas over zones behind the gateway, with its own limits, certificate and name. Its namespace, quota and firewall come with the
/// others (<see cref="Guards"/>); the firewall allows only the gateway and monitoring.
/// </summary>
public sealed class Site : ComponentResource
{
    public const string TypeToken = "ha-cluster:sites:Site";

    private const int ServicePort = 80;

    // Share of the requested cpu above which replicas are added: a lost zone leaves two thirds, and these must carry the load until more come.
    private const int TargetUtilization = 60;

    private readonly SiteSettings _settings;
    private readonly CustomResourceOptions _child;
    private readonly CustomResourceOptions _routed;

    public Site(string name, SiteArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        _settings = args.Settings;
        var foundation = args.Foundation;
        _child = new CustomResourceOptions { Parent = this, Provider = foundation.Provider, DependsOn = foundation.Ready };
        _routed = new CustomResourceOptions { Parent = this, Provider = foundation.Provider, DependsOn = args.Edge.Ready };

        if (args.Edge.HasCertificatesOfSites)
            Certificate(name);
        var account = new Kubernetes.Core.V1.ServiceAccount(
            name, new ServiceAccountArgs { Metadata = Metadata(), AutomountServiceAccountToken = false }, _child);
        var deployment = new Kubernetes.Apps.V1.Deployment(
            name,
            new DeploymentArgs
            {
                Metadata = Metadata(),
                Spec = new DeploymentSpecArgs
                {
                    Replicas = _settings.MinReplicas,
                    Selector = Selector(),
                    Strategy = new DeploymentStrategyArgs
                    {
                        Type = "RollingUpdate",
                        RollingUpdate = new RollingUpdateDeploymentArgs { MaxUnavailable = 0, MaxSurge = 1 },
                    },
                    Template = new PodTemplateSpecArgs
                    {
                        Metadata = new ObjectMetaArgs { Labels = Labels() },
                        Spec = SitePod.Spec(_settings, foundation.Zones),
                    },
                },
            },
            new CustomResourceOptions
            {
                Parent = this,
                Provider = foundation.Provider,
                DependsOn = (Resource[])[.. foundation.Ready, account],

                // The autoscaler manages it; an update must not reset it to the minimum.
                IgnoreChanges = { "spec.replicas" },
            });
        Autoscale(name, deployment);
        _ = new Kubernetes.Policy.V1.PodDisruptionBudget(
            name,
            new PodDisruptionBudgetArgs
            {
                Metadata = Metadata(),
                Spec = new PodDisruptionBudgetSpecArgs { MaxUnavailable = 1, Selector = Selector() },
            },
            _child);
        _ = new Kubernetes.Core.V1.Service(
            name,
            new ServiceArgs
            {
                Metadata = Metadata(),
                Spec = new ServiceSpecArgs
                {
                    Type = "ClusterIP",
                    Selector = Labels(),
                    Ports = { new ServicePortArgs { Name = "http", Port = ServicePort, TargetPort = SitePod.PortName, Protocol = "TCP" } },
                },
            },
            _child);
        Route(name, args.Edge.ListenerOf(_settings));
        RegisterOutputs();
    }

    private Dictionary<string, string> Labels() => new() { [SitePod.Label] = _settings.Name };

    private LabelSelectorArgs Selector() => new() { MatchLabels = Labels() };

    private ObjectMetaArgs Metadata() => new() { Name = _settings.Name, Namespace = _settings.Namespace.Name, Labels = Labels() };

    private void Autoscale(string name, Kubernetes.Apps.V1.Deployment deployment) => _ = new Kubernetes.Autoscaling.V2.HorizontalPodAutoscaler(
        name,
        new HorizontalPodAutoscalerArgs
        {
            Metadata = Metadata(),
            Spec = new HorizontalPodAutoscalerSpecArgs
            {
                ScaleTargetRef = new CrossVersionObjectReferenceArgs
                {
                    ApiVersion = "apps/v1",
                    Kind = "Deployment",
                    Name = deployment.Metadata.Apply(metadata => metadata.Name),
                },
                MinReplicas = _settings.MinReplicas,
                MaxReplicas = _settings.MaxReplicas,
                Metrics =
                {
                    new MetricSpecArgs
                    {
                        Type = "Resource",
                        Resource = new ResourceMetricSourceArgs
                        {
                            Name = "cpu",
                            Target = new MetricTargetArgs { Type = "Utilization", AverageUtilization = TargetUtilization },
                        },
                    },
                },
            },
        },
        _child);

    // https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.CertificateSpec. In the namespace of the gateway: the site cannot read its key.
    private void Certificate(string name) => _ = new Kubernetes.ApiExtensions.CustomResource(
        $"{name}-certificate",
        new EdgeObjectArgs("cert-manager.io/v1", "Certificate")
        {
            Metadata = new ObjectMetaArgs { Name = _settings.Namespace.Name, Namespace = ClusterNamespaces.Platform },
            Spec = new Dictionary<string, object>
            {
                ["secretName"] = PublicGateway.CertificateOf(_settings),
                ["dnsNames"] = new[] { _settings.Domain },
                ["privateKey"] = new Dictionary<string, object> { ["algorithm"] = "ECDSA", ["size"] = 256, ["rotationPolicy"] = "Always" },
                ["issuerRef"] = new Dictionary<string, object> { ["group"] = "cert-manager.io", ["kind"] = "ClusterIssuer", ["name"] = PublicIssuer.Name },
            },
        },
        _routed);

    // One rule, and the route is called as the site: the metrics of the gateway are found by both (see SiteService).
    private void Route(string name, string listener) => _ = new Kubernetes.ApiExtensions.CustomResource(
        $"{name}-route",
        new EdgeObjectArgs("gateway.networking.k8s.io/v1", "HTTPRoute")
        {
            Metadata = Metadata(),
            Spec = new Dictionary<string, object>
            {
                ["parentRefs"] = new[] { PublicGateway.ParentRef(listener) },
                ["hostnames"] = new[] { _settings.Domain },
                ["rules"] = new[]
                {
                    new Dictionary<string, object>
                    {
                        ["backendRefs"] = new[] { new Dictionary<string, object> { ["name"] = _settings.Name, ["port"] = ServicePort } },
                    },
                },
            },
        },
        _routed);
}
