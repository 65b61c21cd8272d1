namespace Pulumi;

/// <summary>A file or folder, or a substitute for one. Relative paths start at the program's directory.</summary>
public abstract class AssetOrArchive
{
    private protected AssetOrArchive(string signature, string propertyName, object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Signature = signature;
        PropertyName = propertyName;
        Value = value;
    }

    internal string Signature { get; }

    internal string PropertyName { get; }

    internal object Value { get; }
}
