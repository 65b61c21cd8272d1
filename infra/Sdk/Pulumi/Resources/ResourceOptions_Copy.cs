namespace Pulumi;

public abstract partial class ResourceOptions
{
    /// <summary>A copy whose lists are its own. Every option must be named here and in <see cref="MergeNormalOptions"/>.</summary>
    internal static TOptions CreateCopy<TOptions>(ResourceOptions options) where TOptions : ResourceOptions, new()
        => new()
        {
            Aliases = [.. options.Aliases],
            CustomTimeouts = options.CustomTimeouts?.Clone(),
            DeletedWith = options.DeletedWith,
            DependsOn = options.DependsOn.Clone(),
            HideDiffs = [.. options.HideDiffs],
            Id = options.Id,
            IgnoreChanges = [.. options.IgnoreChanges],
            Parent = options.Parent,
            PluginDownloadURL = options.PluginDownloadURL,
            Protect = options.Protect,
            Provider = options.Provider,
            ReplacementTrigger = options.ReplacementTrigger,
            ReplaceOnChanges = [.. options.ReplaceOnChanges],
            ReplaceWith = options.ReplaceWith.Clone(),
            ResourceTransformations = [.. options.ResourceTransformations],
            RetainOnDelete = options.RetainOnDelete,
            Urn = options.Urn,
            Version = options.Version,
        };
}
