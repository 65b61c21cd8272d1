using System.Reflection;

namespace HaCluster.Generator.Tests.Shapes;

/// <summary>Members of generated classes as C# would declare them, with nullability: what is compared with the official sources.</summary>
internal static class MemberShapes
{
    private static readonly Dictionary<string, string> Keywords = new()
    {
        ["String"] = "string",
        ["Int32"] = "int",
        ["Boolean"] = "bool",
        ["Double"] = "double",
        ["Object"] = "object",
    };

    /// <summary>The declared type of a property or field: <c>Output&lt;string?&gt;</c>.</summary>
    public static string TypeOf(Type type, string member)
    {
        var context = new NullabilityInfoContext();
        var info = (MemberInfo?)type.GetProperty(member) ?? type.GetField(member);
        Assert.True(info is not null, $"{type} has no member {member}; it has {string.Join(", ", type.GetProperties().Select(p => p.Name))}");
        return info is PropertyInfo property ? Name(context.Create(property)) : Name(context.Create((FieldInfo)info!));
    }

    /// <summary>The member's <c>[Input]</c>, which sits on the property or on the field behind it: name, required, json.</summary>
    public static (string Name, bool Required, bool Json) InputOf(Type type, string member)
    {
        var property = type.GetProperty(member)!;
        var attribute = InputAttribute(property) ?? type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic)
            .Where(field => string.Equals(field.Name, $"_{member}", StringComparison.OrdinalIgnoreCase)).Select(InputAttribute).Single()!;
        var arguments = attribute.ConstructorArguments;
        return ((string)arguments[0].Value!, (bool)arguments[1].Value!, (bool)arguments[2].Value!);
    }

    public static bool IsInput(MemberInfo member) => InputAttribute(member) is not null;

    private static CustomAttributeData? InputAttribute(MemberInfo member)
        => member.CustomAttributes.SingleOrDefault(data => data.AttributeType == typeof(Pulumi.InputAttribute));

    private static string Name(NullabilityInfo info)
    {
        var type = info.Type;
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return $"{Simple(underlying)}?";

        var name = Simple(type);
        if (type.IsGenericType)
            name = $"{name.Split('`')[0]}<{string.Join(", ", info.GenericTypeArguments.Select(Name))}>";

        return !type.IsValueType && info.ReadState == NullabilityState.Nullable ? $"{name}?" : name;
    }

    private static string Simple(Type type)
    {
        if (Keywords.TryGetValue(type.Name, out var keyword))
            return keyword;

        // The SDK's and the framework's types by name, generated ones in full: their namespace is part of the shape.
        return type.Namespace is "Pulumi" or "System.Collections.Immutable" or "System.Collections.Generic" or "System.Text.Json" ? type.Name : type.FullName!;
    }
}
