namespace HaCluster.Stack.Software;

/// <summary>
/// Every chart and image that the program runs, so that an upgrade is one line in one reviewed change. Versions that depend on the Kubernetes version
/// (EKS add-ons, cluster-autoscaler) are in <see cref="ClusterVersion"/>. Each entry names where its version was found.
/// </summary>
public static class Pins
{
    // --- platform

    /// <summary>Definitions of monitors and rules, of operator v0.93.1. Chart.yaml in
    /// https://github.com/prometheus-community/helm-charts/tree/main/charts/prometheus-operator-crds, August 2026.</summary>
    public static readonly Chart PrometheusOperatorCrds =
        new("prometheus-operator-crds", "31.0.1", "https://prometheus-community.github.io/helm-charts");

    /// <summary>Released in July 2026: https://github.com/cert-manager/cert-manager/releases/tag/v1.21.1.</summary>
    public static readonly Chart CertManager = new("cert-manager", "v1.21.1", "https://charts.jetstack.io");

    /// <summary>Released in August 2026: https://github.com/external-secrets/external-secrets/releases/tag/helm-chart-2.9.0. Versions from 2.4 on
    /// are tested on Kubernetes 1.35: docs/introduction/stability-support.md there.</summary>
    public static readonly Chart ExternalSecrets = new("external-secrets", "2.9.0", "https://charts.external-secrets.io");

    // --- edge

    /// <summary>https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/v3.5.0/helm/aws-load-balancer-controller/Chart.yaml</summary>
    public static readonly Chart LoadBalancerController = new("aws-load-balancer-controller", "3.5.0", "https://aws.github.io/eks-charts");

    /// <summary>
    /// For Kubernetes 1.33 to 1.36, with Gateway API 1.6: https://github.com/envoyproxy/gateway/blob/main/site/content/en/news/releases/matrix.md.
    /// The version has a v in front: https://github.com/envoyproxy/gateway/blob/v1.9.0/site/content/en/latest/install/install-helm.md.
    /// </summary>
    public static readonly Chart EnvoyGateway = new("oci://docker.io/envoyproxy/gateway-helm", "v1.9.0", null);

    /// <summary>The proxy that Envoy Gateway 1.9.0 is tested with: https://github.com/envoyproxy/gateway/blob/v1.9.0/api/v1alpha1/shared_types.go</summary>
    public const string EnvoyImage = "docker.io/envoyproxy/envoy:distroless-v1.39.0";

    /// <summary>https://github.com/kubernetes-sigs/external-dns/blob/external-dns-helm-chart-1.21.1/charts/external-dns/Chart.yaml</summary>
    public static readonly Chart ExternalDns = new("external-dns", "1.21.1", "https://kubernetes-sigs.github.io/external-dns/");

    // --- monitoring

    /// <summary>https://github.com/prometheus-community/helm-charts/blob/main/charts/kube-prometheus-stack/Chart.yaml: operator 0.93, Prometheus 3.14,
    /// Alertmanager 0.34, Grafana 13.2, kube-state-metrics 2.20, node exporter 1.12; its definitions are Platform's.</summary>
    public static readonly Chart KubePrometheusStack = new("kube-prometheus-stack", "88.5.3", PrometheusCommunity);

    /// <summary>https://github.com/prometheus-community/helm-charts/blob/main/charts/prometheus-blackbox-exporter/Chart.yaml</summary>
    public static readonly Chart BlackboxExporter = new("prometheus-blackbox-exporter", "11.17.2", PrometheusCommunity);

    /// <summary>https://github.com/prometheus-community/helm-charts/blob/main/charts/prometheus-yet-another-cloudwatch-exporter/Chart.yaml</summary>
    public static readonly Chart CloudWatchExporter = new("prometheus-yet-another-cloudwatch-exporter", "0.47.0", PrometheusCommunity);

    /// <summary>https://github.com/jmcgrath207/k8s-ephemeral-storage-metrics/blob/master/chart/index.yaml</summary>
    public static readonly Chart EphemeralStorageMetrics =
        new("k8s-ephemeral-storage-metrics", "1.21.3", "https://jmcgrath207.github.io/k8s-ephemeral-storage-metrics/chart");

    /// <summary>The version of the newest chart: https://github.com/fluent/helm-charts/blob/main/charts/fluent-bit/Chart.yaml</summary>
    public const string FluentBitImage = "cr.fluentbit.io/fluent/fluent-bit:5.1.1";

    private const string PrometheusCommunity = "https://prometheus-community.github.io/helm-charts";

    // --- logging

