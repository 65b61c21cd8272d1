namespace HaCluster.Engine.Graph;

/// <summary>
/// The rule by which URNs are made: <c>urn:pulumi:{stack}::{project}::{parentType$}{type}::{name}</c>,
/// where the parent part is left out for children of the stack. (Pulumi: <c>sdk/go/common/resource/urn/urn.go</c>.)
/// </summary>
public static class ResourceUrn
{
    public const string StackType = "pulumi:pulumi:Stack";

    private const string Prefix = "urn:pulumi:";

    public static string Create(string stack, string project, string? parent, string type, string name)
    {
        var parentType = string.IsNullOrEmpty(parent) ? "" : QualifiedType(parent);
        var qualified = parentType.Length == 0 || parentType == StackType ? type : $"{parentType}${type}";
        return $"{PrefixOf(stack, project)}{qualified}::{name}";
    }

    /// <summary>What all URNs of a stack begin with.</summary>
    public static string PrefixOf(string stack, string project) => $"{Prefix}{stack}::{project}::";

    /// <summary>True when the text has all the parts of a URN.</summary>
    public static bool IsValid(string urn) => urn.StartsWith(Prefix, StringComparison.Ordinal) && Parts(urn).Length == 4;

    /// <summary>The types from the outermost component down to the resource's own, joined by <c>$</c>.</summary>
    public static string QualifiedType(string urn) => Part(urn, 2);

    /// <summary>The resource's own type token.</summary>
    public static string Type(string urn)
    {
        var qualified = QualifiedType(urn);
        return qualified[(qualified.LastIndexOf('$') + 1)..];
    }

    /// <summary>The logical name; it may itself contain <c>::</c>.</summary>
    public static string Name(string urn) => Part(urn, 3);

    private static string Part(string urn, int index) => Parts(urn) is { Length: 4 } parts ? parts[index] : "";

    private static string[] Parts(string urn) => urn.Split("::", 4, StringSplitOptions.None);
}
