using System.Text.RegularExpressions;

namespace HaCluster.Stack.Settings.Sites;

/// <summary>Names of container images.</summary>
public static partial class ImageReference
{
    /// <summary>Why an image cannot be used as it is named, and what to do; null when it can.</summary>
    public static string? Fault(string image)
    {
        if (!Shape().IsMatch(image))
            return "an image with a tag or digest is expected here, such as ghcr.io/your-company/shop:1.4.2";

        var name = image.Split('@');
        if (name.Length > 1)
            return null;

        // A colon before the last slash belongs to the port of the registry.
        var last = name[0][(name[0].LastIndexOf('/') + 1)..];
        var colon = last.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            return "without a tag it means latest, so that two replicas may run different code: name a version, or a digest";

        return last[(colon + 1)..] == "latest" ? "two replicas may run different code, and nothing can be rolled back: name a version, or a digest" : null;
    }

    // https://github.com/distribution/reference/blob/main/reference.go
    [GeneratedRegex(@"^[A-Za-z0-9]([A-Za-z0-9.\-]*[A-Za-z0-9])?(:[0-9]+)?(/[a-z0-9]+([._\-]+[a-z0-9]+)*)*(:[A-Za-z0-9_][A-Za-z0-9_.\-]{0,127})?(@sha256:[a-f0-9]{64})?$")]
    private static partial Regex Shape();
}
