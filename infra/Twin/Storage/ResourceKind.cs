namespace HaCluster.Twin.Storage;

/// <summary>What is known of a kind of objects: data, one row of <c>kinds.csv</c> or one version of a CustomResourceDefinition.</summary>
public sealed record ResourceKind
{
    /// <summary>The API group; empty for the core group.</summary>
    public string Group { get; init; } = "";

    public required string Version { get; init; }

    public required string Kind { get; init; }

    /// <summary>The name in paths, such as <c>deployments</c>.</summary>
    public required string Plural { get; init; }

    public string Singular { get => field.Length == 0 ? Kind.ToLowerInvariant() : field; init; } = "";

    public string ListKind { get => field.Length == 0 ? Kind + "List" : field; init; } = "";

    public bool Namespaced { get; init; } = true;

    public IReadOnlyList<string> ShortNames { get; init; } = [];

    public IReadOnlyList<string> Categories { get; init; } = [];

    public IReadOnlyList<string> Subresources { get; init; } = [];

    /// <summary>Columns of <c>kubectl get</c> for a custom resource. Built-in kinds have theirs in <c>Kubernetes/Tables</c>.</summary>
    public IReadOnlyList<PrinterColumn> Columns { get; init; } = [];

    /// <summary>Whether <c>metadata.generation</c> counts the changes of the desired state.</summary>
    public bool HasGeneration { get; init; }

    /// <summary>Whether objects are answered when posted and never stored: access and token reviews.</summary>
    public bool IsVirtual { get; init; }

    /// <summary>Whether a CustomResourceDefinition brought the kind: no strategic merge patch, lists are atomic unless the schema says otherwise.</summary>
    public bool IsCustom { get; init; }

    /// <summary>Where a custom resource keeps its scale; null for built-in kinds and for those without one.</summary>
    public ScalePaths? Scale { get; init; }

    /// <summary>The OpenAPI v3 schema of a custom resource's version, as its definition wrote it.</summary>
    public System.Text.Json.JsonElement? Schema { get; init; }

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary><c>deployments.apps</c>: the name in error messages, and the key under which all versions share their objects.</summary>
    public string Resource => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary><c>Deployment.apps</c>: the name in validation errors.</summary>
    public string QualifiedKind => Group.Length == 0 ? Kind : $"{Kind}.{Group}";

    public bool Has(string subresource) => Subresources.Contains(subresource);

    public override string ToString() => $"{ApiVersion} {Kind}";

    public bool Equals(ResourceKind? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}

/// <summary>A column of <c>kubectl get</c>. A priority above 0 shows with <c>-o wide</c> only.</summary>
public sealed record PrinterColumn(string Name, string Type, string JsonPath, int Priority = 0, string Format = "", string Description = "");

/// <summary>The JSON paths of replicas and selector that make a custom resource scalable.</summary>
public sealed record ScalePaths(string SpecReplicas, string StatusReplicas, string? LabelSelector);
