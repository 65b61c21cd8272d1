namespace HaCluster.Wire;

/// <summary>
/// Objects in a Struct that carry <see cref="Key"/> are special; its value names their kind
/// (pulumi/pulumi, sdk/go/common/resource/sig).
/// </summary>
public static class Signatures
{
    /// <summary>The property that marks a special object.</summary>
    public const string Key = "4dabf18193072939515e22adb298388d";

    /// <summary>A secret: property <c>value</c> in plain text.</summary>
    public const string Secret = "1b47061264138c4ac30d75fd1eb44270";

    /// <summary>An output: <c>value</c> if known, <c>secret</c>, <c>dependencies</c>.</summary>
    public const string OutputValue = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

    /// <summary>A resource: <c>urn</c>, for custom resources also <c>id</c>.</summary>
    public const string ResourceReference = "5cf8f73096256a8f31e491e813e4eb8e";

    /// <summary>An asset: one of <c>path</c>, <c>text</c>, <c>uri</c>.</summary>
    public const string Asset = "c44067f5952c0a294b673a41bacd8c17";

    /// <summary>An archive: one of <c>path</c>, <c>uri</c>, <c>assets</c>.</summary>
    public const string Archive = "0def7320c3a5731c473e5ecbe6d01bc7";

    /// <summary>Bytes: <c>value</c> in base 64.</summary>
    public const string Bytes = "803fd3297a5875dc03ca845dda5d2a98";
}
