namespace HaCluster.Sdk.Generator.Schema;

/// <summary>The type of a property's value; a closed set.</summary>
internal abstract class PropertyType
{
    private PropertyType()
    {
    }

    /// <summary>A value that C# has a type for.</summary>
    public sealed class Primitive(string csharp, bool isValueType = false) : PropertyType
    {
        public string CSharp { get; } = csharp;

        public bool IsValueType { get; } = isValueType;
    }

    public sealed class Array(PropertyType element) : PropertyType
    {
        public PropertyType Element { get; } = element;
    }

    /// <summary>An object with any keys and values of one type.</summary>
    public sealed class Map(PropertyType element) : PropertyType
    {
        public PropertyType Element { get; } = element;
    }

    /// <summary>A nested type of the schema.</summary>
    public sealed class Object(string token) : PropertyType
    {
        public string Token { get; } = token;
    }

    /// <summary>An enumeration of the schema, always of strings.</summary>
    public sealed class Enum(string token) : PropertyType
    {
        public string Token { get; } = token;
    }

    public sealed class Union(IReadOnlyList<PropertyType> elements) : PropertyType
    {
        public IReadOnlyList<PropertyType> Elements { get; } = elements;
    }
}
