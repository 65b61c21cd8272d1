using System.Net;
using System.Security.Cryptography.X509Certificates;
using HaCluster.Workloads.Tests.Chains;
using YamlDotNet.RepresentationModel;

namespace HaCluster.Workloads.Tests.Rendered;

/// <summary>A service of ours as <c>ha render</c> writes it for <c>prod</c>, to be started on this computer with the files of its volumes in a folder of the test.</summary>
internal static class RenderedService
{
    public static async Task<YamlNode> PodAsync(string deployment)
    {
        var file = Assert.Single((await RenderedStack.Prod).Files, file => file.Key.EndsWith($"-{deployment}.yaml", StringComparison.Ordinal) && file.Key.Contains("-deployment-", StringComparison.Ordinal));
        return RenderedSentinel.Load(file.Value)["spec"]["template"]["spec"];
    }

    public static async Task<YamlNode> ContainerAsync(string deployment) => Assert.Single((YamlSequenceNode)(await PodAsync(deployment))["containers"]);

    public static IReadOnlyList<string> Arguments(YamlNode container) => [.. ((YamlSequenceNode)container["args"]).Select(argument => ((YamlScalarNode)argument).Value!)];

    public static string Value(YamlNode node, string key) => ((YamlScalarNode)node[key]).Value!;

    /// <summary>Writes the config maps of a pod to where it mounts them.</summary>
    public static async Task MountConfigMapsAsync(this Scratch mounts, string deployment)
    {
        var pod = await PodAsync(deployment);
        foreach (var volume in ((YamlSequenceNode)pod["volumes"]).Cast<YamlMappingNode>().Where(volume => volume.Children.ContainsKey("configMap")))
        {
            var file = Assert.Single((await RenderedStack.Prod).Files, file => file.Key.EndsWith($"-{Value(volume["configMap"], "name")}.yaml", StringComparison.Ordinal) && file.Key.Contains("-configmap-", StringComparison.Ordinal));
            var mount = Assert.Single((YamlSequenceNode)Assert.Single((YamlSequenceNode)pod["containers"])["volumeMounts"], mount => Value(mount, "name") == Value(volume, "name"));
            foreach (var (name, content) in ((YamlMappingNode)RenderedSentinel.Load(file.Value)["data"]).Children)
                mounts.Write($"{Value(mount, "mountPath").TrimStart('/')}/{((YamlScalarNode)name).Value}", ((YamlScalarNode)content).Value!);
        }
    }

    /// <summary>An argument that names a file or folder of a volume names one of the test.</summary>
    public static string Mounted(this Scratch mounts, string argument) =>
        argument.Split('=', 2) is [var name, ['/', .. var path]] ? $"{name}={Path.Combine(mounts.Path, path)}" : argument;

    /// <summary>Writes what cert-manager would.</summary>
    public static void WriteCertificate(this Scratch mounts, string folder, Authority authority, params string[] names)
    {
        using var certificate = authority.Issue(names);
        mounts.Write($"{folder}/tls.crt", certificate.ExportCertificatePem());
        mounts.Write($"{folder}/tls.key", certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
        mounts.Write($"{folder}/ca.crt", authority.Pem);
    }

    /// <summary>Writes what External Secrets would generate, with the mode that the volume has.</summary>
    public static void WriteSealKeys(this Scratch mounts)
    {
        const string Keys = "etc/payments/seal/keys";
        mounts.Write(Keys, "48lettersanddigits48lettersanddigits48lettersan0");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path.Combine(mounts.Path, Keys), UnixFileMode.UserRead | UnixFileMode.GroupRead);
    }

    public static HttpClient Client(this Authority authority, X509Certificate2? own = null)
    {
        var root = X509Certificate2.CreateFromPem(authority.Pem);
        var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, certificate, chain, _) =>
            {
                chain!.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
                chain.ChainPolicy.CustomTrustStore.Add(root);
                chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
                return chain.Build(certificate!);
            },
        };
        if (own is not null)
            handler.ClientCertificates.Add(own);
        return new HttpClient(handler);
    }

    public static X509Certificate2 ReadCertificate(this Scratch mounts, string folder) =>
        X509Certificate2.CreateFromPemFile(Path.Combine(mounts.Path, folder, "tls.crt"), Path.Combine(mounts.Path, folder, "tls.key"));

    /// <returns>Null: nobody answers.</returns>
    public static async Task<HttpStatusCode?> StatusAsync(this HttpClient http, Uri address)
    {
        try
        {
            using var response = await http.GetAsync(address);
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    public static Task UntilReadyAsync(this RunningProgram program, HttpClient http, Uri address) => Waiting.UntilAsync(
        "the service is ready",
        async () =>
        {
            Assert.False(program.HasEnded, program.Text);
            return await http.StatusAsync(new Uri(address, "/ready")) == HttpStatusCode.OK;
        },
        () => program.Text);
}
