namespace Pulumi;

/// <summary>Options of a resource that a provider manages.</summary>
public sealed class CustomResourceOptions : ResourceOptions
{
    /// <summary>Whether a replacement deletes the old resource first.</summary>
    public bool? DeleteBeforeReplace { get; set; }

    /// <summary>Names of outputs that are secret even if the provider does not mark them.</summary>
    public List<string> AdditionalSecretOutputs
    {
        get => field ??= [];
        set;
    }

    /// <summary>Id of an existing resource to adopt.</summary>
    public string? ImportId { get; set; }

    /// <summary>For providers only: variables of the plugin's environment and the variables they take their values from.</summary>
    public Dictionary<string, string> EnvVarMappings
    {
        get => field ??= [];
        set;
    }

    internal override ResourceOptions Clone() => Copy(this);

    /// <summary>Both in one. Lists are joined; of single values the second wins where it has one.</summary>
    public static CustomResourceOptions Merge(CustomResourceOptions? options1, CustomResourceOptions? options2)
    {
        var merged = options1 is null ? new CustomResourceOptions() : Copy(options1);
        if (options2 is null)
            return merged;

        MergeNormalOptions(merged, options2);
        merged.DeleteBeforeReplace = options2.DeleteBeforeReplace ?? merged.DeleteBeforeReplace;
        merged.ImportId = options2.ImportId ?? merged.ImportId;
        merged.AdditionalSecretOutputs.AddRange(options2.AdditionalSecretOutputs);
        foreach (var (variable, source) in options2.EnvVarMappings)
            merged.EnvVarMappings[variable] = source;
        return merged;
    }

    private static CustomResourceOptions Copy(CustomResourceOptions options)
    {
        var copy = CreateCopy<CustomResourceOptions>(options);
        copy.DeleteBeforeReplace = options.DeleteBeforeReplace;
        copy.AdditionalSecretOutputs = [.. options.AdditionalSecretOutputs];
        copy.ImportId = options.ImportId;
        copy.EnvVarMappings = new Dictionary<string, string>(options.EnvVarMappings);
        return copy;
    }
}
