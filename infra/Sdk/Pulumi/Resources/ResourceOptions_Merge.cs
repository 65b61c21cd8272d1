namespace Pulumi;

public abstract partial class ResourceOptions
{
    /// <summary>Lists are joined; of single values the second wins where it has one.</summary>
    internal static void MergeNormalOptions(ResourceOptions options1, ResourceOptions options2)
    {
        options1.CustomTimeouts = options2.CustomTimeouts ?? options1.CustomTimeouts;
        options1.DeletedWith = options2.DeletedWith ?? options1.DeletedWith;
        options1.Id = options2.Id ?? options1.Id;
        options1.Parent = options2.Parent ?? options1.Parent;
        options1.PluginDownloadURL = options2.PluginDownloadURL ?? options1.PluginDownloadURL;
        options1.Protect = options2.Protect ?? options1.Protect;
        options1.Provider = options2.Provider ?? options1.Provider;
        options1.ReplacementTrigger = options2.ReplacementTrigger ?? options1.ReplacementTrigger;
        options1.RetainOnDelete = options2.RetainOnDelete ?? options1.RetainOnDelete;
        options1.Urn = options2.Urn ?? options1.Urn;
        options1.Version = options2.Version ?? options1.Version;

        options1.Aliases.AddRange(options2.Aliases);
        options1.HideDiffs.AddRange(options2.HideDiffs);
        options1.IgnoreChanges.AddRange(options2.IgnoreChanges);
        options1.ReplaceOnChanges.AddRange(options2.ReplaceOnChanges);
        options1.ResourceTransformations.AddRange(options2.ResourceTransformations);

        options1.DependsOn = options1.DependsOn.Concat(options2.DependsOn);
        options1.ReplaceWith = options1.ReplaceWith.Concat(options2.ReplaceWith);
    }
}
