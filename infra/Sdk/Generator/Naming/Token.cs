namespace HaCluster.Sdk.Generator.Naming;

/// <summary>A Pulumi token, <c>package:module:name</c>.</summary>
internal readonly struct Token
{
    public Token(string text)
    {
        var parts = text.Split(':');
        Text = text;
        Package = parts[0];
        Module = parts[1];
        Name = Identifiers.Capitalise(parts[2]);
    }

    public string Text { get; }

    public string Package { get; }

    public string Module { get; }

    /// <summary>The C# name: the last part with a capital first letter.</summary>
    public string Name { get; }

    /// <summary>Belongs to the package as a whole, like its provider.</summary>
    public bool IsProvider => Package == "pulumi" && Module == "providers";
}
