using HaCluster.Stack.Tests.Graph;
using Pulumi;
using Pulumi.Testing;

namespace HaCluster.Stack.Tests.Platform;

public class PlatformSecretTests
{
    private const string ExternalSecret = "kubernetes:external-secrets.io/v1:ExternalSecret";

    [Fact]
    public async Task A_generated_secret_is_random_and_made_once()
    {
        var resources = await DeclareAsync();

        var password = resources.One("kubernetes:generators.external-secrets.io/v1alpha1:Password", "login-password");
        Assert.Equal(48d, Number(password, "spec.length"));
        Assert.Equal(0d, Number(password, "spec.symbols"));
        Assert.Equal("monitoring", password.At("metadata.namespace"));

        var secret = resources.One(ExternalSecret, "login");
        Assert.Equal("CreatedOnce", secret.At("spec.refreshPolicy"));
        Assert.Equal(password.At("metadata.name"), secret.At("spec.dataFrom.0.sourceRef.generatorRef.name"));
        Assert.Equal("Password", secret.At("spec.dataFrom.0.sourceRef.generatorRef.kind"));
        Assert.Equal("{{ .password }}", secret.At("spec.target.template.data.password"));
        Assert.Equal("admin", secret.At("spec.target.template.data.user"));
        Assert.Null(secret.At("spec.secretStoreRef"));
    }

    [Fact]
    public async Task A_delivered_secret_follows_its_source()
    {
        var secret = (await DeclareAsync()).One(ExternalSecret, "slack");

        Assert.Equal("aws", secret.At("spec.secretStoreRef.name"));
        Assert.Equal("ClusterSecretStore", secret.At("spec.secretStoreRef.kind"));
        Assert.Equal("1m", secret.At("spec.refreshInterval"));
        Assert.Equal("ha/slack", secret.At("spec.dataFrom.0.extract.key"));
        Assert.Equal("{{ .webhook }}", secret.At("spec.target.template.data.url"));
        Assert.Equal("late.example", secret.At("spec.target.template.data.host"));
        Assert.Equal("alerts", secret.At("spec.target.template.metadata.labels.app"));
        Assert.Equal("Retain", secret.At("spec.target.deletionPolicy"));
    }

    [Fact]
    public async Task A_certificate_carries_the_names_of_its_service_and_is_renewed_in_time()
    {
        var certificate = (await DeclareAsync()).One("kubernetes:cert-manager.io/v1:Certificate", "rpc");

        Assert.Equal(["rpc.chains.svc", "rpc.chains.svc.cluster.local"], certificate.List("spec.dnsNames"));
        Assert.Equal("chains", certificate.At("metadata.namespace"));
        Assert.Equal("rpc-tls", certificate.At("spec.secretName"));
        Assert.Equal("internal-ca", certificate.At("spec.issuerRef.name"));
        Assert.Equal("ClusterIssuer", certificate.At("spec.issuerRef.kind"));
        Assert.Equal("Always", certificate.At("spec.privateKey.rotationPolicy"));
        Assert.True(Hours(certificate, "spec.renewBefore") >= 14 * 24);
        Assert.True(Hours(certificate, "spec.renewBefore") < Hours(certificate, "spec.duration"));
    }

    private static async Task<IReadOnlyList<RecordedResource>> DeclareAsync()
    {
        var mocks = new ClusterMocks("r-1a", "r-1b", "r-1c");
        await Deployment.TestAsync<SecretsStack>(mocks, new TestOptions { ProjectName = "p", StackName = "s", IsPreview = false });
        return mocks.Resources;
    }

    private static double Number(RecordedResource resource, string path) =>
        Convert.ToDouble(resource.At(path), System.Globalization.CultureInfo.InvariantCulture);

    private static int Hours(RecordedResource resource, string path) =>
        int.Parse(resource.Text(path).TrimEnd('h'), System.Globalization.CultureInfo.InvariantCulture);
}
