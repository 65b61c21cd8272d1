using System.Collections.Immutable;
using Pulumi.Serialization;

namespace Pulumi;

/// <summary>Anything that has a URN: a custom resource, which a provider manages, or a component, which groups others.</summary>
public class Resource
{
    private readonly string _type;
    private readonly string _name;
    private readonly bool? _protect;
    private readonly ImmutableArray<ResourceTransformation> _transformations = [];
    private readonly ImmutableDictionary<string, ProviderResource> _providers = ImmutableDictionary<string, ProviderResource>.Empty;
    private HashSet<Resource>? _children;

    private protected Resource(
        string type, string name, bool custom, ResourceArgs args, ResourceOptions options, bool remote = false, bool dependency = false)
    {
        _type = type;
        _name = name;
        if (dependency)
        {
            _protect = false;
            return;
        }

        ArgumentException.ThrowIfNullOrEmpty(type);
        ArgumentException.ThrowIfNullOrEmpty(name);

        // Before anyone else sees this resource, as the child of its parent, its outputs must be there.
        CompletionSources = OutputProperties.Initialize(this, overwriteComponentOutputs: remote || options.Urn is not null);

        _transformations = [.. options.ResourceTransformations, .. InheritedTransformations(options)];
        (args, options) = Transform(args, options);
        options = options.Clone();

        if (options is ComponentResourceOptions { Provider: not null, Providers.Count: > 0 })
            throw new ResourceException("Do not supply both 'provider' and 'providers' options to a ComponentResource.", options.Parent);

        if (options.Parent is { } parent)
        {
            parent.AddChild(this);
            options.Protect ??= parent._protect;
            _providers = parent._providers;
        }

        _providers = custom ? InheritOrShareProvider(options) : _providers.SetItems(ProvidersOf(options));
        _protect = options.Protect;

        var deployment = Deployment.Current;
        AliasUrns = [.. options.Aliases.Select(alias => (Input<string>)AliasUrn.Collapse(alias, name, type, options.Parent))];
        deployment.ReadOrRegisterResource(this, remote, args, options);
    }

    /// <summary>Unique name of the resource, there once it is registered.</summary>
    // Set by reflection, as every output property is.
    [Output(WireNames.Urn)]
    public Output<string> Urn { get; private protected set; } = null!;

    // A method, as a property could collide with one of a resource.
    public string GetResourceType() => _type;

    public string GetResourceName() => _name;

    internal IReadOnlyDictionary<string, IOutputCompletionSource> CompletionSources { get; } =
        ImmutableDictionary<string, IOutputCompletionSource>.Empty;

    /// <summary>Former URNs, for children to derive theirs from.</summary>
    internal ImmutableArray<Input<string>> AliasUrns { get; } = [];

    /// <summary>The children at this moment; more may come.</summary>
    internal ImmutableArray<Resource> GetChildren()
    {
        if (_children is null)
            return [];
        lock (_children)
            return [.. _children];
    }

    private void AddChild(Resource child)
    {
        var children = LazyInitializer.EnsureInitialized(ref _children, static () => []);
        lock (children)
            children.Add(child);
    }

    /// <summary>The provider that this resource hands down for a type (<c>pkg:module:Name</c>), if any.</summary>
    internal ProviderResource? GetProvider(string type)
        => PackageOf(type) is { } package ? _providers.GetValueOrDefault(package) : null;

    private static string? PackageOf(string type)
        => type.Split(':') is [var package, _, _] ? package : null;

    private ImmutableArray<ResourceTransformation> InheritedTransformations(ResourceOptions options)
    {
        if (_type == Stack.TypeToken)
            return [];
        if (options.Parent is { } parent)
            return parent._transformations;
        // What is only looked up does not belong to this stack.
        return options.Urn is null ? Deployment.Current.Stack._transformations : [];
    }

    private (ResourceArgs Args, ResourceOptions Options) Transform(ResourceArgs args, ResourceOptions options)
    {
        var parent = options.Parent;
        foreach (var transformation in _transformations)
        {
            if (transformation(new ResourceTransformationArgs(this, args, options)) is not { } result)
                continue;
            // The parent decided which transformations run and what is inherited: too late to change it.
            if (result.Options.Parent != parent)
                throw new ArgumentException("Transformations cannot currently be used to change the 'parent' of a resource.");
            (args, options) = (result.Args, result.Options);
        }

        return (args, options);
    }

    private ImmutableDictionary<string, ProviderResource> InheritOrShareProvider(ResourceOptions options)
    {
        if (options.Provider is null)
        {
            options.Provider = options.Parent?.GetProvider(_type);
            return _providers;
        }

        return PackageOf(_type) is { } package ? _providers.SetItem(package, options.Provider) : _providers;
    }

    private static IEnumerable<KeyValuePair<string, ProviderResource>> ProvidersOf(ResourceOptions options)
    {
        IEnumerable<ProviderResource> providers = options switch
        {
            { Provider: { } provider } => [provider],
            ComponentResourceOptions component => component.Providers,
            _ => [],
        };
        return providers.Select(provider => KeyValuePair.Create(provider.Package, provider));
    }
}
