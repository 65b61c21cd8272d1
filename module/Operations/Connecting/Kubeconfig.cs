using System.Text;
using HaCluster.Operations.Aws;
using k8s;
using k8s.Authentication;
using k8s.Exceptions;
using k8s.KubeConfigModels;

namespace HaCluster.Operations.Connecting;

/// <summary>A kubeconfig and one of its contexts.</summary>
internal sealed class Kubeconfig
{
    private readonly K8SConfiguration _file;
    private readonly ClusterEndpoint? _endpoint;

    private Kubeconfig(K8SConfiguration file, string context, string source)
    {
        _file = file;
        Context = context;
        Source = source;
        var details = file.Contexts.First(one => one.Name == context).ContextDetails;
        _endpoint = file.Clusters?.FirstOrDefault(cluster => cluster.Name == details.Cluster)?.ClusterEndpoint;
        Server = _endpoint?.Server ?? "";
        Cluster = details.Cluster ?? "";
        Exec = file.Users?.FirstOrDefault(user => user.Name == details.User)?.UserCredentials?.ExternalExecution;
    }

    public string Context { get; }

    public string Source { get; }

    public string Server { get; }

    /// <summary>The name that the context gives the cluster; EKS writes its ARN there.</summary>
    public string Cluster { get; }

    /// <summary>The program that makes tokens; null without one.</summary>
    public ExternalExecution? Exec { get; }

    /// <summary>The call of <c>aws eks get-token</c> or <c>aws-iam-authenticator token</c>, which is not needed: tokens are made here.</summary>
    public EksTokenCommand? TokenCommand => EksTokenCommand.Of(Exec);

    /// <summary>
    /// Whether it leads to the cluster that EKS describes: by its address, or, through a tunnel or a proxy that has another, by the authority of its certificates,
    /// which no two clusters share.
    /// </summary>
    /// <param name="address">The cluster's endpoint.</param>
    /// <param name="authority">PEM, base64.</param>
    public bool LeadsTo(string address, string authority) =>
        (Uri.TryCreate(Server, UriKind.Absolute, out var own) && Uri.TryCreate(address, UriKind.Absolute, out var theirs) && (own.Host, own.Port) == (theirs.Host, theirs.Port))
        || (authority.Length > 0 && Authority() is { Length: > 0 } known && known.Trim() == Encoding.UTF8.GetString(Convert.FromBase64String(authority)).Trim());

    private string? Authority() =>
        _endpoint?.CertificateAuthorityData is { Length: > 0 } data ? Encoding.UTF8.GetString(Convert.FromBase64String(data))
        : _endpoint?.CertificateAuthority is { Length: > 0 } file && File.Exists(file) ? File.ReadAllText(file)
        : null;

    /// <param name="path">Null: <c>KUBECONFIG</c>, or <c>~/.kube/config</c>.</param>
    /// <param name="context">Null: the current context.</param>
    public static Kubeconfig Load(string? path, string? context)
    {
        var files = path is not null ? [path]
            : Environment.GetEnvironmentVariable("KUBECONFIG") is { Length: > 0 } variable ? variable.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            : [KubernetesClientConfiguration.KubeConfigDefaultLocation];
        var existing = files.Where(File.Exists).Select(file => new FileInfo(file)).ToArray();
        var source = string.Join(Path.PathSeparator, files);
        if (existing.Length == 0)
            throw NotUsable(source, "there is no such file", "Name a kubeconfig or a stack to connect to");
        return Choose(() => Merge([.. existing.Select(file => KubernetesClientConfiguration.LoadKubeConfig(file))]), source, context);
    }

    /// <summary>As kubectl merges the files of <c>KUBECONFIG</c>: the first to name something wins
    /// (https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/#merging-kubeconfig-files).</summary>
    private static K8SConfiguration Merge(IReadOnlyList<K8SConfiguration> files)
    {
        if (files.Count == 1)
            return files[0];
        return new K8SConfiguration
        {
            CurrentContext = files.Select(file => file.CurrentContext).FirstOrDefault(name => !string.IsNullOrEmpty(name)),
            Contexts = files.SelectMany(file => file.Contexts ?? []).DistinctBy(one => one.Name).ToList(),
            Clusters = files.SelectMany(file => file.Clusters ?? []).DistinctBy(one => one.Name).ToList(),
            Users = files.SelectMany(file => file.Users ?? []).DistinctBy(one => one.Name).ToList(),
            FileName = files[0].FileName,
        };
    }

