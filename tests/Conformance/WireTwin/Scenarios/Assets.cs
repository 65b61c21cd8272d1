using System.Collections.Immutable;
using Pulumi;

namespace HaCluster.WireTwin.Scenarios;

/// <summary>Assets and archives of every source, nested ones, secret ones.</summary>
internal static class Assets
{
    public static IDictionary<string, object?> Declare()
    {
        _ = new Thing("text", new ThingArgs { Asset = new StringAsset("content") });
        _ = new Thing("file", new ThingArgs { Asset = new FileAsset("./some/file.txt") });
        _ = new Thing("remote", new ThingArgs { Asset = new RemoteAsset("https://example.com/file") });
        _ = new Thing("folder", new ThingArgs { Asset = new FileArchive("./folder") });
        _ = new Thing("remoteArchive", new ThingArgs { Asset = new RemoteArchive("https://example.com/a.zip") });
        _ = new Thing("archive", new ThingArgs
        {
            Asset = new AssetArchive(new Dictionary<string, AssetOrArchive>
            {
                ["readme"] = new StringAsset("read me"),
                ["inner"] = new AssetArchive(new Dictionary<string, AssetOrArchive> { ["deep"] = new FileAsset("deep.txt") }),
                ["folder"] = new FileArchive("./folder"),
            }),
        });
        _ = new Thing("list", new ThingArgs { Any = ImmutableArray.Create<object>(new StringAsset("one"), new FileArchive("two")) });
        _ = new Thing("secret", new ThingArgs { Asset = Output.CreateSecret<AssetOrArchive>(new StringAsset("hidden")) });
        return new Dictionary<string, object?>();
    }
}
