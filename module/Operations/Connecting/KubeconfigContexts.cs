using k8s;

namespace HaCluster.Operations.Connecting;

/// <summary>The contexts that a person can choose from.</summary>
public static class KubeconfigContexts
{
    /// <param name="path">Null: those of <c>KUBECONFIG</c>, or <c>~/.kube/config</c>.</param>
    public static IReadOnlyList<string> List(string? path)
    {
        IEnumerable<string> paths = path is not null ? [path]
            : Environment.GetEnvironmentVariable("KUBECONFIG") is { Length: > 0 } several ? several.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            : [Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config")];
        return [.. paths.Where(File.Exists).SelectMany(file => KubernetesClientConfiguration.LoadKubeConfig(file).Contexts ?? []).Select(context => context.Name).Distinct(StringComparer.Ordinal)];
    }
}
