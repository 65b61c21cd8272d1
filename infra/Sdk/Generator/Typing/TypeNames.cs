using HaCluster.Sdk.Generator.Naming;
using HaCluster.Sdk.Generator.Schema;

namespace HaCluster.Sdk.Generator.Typing;

/// <summary>C# types of properties, by the rules of the official code generator.</summary>
internal sealed class TypeNames(Namespaces namespaces, TypeUses uses)
{
    /// <summary>The type of a property's value, without regard to whether it may be left out.</summary>
    public string Of(PropertyType type, TypeUse use)
    {
        if (use is TypeUse.Output or TypeUse.PlainInput)
            return Plain(type, use);

        return type switch
        {
            PropertyType.Array array => $"InputList<{Plain(array.Element, use)}>",
            PropertyType.Map map => $"InputMap<{Plain(map.Element, use)}>",
            PropertyType.Primitive { CSharp: "System.Text.Json.JsonElement" } => "InputJson",
            PropertyType.Union union => InputUnion(union, use),
            _ => $"Input<{Plain(type, use)}>",
        };
    }

    /// <summary>The collection that the property of plain arguments holds: one that an initializer can add to.</summary>
    public string OfPlainCollection(PropertyType type) => type switch
    {
        PropertyType.Array array => $"List<{Plain(array.Element, TypeUse.PlainInput)}>",
        PropertyType.Map map => $"Dictionary<string, {Plain(map.Element, TypeUse.PlainInput)}>",
        _ => Plain(type, TypeUse.PlainInput),
    };

    /// <summary>What a list or map holds.</summary>
    public string OfElement(PropertyType collection, TypeUse use)
        => Plain(collection is PropertyType.Array array ? array.Element : ((PropertyType.Map)collection).Element, use);

    /// <summary>The name of the class of a nested type, without its namespace.</summary>
    public string ClassName(Token token, TypeUse use) => use switch
    {
        TypeUse.State => $"{token.Name}GetArgs",
        TypeUse.FunctionInput => $"{token.Name}InputArgs",
        TypeUse.Input when uses.Has(token.Text, TypeUse.FunctionInput) => $"{token.Name}InputArgs",
        TypeUse.Input or TypeUse.PlainInput => $"{token.Name}Args",
        _ => uses.FunctionResults.Contains(token.Text) ? $"{token.Name}Result" : token.Name,
    };

    public static bool IsCollection(PropertyType type) => type is PropertyType.Array or PropertyType.Map;

    public static bool IsValueType(PropertyType type) => type is PropertyType.Primitive { IsValueType: true } or PropertyType.Enum;

    private string Plain(PropertyType type, TypeUse use) => type switch
    {
        PropertyType.Primitive primitive => primitive.CSharp,
        PropertyType.Array array => $"ImmutableArray<{Plain(array.Element, use)}>",
        PropertyType.Map map => $"ImmutableDictionary<string, {Plain(map.Element, use)}>",
        PropertyType.Object nested => ClassOf(new Token(nested.Token), use),
        PropertyType.Enum enumeration => EnumOf(new Token(enumeration.Token)),
        PropertyType.Union union => Union(union, use),
        _ => throw new InvalidOperationException($"{type.GetType()} is not a type of the schema"),
    };

    private string Union(PropertyType.Union union, TypeUse use)
    {
        // An output that is one of the enumeration's values or any other text is text.
        if (use == TypeUse.Output && union.Elements.Any(element => element is PropertyType.Enum))
            return "string";

        var elements = Alternatives(union, use);
        return elements.Count switch
        {
            1 => elements[0],
            2 => $"Union<{elements[0]}, {elements[1]}>",
            _ => "object",
        };
    }

    private string InputUnion(PropertyType.Union union, TypeUse use)
        => Alternatives(union, use) is { Count: 2 } both ? $"InputUnion<{both[0]}, {both[1]}>" : $"Input<{Union(union, use)}>";

    private List<string> Alternatives(PropertyType.Union union, TypeUse use)
        => [.. union.Elements.Select(element => Plain(element, use)).Distinct()];

    private string ClassOf(Token token, TypeUse use)
        => $"global::{namespaces.OfNested(token, use == TypeUse.Output ? "Outputs" : "Inputs")}.{ClassName(token, use)}";

    private string EnumOf(Token token) => $"global::{namespaces.Of(token)}.{token.Name}";
}
