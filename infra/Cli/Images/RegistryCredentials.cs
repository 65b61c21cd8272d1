using System.ComponentModel;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CliWrap;
using CliWrap.Buffered;
using HaCluster.Account;
using HaCluster.Account.Wire;

namespace HaCluster.Cli.Images;

/// <summary>
/// Credentials for the push: the variables that the SDK reads for the same purpose, what <c>docker login</c> or <c>podman login</c> stored, and for ECR the credentials of AWS.
/// </summary>
internal sealed record RegistryCredentials(string User, string Password)
{
    /// <summary>Docker's helpers say so in place of a user where the password is a token to exchange.</summary>
    public const string TokenUser = "<token>";

    /// <returns>Null where nothing is known: the registry may ask for nothing.</returns>
    /// <exception cref="RegistryException">A file or helper that should have them does not give them.</exception>
    public static async Task<RegistryCredentials?> FindAsync(string host, CancellationToken cancellationToken) =>
        OfEnvironment() ?? await OfFilesAsync(host, cancellationToken) ?? await OfAwsAsync(host, cancellationToken);

    private static RegistryCredentials? OfEnvironment()
    {
        foreach (var prefix in new[] { "DOTNET_CONTAINER_PUSH_REGISTRY", "DOTNET_CONTAINER_REGISTRY" })
        {
            if (Environment.GetEnvironmentVariable($"{prefix}_UNAME") is { Length: > 0 } user && Environment.GetEnvironmentVariable($"{prefix}_PWORD") is { Length: > 0 } password)
                return new RegistryCredentials(user, password);
        }

        return null;
    }

    private static async Task<RegistryCredentials?> OfFilesAsync(string host, CancellationToken cancellationToken)
    {
        foreach (var path in Files().Where(File.Exists))
        {
            if (await OfFileAsync(path, host, cancellationToken) is { } found)
                return found;
        }

        return null;
    }

    /// <summary>https://docs.docker.com/reference/cli/docker/login/#credential-stores; podman has the same form.</summary>
    internal static async Task<RegistryCredentials?> OfFileAsync(string path, string host, CancellationToken cancellationToken)
    {
        try
        {
            var file = JsonNode.Parse(await File.ReadAllTextAsync(path, cancellationToken)) ?? throw new FormatException("its content is null");
            // Docker Hub is stored under the address that it once had.
            foreach (var name in host == "docker.io" ? ["https://index.docker.io/v1/", host] : new[] { host, $"https://{host}" })
            {
                var helper = (string?)file["credHelpers"]?[name] ?? (file["auths"]?[name] is null ? null : (string?)file["credsStore"]);
                if (helper is not null && await OfHelperAsync(helper, name, cancellationToken) is { } helped)
                    return helped;
                if ((string?)file["auths"]?[name]?["auth"] is { Length: > 0 } stored && Encoding.UTF8.GetString(Convert.FromBase64String(stored)).Split(':', 2) is [var user, var password])
                    return new RegistryCredentials(user, password);
            }

            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or FormatException or InvalidOperationException or ArgumentException)
        {
            throw new RegistryException($"the credentials of {host} cannot be read from {path}: {exception.Message}", exception);
        }
    }

    private static IEnumerable<string> Files()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (Environment.GetEnvironmentVariable("REGISTRY_AUTH_FILE") is { Length: > 0 } file)
            yield return file;
        yield return Path.Combine(Environment.GetEnvironmentVariable("DOCKER_CONFIG") is { Length: > 0 } directory ? directory : Path.Combine(home, ".docker"), "config.json");
        if (Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime)
            yield return Path.Combine(runtime, "containers", "auth.json");
    }

    /// <summary>https://github.com/docker/docker-credential-helpers#development</summary>
    private static async Task<RegistryCredentials?> OfHelperAsync(string helper, string name, CancellationToken cancellationToken)
    {
        var program = $"docker-credential-{helper}";
        try
        {
            var result = await CliWrap.Cli.Wrap(program).WithArguments(["get"]).WithStandardInputPipe(PipeSource.FromString(name)).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(cancellationToken);
            return result.ExitCode == 0 && JsonNode.Parse(result.StandardOutput) is { } answer && (string?)answer["Username"] is { } user && (string?)answer["Secret"] is { } secret
                ? new RegistryCredentials(user, secret)
                : null;
        }
        catch (Win32Exception)
        {
            throw new RegistryException($"docker's settings name {program} for {name}, and it is not on the PATH: install it, or set DOTNET_CONTAINER_REGISTRY_UNAME and DOTNET_CONTAINER_REGISTRY_PWORD");
        }
    }

    private static async Task<RegistryCredentials?> OfAwsAsync(string host, CancellationToken cancellationToken)
    {
        if (RegistryOfAws.Pattern().Match(host) is not { Success: true } match)
            return null;
        try
        {
            using var account = AwsAccount.Open(match.Groups["region"].Value);
            return await account.RegistryPasswordAsync(cancellationToken) is (var user, var password) ? new RegistryCredentials(user, password) : null;
        }
        catch (AwsCallException exception)
        {
            throw new RegistryException($"no ECR authorization token for {host}: {exception.Message}; the permission is ecr:GetAuthorizationToken", exception) { IsUnreachable = exception.IsUnreachable };
        }
    }
}

/// <summary>https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html</summary>
internal static partial class RegistryOfAws
{
    [GeneratedRegex(@"^[0-9]{12}\.dkr\.ecr(-fips)?\.(?<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?\z")]
    public static partial Regex Pattern();
}