    public static Kubeconfig Parse(string yaml, string source) => Choose(
        () =>
        {
            using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(yaml));
            return KubernetesClientConfiguration.LoadKubeConfig(stream);
        },
        source,
        null);

    /// <summary>The configuration of KubernetesClient; runs the exec program if there is one.</summary>
    /// <param name="tokens">Makes EKS tokens where the kubeconfig would run the AWS CLI; null: run what it says.</param>
    public async Task<KubernetesClientConfiguration> ConfigureAsync(Func<CancellationToken, Task<ClusterToken>>? tokens, CancellationToken cancellationToken)
    {
        var user = _file.Users?.FirstOrDefault(one => one.Name == _file.Contexts.First(context => context.Name == Context).ContextDetails.User)?.UserCredentials;
        try
        {
            if (tokens is null || user is null)
                return await Task.Run(() => KubernetesClientConfiguration.BuildConfigFromConfigObject(_file, Context), cancellationToken).WaitAsync(cancellationToken);
            // KubernetesClient wants some credential of every user; the provider's tokens take the place of this one.
            var (exec, token) = (user.ExternalExecution, user.Token);
            (user.ExternalExecution, user.Token) = (null, "none");
            try
            {
                var configuration = KubernetesClientConfiguration.BuildConfigFromConfigObject(_file, Context);
                configuration.AccessToken = null;
                configuration.TokenProvider = new EksTokenProvider(tokens);
                return configuration;
            }
            finally
            {
                (user.ExternalExecution, user.Token) = (exec, token);
            }
        }
        catch (Exception exception) when (exception is KubeConfigException or KubernetesClientException or FormatException or IOException
            or System.Security.Cryptography.CryptographicException or System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            throw Exec is { } program
                ? new HaClusterException(
                    FailureKind.CredentialsMissing, $"exec {program.Command}", Context, $"the program that creates the token failed: {exception.Message.TrimEnd('.')}",
                    $"Run {program.Command} by hand, and see that it is installed and logged in", exception)
                : NotUsable(Source, exception.Message.TrimEnd('.'), "Correct the kubeconfig", exception);
        }
    }

    private static Kubeconfig Choose(Func<K8SConfiguration> load, string source, string? context)
    {
        K8SConfiguration file;
        try
        {
            file = load();
        }
        catch (Exception exception) when (exception is YamlDotNet.Core.YamlException or KubeConfigException or IOException or UnauthorizedAccessException or NullReferenceException)
        {
            throw NotUsable(source, $"it is not a valid kubeconfig: {exception.Message.TrimEnd('.')}", "Correct the file, or write it again: aws eks update-kubeconfig", exception);
        }

        var names = (file.Contexts ?? []).Select(one => one.Name).Where(name => name is { Length: > 0 }).ToList();
        var there = Advice.Available(names.Order(StringComparer.Ordinal), "It has none: write it again with aws eks update-kubeconfig");
        var name = context ?? file.CurrentContext;
        if (string.IsNullOrEmpty(name))
            throw new HaClusterException(FailureKind.ContextNotFound, "", source, "the kubeconfig has no current context", $"Name one with -Context. {there}");
        if (!names.Contains(name))
            throw new HaClusterException(FailureKind.ContextNotFound, "", source, $"the kubeconfig has no context {name}", $"Name another with -Context. {there}");
        return new Kubeconfig(file, name, source);
    }

    private static HaClusterException NotUsable(string source, string problem, string advice, Exception? inner = null) =>
        new(FailureKind.KubeconfigNotUsable, "", source, problem, advice, inner);
}

/// <summary>What a kubeconfig says of EKS tokens.</summary>
internal sealed record EksTokenCommand(string Cluster, string? Region, string? Profile, string? Role)
{
    /// <summary>Null when the program is another one, or has options that are not known here.</summary>
    public static EksTokenCommand? Of(ExternalExecution? exec)
    {
        if (exec is null)
            return null;
        var program = Path.GetFileNameWithoutExtension(exec.Command);
        var arguments = exec.Arguments?.ToList() ?? [];
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        var words = new List<string>();
        for (var at = 0; at < arguments.Count; at++)
        {
            var (name, value) = arguments[at].Split('=', 2) is [var left, var right] ? (left, right) : (arguments[at], null);
            if (!name.StartsWith('-'))
                words.Add(name);
            else if (value is not null)
                options[name] = value;
            else if (at + 1 < arguments.Count)
                options[name] = arguments[++at];
        }

        foreach (var variable in exec.EnvironmentVariables ?? [])
        {
            if (variable.TryGetValue("name", out var name) && name == "AWS_PROFILE" && variable.TryGetValue("value", out var value))
                options.TryAdd("--profile", value);
        }

        var isKnown = program == "aws" ? words is ["eks", "get-token"] : program == "aws-iam-authenticator" && words is ["token"];
        var cluster = options.GetValueOrDefault("--cluster-name") ?? options.GetValueOrDefault("--cluster-id") ?? options.GetValueOrDefault("-i");
        var understood = options.Keys.All(name => name is "--cluster-name" or "--cluster-id" or "-i" or "--region" or "--profile" or "--role-arn" or "--role" or "-r" or "--output");
        return isKnown && cluster is not null && understood
            ? new EksTokenCommand(
                cluster, options.GetValueOrDefault("--region"), options.GetValueOrDefault("--profile"),
                options.GetValueOrDefault("--role-arn") ?? options.GetValueOrDefault("--role") ?? options.GetValueOrDefault("-r"))
            : null;
    }
}

/// <summary>Gives each request a token, and makes a new one before the old ends.</summary>
internal sealed class EksTokenProvider(Func<CancellationToken, Task<ClusterToken>> make) : ITokenProvider
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);
    private ClusterToken? _token;

    public async Task<System.Net.Http.Headers.AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken)
    {
        var token = _token;
        if (token is null || token.ExpiresAt - Margin < DateTimeOffset.UtcNow)
            _token = token = await make(cancellationToken);
        return new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", token.Value);
    }
}
