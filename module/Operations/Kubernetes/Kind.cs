namespace HaCluster.Operations.Kubernetes;

/// <summary>A kind of object that the API server serves, and the type it is read as.</summary>
/// <param name="Group">Empty for the core group.</param>
/// <param name="Plural">As in paths: <c>pods</c>.</param>
/// <param name="Name">Such as <c>Pod</c>.</param>
/// <typeparam name="T">A model of KubernetesClient, or a record of ours with the few fields that are needed.</typeparam>
public sealed record Kind<T>(string Group, string Version, string Plural, string Name, bool IsNamespaced)
    where T : class
{
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>The same kind, read as another type.</summary>
    public Kind<TOther> As<TOther>()
        where TOther : class => new(Group, Version, Plural, Name, IsNamespaced);

    /// <param name="namespace">Null: all namespaces, or a kind without namespaces.</param>
    /// <param name="name">Null: the collection.</param>
    internal string Path(string? @namespace = null, string? name = null, string? subresource = null) =>
        (Group.Length == 0 ? $"/api/{Version}" : $"/apis/{Group}/{Version}")
        + (IsNamespaced && @namespace is not null ? $"/namespaces/{Uri.EscapeDataString(@namespace)}" : "")
        + $"/{Plural}"
        + (name is null ? "" : $"/{Uri.EscapeDataString(name)}")
        + (subresource is null ? "" : $"/{subresource}");
}
