using HaCluster.Sdk.Generator.Naming;
using HaCluster.Sdk.Generator.Schema;

namespace HaCluster.Sdk.Generator.Emit;

/// <summary>An enumeration of strings: a struct that holds the text and can be made only from the known members.</summary>
internal static class EnumEmitter
{
    public static CodeWriter Emit(PackageContext context, EnumSchema enumeration)
    {
        var token = new Token(enumeration.Token);
        var name = token.Name;
        var writer = new CodeWriter();
        writer.Begin($"namespace {context.Namespaces.Of(token)}");
        writer.Line("[global::Pulumi.EnumType]");
        writer.Open($"public readonly struct {name} : global::System.IEquatable<{name}>");
        writer.Line("private readonly string _value;").Line();
        writer.Line($"private {name}(string value) => _value = value ?? throw new global::System.ArgumentNullException(nameof(value));").Line();
        foreach (var member in enumeration.Members)
            writer.Line($"public static {name} {member.Key} {{ get; }} = new {name}({CSharpText.Literal(member.Value)});");

        writer.Line();
        writer.Line($"public static bool operator ==({name} left, {name} right) => left.Equals(right);").Line();
        writer.Line($"public static bool operator !=({name} left, {name} right) => !left.Equals(right);").Line();
        writer.Line($"public static explicit operator string({name} value) => value._value;").Line();
        writer.Line(NotBrowsable);
        writer.Line($"public override bool Equals(object? obj) => obj is {name} other && Equals(other);").Line();
        writer.Line($"public bool Equals({name} other) => string.Equals(_value, other._value, global::System.StringComparison.Ordinal);").Line();
        writer.Line(NotBrowsable);
        writer.Line("public override int GetHashCode() => _value?.GetHashCode() ?? 0;").Line();
        writer.Line("public override string ToString() => _value;");
        return writer.End().End();
    }

    private const string NotBrowsable = "[global::System.ComponentModel.EditorBrowsable(global::System.ComponentModel.EditorBrowsableState.Never)]";
}
