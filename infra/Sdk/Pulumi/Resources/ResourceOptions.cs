namespace Pulumi;

/// <summary>
/// How a resource is handled, other than by its arguments. Of the official options, <c>ResourceTransforms</c> and <c>Hooks</c> are left
/// out: they need a callback server in the program. <see cref="ResourceTransformations"/> run in process.
/// </summary>
public abstract partial class ResourceOptions
{
    private InputList<Resource>? _dependsOn;
    private InputList<Resource>? _replaceWith;

    /// <summary>Id of an existing resource to read instead of managing one.</summary>
    public Input<string>? Id { get; set; }

    /// <summary>The resource this one belongs to; the stack if none is given.</summary>
    public Resource? Parent { get; set; }

    /// <summary>Resources to wait for in addition to those whose outputs are used. A component includes its children.</summary>
    public InputList<Resource> DependsOn
    {
        get => _dependsOn ??= new InputList<Resource>();
        set => _dependsOn = value;
    }

    /// <summary>Whether deleting it is an error; inherited from the parent.</summary>
    public bool? Protect { get; set; }

    /// <summary>Property paths whose changes do not count.</summary>
    public List<string> IgnoreChanges
    {
        get => field ??= [];
        set;
    }

    /// <summary>Version of the provider plugin, without a <c>v</c>.</summary>
    public string? Version { get; set; }

    /// <summary>The provider to use; for a component, the one its children inherit.</summary>
    public ProviderResource? Provider { get; set; }

    public CustomTimeouts? CustomTimeouts { get; set; }

    /// <summary>
    /// Functions that may change the arguments and options of this resource and of its children, before they are registered.
    /// </summary>
    public List<ResourceTransformation> ResourceTransformations
    {
        get => field ??= [];
        set;
    }

    /// <summary>Names that the resource had before.</summary>
    public List<Input<Alias>> Aliases { get; set; } = [];

    /// <summary>URN of an existing resource to look up instead of managing one.</summary>
    public string? Urn { get; set; }

    /// <summary>Property paths whose changes replace the resource.</summary>
    public List<string> ReplaceOnChanges
    {
        get => field ??= [];
        set;
    }

    /// <summary>Where the provider plugin is downloaded from, if not from the usual place.</summary>
    public string? PluginDownloadURL { get; set; }

    /// <summary>Whether the real resource stays when this one is deleted.</summary>
    public bool? RetainOnDelete { get; set; }

    /// <summary>A resource whose deletion deletes this one too, so that it need not be deleted by itself.</summary>
    public Resource? DeletedWith { get; set; }

    /// <summary>Resources whose replacement replaces this one.</summary>
    public InputList<Resource> ReplaceWith
    {
        get => _replaceWith ??= new InputList<Resource>();
        set => _replaceWith = value;
    }

    /// <summary>Property paths whose differences are not displayed.</summary>
    public List<string> HideDiffs
    {
        get => field ??= [];
        set;
    }

    /// <summary>A value whose change replaces the resource.</summary>
    public Input<object>? ReplacementTrigger { get; set; }

    internal abstract ResourceOptions Clone();
}