    /// <summary>https://github.com/fluent/helm-charts/blob/fluent-bit-0.58.1/charts/fluent-bit/Chart.yaml</summary>
    public static readonly Chart FluentBit = new("fluent-bit", "0.58.1", "https://fluent.github.io/helm-charts");

    /// <summary>Our own, built from infra/Services/Ledger into the account's registry.</summary>
    public const string LedgerVersion = "1.0.0";

    /// <summary>The chart's appVersion; roles of EKS Pod Identity need 4.0 or newer (https://github.com/fluent/fluent-bit/pull/10115).</summary>
    public const string FluentBitTag = "5.1.1";

    /// <summary>Newest tag seen in public manifests (https://hub.docker.com/r/curlimages/curl).</summary>
    public const string CurlImage = "docker.io/curlimages/curl:8.21.0";

    // --- chains

    /// <summary>
    /// Published by the project itself for each version tag (https://github.com/btcsuite/btcd/blob/master/.github/workflows/dimagespub.yml); the
    /// newest seen in public use.
    /// </summary>
    public const string Btcd = "ghcr.io/btcsuite/btcd:v0.26.2";

    /// <summary>https://github.com/ethereum/go-ethereum/releases; the version that AWS runs with Lighthouse 8.2 in its node blueprints.</summary>
    public const string Geth = "docker.io/ethereum/client-go:v1.17.5";

    /// <summary>https://github.com/paradigmxyz/reth/releases; the version of the same blueprints.</summary>
    public const string Reth = "ghcr.io/paradigmxyz/reth:v2.4.1";

    /// <summary>https://github.com/sigp/lighthouse/releases.</summary>
    public const string Lighthouse = "docker.io/sigp/lighthouse:v8.2.2";

    /// <summary>
    /// The official image, of the branch with long support (https://www.haproxy.org/, https://hub.docker.com/_/haproxy). From the mirror that
    /// AWS keeps of official images: no limit on pulls, and near.
    /// </summary>
    public const string HaProxy = "public.ecr.aws/docker/library/haproxy:3.2.24-alpine";

    /// <summary>The official image (https://hub.docker.com/_/busybox), where a container needs a shell and nothing else.</summary>
    public const string BusyBox = "public.ecr.aws/docker/library/busybox:1.37.0";

    /// <summary>kubectl, jq and a shell (https://github.com/alpine-docker/k8s); the minor version of the cluster. kubectl's own image has no shell.</summary>
    public const string KubernetesTools = "docker.io/alpine/k8s:1.35.8";

    /// <summary>Our own, built from infra/Services/Sentinel into the account's registry; with the same version as Chains/SENTINEL.md.</summary>
    public const string SentinelVersion = "1.0.0";

    // --- payments

    /// <summary>Our own, built from infra/Services/Payments into the account's registry.</summary>
    public const string PaymentsVersion = "1.0.0";

    // --- databases

    /// <summary>
    /// psql, of the newest major version that Aurora has here; the official image (https://hub.docker.com/_/postgres), from the mirror that AWS keeps.
    /// </summary>
    public const string PostgreSqlClient = "public.ecr.aws/docker/library/postgres:17.7-alpine";

    /// <summary>mysql, of the branch with long support, which knows the protocol of 8.0; the official image (https://hub.docker.com/_/mysql).</summary>
    public const string MySqlClient = "public.ecr.aws/docker/library/mysql:8.4.7";

    // --- delivery

    /// <summary>
    /// GitLab Runner 19.4.0. The chart 0.86.0 carries 18.9.0, and each minor release of the runner is one more
    /// (https://gitlab.com/gitlab-org/charts/gitlab-runner/-/blob/main/CHANGELOG.md); 0.93.0 is the newest seen installed.
    /// </summary>
    public static readonly Chart GitLabRunner = new("gitlab-runner", "0.93.0", "https://charts.gitlab.io");

    /// <summary>Jobs that name no image run in it: https://hub.docker.com/_/alpine.</summary>
    public const string JobImage = "alpine:3.24";

    // --- backups

    /// <summary>Velero 1.18.1: https://github.com/vmware-tanzu/helm-charts/blob/velero-12.1.0/charts/velero/Chart.yaml.</summary>
    public static readonly Chart Velero = new("velero", "12.1.0", "https://vmware-tanzu.github.io/helm-charts");

    /// <summary>The 1.14 line goes with Velero 1.18: https://github.com/vmware-tanzu/velero-plugin-for-aws#compatibility.</summary>
    public const string VeleroPluginForAws = "docker.io/velero/velero-plugin-for-aws:v1.14.2";
}
