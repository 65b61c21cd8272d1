using HaCluster.Planning.Stacks;

namespace HaCluster.Cli.Images;

/// <summary>Where images are pushed: a registry, and what stands before the name of each image.</summary>
/// <param name="Host">With its port where it has one.</param>
/// <param name="Prefix">Empty, or a path without a slash at either end.</param>
internal sealed record RegistryReference(string Host, string Prefix)
{
    private const string Insecure = "DOTNET_CONTAINER_INSECURE_REGISTRIES";

    /// <exception cref="UnreadableInputException">The text does not name a registry.</exception>
    public static RegistryReference Parse(string text)
    {
        const string Example = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/my-cluster";
        if (text.Contains("://", StringComparison.Ordinal))
            throw new UnreadableInputException($"--push is '{text}'; write the host and path without a scheme, such as {Example}");
        var (host, prefix) = text.IndexOf('/') is > 0 and var slash ? (text[..slash], text[(slash + 1)..].TrimEnd('/')) : (text, "");
        // As docker tells a registry from a path.
        if (!host.Contains('.') && !host.Contains(':') && host != "localhost")
            throw new UnreadableInputException($"--push is '{text}'; it does not start with a registry host: write one, such as {Example}");
        if (!Uri.TryCreate($"https://{host}/", UriKind.Absolute, out var uri) || !uri.Authority.Equals(host, StringComparison.OrdinalIgnoreCase) || prefix.Any(char.IsUpper) || prefix.AsSpan().IndexOfAny("@: \\") >= 0 || prefix.Contains("//", StringComparison.Ordinal))
            throw new UnreadableInputException($"--push is '{text}'; write a host and a path in lower case without tag and digest, such as {Example}");
        return new RegistryReference(host, prefix);
    }

    public string RepositoryOf(ContainerImage image) => Prefix.Length == 0 ? image.Name : $"{Prefix}/{image.Name}";

    /// <summary>What a pod writes to get exactly this image.</summary>
    public string NameOf(ContainerImage image) => $"{Host}/{RepositoryOf(image)}:{image.Tag}@{image.Digest}";

    /// <summary>Plain HTTP only on this machine, and where the variable that the SDK reads too allows it.</summary>
    public Uri Address
    {
        get
        {
            var address = new Uri($"https://{(Host == "docker.io" ? "registry-1.docker.io" : Host)}/");
            var allowed = (Environment.GetEnvironmentVariable(Insecure) ?? "").Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            return address.IsLoopback || allowed.Contains(Host, StringComparer.OrdinalIgnoreCase) ? new Uri($"http://{Host}/") : address;
        }
    }
}
