namespace Pulumi;

/// <summary>How a function of a provider is called.</summary>
public class InvokeOptions
{
    /// <summary>The resource whose provider is used if none is given.</summary>
    public Resource? Parent { get; set; }

    public ProviderResource? Provider { get; set; }

    /// <summary>Version of the provider plugin, without a <c>v</c>.</summary>
    public string? Version { get; set; }

    /// <summary>Where the provider plugin is downloaded from, if not from the usual place.</summary>
    public string? PluginDownloadURL { get; set; }
}

/// <summary>How a function of a provider is called when its result is an output.</summary>
public class InvokeOutputOptions : InvokeOptions
{
    private InputList<Resource>? _dependsOn;

    /// <summary>Resources to wait for before the call. If one is not created yet, as in a preview, the result is unknown.</summary>
    public InputList<Resource> DependsOn
    {
        get => _dependsOn ??= new InputList<Resource>();
        set => _dependsOn = value;
    }
}
